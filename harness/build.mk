# SPDX-License-Identifier: GPL-2.0

include scenarios/sources.mk

# What boots a guest and runs commands in it; tests link it too.
VM_SOURCES := harness/accelerator.c harness/cache.c harness/channel.c harness/interrupt.c \
	harness/process.c harness/push.c harness/qemu.c harness/scratch.c harness/slot.c \
	harness/tail.c harness/vm.c

VKBENCH_SOURCES := harness/main.c harness/boot.c harness/exec.c harness/guest_options.c

ISOLATION_SOURCES := harness/isolation.c harness/isolation-guest.c harness/isolation-report.c

VKBENCH_LIBRARIES := $(SCENARIO_LIBRARIES)

INIT_SOURCES := harness/guest/init.c harness/guest/agent.c harness/guest/command.c \
	harness/guest/mounts.c harness/guest/port.c harness/guest/system.c harness/guest/utf8.c

$(call program,vkbench,$(VKBENCH_SOURCES) $(ISOLATION_SOURCES) $(SCENARIO_SOURCES) \
	$(CONFIGURATION_SOURCES) $(VM_SOURCES) $(LIB_SOURCES),$(VKBENCH_LIBRARIES))
$(call static-program,init,$(INIT_SOURCES) lib/error.c,-ljansson)

$(call fast-test,qemu,tests/harness/qemu_test.c harness/qemu.c,-lcmocka)
$(call fast-test,agent,tests/harness/agent_test.c harness/guest/command.c harness/guest/utf8.c lib/error.c,-lcmocka)
$(call fast-test,channel,tests/harness/channel_test.c harness/channel.c harness/interrupt.c lib/error.c,-lcmocka -ljansson)

# What needs a guest: programs and scripts that print TAP, with the build folder in O and KERNEL.
$(call test-program,vm,tests/guest/vm_test.c $(VM_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson)
GUEST_TESTS += $(O)/tests/vm tests/guest/vm.sh
