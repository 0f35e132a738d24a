# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# The build root's products, in the folder $part; sourced by ensure.

make_product() {
	bootstrap "$headers,$compiler,$(packages_in "$here/build-root.packages")" "$tar"
	mkdir "$part/root"
	# Owners do not matter here, and an ordinary user could neither set them nor make devices.
	tar -C "$part/root" --no-same-owner --exclude='./dev/*' -xf "$tar"
	mkdir -p "$part/root/dev" "$part/root/tree"
	ls "$part/root/usr/lib/modules" >"$part/release"
	# shellcheck disable=SC2016
	dpkg-query --admindir="$part/root/var/lib/dpkg" -W -f '${Package} ${Version}\n' >"$part/manifest"
}
