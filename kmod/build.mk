# SPDX-License-Identifier: GPL-2.0
#
# The modules are built for the guest's kernel, in its build root (vm-images/): never for this
# machine.
#
# $(O)/kmod-$(KERNEL)/{vkm,vki}.ko          with debugging information
# $(O)/kmod-$(KERNEL)/vkflaw.ko             a hole, for the scenarios only
# $(O)/kmod-$(KERNEL)/sparse.log            what check-modules found
# The modules for tests: selftest/build.mk.

KMOD          := $(O)/kmod-$(KERNEL)
KMOD_PRODUCTS := $(KMOD)/vkm.ko $(KMOD)/vki.ko $(KMOD)/vkflaw.ko
KMOD_SOURCES  := $(filter-out %.mk,$(shell find kmod -type f))

modules: $(KMOD_PRODUCTS)

$(KMOD_PRODUCTS) &: $(KMOD_SOURCES) vm-images/build-modules $(O)/build-root-$(KERNEL).path
	@$(call say,KMOD,$(KMOD)/*.ko)
	$(Q)vm-images/build-modules $(O)/build-root-$(KERNEL) kmod $(KMOD) $(if $(filter 1,$(V)),V=1,-s)
	$(Q)ld -r -T kmod/vki/template.lds -o $(KMOD)/vki.lean $(KMOD)/vki.ko
	$(Q)objcopy --wildcard --strip-symbol='__pfx_*' --discard-all $(KMOD)/vki.lean
	$(Q)mv $(KMOD)/vki.lean $(KMOD)/vki.ko

# Everything is compiled and checked anew, beside the products.
check-modules: $(O)/build-root-$(KERNEL).path
	@$(call say,SPARSE,kmod)
	@mkdir -p $(KMOD)
	$(Q)vm-images/build-modules $(O)/build-root-$(KERNEL) kmod $(KMOD)/check \
		-s C=2 CF=-Wsparse-error >$(KMOD)/sparse.log 2>&1 || { cat $(KMOD)/sparse.log >&2; exit 1; }

include kmod/selftest/build.mk
