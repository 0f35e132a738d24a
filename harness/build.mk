# SPDX-License-Identifier: GPL-2.0

include scenarios/sources.mk

# Profiles that configurations name.
GUEST_PROGRAMS += $(wildcard harness/guest/profiles/*.apparmor)

# What boots a guest and runs commands in it; tests link it too.
VM_SOURCES := harness/accelerator.c harness/cache.c harness/channel.c harness/interrupt.c \
	harness/push.c harness/qemu.c harness/slot.c harness/tail.c harness/vm.c \
	$(LIB_PROCESS_SOURCES)

# The page's parts that are no C.
$(O)/obj/harness/report/html.o: harness/report/page.css harness/report/page.js

# From raw samples to a report; tests link it too. The tables of what is compared come along.
REPORT_SOURCES := harness/samples.c harness/cells.c harness/jsonfile.c harness/machine.c \
	harness/statistics.c $(wildcard harness/compare*.c) $(wildcard harness/export*.c) \
	$(wildcard harness/summary*.c) $(wildcard harness/report/*.c) harness/isolation-report.c \
	harness/profile/difference.c harness/profile/profile.c harness/profile/store.c \
	harness/guest/configuration.c $(wildcard workloads/*.c) workloads/driver/output.c
REPORT_LIBRARIES := -ljansson -lgsl -lgslcblas -lelf -lz -lm

ISOLATION_SOURCES := $(wildcard harness/isolation*.c) $(SCENARIO_SOURCES) $(CONFIGURATION_SOURCES)

# From the plugin's records to names, tables and pictures; what takes them in a guest is apart.
PROFILE_SOURCES := $(filter-out %/take.c %/pages.c,$(wildcard harness/profile/*.c))
PROFILE_LIBRARIES := -ljansson -lelf -lz -lm

VKBENCH_SOURCES := harness/main.c harness/boot.c harness/exec.c harness/guest_options.c \
	$(wildcard harness/command-*.c) harness/merge.c harness/overhead.c harness/terminal.c \
	$(wildcard harness/bench/*.c harness/history/*.c harness/nightly/*.c harness/profile/*.c) $(REPORT_SOURCES) $(ISOLATION_SOURCES)

VKBENCH_LIBRARIES := $(REPORT_LIBRARIES) $(SCENARIO_LIBRARIES) $(PROFILE_LIBRARIES)

INIT_SOURCES := harness/guest/init.c harness/guest/agent.c harness/guest/command.c \
	harness/guest/mounts.c harness/guest/port.c harness/guest/system.c harness/guest/utf8.c

$(O)/obj/harness/cache.o: ALL_CFLAGS += -DVKERNEL_VERSION='"$(VERSION)"'

$(call program,vkbench,$(VKBENCH_SOURCES) $(VM_SOURCES) $(LIB_SOURCES),$(VKBENCH_LIBRARIES))
$(call static-program,init,$(INIT_SOURCES) lib/error.c,-ljansson)

$(call fast-test,qemu,tests/harness/qemu_test.c harness/qemu.c,-lcmocka)
$(call fast-test,agent,tests/harness/agent_test.c harness/guest/command.c harness/guest/utf8.c lib/error.c,-lcmocka)
$(call fast-test,channel,tests/harness/channel_test.c harness/channel.c harness/interrupt.c lib/error.c,-lcmocka -ljansson)
$(call fast-test,slot,tests/harness/slot_test.c harness/slot.c harness/cache.c harness/channel.c harness/interrupt.c lib/scratch.c lib/error.c,-lcmocka -ljansson)
FAST_TESTS += tests/harness/vkbench_test.sh

# What needs a guest: programs and scripts that print TAP, with the build folder in O and KERNEL.
$(call test-program,vm,tests/guest/vm_test.c $(VM_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson)
$(call test-program,shell,tests/guest/shell_test.c,-lcmocka -lutil)
GUEST_TESTS += $(O)/tests/vm tests/guest/vm.sh $(O)/tests/shell

BENCH_TEST_SOURCES := $(filter-out %/command.c,$(REPORT_SOURCES)) $(VM_SOURCES) $(LIB_SOURCES)
$(call fast-test,statistics,tests/harness/statistics_test.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,coverage,tests/harness/coverage_test.c harness/statistics.c,-lcmocka -lgsl -lgslcblas -lm)
$(call fast-test,export,tests/harness/export_test.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,merge,tests/harness/merge_test.c harness/merge.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,compare,tests/harness/compare_test.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,samples,tests/harness/samples_test.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,durations,tests/harness/durations_test.c harness/bench/durations.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,plan,tests/harness/plan_test.c harness/bench/plan.c harness/bench/visit.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,observations,tests/harness/observations_test.c harness/bench/plan.c harness/bench/visit.c harness/bench/observations.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,console,tests/harness/console_test.c harness/bench/console.c harness/bench/progress.c scenarios/kernellog.c lib/scratch.c $(LIB_SOURCES),-lcmocka -ljansson)
$(call fast-test,engine,tests/harness/engine_test.c harness/guest/measure/engine.c harness/guest/measure/process.c $(CONFIGURATION_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson -lseccomp)
$(call fast-test,measured-process,tests/harness/measured_process_test.c harness/guest/measure/process.c harness/guest/measure/expand.c lib/error.c,-lcmocka)
$(call fast-test,report,tests/harness/report_test.c tests/harness/small_run.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,report-told,tests/harness/report_told_test.c tests/harness/small_run.c tests/harness/fake_run.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,page,tests/harness/page_test.c tests/harness/browser.c tests/harness/fake_run.c $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES) -lnettle)
GUEST_TESTS += tests/guest/bench.sh

# Names the guest's programs for it.
$(call static-program,vkpages,harness/guest/pages.c lib/error.c,)
GUEST_PROGRAMS += $(O)/bin/vkpages

# QEMU loads it: no library but the C library's, and no symbol but those that QEMU looks for.
PLUGIN         := $(O)/lib/vkernel/attribute.so
PLUGIN_SOURCES := $(wildcard harness/plugin/*.c)

$(PLUGIN): $(PLUGIN_SOURCES) $(wildcard harness/plugin/*.h)
	@mkdir -p $(@D)
	@$(call say,PLUGIN,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -shared -o $@ $(PLUGIN_SOURCES)
PROGRAMS += $(PLUGIN)

$(call fast-test,plugin,tests/harness/plugin_test.c $(addprefix harness/plugin/,block.c memory.c record.c stack.c),-lcmocka)
$(call fast-test,profile,tests/harness/profile_test.c $(PROFILE_SOURCES) harness/bench/capture.c harness/jsonfile.c $(VM_SOURCES) $(LIB_SOURCES),-lcmocka $(PROFILE_LIBRARIES))
