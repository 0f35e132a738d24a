# SPDX-License-Identifier: GPL-2.0
include scenarios/sources.mk

$(call static-program,attempt,scenarios/attempt.c scenarios/perform.c scenarios/capture.c scenarios/enter.c \
	$(SCENARIO_SOURCES) $(CONFIGURATION_SOURCES) $(LIB_SOURCES),$(SCENARIO_LIBRARIES))

GUEST_PROGRAMS += $(O)/bin/attempt

# Profiles that scenarios name.
GUEST_PROGRAMS += $(wildcard scenarios/profiles/*.apparmor)

$(call fast-test,scenarios/verdict,tests/scenarios/verdict_test.c scenarios/verdict.c \
	scenarios/tries.c lib/error.c,-lcmocka -ljansson)
$(call fast-test,scenarios/kernellog,tests/scenarios/kernellog_test.c scenarios/kernellog.c \
	lib/error.c,-lcmocka -ljansson)
$(call fast-test,scenarios/report,tests/scenarios/report_test.c harness/isolation-report.c,\
	-lcmocka -ljansson)
$(call fast-test,scenarios/dockerprofile,tests/scenarios/dockerprofile_test.c \
	$(SCENARIO_SOURCES) $(CONFIGURATION_SOURCES) $(LIB_SOURCES),-lcmocka $(SCENARIO_LIBRARIES))
$(call fast-test,scenarios/bundle,tests/scenarios/bundle_test.c \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson -lseccomp)
FAST_TESTS += tests/scenarios/usage_test.sh

GUEST_TESTS += tests/guest/isolation
