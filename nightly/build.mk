# SPDX-License-Identifier: GPL-2.0

$(call fast-test,shift,tests/harness/shift_test.c harness/history/shift.c harness/history/rank.c,-lcmocka -lgsl -lgslcblas -lm)
