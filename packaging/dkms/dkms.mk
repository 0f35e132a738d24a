# SPDX-License-Identifier: GPL-2.0
#
# What DKMS runs in a copy of the modules' sources, for the kernel with the headers KERNEL_HEADERS.

modules:
	+$(MAKE) -C '$(KERNEL_HEADERS)' M='$(CURDIR)' modules
	ld -r -T vki/template.lds -o vki/vki.lean vki/vki.ko
	objcopy --wildcard --strip-symbol='__pfx_*' --discard-all vki/vki.lean
	mv vki/vki.lean vki/vki.ko

clean:
	+$(MAKE) -C '$(KERNEL_HEADERS)' M='$(CURDIR)' clean

.PHONY: modules clean
