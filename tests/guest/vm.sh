#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What vkbench does with a guest that hangs, panics, says nothing, or is interrupted: a clear
# message, the right status, in time, and no QEMU left. TAP; O and KERNEL as for make.
# shellcheck disable=SC2016,SC2034,SC2317 # conditions are evaluated by check

set -u
vkbench=${O:-build}/bin/vkbench
kernel=${KERNEL:-6.12}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
# Every guest of this test has it on its command line, so that it can be told from others.
mark=vmtest.run=$$.$RANDOM
count=0 failures=0

guest() { # COMMAND OPTION... : a guest that is quick to start; it may wait for its place
	local command=$1
	shift
	timeout 900 "$vkbench" "$command" --kernel "$kernel" --accelerator mttcg --append "$mark" "$@" \
		>"$work/out" 2>"$work/err"
}

no_qemu_left() {
	local cmdline
	for cmdline in /proc/[0-9]*/cmdline; do
		if grep -qa '^qemu-system' "$cmdline" && grep -qaF "$mark" "$cmdline"; then
			echo "# left: $cmdline"
			return 1
		fi
	done
} 2>/dev/null

nothing_left() {
	no_qemu_left && [ -z "$(find "$work" -name 'vkbench-*')" ]
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

says() {
	grep -q -- "$1" "$work/err"
}

within() { # SECONDS SINCE
	[ $((SECONDS - $2)) -le "$1" ]
}

wait_for_line() { # FILE TEXT
	local try
	for try in $(seq 9000); do
		grep -q "$2" "$1" 2>/dev/null && return
		sleep 0.1
	done
	echo "# waited in vain ($try) for '$2'"
}

# begin SCRIPT: vkbench in the background, in $pid, when its command has begun
begin() {
	"$vkbench" exec --kernel "$kernel" --accelerator mttcg --append "$mark" -- sh -c "$1" \
		>"$work/out" 2>"$work/err" &
	pid=$!
	wait_for_line "$work/out" begun
}

guest exec -- sh -c 'echo out; echo err >&2; exit 42'
status=$?
check 'the exit status of the command is passed on' '[ $status -eq 42 ]'
check 'its output is passed on by stream' \
	'[ "$(cat "$work/out")" = out ] && [ "$(tail -n 1 "$work/err")" = err ]'

printf 'data' >"$work/file with space"
guest exec --push "$work/file with space" -- cat '/run/file with space'
check 'a file can be brought along' '[ "$(cat "$work/out")" = data ]'

guest exec --timeout 3 -- sleep 98765
status=$?
check 'a command that never ends is reported in time' \
	'[ $status -eq 3 ] && says "did not end in 3 seconds"'

guest exec -- sh -c 'echo c >/proc/sysrq-trigger; sleep 60'
status=$?
check 'a panic ends the command and the message quotes the console' \
	'[ $status -eq 3 ] && says "the guest ended" && says "sysrq triggered crash"'

mkdir "$work/console"
guest exec --console "$work/console" -- sh -c \
	'echo 1 >/proc/sys/kernel/panic_on_oops; echo c >/proc/sysrq-trigger; sleep 60'
check 'the console is kept where it was asked for' \
	'grep -q "Kernel panic - not syncing" "$work/console/console.log"'

guest boot --boot-timeout 1
status=$?
check 'a guest that says no hello is reported in time' \
	'[ $status -eq 3 ] && says "no hello from the guest in 1 seconds"'

mkdir "$work/bin"
cat >"$work/bin/qemu-system-x86_64" <<END
#!/bin/sh
case \$* in *-append*) echo start >>"$work/starts" ;; *) exec $(command -v qemu-system-x86_64) "\$@" ;; esac
[ "\$(wc -l <"$work/starts")" -gt 1 ] && exec $(command -v qemu-system-x86_64) "\$@"
echo 'qemu-system-x86_64: ../../hw/pci/msix.c:218: f: Assertion \`0'"'"' failed.' >&2
kill -ABRT \$\$
END
chmod +x "$work/bin/qemu-system-x86_64"
PATH=$work/bin:$PATH guest exec -- true
status=$?
check 'a QEMU that fails an assertion before the hello is told of and started once more' \
	'[ $status -eq 0 ] && says "booting once more" && says "Assertion" &&
		[ "$(wc -l <"$work/starts")" -eq 2 ]'

guest boot --append "$mark rdinit=/nonexistent root=/dev/nonexistent"
status=$?
check 'a guest that cannot start is reported with the console' \
	'[ $status -eq 3 ] && says "ended before its hello" && says "Kernel panic"'
check 'nothing is left of all these' nothing_left

begin 'echo begun; sleep 98765'
check 'a QEMU that runs is seen by this test' '! no_qemu_left >/dev/null'
kill -INT $pid
begun=$SECONDS
wait $pid
status=$?
check 'an interrupt ends it with status 130' '[ $status -eq 130 ] && within 10 $begun'
check 'nothing is left after an interrupt' nothing_left

begin 'echo begun; sleep 98765'
kill -INT $pid
kill -INT $pid
kill -TERM $pid
wait $pid
status=$?
check 'an interrupt that is told twice at once is one interrupt' '[ $status -eq 130 ]'
check 'nothing is left after it either' nothing_left

begin 'echo begun; sleep 98765'
kill -KILL $pid
wait $pid 2>/dev/null
sleep 1
check 'QEMU does not outlive a killed vkbench' no_qemu_left
rm -rf "$work"/vkbench-*

guest boot --kernel 9.99
status=$?
check 'a kernel without a guest is refused with what to run' \
	'[ $status -eq 3 ] && says "make image KERNEL=9.99"'
guest boot --accelerator warp
status=$?
check 'an unknown accelerator is wrong usage' '[ $status -eq 2 ] && says "no accelerator .warp."'
guest exec --timeout -5 -- true
status=$?
check 'a timeout that is no number is wrong usage' '[ $status -eq 2 ] && says "takes a number"'
guest exec --push "$work/missing" -- true
status=$?
check 'a file to bring along that is missing is wrong usage' \
	'[ $status -eq 2 ] && says "missing" && nothing_left'
PATH=$work "$vkbench" boot --kernel "$kernel" --accelerator mttcg >"$work/out" 2>"$work/err"
status=$?
check 'without QEMU the package is named' '[ $status -eq 3 ] && says qemu-system-x86'

echo "1..$count"
exit $((failures > 0))
