# SPDX-License-Identifier: GPL-2.0

$(call fast-test,change,tests/harness/change_test.c harness/history/change.c harness/history/rank.c,-lcmocka -lgsl -lgslcblas -lm)
