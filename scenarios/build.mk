# SPDX-License-Identifier: GPL-2.0
include scenarios/sources.mk

$(call static-program,attempt,scenarios/attempt.c scenarios/perform.c scenarios/capture.c \
	$(SCENARIO_SOURCES) $(CONFIGURATION_SOURCES) $(LIB_SOURCES),$(SCENARIO_LIBRARIES))

GUEST_PROGRAMS += $(O)/bin/attempt
