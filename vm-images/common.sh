# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the scripts of this folder share; sourced by them. Exit statuses are those of lib/error.h.

readonly EXIT_USAGE=2 EXIT_ENVIRONMENT=3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${VKERNEL_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/vkernel}
# Links in the build folder lead to it.
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

# fail STATUS WORDS...
fail() {
	local status=$1
	shift
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit "$status"
}

[ -n "${VKERNEL_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-}" ] || fail "$EXIT_ENVIRONMENT" \
	'no cache folder: set VKERNEL_CACHE, XDG_CACHE_HOME or HOME'

# need COMMAND PACKAGE: a missing tool is named by the package that brings it.
need() {
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ||
		fail "$EXIT_ENVIRONMENT" "'$1' is not installed; run: apt-get install --no-install-recommends $2"
}

# Sets suite, image, headers, compiler and apt from the row of kernel $1.
read_row() {
	local row
	row=$(awk -v kernel="$1" '!/^#/ && $1 == kernel' "$here/kernels")
	[ -n "$row" ] || fail "$EXIT_USAGE" "no kernel '$1'; there are:" \
		"$(awk '!/^#/ { printf "%s ", $1 }' "$here/kernels")"
	read -r _ suite image headers compiler apt <<<"$row"
}

# The packages named in file $1, comma-separated.
packages_in() {
	sed 's/#.*//' "$1" | tr -s '[:space:]' '\n' | grep . | paste -sd,
}

# need_space FOLDER MIB: before the work, not in the middle of it.
need_space() {
	local free
	free=$(df --output=avail -BM "$1" | tail -n 1 | tr -dc 0-9)
	[ "$free" -ge "$2" ] || fail "$EXIT_ENVIRONMENT" \
		"$1 has $free MiB free and $2 MiB are needed; make room or set VKERNEL_CACHE and TMPDIR"
}

# bootstrap PACKAGES TAR: a root file system of the row's suite. MIRROR= overrides mmdebstrap's own.
bootstrap() {
	local options=(--variant=apt --architectures=amd64 --format=tar
		--aptopt='APT::Install-Recommends "false"'
		--dpkgopt='path-exclude=/usr/share/man/*'
		--dpkgopt='path-exclude=/usr/share/doc/*'
		--dpkgopt='path-include=/usr/share/doc/*/copyright'
		--dpkgopt='path-exclude=/usr/share/locale/*')

	[ "$apt" = - ] || options+=(--aptopt="${apt%%=*} \"${apt#*=}\"")
	mmdebstrap "${options[@]}" --include="$1" "$suite" "$2" ${MIRROR:+"$MIRROR"} </dev/null
}
