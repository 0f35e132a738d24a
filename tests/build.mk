# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh tests/profiles_test.sh
GUEST_TESTS += tests/modules
GUEST_TESTS += tests/guest/attach
GUEST_TESTS += tests/guest/runtime
GUEST_TESTS += tests/guest/hooks tests/guest/strangers
GUEST_TESTS += tests/guest/lifecycle
GUEST_TESTS += tests/guest/cost
GUEST_TESTS += tests/guest/cost-files
GUEST_TESTS += tests/guest/cost-log
GUEST_TESTS += tests/guest/cost-startup
GUEST_TESTS += tests/guest/many
GUEST_TESTS += tests/guest/measure
GUEST_TESTS += tests/guest/new-workload
GUEST_TESTS += tests/guest/told
GUEST_TESTS += tests/guest/closed
GUEST_TESTS += tests/guest/memory
GUEST_TESTS += tests/guest/lifetime
GUEST_TESTS += tests/guest/apparmor
GUEST_TESTS += tests/guest/hidden
GUEST_TESTS += tests/guest/sources
NIGHTLY_TESTS += tests/guest/storm
NIGHTLY_TESTS += tests/guest/overhead

# Run in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
$(call static-program,bpf-holder,tests/guest/bpf-holder.c,-lbpf -lelf -lz)
$(call static-program,uevents,tests/guest/uevents.c,)
$(call static-program,stuck,tests/guest/stuck.c,-lpthread)
$(call static-program,lingers,tests/guest/lingers.c,)
$(call static-program,many-instances,tests/guest/many.c runtime/image.c $(INSTANCE_SOURCES) \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lelf -lz)

# Ways into the kernel, and whose a task is.
GUEST_TESTS += tests/guest/entry tests/guest/actions tests/guest/identity \
	tests/guest/fields tests/guest/ring

$(call static-program,entry-paths,tests/guest/entry-paths.c tests/guest/call.c,)
$(call static-program,entry-tracer,tests/guest/entry-tracer.c tests/guest/call.c,)
$(call static-program,entry-restart,tests/guest/entry-restart.c tests/guest/call.c,)
$(call static-program,entry-actions,tests/guest/entry-actions.c tests/guest/call.c,)
$(call static-program,entry-fields,tests/guest/entry-fields.c tests/guest/call.c,)
$(call static-program,entry-ring,tests/guest/entry-ring.c tests/guest/ring.c,)
$(call static-program,identity-inside,tests/guest/identity-inside.c,)
$(call static-program,identity-outside,tests/guest/identity-outside.c,)
$(call static-program,identity-hunter,tests/guest/identity-hunter.c,)

# A 32-bit program, without the C library and libgcc that a 64-bit build machine lacks.
$(O)/bin/entry32: tests/guest/entry32.c
	@mkdir -p $(@D)
	@$(call say,CC32,$@)
	$(Q)$(CC) $(filter-out -I% -g,$(ALL_CFLAGS)) -m32 -ffreestanding -nostdlib -static \
		-fno-pic -no-pie -fno-stack-protector -o $@ $<
PROGRAMS += $(O)/bin/entry32

# File rules beside AppArmor's.
GUEST_TESTS += tests/guest/agree tests/guest/tables
NIGHTLY_TESTS += tests/guest/agree-long

$(call static-program,tables,tests/guest/tables.c,)
$(call static-program,agree,tests/guest/agree.c tests/guest/agree-profile.c tests/guest/agree-run.c,)

# File rules and access rules.
GUEST_TESTS += tests/guest/files tests/guest/stacked

$(call static-program,file-policy,tests/guest/file-policy.c $(BUILDER_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp)
$(call static-program,file-probe,tests/guest/file-probe.c \
	tests/guest/file-probe-others.c tests/guest/file-probe-programs.c tests/guest/ring.c,)
$(call static-program,stacked,tests/guest/stacked.c,)
$(call static-program,file-storm,tests/guest/file-storm.c,-lpthread)

# A container's own kernel log.
GUEST_TESTS += tests/guest/log

$(call static-program,log,tests/guest/log.c tests/guest/log-syslog.c tests/guest/log-device.c \
	tests/guest/log-stream.c,)

# What killed runtimes leave.
GUEST_TESTS += tests/guest/gc
NIGHTLY_TESTS += tests/guest/gc-long
$(call static-program,killed,tests/guest/killed.c,)

# The OCI commands, bad input, and many containers at once.
GUEST_TESTS += tests/guest/oci tests/guest/badinput tests/guest/crowd
NIGHTLY_TESTS += tests/guest/crowd-long
$(call static-program,console,tests/guest/console.c,)

# Container engines, and the profiles that we ship; in the image `engines`.
NIGHTLY_TESTS += tests/guest/docker tests/guest/podman tests/guest/containerd tests/guest/profiles
NIGHTLY_TESTS += tests/guest/measure-engines

$(call static-program,profile-probe,tests/guest/profile-probe.c,)

# Where instructions go, and what tasks wait for.
GUEST_TESTS += tests/guest/attribute
NIGHTLY_TESTS += tests/guest/attribute-more tests/guest/observe
