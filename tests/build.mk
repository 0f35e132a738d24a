# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh
GUEST_TESTS += tests/modules tests/guest/attach tests/guest/runtime tests/guest/lifecycle tests/guest/closed tests/guest/memory

# Runs in a container in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
$(call static-program,bpf-holder,tests/guest/bpf-holder.c,-lbpf -lelf -lz)
