# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# For tests of file rules, after containers.sh: the same requests (file-probe.c) in a container
# without rules, where each of them works, and in one with the policy $work/policy.

tree=/t # on the root file system, which is also the containers'

policy() { # rules on stdin
	/run/file-policy "$work/policy" || exit 3
}

# Where the program may be executed, and what it may need.
all_but_tree='allow rwmxkl /{usr,lib64,proc,dev,sys,run,etc}/**'

configure() { # bundle, what is added to its annotations, requests...
	configure_bundle=$1 annotation=$2
	shift 2
	(cd "$work/$configure_bundle" && rm -f config.json && crun spec) || exit 3
	arguments='"/usr/bin/file-probe"'
	for request; do arguments="$arguments, \"$request\""; done
	capabilities='"CAP_KILL", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", "CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT", "CAP_CHOWN", "CAP_FOWNER", "CAP_MKNOD", "CAP_SETUID", "CAP_FSETID"'
	sed -i "s#\"terminal\": true#\"terminal\": false#; s#\"sh\"#$arguments#
		s#\"CAP_KILL\"#$capabilities#; s#\"readonly\": true#\"readonly\": false#
		s#\"root\": {#\"annotations\": {$annotation}, \"root\": {#" \
		"$work/$configure_bundle/config.json"
}

root_of() { # bundle: the root file system of the guest
	mkdir -p "$work/$1/rootfs"
	mountpoint -q "$work/$1/rootfs" || mount --bind / "$work/$1/rootfs"
}

guarded() { # requests...: in vkernel.out
	root_of guarded
	configure guarded "\"io.vkernel.profile\": \"$work/policy\"" "$@"
	run_in vkernel vkernel-runtime guarded
}

# prepare is the test's: it makes $tree as each of the two find it.
both() { # requests...
	prepare
	root_of free
	configure free '' "$@"
	run_in plain crun free
	prepare
	guarded "$@"
}

# Allowed and refused: in both cases it works where there are no rules.
allowed() { expect "$1" ok ok "$2"; }
refused() { expect "$1" ok "${3-EACCES}" "$2"; }

told() { # extended regular expression
	dmesg | grep -q -E "$1"
}
