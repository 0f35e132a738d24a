#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vkbench's command line, as far as no guest is needed. TAP; O as for make.

set -u
vkbench=${O:-build}/bin/vkbench
count=0 failures=0

# try STATUS WORDS SENTENCE ARGUMENT...: the status, and the words in what is printed
try() {
	local expected=$1 words=$2 sentence=$3 output status
	shift 3
	output=$("$vkbench" "$@" 2>&1)
	status=$?
	count=$((count + 1))
	if [ "$status" -eq "$expected" ] && grep -q -- "$words" <<<"$output"; then
		echo "ok $count - $sentence"
	else
		echo "not ok $count - $sentence"
		echo "# status $status: ${output//$'\n'/$'\n# '}"
		failures=$((failures + 1))
	fi
}

try 0 '^  exec ' 'help lists the commands' --help
try 2 '^usage:' 'no command is wrong usage'
try 2 "no command 'dance'" 'an unknown command is wrong usage and named' dance
try 0 'seconds for the guest to come up' 'a command explains its options' boot --help
try 2 "unrecognized option '--speed'" 'an unknown option is wrong usage and named' boot --speed
try 2 'Too many arguments' 'an argument that a command does not take is wrong usage' boot now
try 2 'no command was given' 'exec wants a command' exec
try 2 '--cpus takes a number from 1 to 64' 'a number out of range is wrong usage' boot --cpus 0
try 2 '--memory takes a number' 'a number with a tail is wrong usage' boot --memory 2G
try 2 "no kernel is called '../x'" 'a kernel is no path' boot --accelerator mttcg --kernel ../x
try 2 "no image 'cake'; there are guest, engines" 'an image is one of those that there are' \
	boot --accelerator mttcg --image cake
try 2 'not a folder' 'a folder for the console that is not there is wrong usage' \
	exec --console /nonexistent -- true
try 2 'two runs are needed' 'compare wants two runs' compare results/latest
try 2 'env.json' 'compare names what it cannot read' compare /nonexistent /nonexistent
try 2 "--minimum-effect takes a percentage" 'a percentage is one' compare --minimum-effect 1x a b
try 2 'a folder to make' 'merge wants runs' merge out
try 2 '/nonexistent/env.json' 'merge names what it cannot read' merge "${TMPDIR:-/tmp}/never" /nonexistent
try 0 '^  syscall-allowed ' 'list prints the workloads' list
try 0 '"name": "dmesg-read"' 'and the scenarios, as JSON' list --json
try 2 '--shard takes I/N' 'a shard is one of those that there are' run --shard 3/2 --seed 1
try 2 '--shard needs --seed' 'shards share a seed' run --shard 1/2
try 2 'has none of 3 boots' 'a shard has a boot' run --shard 5/9 --seed 1 --boots 3

sentence='a report that cannot be told of is an error'
run=$(mktemp -d)
trap 'rm -r "$run"' EXIT
cp tests/harness/fixture/run/*.json* "$run"
# shellcheck disable=SC2016
vkbench_full() { sh -c '"$@" >/dev/full' sh "$program" "$@"; }
program=$vkbench vkbench=vkbench_full
try 3 'cannot write to standard output' "$sentence" report "$run"
vkbench=$program

full=$(mktemp -d)
trap 'rm -r "$run" "$full"' EXIT
sentence='a full disk is noticed before the guest starts'
# shellcheck disable=SC2016
if unshare --map-root-user --mount mount -t tmpfs tmpfs "$full" 2>/dev/null; then
	small=$vkbench
	vkbench=unshare
	try 3 'MiB free and a guest needs' "$sentence" --map-root-user --mount sh -c \
		'mount -t tmpfs -o size=64k tmpfs "$2" && exec "$1" exec --console "$2" -- true' \
		sh "$small" "$full"
	vkbench=$small
else
	count=$((count + 1))
	echo "ok $count - $sentence # SKIP user namespaces are not allowed here"
fi

echo "1..$count"
exit $((failures > 0))
