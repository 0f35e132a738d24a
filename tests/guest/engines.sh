# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
#
# Sourced after guest.sh by tests with container engines: images of Debian's own programs, and what
# is left when an engine says that a container is gone.

# The programs as `make install` would leave them.
ln -sf /vkernel/bin/vkernel-runtime /vkernel/bin/vkernel /usr/bin/

# A root file system with these programs of the guest, and the libraries that they are linked to.
image_root() { # folder, program...
	image=$1
	shift
	mkdir -p "$image/usr/bin" "$image/usr/sbin" "$image/usr/lib" "$image/usr/lib64" "$image/etc" \
		"$image/root" "$image/var" "$image/srv"
	mkdir -p -m 1777 "$image/tmp"
	for link in bin sbin lib lib64; do
		ln -s "usr/$link" "$image/$link"
	done
	cp /etc/passwd /etc/group /etc/nsswitch.conf "$image/etc/"
	for program; do
		# Not `command -v`, which names what the shell has built in by its name alone.
		path=$(which "$program") || return 1
		cp -L "$path" "$image/usr/bin/$program" || return 1
		ldd "$path" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
			mkdir -p "$image/$(dirname "$library")"
			cp -L "$library" "$image/$library"
		done
	done
	ln -sf dash "$image/usr/bin/sh"
}

# Programs that show what a container may do.
TOOLS='dash cat chown chroot date dmesg echo false hostname id ls mount nice readlink sleep test touch
	true tty uname unshare redis-server redis-cli'

no_instance() {
	! lsmod | grep -q '^vkernel_' && [ -z "$(ls "$instances" 2>/dev/null)" ] &&
		[ -z "$(ls /run/vkernel 2>/dev/null)" ]
}

instance_of() { # the container's id
	printf 'vkernel_%.12s' "$1"
}

guarded() { # the container's id
	lsmod | grep -q "^$(instance_of "$1") " && is_bound "$(instance_of "$1")"
}

# Runs the commands of a page of docs/deploy/: the lines that are set off.
documented() { # file
	sed -n 's/^    //p' "/run/$1" >"$work/commands"
	while read -r command <&3; do
		eval "$command" >"$work/output" 2>&1 </dev/null 3<&-
		status=$?
		case $command in
		*'# refused') [ $status -ne 0 ] ;;
		*) [ $status -eq 0 ] ;;
		esac
		ok $? "$1: $command"
	done 3<"$work/commands"
}
# `vkernel trace` with this engine's client: what a container did is enough for it, and no more.
traced() { # engine
	mountpoint -q /sys/kernel/security || mount -t securityfs none /sys/kernel/security
	vkernel trace --verify -o "$work/traced" -- "$1" run --rm --network none tools \
		sh -c 'echo recorded >/tmp/file && cat /tmp/file' >"$work/output" 2>&1 && says '^recorded$'
	ok $? "vkernel trace -- $1 run: a profile, under which it works again"
	grep '^x86-64 system calls left' "$work/output" | sed 's/^/# /'
	grep -q '/tmp/' "$work/traced.apparmor" && says '^x86-64 system calls left'
	ok $? 'it has the file, and says how many calls are left'
	"$1" run --rm --runtime=vkernel-runtime --network none \
		--annotation "io.vkernel.profile=$work/traced.yaml" tools \
		sh -c 'exec 2>&1; cat /etc/passwd || mkdir /srv/new; echo tried' >"$work/output" 2>&1
	says '^tried$' && says 'Permission denied|not permitted' && ! says '^root:'
	ok $? 'what was not recorded is refused'
}

modprobe() { # what a page says of a system on which our modules are installed
	insmod "/vkernel/kmod/$1.ko"
}

# Ends a process that was started in the background, and waits for it.
end() { # its id
	kill "$1"
	wait "$1"
} 2>/dev/null
