# SPDX-License-Identifier: GPL-2.0
#
# Modules that tests load into guests, and the product's own two compiled so that vkfail can make
# their allocations fail.
#
# $(O)/kmod-$(KERNEL)/selftest/{vkm,vki,vkfail,...}.ko

SELFTEST          := $(KMOD)/selftest
SELFTEST_PRODUCTS := $(addprefix $(SELFTEST)/,vkm.ko vki.ko vkfail.ko vklivepatch.ko vkprint.ko)

selftest-modules: $(SELFTEST_PRODUCTS)

GUEST_TEST_PROGRAMS += $(SELFTEST_PRODUCTS)

$(SELFTEST_PRODUCTS) &: $(KMOD_SOURCES) vm-images/build-modules $(O)/build-root-$(KERNEL).path
	@$(call say,KMOD,$(SELFTEST)/*.ko)
	$(Q)vm-images/build-modules $(O)/build-root-$(KERNEL) kmod $(SELFTEST) VKM_SELFTEST=m \
		VKI_PRIVATE=../selftest/sleeper.o \
		KCFLAGS='-include /tree/src/selftest/failing.h' $(if $(filter 1,$(V)),V=1,-s)

# vkm with a regression in it, and the initrd that has it in the place of the true one. Below planted/
# lies what vkbench looks for beside itself.
PLANTED          := $(O)/planted
PLANTED_MODULES  := $(KMOD)/planted/vkm.ko
PLANTED_PRODUCTS := $(PLANTED)/initrd-$(KERNEL) $(PLANTED)/bin/vkbench $(PLANTED)/guest-$(KERNEL)
NIGHTLY_TEST_PROGRAMS += $(PLANTED_PRODUCTS)

$(PLANTED_MODULES): $(KMOD_SOURCES) vm-images/build-modules $(O)/build-root-$(KERNEL).path
	@$(call say,KMOD,$@)
	$(Q)vm-images/build-modules $(O)/build-root-$(KERNEL) kmod $(@D) VKM_PLANTED=../selftest/planted.o \
		KCFLAGS='-include /tree/src/selftest/planted.h' $(if $(filter 1,$(V)),V=1,-s)

$(PLANTED)/bin/vkbench: $(O)/bin/vkbench
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(PLANTED)/guest-$(KERNEL): $(O)/guest-$(KERNEL).path
	@mkdir -p $(@D)
	$(Q)ln -sfn "$$(cat $<)" $@

$(PLANTED)/initrd-$(KERNEL): $(O)/initrd-$(KERNEL) $(PLANTED_MODULES)
	@$(call say,INITRD,$@)
	@mkdir -p $(@D)
	$(Q)vm-images/make-initrd $(O)/guest-$(KERNEL)/modules $(O)/bin/init $(PLANTED)/payload-$(KERNEL) \
		$@ $(GUEST_PROGRAMS) $(filter-out %/vkm.ko,$(KMOD_PRODUCTS)) $(PLANTED_MODULES)

planted: $(PLANTED_PRODUCTS)

.PHONY: selftest-modules planted
