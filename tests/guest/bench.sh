#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vkbench run with a guest: what a run leaves, what an interrupted one does not, and the figure that
# the project stands on. TAP; O and KERNEL as for make.
# shellcheck disable=SC2016,SC2034,SC2317 # conditions are evaluated by check

set -u
vkbench=${O:-build}/bin/vkbench
kernel=${KERNEL:-6.12}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
results=$work/results
# Every guest of this test has it on its command line, so that it can be told from others.
mark=benchtest.run=$$.$RANDOM
count=0 failures=0

run() { # OPTION... : a short run on the instruction clock
	timeout 500 "$vkbench" run --kernel "$kernel" --accelerator icount --append "$mark" \
		--output "$results" --quick --boots 1 "$@" >"$work/out" 2>"$work/err"
}

check() { # SENTENCE CONDITION...: an "ok" line if the condition, evaluated, holds
	local sentence=$1
	shift
	count=$((count + 1))
	if eval "$*"; then
		echo "ok $count - $sentence"
	else
		echo "not ok $count - $sentence"
		sed 's/^/# /' "$work/out" "$work/err"
		failures=$((failures + 1))
	fi
}

no_qemu_left() {
	local cmdline
	for cmdline in /proc/[0-9]*/cmdline; do
		if grep -qa '^qemu-system' "$cmdline" && grep -qaF "$mark" "$cmdline"; then
			return 1
		fi
	done
} 2>/dev/null

value() { # WORKLOAD CONFIGURATION METRIC: the median of the samples of the last run
	grep -v "\"again\"" "$results/latest/samples.jsonl" |
		grep "\"workload\":\"$1\",\"configuration\":\"$2\",\"metric\":\"$3\"" | sed 's/.*"value":\([0-9.]*\)}/\1/' | sort -g |
		awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

at_most() { # A B: numbers
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && a + 0 <= b + 0) }'
}

run --only syscall-allowed,pwgen --config native,crun,crun-secure,vkernel,kata --isolation=yes
status=$?
check "a run ends well" '[ $status -eq 0 ]'
check "its folder holds the raw files and the reports" \
	'(for f in samples.jsonl missing.jsonl env.json console.log summary.json report.md report.html \
		samples.csv summary.csv results.json metrics.prom; do
		[ -e "$results/latest/$f" ] || exit 1; done)'
check "it attacked, too, and every verdict is the expected one" \
	'grep -q "\"unexpected\": 0" "$results/latest/isolation.json" &&
		grep -q "^## What was attacked, and what held" "$results/latest/report.md"'
check "nothing else is left" '[ "$(ls -A "$results" | wc -l)" -eq 2 ] && no_qemu_left'
check "what cannot run is there with what it lacks, and does not fail the run" \
	'[ "$(grep -c "\"configuration\":\"kata\".*KVM" "$results/latest/missing.jsonl")" -eq 2 ]'
again() { grep -c "\"workload\":\"pwgen\",\"configuration\":\"$1\",\"metric\":\"elapsed\".*\"again\":true" "$results/latest/samples.jsonl"; }
check "native and crun have been visited twice, and no other" \
	'[ "$(again native)" -ge 1 ] && [ "$(again crun)" -ge 1 ] && [ "$(again crun-secure)" -eq 0 ]'
check "the environment holds what moves figures" \
	'(for f in command_line clocksource transparent_hugepage speculative_store_bypass mitigations programs; do
		grep -q "^ \"$f\": [\"{]" "$results/latest/env.json" || exit 1; done) &&
	grep -qE "\"vki.ko\": \"[0-9a-f]{64}\"" "$results/latest/env.json"'
crun=$(value syscall-allowed crun instructions)
vkernel=$(value syscall-allowed vkernel instructions)
secure=$(value syscall-allowed crun-secure instructions)
echo "# instructions a call: crun $crun, vkernel $vkernel, crun-secure $secure"
check "an allowed call costs at most 2 instructions more in a vKI than in crun" \
	'at_most "$vkernel" "$(awk -v c="$crun" "BEGIN { print c + 2 }")"'
check "the seccomp filter is seen: an allowed call costs at least 50 more in crun-secure" \
	'at_most "$(awk -v c="$crun" "BEGIN { print c + 50 }")" "$secure"'

before=$(readlink "$results/latest")
"$vkbench" run --kernel "$kernel" --accelerator icount --append "$mark" --output "$results" \
	--only pwgen --boots 3 >"$work/out" 2>"$work/err" &
child=$!
for _ in $(seq 300); do
	grep -q '^\[1/' "$work/err" && break
	sleep 0.5
done
kill -INT $child
began=$SECONDS
wait $child
status=$?
check "an interrupted run ends with status 130, soon" \
	'[ $status -eq 130 ] && [ $((SECONDS - began)) -le 60 ]'
check "it leaves no result, no half of one and no QEMU" \
	'[ "$(ls -A "$results" | wc -l)" -eq 2 ] && no_qemu_left'
check "the last result is still the last whole one" '[ "$(readlink "$results/latest")" = "$before" ]'

results=$work/without
run --only syscall-denied --config native,vkernel --append "$mark module_blacklist=vkm"
status=$?
check "a guest that does not take vkm fails the run, which says so" \
	'[ $status -eq 1 ] && grep -q "vkm.ko could not be loaded" "$results/latest/report.md" &&
		[ "$(grep -c "\"configuration\":\"native\"" "$results/latest/samples.jsonl")" -ge 1 ]'

# A guest of our own that dies while it measures: its boot is lost, the other one is not.
results=$work/lost
"$vkbench" run --kernel "$kernel" --accelerator icount --append "$mark" --output "$results" \
	--only syscall-allowed,pwgen --config native,crun --boots 2 >"$work/out" 2>"$work/err" &
child=$!
for _ in $(seq 600); do
	boot=$(sed -n 's/^\[1\/.*boot \([0-9]\):.*/\1/p' "$work/err")
	[ -z "$boot" ] || break
	sleep 0.2
done
for cmdline in /proc/[0-9]*/cmdline; do
	if grep -qa '^qemu-system' "$cmdline" && grep -qaF "$mark" "$cmdline" &&
		grep -qaF "/boot-$boot/" "$cmdline"; then
		kill -KILL "$(basename "$(dirname "$cmdline")")"
	fi
done 2>/dev/null
wait $child
status=$?
lost() { grep -c "\"boot\":$boot,.*$1" "$results/latest/missing.jsonl"; }
check "a guest that dies ends its boot, not the run, which fails and names the visit" \
	'[ $status -eq 1 ] && [ "$(lost "the guest was lost")" -eq 1 ] &&
		grep -q "the guest was lost" "$results/latest/report.md"'
check "what it still had to measure is named, too" '[ "$(lost "its guest was lost before, in")" -ge 1 ]'
check "the other boot is whole" \
	'! grep -q "\"boot\":$((3 - boot))," "$results/latest/missing.jsonl" &&
		[ "$(grep "\"boot\":$((3 - boot))," "$results/latest/samples.jsonl" | grep -c "\"metric\":\"elapsed\"")" -ge 2 ]'
check "and no QEMU is left" no_qemu_left

echo "1..$count"
[ "$failures" -eq 0 ]
