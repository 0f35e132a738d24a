# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh
GUEST_TESTS += tests/modules tests/guest/attach tests/guest/runtime tests/guest/lifecycle \
	tests/guest/private tests/guest/operator tests/operator/with_test

# Run in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
$(call static-program,many-instances,tests/guest/many.c runtime/image.c $(INSTANCE_SOURCES) \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lelf -lz)

# Instances with private calls, built as their authors do, in the build root.
$(call static-program,private,tests/guest/private.c,)
$(call static-program,exchange,tests/guest/exchange.c,-pthread)
PRIVATE_MODULES := $(O)/private-$(KERNEL)/uname.ko $(O)/private-$(KERNEL)/private-calls.ko
GUEST_TEST_PROGRAMS += $(PRIVATE_MODULES)

$(O)/private-$(KERNEL)/uname.ko: examples/uname/uname.c examples/uname/uname.json
$(O)/private-$(KERNEL)/private-calls.ko: tests/guest/private-calls.c tests/guest/private-calls.json

$(PRIVATE_MODULES): tests/guest/build-private $(O)/bin/vkernel $(O)/build-root-$(KERNEL).path \
		$(filter-out %.mk,$(shell find kmod -type f))
	@mkdir -p $(@D)
	@$(call say,PRIVATE,$@)
	$(Q)tests/guest/build-private $(O)/build-root-$(KERNEL) $(O)/bin/vkernel $@ \
		$(filter examples/% tests/guest/private-%,$^)
