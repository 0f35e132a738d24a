# SPDX-License-Identifier: GPL-2.0
#
# The commands of `vkernel`, and what they share with the runtime.
OPERATOR_SOURCES := $(filter-out operator/main.c,$(wildcard operator/*.c)) \
	$(addprefix runtime/,framework.c image.c json.c owner.c state.c) \
	$(BUILDER_SOURCES) $(LIB_SOURCES) $(LIB_PROCESS_SOURCES)
OPERATOR_LIBRARIES := $(BUILDER_LIBRARIES) -lelf -lz

$(call static-program,vkernel,operator/main.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES))
GUEST_PROGRAMS += $(O)/bin/vkernel

$(call fast-test,operator,tests/operator/operator.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
