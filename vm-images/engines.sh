# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# The products of the image `engines`, in the folder $part; sourced by ensure. It is the guest with
# container engines and servers, and room for images of containers.

# shellcheck source=vm-images/guest.sh
. "$here/guest.sh"

readonly IMAGES_MIB=2048

make_product() {
	bootstrap "$image,$(guest_packages),$(packages_in "$here/engines.packages")" \
		"$tar"
	fakeroot bash -euc "$(declare -f unpack make_drive); unpack \"\$@\"; make_drive \"\$@\"" \
		engines "$part" "$tar" "$IMAGES_MIB"
	release=$(ls "$part/root/usr/lib/modules")
	echo "$release" >"$part/release"
	cp "$part/root/boot/vmlinuz-$release" "$part/vmlinuz"
	# shellcheck disable=SC2016
	dpkg-query --admindir="$part/root/var/lib/dpkg" -W -f '${Package} ${Version}\n' >"$part/manifest"
	rm -rf "$part/root"
}
