# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by tests of the program that VKERNEL names, which print TAP: in a folder of their own, with
# cases/ at $cases. They end with `finish`.

vkernel=$(realpath "${VKERNEL:-build/bin/vkernel}")
cases=$(realpath tests/builder/cases)
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 3
count=0
failed=0

verdict() # OK SENTENCE
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' out err
		failed=1
	fi
}

# refuses SENTENCE STATUS MESSAGE COMMAND...: the exact message, the status, and no output file.
refuses()
{
	local sentence=$1 status=$2 message=$3 got

	shift 3
	"$@" >out 2>err
	got=$?
	[ $got -eq "$status" ] && [ "$(cat err)" = "$message" ] && [ ! -s out ] &&
		[ -z "$(ls -d blob* 2>/dev/null)" ]
	verdict $? "$sentence"
}

finish()
{
	echo "1..$count"
	exit $failed
}

build() { "$vkernel" build --kernel-version 6.12 "$@"; }
policy() { "$vkernel" policy --kernel-version 6.12 "$@"; }
