# SPDX-License-Identifier: GPL-2.0
#
# The folders' build.mk files say what they build; this file says how, and in which order.
# V=1 shows every command. O= moves the products elsewhere.

O      ?= build
KERNEL ?= 6.12
export O KERNEL
# An ordinary user's PATH lacks where mke2fs, debugfs and chroot are.
export PATH := $(PATH):/usr/sbin:/sbin
V      ?= 0
CYCLES ?= 40
# The release, which the packages' changelog names.
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)
SHELL  := /bin/bash

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),:,printf '  %-8s %s\n' $(1) '$(2)')

CC      ?= gcc
CLANG   ?= clang
CFLAGS  ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -I. -Ikmod/include -Wall -Wextra -Werror -Wshadow \
	-Wmissing-prototypes -Wstrict-prototypes -Wvla -Wformat=2 $(CFLAGS)

# Debian packages that building, booting and testing need; the guest's own are in vm-images/.
PACKAGES := gcc clang make pkg-config libc6-dev mmdebstrap qemu-system-x86 e2fsprogs fakeroot \
	util-linux uidmap xz-utils zstd cpio kmod libjansson-dev libseccomp-dev libelf-dev nettle-dev zlib1g-dev libgsl-dev \
	libbpf-dev libcmocka-dev libcyaml-dev libyaml-dev gnuplot-nox chromium clang-format sparse \
	linux-source


.DEFAULT_GOAL := help
PROGRAMS   :=
FAST_TESTS :=
GUEST_TESTS :=
NIGHTLY_TESTS :=
GUEST_TEST_PROGRAMS :=
NIGHTLY_TEST_PROGRAMS :=

# $(call program,NAME,SOURCES,LIBRARIES): $(O)/bin/NAME for this machine.
# $(call static-program,NAME,SOURCES,LIBRARIES): the same, linked statically: it also runs in any guest.
# $(call fast-test,NAME,SOURCES,LIBRARIES): $(O)/tests/NAME, run by check-fast; it prints TAP.
# $(call test-program,NAME,SOURCES,LIBRARIES): the same, but the folder says when it runs.
define link-rule
$(1): $(patsubst %.c,$(O)/obj/%.o,$(2))
	@mkdir -p $$(@D)
	@$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $(4) $$(LDFLAGS) -o $$@ $$^ $(3)
OBJECTS += $(patsubst %.c,$(O)/obj/%.o,$(2))
endef
program = $(eval PROGRAMS += $(O)/bin/$(1))$(eval $(call link-rule,$(O)/bin/$(1),$(2),$(3),))
static-program = $(eval PROGRAMS += $(O)/bin/$(1))$(eval $(call link-rule,$(O)/bin/$(1),$(2),$(3),-static))
test-program = $(eval $(call link-rule,$(O)/tests/$(1),$(2),$(3),))
fast-test = $(eval FAST_TESTS += $(O)/tests/$(1))$(eval $(call link-rule,$(O)/tests/$(1),$(2),$(3),))

$(O)/obj/%.o: %.c
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

include lib/build.mk
include $(filter-out lib/build.mk,$(sort $(wildcard */build.mk)))
-include $(OBJECTS:.o=.d)

##@ Every day

help: ## show this text
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' Makefile

deps: ## install the Debian packages that are missing (as root; else print the command)
	$(Q)missing=$$(for p in $(PACKAGES); do \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; \
	done); \
	[ -n "$$missing" ] || exit 0; \
	if [ $$(id -u) -ne 0 ]; then \
		echo "deps: packages are missing; run: sudo apt-get install --no-install-recommends" $$missing >&2; \
		exit 3; \
	fi; \
	echo "  DEPS    " $$missing; \
	export DEBIAN_FRONTEND=noninteractive; \
	{ apt-get -q update && apt-get -q install -y --no-install-recommends $$missing; } \
		>/tmp/vkernel-deps.log 2>&1 || { tail -n 20 /tmp/vkernel-deps.log >&2; \
		echo "deps: apt-get failed; the whole log is in /tmp/vkernel-deps.log" >&2; exit 3; }

all: programs modules ## build the programs and the kernel modules

programs: $(PROGRAMS)

image: ## make the guest, unless it is cached (KERNEL=6.1|6.12|7.2, MIRROR=)

engines: ## make the guest with Docker, Podman, containerd and servers, unless it is cached (KERNEL=6.12)

bench: ready ## measure, attack, and write results/latest (QUICK=1: 8 minutes, not 30; IMAGE=engines)
	$(if $(filter engines,$(IMAGE)),$(Q)$(MAKE) --no-print-directory engines)
	$(Q)$(O)/bin/vkbench run --kernel $(KERNEL) $(if $(IMAGE),--image $(IMAGE)) $(if $(filter 1,$(QUICK)),--quick --budget 8,--budget 28)
	$(if $(filter 1,$(QUICK)),,$(Q)$(MAKE) --no-print-directory attribution)

attribution: ready ## attribute where vkernel's instructions go, for the report in results/latest
	$(Q)$(O)/bin/vkbench attribute --kernel $(KERNEL) --output results/latest --top 8 \
		--workload open-close,syscall-filtered,startup-oci --config crun,vkernel,vkernel-files
	$(Q)$(O)/bin/vkbench report results/latest

isolation-check: ready ## attack native, crun, crun-secure and vkernel, and print the verdicts
	$(Q)$(O)/bin/vkbench isolation --kernel $(KERNEL)

new-workload: ## write a commented template of a workload, and add it to the tables (NAME=)
	$(Q)workloads/new-workload "$$NAME"

##@ Tests

check-fast: deps ## units, golden cases, style; no guest, under a minute
	$(Q)$(MAKE) --no-print-directory programs $(FAST_TESTS)
	$(Q)V=$(V) tests/run -j 2 tests/style $(FAST_TESTS)

check: ready ## check-fast, the modules' style, and the tests in guests (NIGHTLY=1: the long ones, too)
	$(Q)$(MAKE) --no-print-directory $(FAST_TESTS) $(filter $(O)/%,$(GUEST_TESTS)) $(GUEST_TEST_PROGRAMS) \
		$(if $(filter 1,$(NIGHTLY)),$(NIGHTLY_TEST_PROGRAMS))
	$(Q)V=$(V) CYCLES=$(CYCLES) tests/run tests/style $(FAST_TESTS) -j 2 $(GUEST_TESTS) \
		$(if $(filter 1,$(NIGHTLY)),$(NIGHTLY_TESTS))

nightly: ## attacks and bench on every kernel, check with the long tests on one, triage (QUICK=1, KERNELS=)
	$(Q)$(MAKE) --no-print-directory deps PACKAGES='$(PACKAGES) $(NIGHTLY_PACKAGES)'
	$(Q)$(MAKE) --no-print-directory programs
	$(Q)QUICK='$(QUICK)' KERNELS='$(KERNELS)' TESTS_KERNEL='$(TESTS_KERNEL)' RESULTS='$(RESULTS)' \
		BASELINES='$(BASELINES)' MINIMUM_EFFECT='$(MINIMUM_EFFECT)' ATTRIBUTED='$(ATTRIBUTED)' BUDGET='$(BUDGET)' nightly/run

baseline: programs ## make a run (RUN=, results/latest) what later nights are held against
	$(Q)$(O)/bin/vkbench baseline $(or $(RUN),results/latest) $(if $(BASELINES),--output $(BASELINES))

##@ Installing

install: ## install in DESTDIR, under prefix=/usr/local: programs, man pages, modules' sources

uninstall: ## remove what make install put there, with the same DESTDIR= and prefix=

deb: ## build the Debian packages vkernel-dkms, vkernel and vkbench, in build/deb

##@ Rest

clean: ## remove what was built (results and cached guests stay)
	$(Q)rm -rf $(O)

# Packages first, in a make of its own: what comes after may be built with what they bring.
ready: deps
	$(Q)$(MAKE) --no-print-directory all image

.PHONY: help deps all programs modules image engines bench attribution isolation-check new-workload check check-fast nightly baseline clean ready
.DELETE_ON_ERROR:
