# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh
GUEST_TESTS += tests/modules tests/guest/attach tests/guest/runtime tests/guest/lifecycle \
	tests/guest/cost tests/guest/many
GUEST_TESTS += tests/guest/closed tests/guest/memory

# Run in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
$(call static-program,bpf-holder,tests/guest/bpf-holder.c,-lbpf -lelf -lz)
$(call static-program,many-instances,tests/guest/many.c runtime/image.c $(INSTANCE_SOURCES) \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lelf -lz)
