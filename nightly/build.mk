# SPDX-License-Identifier: GPL-2.0

$(call fast-test,shift,tests/harness/shift_test.c harness/history/shift.c harness/history/rank.c,-lcmocka -lgsl -lgslcblas -lm)
$(call fast-test,history,tests/harness/history_test.c tests/harness/nights.c \
	$(filter-out %/command.c,$(wildcard harness/history/*.c)) $(BENCH_TEST_SOURCES),-lcmocka $(REPORT_LIBRARIES))
