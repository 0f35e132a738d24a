# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh
GUEST_TESTS += tests/modules tests/guest/attach tests/guest/runtime tests/guest/lifecycle

# Runs in a container in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
