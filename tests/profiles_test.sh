#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# profiles/ is read without a complaint, and docs/profiles.md says what each of them leaves. What they
# do to real programs is tests/guest/profiles. TAP; O as for make.
set -u
cd "$(dirname "$0")/.." || exit 3
vkernel=${O:-build}/bin/vkernel
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
count=0 failures=0

ok() { # STATUS SENTENCE
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/output"
		failures=$((failures + 1))
	fi
}

# The row of docs/profiles.md: calls that are left, and capabilities.
row() { # NAME
	local calls capabilities
	calls=$(sed -n 's/^x86-64 system calls: \([0-9]*\) allowed.*, \([0-9]*\) decided by their arguments.*/\1 and \2/p' \
		"$work/output")
	capabilities=$(sed -n 's/^capabilities: \[\(.*\)\]$/\1/p' "profiles/$1.yaml" | sed 's/CAP_//g')
	echo "| \`$1\` | $calls | ${capabilities:-none} |"
}

for profile in profiles/*.yaml; do
	name=$(basename "$profile" .yaml)
	"$vkernel" policy "$profile" >"$work/output" 2>&1
	ok $? "the profile $name is read"
	row "$name" >>"$work/output"
	grep -q -F -- "$(row "$name")" docs/profiles.md
	ok $? "docs/profiles.md says what $name leaves"
done
[ "$count" -ge 14 ]
ok $? 'there are seven of them'

echo "1..$count"
[ "$failures" -eq 0 ]
