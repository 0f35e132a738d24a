#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tests/run adds up what test programs say, and believes none that fell silent. TAP.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failures=0

# sums SENTENCE STATUS LAST-LINE SCRIPT
sums() {
	local output status
	printf '#!/bin/sh\n%s\n' "$4" >"$work/program"
	chmod +x "$work/program"
	output=$(V=0 tests/run "$work/program")
	status=$?
	count=$((count + 1))
	if [ "$status" -eq "$2" ] && [ "$(tail -n 1 <<<"$output")" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "# status $status: ${output//$'\n'/$'\n# '}"
		failures=$((failures + 1))
	fi
}

sums 'passed tests are counted' 0 '2 passed, 0 failed' 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
sums 'a failed test fails' 1 '1 passed, 1 failed' 'echo "ok 1 - a"; echo "not ok 2 - b"; exit 1'
sums 'a failed test fails, whatever the status says' 1 '0 passed, 1 failed' 'echo "not ok 1 - a"'
sums 'a skipped test is told apart' 0 '1 passed, 0 failed, 1 skipped' \
	'echo "ok 1 - a"; echo "ok 2 - b # SKIP no luck"'
sums 'a bad end without a failed test fails' 1 '1 passed, 1 failed' 'echo "ok 1 - a"; exit 3'
sums 'a program that tests nothing fails' 1 '0 passed, 1 failed' 'exit 0'
sums 'a program that ends before its plan fails' 1 '1 passed, 1 failed' 'echo 1..3; echo "ok 1 - a"'
sums 'nested tests do not count twice' 0 '1 passed, 0 failed' 'echo "    ok 1 - x"; echo "ok 1 - a"; echo 1..1'

# Each of two programs waits for the other to have begun.
for name in one other; do
	cat >"$work/$name" <<-END
		#!/bin/sh
		touch $work/$name.begun
		for i in 1 2 3 4 5 6 7 8 9 10; do
			[ -e $work/one.begun ] && [ -e $work/other.begun ] && echo "ok 1 - $name" && exit
			sleep 0.5
		done
	END
done
printf '#!/bin/sh\necho "ok 1 - alone"; echo "not ok 2 - bad"\n' >"$work/program"
chmod +x "$work"/*
output=$(V=0 tests/run "$work/program" -j 2 "$work/one" "$work/other" "$work/program")
status=$?
count=$((count + 1))
if [ $status -eq 1 ] && [ "$(tail -n 1 <<<"$output")" = '4 passed, 2 failed' ] &&
	[ "$(grep -c '  TEST ' <<<"$output")" -eq 4 ]; then
	echo "ok $count - what comes after -j 2 runs two at a time, and is added up by program"
else
	echo "not ok $count - what comes after -j 2 runs two at a time, and is added up by program"
	echo "# ${output//$'\n'/$'\n# '}"
	failures=$((failures + 1))
fi

echo "1..$count"
exit $((failures > 0))
