# SPDX-License-Identifier: GPL-2.0

# Rows of harness/guest/configuration.h and how they are launched; the host takes the names.
CONFIGURATION_SOURCES := harness/guest/configuration.c harness/guest/launch.c \
	harness/guest/bundle.c harness/guest/dockerprofile.c \
	harness/guest/treefilter.c harness/guest/fileprofile.c

SCENARIO_SOURCES := scenarios/scenario.c scenarios/dmesg-read.c scenarios/dmesg-write.c \
	scenarios/syscall-denied.c scenarios/syscall-arguments.c scenarios/clone3-flags.c \
	scenarios/clone-call.c scenarios/openat2-resolve.c scenarios/arguments-swapped.c scenarios/denied.c scenarios/ptrace-rewrites.c scenarios/io-uring.c \
	scenarios/ring.c scenarios/namespace-escape.c scenarios/capability-removed.c \
	scenarios/capability-acquired.c scenarios/capability-calls.c scenarios/capability-name.c scenarios/capability-stolen.c scenarios/flaw.c scenarios/container.c scenarios/descriptors-leaked.c scenarios/waitid-pointer.c scenarios/vkernel-itself.c scenarios/calls.c scenarios/entry.c scenarios/apart.c scenarios/tries.c \
	scenarios/verdict.c scenarios/kernellog.c builder/number.c \
	scenarios/dmesg-own.c scenarios/file-rule.c scenarios/file-reach.c scenarios/masked-paths.c \
	scenarios/release-agent.c lib/scratch.c

SCENARIO_LIBRARIES := -lseccomp -ljansson -lpthread
