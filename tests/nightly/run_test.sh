#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nightly/run with a make and a vkbench that boot nothing: what a night does when all is well, when
# something is worse, when a kernel is missing, and when it is ended. TAP; O as for make.
# shellcheck disable=SC2016,SC2034 # conditions are evaluated by check
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)
FAKE_REAL=$(realpath "${O:-build}/bin/vkbench")
export FAKE_REAL MAKE="$here/fake-make" RESULTS=$work/results BASELINES=$work/not/there/baselines \
	KERNELS='6.12 6.1' TMPDIR=$work
mkdir -p "$work/build/bin"
cp "$here/fake-vkbench" "$work/build/bin/vkbench"
table=$work/results/nightly/latest/nightly.md
count=0 failures=0 status=0

night() { # VARIABLE=VALUE...: a night with these
	env O="$work/build" "$@" timeout 60 nightly/run >"$work/out" 2>&1
	status=$?
}

check() { # SENTENCE CONDITION
	count=$((count + 1))
	if eval "$2"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "# status $status"
		sed 's/^/# /' "$work/out"
		head -n 9 "$table" | sed 's/^/# /'
		failures=$((failures + 1))
	fi
}

row() { head -n 7 "$table" | grep -qF -- "$1"; }

night
check 'a first night without a baseline is good, and says that there is none' \
	'[ $status -eq 0 ] && row "| 6.1 | bench | – | there is no baseline"'
for kernel in $KERNELS; do
	"$FAKE_REAL" baseline "$RESULTS/nightly/$kernel/latest" --output "$BASELINES" >/dev/null ||
		echo "# no baseline of $kernel"
done
night
check 'a night like the baseline is good' '[ $status -eq 0 ] && row "nothing got worse"'
check 'every step of every kernel was done, and the tests once' \
	'[ "$(grep -cE "\| (ready|isolation|bench|attribute) \| 0 \|" "$table")" -eq 8 ] &&
		[ "$(grep -c "| engines | 0 |" "$table")" -eq 1 ] &&
		[ "$(grep -c "| tests | 0 |" "$table")" -eq 1 ]'
check 'what it left is one whole night' \
	'[ -z "$(find "$RESULTS" -name "*.partial")" ] && [ -s "$RESULTS/nightly/latest/nightly.json" ]'

image() { grep -o '"image":"[a-z]*"' "$RESULTS/nightly/$1/latest/env.json"; }
check 'the kernel that has it was measured in the guest with container engines' \
	'[ "$(image 6.12)$(image 6.1)" = "\"image\":\"engines\"\"image\":\"guest\"" ]'

night FAKE_MISSING=engines
check 'without that guest the night says so, and measures in the other' \
	'[ $status -eq 3 ] && row "| 6.12 | engines | – | status 2: no package of it |" &&
		grep -q "| 6.12 | bench | 0 |" "$table" && [ "$(image 6.12)" = "\"image\":\"guest\"" ]'

night FAKE_COST=318 FAKE_COMMIT=fedcba9876543210
check 'a figure that is 6 % worse fails the night' '[ $status -eq 1 ]'
check 'the first rows name kernel, workload, configuration, amount and commits' \
	'row "| 6.1 | syscall-filtered | vkernel | instructions: 300 to 318 instructions/call, against the baseline | +6.00 % (+" &&
		row "| 0123456..fedcba9 |" && row "| 6.12 | syscall-filtered | vkernel |"'
check 'and the function that grew' 'row "| made_up (vkm), +18.0 instructions an operation |"'
check 'what did not change is in no row' '! grep -q "| crun |" "$table"'

night FAKE_COST=301.5
check 'a figure that is worse by less than the minimum effect does not' '[ $status -eq 0 ]'
night FAKE_COST=301.5 MINIMUM_EFFECT=0.2
check 'unless the minimum effect is less' '[ $status -eq 1 ]'

night FAKE_VERDICT=LEAKED
check 'an attack that works fails the night and is named' \
	'[ $status -eq 1 ] && row "| 6.1 | isolation | vkernel | file-rule: LEAKED, expected BLOCKED |"'
night FAKE_FAILED=tests/guest/files
check 'a failed test fails the night and is named' \
	'[ $status -eq 1 ] && row "| 6.12 | tests | – | tests/guest/files: 1 failed |"'

night FAKE_FAILED=tests/guest/files FAKE_FULL="$work/kept"
check 'a step that could not be written down is no good night' \
	'[ $status -eq 3 ] && grep -q "6.12, tests: status 2 could not be written down" "$work/out" &&
		! grep -q "| tests |" "$table"'

night FAKE_MISSING=6.1
check 'a kernel that cannot be made is a failure of the environment' '[ $status -eq 3 ]'
check 'it stands in the table with what was not done, and why' \
	'row "| 6.1 | ready | – | status 2: no package of that kernel |" && row "| 6.1 | isolation, bench | – | not run: the kernel"'
check 'the others were measured' 'grep -q "| 6.12 | bench | 0 |" "$table"'

begin() { # a night that hangs in the bench of its first kernel
	rm -f "$work/hangs"
	env O="$work/build" FAKE_HANG="$work/hangs" nightly/run >"$work/out" 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		[ -e "$work/hangs" ] && return
		sleep 0.1
	done
}

begin
timeout 20 env O="$work/build" nightly/run >"$work/second" 2>&1
second=$?
check 'a second night at the same time is refused' \
	'[ $second -eq 3 ] && grep -q "another night is under way: process $pid" "$work/second"'
kill -TERM "$pid"
wait "$pid"
status=$?
check 'an interrupted night ends with status 130' '[ $status -eq 130 ]'
check 'and tells what it had, and what it had not' \
	'row "| 6.12 | bench | – | status 130: the night was interrupted during it |" &&
		row "| 6.1 | isolation, bench | – | not run: the night was interrupted before it |" &&
		grep -q "| 6.12 | isolation | 0 |" "$table"'

begin
children=$(ps -o pid= --ppid "$pid")
kill -KILL "$pid"
wait "$pid" 2>/dev/null
# shellcheck disable=SC2086 # several
kill $children 2>/dev/null
night
check 'a night that was killed is told of by the next one' \
	'[ $status -eq 3 ] && row "was cut off before its end" && ls -d "$RESULTS"/nightly/*.cut-off >/dev/null'
night
check 'once' '[ $status -eq 0 ]'

echo "1..$count"
[ "$failures" -eq 0 ]
