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

.PHONY: selftest-modules
