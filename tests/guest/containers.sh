# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# For guest tests that compare what a program gets in three containers: under crun alone (plain: the
# control, where every call is reached), under crun with seccomp, and under vkernel-runtime with the
# same rules. A program prints lines "KEY RESULT..."; see the tests for which.

PATH=/vkernel/bin:$PATH
work=$(mktemp -d)
programs=/guest-tests # on the root file system, which is also the containers'
tests=0 failures=0

mkdir -p "$programs"

ok() { # condition's status, sentence
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		failures=$((failures + 1))
	fi
}

skip() { # sentence, reason
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# A bundle that runs a shell command; $work/rules.json is its seccomp section where it is to have one.
bundle() { # name, command, "rules" or nothing
	mkdir -p "$work/$1/rootfs"
	mountpoint -q "$work/$1/rootfs" || mount --bind / "$work/$1/rootfs"
	(cd "$work/$1" && rm -f config.json && crun spec) || exit 3
	sed -i 's#"terminal": true#"terminal": false#; s#"sh"#"/bin/sh", "-c", "'"$2"'"#' \
		"$work/$1/config.json"
	[ -z "${3-}" ] || sed -i "s#\"ociVersion\"#\"annotations\": {\"io.vkernel.log\": \"deny\"}, \"ociVersion\"#
		s#\"namespaces\": \\[#\"seccomp\": $(tr -d '\n' <"$work/rules.json"), &#" \
		"$work/$1/config.json"
}

# Runs a command in all three containers: $work/plain.out, seccomp.out and vkernel.out.
id=0
run_in_all() { # command
	bundle plain "$1"
	run_in plain crun plain
	run_under_rules "$1"
}
run_under_rules() { # command; plain.out stays what it was
	bundle rules "$1" rules
	run_in seccomp crun rules
	run_in vkernel vkernel-runtime rules
}
run_in() { # output, runtime, bundle
	id=$((id + 1))
	timeout 120 "$2" run --bundle "$work/$3" "$(printf 'feedfacec%03d' $id)" \
		>"$work/$1.out" 2>"$work/$1.err" </dev/null
	echo "status $?" >>"$work/$1.out"
	grep '^#' "$work/$1.out" | sort -u
	sed "s/^/# $1: /" "$work/$1.err"
}

wait_for() { # command...: until it succeeds, at most 10 s
	tries=100
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

result() { # output, key
	sed -n "s/^$2 //p" "$work/$1.out"
}

# One test: the results of a key in plain, and under the rules. Where seccomp gives another answer
# than vkernel it is told, and is a difference that docs/profiles.md explains. Without seccomp.out
# seccomp was not asked.
expect() { # key, plain, rules, sentence[, seccomp]
	tests=$((tests + 1))
	if [ "$(result plain "$1")" = "$2" ] && [ "$(result vkernel "$1")" = "$3" ] &&
		{ [ ! -e "$work/seccomp.out" ] || [ "$(result seccomp "$1")" = "${5-$3}" ]; }; then
		echo "ok $tests - $4"
		return
	fi
	echo "not ok $tests - $4"
	failures=$((failures + 1))
	echo "# plain:   $(result plain "$1") (wanted: $2)"
	[ ! -e "$work/seccomp.out" ] ||
		echo "# seccomp: $(result seccomp "$1") (wanted: ${5-$3})"
	echo "# vkernel: $(result vkernel "$1") (wanted: $3)"
}

finish() {
	dmesg | grep -E 'WARNING|BUG|Oops|general protection|refcount|stall' >"$work/complaints"
	[ ! -s "$work/complaints" ]
	ok $? 'the kernel complained of nothing'
	sed 's/^/# /' "$work/complaints"
	echo "1..$tests"
	[ $failures -eq 0 ]
}
