#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What `vkbench isolation` and `attempt` refuse before any guest is started.
set -u

bin=${O:-build}/bin
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT
tests=0 failures=0

refuses() { # what, expected status, text in the message, command...
	local what=$1 wanted=$2 text=$3 message status
	shift 3
	message=$("$@" 2>&1 >/dev/null)
	status=$?
	tests=$((tests + 1))
	if [ "$status" -eq "$wanted" ] && [[ $message == *"$text"* ]]; then
		echo "ok $tests - refuses $what"
	else
		echo "# status $status, message: $message"
		echo "not ok $tests - refuses $what"
		failures=$((failures + 1))
	fi
}

refuses 'an unknown scenario' 2 '"moon"' "$bin/vkbench" isolation --only dmesg-read,moon
refuses 'an empty name' 2 '""' "$bin/vkbench" isolation --only dmesg-read,
refuses 'an unknown configuration' 2 '"docker"' "$bin/vkbench" isolation --config docker
refuses 'a folder that is there' 2 'is there already' "$bin/vkbench" isolation --output "$folder"
refuses 'a folder that cannot be made' 3 'cannot make folder' \
	"$bin/vkbench" isolation --accelerator mttcg --output "$folder/no/such"
refuses 'an attempt without a nonce' 2 usage "$bin/attempt" --scenario dmesg-read --configuration crun
refuses 'an attempt with a short nonce' 2 '"abc"' \
	"$bin/attempt" --scenario dmesg-read --configuration crun --nonce abc
refuses 'an attempt at an unknown scenario' 2 '"moon"' "$bin/attempt" --scenario moon
refuses 'a probe without a scenario' 2 usage "$bin/attempt" --inside

tests=$((tests + 1))
if [ -z "$(ls -A "$folder")" ]; then
	echo "ok $tests - leaves nothing behind"
else
	echo "not ok $tests - leaves nothing behind"
	failures=$((failures + 1))
fi
echo "1..$tests"
[ "$failures" -eq 0 ]
