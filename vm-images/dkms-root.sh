# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# The products of dkms-root, in the folder $part; sourced by ensure.

make_product() {
	local client=docker-cli
	[ "$suite" != bookworm ] || client=docker.io
	bootstrap "$image,$headers,$compiler,$client,$(packages_in "$here/dkms-root.packages")" "$tar"
	mkdir "$part/root"
	# Owners do not matter here, and an ordinary user could neither set them nor make devices.
	tar -C "$part/root" --no-same-owner --exclude='./dev/*' -xf "$tar"
	mkdir -p "$part/root/dev" "$part/root/tree"
	rm -f "$part/root/boot/initrd.img-"*
	release=$(ls "$part/root/usr/lib/modules")
	echo "$release" >"$part/release"
	cp "$part/root/boot/vmlinuz-$release" "$part/vmlinuz"
	# shellcheck disable=SC2016
	dpkg-query --admindir="$part/root/var/lib/dpkg" -W -f '${Package} ${Version}\n' >"$part/manifest"
}
