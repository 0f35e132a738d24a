# SPDX-License-Identifier: GPL-2.0
#
# The rows are linked into measure, which runs them in the guest, and into vkbench, which takes
# their names and units (harness/build.mk). The driver runs in containers.

WORKLOAD_SOURCES := $(wildcard workloads/*.c) workloads/driver/output.c

$(call static-program,vkdrive,$(filter-out %/output.c,$(wildcard workloads/driver/*.c)) lib/error.c,)
GUEST_PROGRAMS += $(O)/bin/vkdrive

$(call static-program,measure,$(wildcard harness/guest/measure/*.c) $(WORKLOAD_SOURCES) \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lbpf -lelf -lz -lm)
GUEST_PROGRAMS += $(O)/bin/measure

# One object for all kernels, which libbpf fits to the running one.
TASKS_OBJECT := $(O)/gen/harness/tasks.bpf.o

$(TASKS_OBJECT): $(wildcard harness/guest/bpf/*)
	@mkdir -p $(@D)
	@$(call say,BPF,harness/guest/bpf/tasks.bpf.c)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ harness/guest/bpf/tasks.bpf.c

$(O)/obj/harness/guest/measure/tasks_object.o: $(TASKS_OBJECT)
$(O)/obj/harness/guest/measure/tasks_object.o: ALL_CFLAGS += -DTASKS_OBJECT='"$(TASKS_OBJECT)"'

# From the kernel's own sources, which Debian has as a package (docs/decisions/counters.md).
LIBPERF := $(O)/libperf/libperf.a

LIBAPI  := $(O)/libperf/libapi.a

$(LIBPERF) $(LIBAPI) &: harness/build-libperf
	@$(call say,LIBPERF,$@)
	$(Q)harness/build-libperf $(@D)

$(O)/bin/measure: $(LIBPERF) $(LIBAPI)
$(O)/obj/harness/guest/measure/counters.o: | $(LIBPERF)
$(O)/obj/harness/guest/measure/counters.o: ALL_CFLAGS += -isystem $(O)/libperf/include

$(call fast-test,readings,tests/workloads/readings_test.c $(WORKLOAD_SOURCES) \
	harness/guest/configuration.c \
	$(VM_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson -lm)
