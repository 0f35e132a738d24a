#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What vkbench history, triage and baseline make of wrong input. TAP; O as for make.
set -u
vkbench=${O:-build}/bin/vkbench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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

mkdir -p "$work/empty" "$work/night" "$work/baselines" "$work/run"
try 2 'cannot read the runs' 'a history of what is not there is wrong usage' history "$work/none"
try 2 'no run of that kind' 'so is one without any run' history "$work/empty"
try 2 '--clock takes instructions or wall' 'a clock is one of two' history --clock sundial
try 2 '--minimum-effect takes' 'an effect is a percentage' history --minimum-effect much
try 2 'no night was given' 'a triage wants a night' triage
try 2 'steps.jsonl' 'a night without steps is wrong usage' triage "$work/night"
: >"$work/night/steps.jsonl"
try 2 'holds no step' 'so is one in which nothing was done' triage "$work/night"
echo '{"kernel":"6.12"}' >"$work/night/steps.jsonl"
try 2 'steps.jsonl:1: not a step' 'a line that is no step is named' triage "$work/night"
try 2 'no run was given' 'a baseline wants a run' baseline
try 2 'env.json' 'a folder that holds no run makes no baseline' baseline "$work/run" -o "$work/made"
count=$((count + 1))
if [ -e "$work/made" ] || [ -e "$work/night/nightly.md" ]; then
	echo "not ok $count - nothing is left of all that"
	failures=$((failures + 1))
else
	echo "ok $count - nothing is left of all that"
fi

echo '{"schema":1,"kernel":"6.12","step":"bench","status":0,"seconds":1,"log":"","result":"'"$work/run"'","reason":""}' \
	>"$work/night/steps.jsonl"
echo '{"run":"r","started":"2026","kernel":"6.12.1","clock":"wall","dirty":false}' >"$work/run/env.json"
echo '{"schema":1,"figures":[]}' >"$work/run/summary.json"
: >"$work/run/samples.jsonl"
try 3 'run/summary.json holds no figure' 'a run without figures is no good night' \
	triage "$work/night" --results "$work" --baselines "$work/baselines"
echo '{"schema":1,"figures":[{"workload":"pwgen","configuration":"crun","metric":"elapsed",
	"unit":"ms","better":"lower","clock":"wall","n":3,"samples":3,"median":2,"values":[1,2,3]}]}' \
	>"$work/run/summary.json"
echo '{"schema":' >"$work/baselines/6.12-wall.json"
try 3 'not compared with the baseline.*6.12-wall.json' 'a damaged baseline is named in the table' \
	triage "$work/night" --results "$work" --baselines "$work/baselines"
echo '{"schema":9}' >"$work/baselines/6.12-wall.json"
try 3 'no baseline of schema 1' 'so is one of another schema' \
	triage "$work/night" --results "$work" --baselines "$work/baselines"

echo "1..$count"
[ "$failures" -eq 0 ]
