# SPDX-License-Identifier: GPL-2.0
#
# The commands of `vkernel`, and what they share with the runtime.
OPERATOR_SOURCES := $(filter-out operator/main.c,$(wildcard operator/*.c)) \
	kmod/vki/operations.c $(addprefix runtime/,cache.c framework.c instance.c json.c kept.c owner.c state.c sweep.c \
		template.c) \
	$(BUILDER_SOURCES) $(SOURCE_SOURCES) $(LIB_SOURCES) $(LIB_PROCESS_SOURCES)
OPERATOR_LIBRARIES := $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lnettle -lbpf -lelf -lz

# The programs of `vkernel trace`: one object for all kernels, which libbpf fits to the running one.
BPF_OBJECT := $(O)/gen/operator/trace.bpf.o
BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Wall -Wextra -Werror \
	-Wno-unused-parameter -I. -idirafter /usr/include/x86_64-linux-gnu

$(BPF_OBJECT): operator/bpf/trace.bpf.c $(wildcard operator/bpf/*.h)
	@mkdir -p $(@D)
	@$(call say,BPF,$<)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(O)/obj/operator/trace_object.o: $(BPF_OBJECT)
$(O)/obj/operator/trace_object.o: ALL_CFLAGS += -DBPF_OBJECT='"$(BPF_OBJECT)"'

$(call static-program,vkernel,operator/main.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES))
GUEST_PROGRAMS += $(O)/bin/vkernel

$(call fast-test,operator,tests/operator/operator.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,operator-trace,tests/operator/trace.c tests/operator/recorded.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,operator-trace_files,tests/operator/trace_files.c tests/operator/recorded.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,operator-trace_engine,tests/operator/trace_engine.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,operator-log,tests/operator/log.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,operator-gc,tests/operator/gc.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
$(call fast-test,runtime/kept,tests/runtime/kept.c tests/operator/fake.c $(OPERATOR_SOURCES),$(OPERATOR_LIBRARIES) -lcmocka)
GUEST_TESTS += tests/guest/private tests/guest/operator tests/operator/with_test
GUEST_TESTS += tests/guest/trace tests/guest/trace-entries
NIGHTLY_TESTS += tests/guest/trace-programs

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
