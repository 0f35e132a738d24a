# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034
#
# Sourced by tests that run in a guest: containers with a policy that can be seen at work, what is
# left of them, and TAP. A test pushes this file beside its own, and ends with `finish`.
set -u
PATH=/vkernel/bin:$PATH
work=$(mktemp -d)
framework=/sys/kernel/vkernel
instances=$framework/instances
tests=0 failures=0
: >"$work/output"

ok() { # condition's status, sentence
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		sed 's/^/# /' "$work/output"
		echo "not ok $tests - $2"
		failures=$((failures + 1))
	fi
}

finish() {
	kernel_complaints >"$work/output"
	[ ! -s "$work/output" ]
	ok $? 'the kernel complained of nothing'
	echo "1..$tests"
	[ $failures -eq 0 ]
	exit
}

kernel_complaints() {
	dmesg | grep -E 'WARNING|BUG|Oops|general protection|refcount|possible recursive|circular|leak|stall|hung'
}

# A bundle in $work/NAME that runs a shell command; config.json comes from crun itself. Its policy
# refuses getpriority(2), which no runtime needs, the kernel's log, and CAP_SYS_ADMIN.
bundle() { # name, command
	mkdir -p "$work/$1/rootfs"
	mount --bind / "$work/$1/rootfs"
	(cd "$work/$1" && rm -f config.json && crun spec) || exit 3
	sed -i 's#"terminal": true#"terminal": false#; s#"sh"#"/bin/sh", "-c", "'"$2"'"#
		s#"ociVersion"#"annotations": {"io.vkernel.log": "deny"}, "ociVersion"#
		s#"namespaces": \[#"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [{"names": ["getpriority"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}, &#' \
		"$work/$1/config.json"
}

# Prints "guarded" where the policy above is in force.
probe='if nice >/dev/null 2>\&1; then echo nice works; elif dmesg >/dev/null 2>\&1; then echo dmesg works; else echo guarded; fi'

runs() { vkernel-runtime "$@" >"$work/output" 2>&1; }
says() { grep -q -E "$1" "$work/output"; }
is_guarded() { [ "$(cat "$work/output")" = guarded ]; }
hooks() { cat $framework/hooks; }
is_bound() { [ "$(cat "$instances/$1/state" 2>/dev/null)" = bound ]; } # instance

# ftrace calls nobody's code.
no_hooks() { [ -z "$(cat /sys/kernel/tracing/enabled_functions)" ]; }

# No module of a container, no state of either runtime, no folder in sysfs.
nothing_left() {
	! lsmod | grep -q '^vkernel_' && [ -z "$(ls /run/vkernel 2>/dev/null)" ] &&
		[ -z "$(ls /run/crun 2>/dev/null)" ] && [ -z "$(ls $instances 2>/dev/null)" ]
}

wait_for() { # command...: until it succeeds, at most 10 s
	tries=100
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# A module is in use, whoever asks in whatever way.
stays_loaded() { # module...
	for module; do
		/run/stuck delete "$module" >"$work/output" 2>&1 || return 1
		[ "$(sort -u "$work/output")" = EAGAIN ] || return 1 # EWOULDBLOCK
	done
}
