# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# The guest's products, in the folder $part; sourced by ensure.

# Drivers between the kernel's start and a mounted root drive with a port to the host; a kernel may
# have some of them built in.
readonly BOOT_MODULES='virtio_pci virtio_blk virtio_console ext4'
readonly SLACK_MIB=512

# Debian 12 has a gVisor of 2022, which is older than its platform systrap.
guest_packages() {
	local all
	all=$(packages_in "$here/guest.packages")
	[ "$suite" = bookworm ] || all+=,runsc
	echo "$all"
}

make_product() {
	bootstrap "$image,$(guest_packages)" "$tar"
	# One path for root and for ordinary users: owners and devices as fakeroot imagines them.
	fakeroot bash -euc "$(declare -f unpack make_drive); unpack \"\$@\"; make_drive \"\$@\"" \
		guest "$part" "$tar" "$SLACK_MIB"
	release=$(ls "$part/root/usr/lib/modules")
	echo "$release" >"$part/release"
	cp "$part/root/boot/vmlinuz-$release" "$part/vmlinuz"
	collect_modules
	# shellcheck disable=SC2016
	dpkg-query --admindir="$part/root/var/lib/dpkg" -W -f '${Package} ${Version}\n' >"$part/manifest"
	rm -rf "$part/root"
}

unpack() {
	mkdir "$1/root"
	tar -C "$1/root" -xpf "$2"
	# fakeroot imagines owners, but it cannot read what its user may not.
	find "$1/root" -type f ! -perm -u+r -exec chmod u+r {} +
	rm -f "$1"/root/boot/initrd.img-* "$1/root/etc/resolv.conf"
	echo guest >"$1/root/etc/hostname"
	echo '127.0.0.1 localhost guest' >"$1/root/etc/hosts"
	mkdir -p "$1/root/vkernel"
}

# Everything is written now and there is no journal: no kernel thread works on the drive later, in
# the middle of a measurement.
make_drive() {
	local mib
	mib=$(du -s --apparent-size -BM "$1/root" | tr -dc '0-9\t' | cut -f1)
	PATH=$PATH:/usr/sbin mke2fs -q -t ext4 -O ^has_journal -L vkernel -m 0 \
		-U 00000000-0000-4000-8000-000000000001 \
		-E hash_seed=00000000-0000-4000-8000-000000000002,lazy_itable_init=0 \
		-d "$1/root" "$1/root.img" "$((mib * 11 / 10 + $3))M"
}

collect_modules() {
	local name path file
	mkdir "$part/modules"
	for name in $BOOT_MODULES; do
		PATH=$PATH:/usr/sbin modprobe --dirname "$part/root" --set-version "$release" \
			--show-depends "$name"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
		file=$(basename "$path")
		case $file in
		*.xz) xz -dc "$path" ;;
		*.zst) zstd -qdc "$path" ;;
		*) cat "$path" ;;
		esac >"$part/modules/${file%%.ko*}.ko"
		echo "${file%%.ko*}.ko" >>"$part/modules/order"
	done
}
