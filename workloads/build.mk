# SPDX-License-Identifier: GPL-2.0
#
# The rows are linked into measure, which runs them in the guest, and into vkbench, which takes
# their names and units (harness/build.mk). The driver runs in containers.

WORKLOAD_SOURCES := $(wildcard workloads/*.c) workloads/driver/output.c

$(call static-program,vkdrive,$(filter-out %/output.c,$(wildcard workloads/driver/*.c)) lib/error.c,)
GUEST_PROGRAMS += $(O)/bin/vkdrive

$(call static-program,measure,$(wildcard harness/guest/measure/*.c) $(WORKLOAD_SOURCES) \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lm)
GUEST_PROGRAMS += $(O)/bin/measure

$(call fast-test,readings,tests/workloads/readings_test.c $(WORKLOAD_SOURCES) \
	harness/guest/configuration.c \
	$(VM_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson -lm)
