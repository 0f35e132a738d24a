#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What vm-images/ensure does when something is missing, fails, or happens at the same time. The
# tools that download are replaced by short scripts, so this needs neither network nor time. TAP.
# shellcheck disable=SC2016,SC2034,SC2317 # conditions are evaluated by check

set -u
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VKERNEL_CACHE=$work/cache TMPDIR=$work
tools=$work/tools
mkdir "$tools"
count=0 failures=0

check() { # SENTENCE CONDITION: an "ok" line if the condition, evaluated, holds
	count=$((count + 1))
	if eval "$2"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		sed 's/^/# /' "$work/out" "$work/err"
		failures=$((failures + 1))
	fi
}

ensure() {
	PATH=$tools:$PATH vm-images/ensure "$@" >"$work/out" 2>"$work/err"
}

says() {
	grep -q -- "$1" "$work/err"
}

nothing_built() {
	[ -z "$(find "$VKERNEL_CACHE" -mindepth 1 -maxdepth 1 -type d 2>/dev/null)" ]
}

tool() { # NAME: its text from standard input
	{
		echo '#!/bin/bash'
		cat
	} >"$tools/$1"
	chmod +x "$tools/$1"
}

# A mmdebstrap that makes a root file system as small as a build root may be, and counts its runs.
tool mmdebstrap <<-END
	echo run >>"$work/runs"
	printf '%s\n' "\$@" >"$work/arguments"
	for argument; do case \$argument in */root.tar) tar=\$argument ;; esac; done
	tree=\$(mktemp -d)
	mkdir -p "\$tree/usr/lib/modules/1.2.3" "\$tree/var/lib/dpkg" "\$tree/proc"
	touch "\$tree/var/lib/dpkg/status"
	sleep 1
	tar -C "\$tree" -cf "\$tar" .
	rm -r "\$tree"
END
working=$(cat "$tools/mmdebstrap")

ensure build-root 5.5
status=$?
check 'an unknown kernel is wrong usage, and the known ones are listed' \
	'[ $status -eq 2 ] && says "no kernel .5.5." && says "6.1 6.12 7.2"'
ensure cake 6.12
status=$?
check 'an unknown kind is wrong usage' '[ $status -eq 2 ] && says usage'

ensure engines 7.2
status=$?
check 'an image that a kernel has not got is wrong usage, and the reason is told' \
	'[ $status -eq 2 ] && says "engines is made of trixie only, and kernel 7.2 is testing" && nothing_built'

mkdir "$work/bare"
for name in bash env dirname basename awk cat cut sha256sum mkdir tr paste sed grep id; do
	ln -s "$(command -v "$name")" "$work/bare/$name"
done
ln -s "$(command -v flock)" "$work/bare/flock"
PATH=$work/bare vm-images/ensure guest 6.12 >"$work/out" 2>"$work/err"
status=$?
check 'a missing tool is named with its package' \
	'[ $status -eq 3 ] && says "mmdebstrap.*apt-get install"'

tool df <<<'echo Avail; echo 12M'
ensure build-root 6.12
status=$?
check 'no space is noticed before the work, with what is needed' \
	'[ $status -eq 3 ] && says "12 MiB free and 2500 MiB are needed" && [ ! -e "$work/runs" ] && nothing_built'
rm "$tools/df"

tool mmdebstrap <<<'echo "E: Unable to fetch some archives" >&2; exit 1'
ensure build-root 6.12
status=$?
check 'a failure quotes the log and leaves nothing' \
	'[ $status -eq 3 ] && says "Unable to fetch" && says "the whole log is in" && nothing_built'

tool mmdebstrap <<<"echo \$\$ >$work/pid; sleep 300 & wait"
PATH=$tools:$PATH setsid vm-images/ensure build-root 6.12 >"$work/out" 2>"$work/err" &
builder=$!
while [ ! -s "$work/pid" ]; do sleep 0.1; done
kill -TERM "$builder"
wait
check 'an interrupted build leaves neither files nor processes' \
	'nothing_built && ! kill -0 "$(cat "$work/pid")" 2>/dev/null'

printf '%s\n' "$working" >"$tools/mmdebstrap"
PATH=$tools:$PATH vm-images/ensure build-root 6.12 >"$work/first" 2>/dev/null &
ensure build-root 6.12
status=$?
wait
check 'two builders at once make one product' \
	'[ $status -eq 0 ] && cmp -s "$work/first" "$work/out" && [ "$(wc -l <"$work/runs")" -eq 1 ]'
product=$(cat "$work/out")
check 'the product is whole and has its release' '[ "$(cat "$product/release")" = 1.2.3 ] && [ ! -e "$product/root.tar" ]'
check 'recommended packages and a host name are not asked for' \
	'grep -q "Install-Recommends \"false\"" "$work/arguments" && ! grep -q "://" "$work/arguments"'

ensure build-root 6.12
check 'what is cached is not built again' '[ "$(cat "$work/out")" = "$product" ] && [ "$(wc -l <"$work/runs")" -eq 1 ]'


VKERNEL_CACHE=$(realpath --relative-to=. "$VKERNEL_CACHE") ensure build-root 6.12
check 'a product in a cache named by a relative path has an absolute one' '[ "$(realpath "$(cat "$work/out")")" = "$product" ] && [ "$(cut -c1 "$work/out")" = / ]'

MIRROR=http://host.invalid/debian ensure build-root 6.1
check 'MIRROR= is handed on' 'grep -qx "http://host.invalid/debian" "$work/arguments"'
check 'each kernel has its own suite and compiler' \
	'grep -qx bookworm "$work/arguments" && grep -q "gcc-12" "$work/arguments" && [ "$(cat "$work/out")" != "$product" ]'

mkdir "$VKERNEL_CACHE/build-root-7.2-000000000000.part"
ensure build-root 7.2
check 'what an interrupted builder left is removed' '[ ! -e "$VKERNEL_CACHE/build-root-7.2-000000000000.part" ]'

cp -r vm-images "$work/changed"
echo strace >>"$work/changed/build-root.packages"
PATH=$tools:$PATH "$work/changed/ensure" build-root 6.12 >"$work/out" 2>"$work/err"
check 'a changed recipe is another product, and the old one stays' \
	'[ "$(cat "$work/out")" != "$product" ] && [ -d "$(cat "$work/out")" ] && [ -d "$product" ]'

echo "1..$count"
exit $((failures > 0))
