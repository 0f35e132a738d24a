# SPDX-License-Identifier: GPL-2.0
#
# What DKMS runs in a copy of the modules' sources, for the kernel with the headers KERNEL_HEADERS.

modules:
	+$(MAKE) -C '$(KERNEL_HEADERS)' M='$(CURDIR)' modules
	# The type information doubles the cost of loading an instance.
	objcopy --remove-section=.BTF --remove-section=.BTF.base --remove-section=.BTF_ids vki/vki.ko

clean:
	+$(MAKE) -C '$(KERNEL_HEADERS)' M='$(CURDIR)' clean

.PHONY: modules clean
