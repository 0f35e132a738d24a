# SPDX-License-Identifier: GPL-2.0
RUNTIME_SOURCES := runtime/arguments.c runtime/backend.c runtime/bundle.c \
	runtime/cache.c runtime/child.c runtime/claim.c runtime/complaint.c runtime/confinement.c runtime/container.c \
	runtime/framework.c runtime/instance.c runtime/json.c runtime/kept.c runtime/main.c \
	runtime/owner.c runtime/policy.c runtime/signature.c runtime/state.c \
	runtime/template.c

# What loads and finds instances; tests link it too.
INSTANCE_SOURCES := runtime/framework.c runtime/instance.c

$(call static-program,vkernel-runtime,$(RUNTIME_SOURCES) $(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES),$(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle)
GUEST_PROGRAMS += $(O)/bin/vkernel-runtime

$(call fast-test,runtime/arguments,tests/runtime/arguments.c runtime/arguments.c runtime/instance.c runtime/framework.c lib/error.c,-lcmocka)
$(call fast-test,runtime/image,tests/runtime/image.c runtime/image.c lib/error.c,-lcmocka -lelf)
$(call fast-test,runtime/json,tests/runtime/json.c runtime/json.c lib/error.c,-lcmocka -ljansson)
$(call fast-test,runtime/bundle,tests/runtime/bundle.c runtime/bundle.c runtime/json.c $(LIB_SOURCES),-lcmocka -ljansson)
$(call fast-test,runtime/owner,tests/runtime/owner.c runtime/owner.c lib/error.c,-lcmocka)
$(call fast-test,runtime/policy,tests/runtime/policy.c runtime/policy.c runtime/confinement.c runtime/image.c $(BUILDER_SOURCES) $(LIB_SOURCES),-lcmocka -ljansson -lseccomp -lelf)
$(call fast-test,runtime/signature,tests/runtime/signature.c runtime/signature.c $(LIB_SOURCES),-lcmocka)
FAST_TESTS += tests/runtime/commands_test.sh
