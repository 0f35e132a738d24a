# SPDX-License-Identifier: GPL-2.0
#
# make nightly and make baseline stand in the top Makefile.

# What the long tests, and the ones that are skipped without it, need beside PACKAGES.
NIGHTLY_PACKAGES := slurm-wlm munge python3-yaml systemd mandoc ovmf

FAST_TESTS += tests/nightly/run_test.sh tests/nightly/command_test.sh


$(call fast-test,shift,tests/harness/shift_test.c harness/history/shift.c harness/history/rank.c,-lcmocka -lgsl -lgslcblas -lm)
$(call fast-test,history,tests/harness/history_test.c tests/harness/nights.c \
	$(filter-out %/command.c,$(wildcard harness/history/*.c)) $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
NIGHTLY_TEST_SOURCES := tests/harness/nights.c tests/harness/outcome.c harness/isolation-report.c \
	$(filter-out %command.c,$(wildcard harness/history/*.c harness/nightly/*.c)) $(BENCH_TEST_SOURCES)
$(call fast-test,triage,tests/harness/triage_test.c $(NIGHTLY_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
$(call fast-test,regression,tests/harness/regression_test.c $(NIGHTLY_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))

FAST_TESTS += tests/deploy/examples_test.sh
NIGHTLY_TESTS += tests/deploy/slurm tests/nightly/planted
