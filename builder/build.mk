# SPDX-License-Identifier: GPL-2.0
BUILDER_SOURCES := $(addprefix builder/,log.c number.c capability.c place.c fields.c action.c \
	conditions.c argument.c entry.c seccomp.c needs.c model.c model_combine.c multiplexed.c clone3.c blob.c \
	private.c words.c files.c pattern.c lists.c file_section.c automaton_positions.c \
	automaton_subset.c automaton_minimise.c automaton_comb.c paths.c sockets.c words_files.c \
	combine.c from_policy.c normal.c difference.c difference_files.c) \
	$(addprefix kmod/vki/,policy.c table.c files.c decide.c)
BUILDER_SOURCES += $(addsuffix .c,$(addprefix builder/apparmor,_lexer _include _look _variable _rule \
	_file _capability _network _peer _mount _inline) builder/apparmor)
BUILDER_LIBRARIES := -ljansson -lseccomp

# What takes any profile source; with BUILDER_SOURCES and LIB_SOURCES.
SOURCE_SOURCES := $(addprefix builder/,source.c source_add.c yaml_profile.c yaml_calls.c) \
	lib/yaml.c lib/yaml_places.c runtime/image.c
SOURCE_LIBRARIES := -lcyaml -lyaml -lelf -lz

# The system calls of this machine's kernel headers and of the two tables, sorted by name.
BUILDER_NUMBERS := $(O)/gen/builder/numbers.inc

$(BUILDER_NUMBERS): builder/numbers.awk builder/newer.tbl builder/multiplexed.tbl
	@mkdir -p $(@D)
	@$(call say,GEN,$@)
	$(Q)set -o pipefail; for arch in x86_64:64 i386:32; do \
		echo "#include <asm/unistd_$${arch#*:}.h>" | $(CC) -E -dM - | \
		sed -n "s/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$$/$${arch%:*} \1 \2/p"; \
	done | awk -f builder/numbers.awk - builder/newer.tbl builder/multiplexed.tbl | \
		LC_ALL=C sort > $@

$(O)/obj/builder/number.o: $(BUILDER_NUMBERS)
$(O)/obj/builder/number.o: ALL_CFLAGS += -I$(O)/gen

BUILDER_TEST := tests/builder/compile.c $(BUILDER_SOURCES) $(LIB_SOURCES)
BUILDER_TEST_LIBRARIES := $(BUILDER_LIBRARIES) -lcmocka

$(call fast-test,builder-decide,tests/builder/decide_test.c $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))
$(foreach test,number refuse words blob files_blob needs docker_form,$(call fast-test,builder-$(test),\
	tests/builder/$(test)_test.c $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES)))
$(call fast-test,builder-libseccomp,tests/builder/libseccomp_test.c tests/builder/libseccomp.c \
	$(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))

$(call fast-test,builder-overlap,tests/builder/overlap_test.c tests/builder/libseccomp.c \
	$(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))

BUILDER_RULES := kmod/vki/compile.c kmod/vki/operations.c tests/builder/agree.c \
	tests/builder/random_files.c
$(call fast-test,builder-compile_rules,tests/builder/compile_rules_test.c \
	tests/builder/random_policy.c $(BUILDER_RULES) $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))

$(call fast-test,builder-normal,tests/builder/normal_test.c $(BUILDER_RULES) $(BUILDER_TEST),\
	$(BUILDER_TEST_LIBRARIES))

$(call fast-test,builder-operations,tests/builder/operations_test.c kmod/vki/compile.c \
	kmod/vki/operations.c $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))

$(foreach test,files file_rules apparmor_patterns,$(call fast-test,builder-$(test),\
	tests/builder/$(test)_test.c tests/builder/yardstick.c tests/builder/compiled.c \
	$(BUILDER_RULES) $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES)))

# With the guest's own default profile, so once there is a guest.
$(call test-program,builder-default_profile,tests/builder/default_profile_test.c \
	tests/builder/libseccomp.c $(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES))
GUEST_TEST_PROGRAMS += $(O)/tests/builder-default_profile
GUEST_TESTS += tests/builder/guest_profile tests/builder/guest_patterns

# The reader under the sanitizers: objects of its own.
FUZZ_FLAGS   := -fsanitize=address,undefined -fno-sanitize-recover=all -DSTANDALONE
FUZZ_OBJECTS := $(patsubst %.c,$(O)/sanitized/%.o,tests/builder/fuzz_policy.c \
	tests/builder/random_policy.c $(BUILDER_RULES) $(BUILDER_SOURCES) $(LIB_SOURCES))
FAST_TESTS += $(O)/tests/fuzz-policy

$(O)/sanitized/%.o: %.c
	@mkdir -p $(@D)
	@$(call say,CC,$< (sanitized))
	$(Q)$(CC) $(ALL_CFLAGS) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

$(O)/sanitized/builder/number.o: $(BUILDER_NUMBERS)
$(O)/sanitized/builder/number.o: ALL_CFLAGS += -I$(O)/gen
OBJECTS += $(FUZZ_OBJECTS)

$(O)/tests/fuzz-policy: $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	@$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(FUZZ_FLAGS) -o $@ $^ $(BUILDER_LIBRARIES)

FAST_TESTS += $(O)/tests/builder-command $(O)/tests/builder-sources

$(O)/tests/builder-command $(O)/tests/builder-sources: $(O)/tests/builder-%: \
		tests/builder/%_test.sh $(O)/bin/vkernel
	@mkdir -p $(@D)
	@$(call say,GEN,$@)
	$(Q)printf '#!/bin/sh\nVKERNEL=%s exec %s\n' $(O)/bin/vkernel $< > $@
	$(Q)chmod +x $@

$(foreach test,apparmor apparmor_refuse apparmor_include apparmor_mount,$(call \
	fast-test,builder-$(test),tests/builder/$(test)_test.c tests/builder/apparmor.c \
	$(BUILDER_TEST),$(BUILDER_TEST_LIBRARIES)))

# The AppArmor reader likewise.
FUZZ_APPARMOR_OBJECTS := $(patsubst %.c,$(O)/sanitized/%.o,tests/builder/fuzz_apparmor.c \
	tests/builder/fuzz.c 	$(BUILDER_SOURCES) $(LIB_SOURCES))
OBJECTS += $(O)/sanitized/tests/builder/fuzz_apparmor.o $(O)/sanitized/tests/builder/fuzz.o
FAST_TESTS += $(O)/tests/fuzz-apparmor

$(O)/tests/fuzz-apparmor: $(FUZZ_APPARMOR_OBJECTS)
	@mkdir -p $(@D)
	@$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(FUZZ_FLAGS) -o $@ $^ $(BUILDER_LIBRARIES)

# Profile sources of all kinds, and what several make together.
SOURCE_TEST := $(SOURCE_SOURCES) $(BUILDER_SOURCES) $(LIB_SOURCES)
SOURCE_TEST_LIBRARIES := $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES) -lcmocka
$(call fast-test,builder-yaml,tests/builder/yaml_test.c $(SOURCE_TEST),$(SOURCE_TEST_LIBRARIES))
$(call fast-test,builder-source,tests/builder/source_test.c tests/builder/made.c \
	$(SOURCE_TEST),$(SOURCE_TEST_LIBRARIES))
$(foreach test,together difference,$(call fast-test,builder-$(test),\
	tests/builder/$(test)_test.c tests/builder/made.c tests/builder/yardstick.c \
	$(BUILDER_RULES) $(SOURCE_TEST),$(SOURCE_TEST_LIBRARIES)))

# And the reader of YAML profiles.
FUZZ_YAML_OBJECTS := $(patsubst %.c,$(O)/sanitized/%.o,tests/builder/fuzz_yaml.c \
	tests/builder/fuzz.c $(SOURCE_TEST))
OBJECTS += $(FUZZ_YAML_OBJECTS)
FAST_TESTS += $(O)/tests/fuzz-yaml

$(O)/tests/fuzz-yaml: $(FUZZ_YAML_OBJECTS)
	@mkdir -p $(@D)
	@$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(FUZZ_FLAGS) -o $@ $^ $(BUILDER_LIBRARIES) $(SOURCE_LIBRARIES)
