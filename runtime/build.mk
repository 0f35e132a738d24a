# SPDX-License-Identifier: GPL-2.0
# From a bundle to its policy; with BUILDER_SOURCES, SOURCE_SOURCES and LIB_SOURCES.
POLICY_SOURCES := $(addprefix runtime/,cache.c covers.c derive.c includes.c known.c policy.c prepared.c \
	settings.c wishes.c)
RUNTIME_SOURCES := runtime/arguments.c runtime/backend.c runtime/bundle.c \
	runtime/child.c runtime/claim.c runtime/complaint.c runtime/container.c runtime/cut.c runtime/delete.c \
	runtime/framework.c \
	runtime/instance.c runtime/json.c runtime/kept.c runtime/main.c runtime/options.c runtime/owner.c \
	runtime/rootless.c runtime/scan.c runtime/signature.c runtime/spelling.c runtime/state.c \
	runtime/template.c $(POLICY_SOURCES)

# What loads and finds instances; tests link it too.
INSTANCE_SOURCES := runtime/framework.c runtime/instance.c

$(call static-program,vkernel-runtime,$(RUNTIME_SOURCES) $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),$(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle)
GUEST_PROGRAMS += $(O)/bin/vkernel-runtime
# Where some of its parts go.
$(O)/bin/vkernel-runtime: LDFLAGS += -Wl,-T,runtime/start.lds
$(O)/bin/vkernel-runtime: | runtime/start.lds

$(call fast-test,runtime/arguments,tests/runtime/arguments.c runtime/arguments.c runtime/options.c runtime/instance.c runtime/framework.c lib/error.c lib/text.c,-lcmocka)
$(call fast-test,runtime/image,tests/runtime/image.c runtime/image.c lib/error.c,-lcmocka -lelf)
$(call fast-test,runtime/cut,tests/runtime/cut.c runtime/cut.c runtime/scan.c,-lcmocka)
$(call fast-test,runtime/scan,tests/runtime/scan.c runtime/scan.c,-lcmocka)
$(call fast-test,runtime/json,tests/runtime/json.c runtime/json.c lib/error.c,-lcmocka -ljansson)
$(call fast-test,runtime/spelling,tests/runtime/spelling.c runtime/spelling.c lib/error.c,-lcmocka -ljansson)
$(call fast-test,runtime/bundle,tests/runtime/bundle.c runtime/bundle.c runtime/cut.c runtime/scan.c runtime/json.c $(LIB_SOURCES),-lcmocka -ljansson)
$(call fast-test,runtime/owner,tests/runtime/owner.c runtime/owner.c lib/error.c lib/text.c,-lcmocka)
$(call fast-test,runtime/signature,tests/runtime/signature.c runtime/signature.c $(LIB_SOURCES),-lcmocka)
$(call fast-test,runtime/policy,tests/runtime/policy.c $(POLICY_SOURCES) $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),-lcmocka $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle)
$(call fast-test,runtime/known,tests/runtime/known.c $(POLICY_SOURCES) $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),-lcmocka $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle)
$(call fast-test,runtime/includes,tests/runtime/includes.c $(POLICY_SOURCES) $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),-lcmocka $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle)
$(call fast-test,runtime/cache,tests/runtime/cache.c runtime/cache.c lib/text.c,-lcmocka -lnettle -lz)
$(call fast-test,runtime/claim,tests/runtime/claim.c runtime/claim.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,runtime/covers,tests/runtime/covers.c runtime/covers.c $(BUILDER_SOURCES) $(LIB_SOURCES),-lcmocka $(BUILDER_LIBRARIES))
$(call fast-test,runtime/settings,tests/runtime/settings.c runtime/settings.c $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),-lcmocka $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES))
FAST_TESTS += tests/runtime/commands_test.sh
