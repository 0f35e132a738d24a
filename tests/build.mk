# SPDX-License-Identifier: GPL-2.0
FAST_TESTS += tests/run_test.sh
GUEST_TESTS += tests/modules tests/guest/attach tests/guest/runtime tests/guest/lifecycle \
	tests/guest/cost tests/guest/many tests/guest/measure

# Run in a guest: static.

$(call static-program,attach-hunter,tests/guest/attach.c,)
$(call static-program,many-instances,tests/guest/many.c runtime/image.c runtime/instance.c \
	$(CONFIGURATION_SOURCES) $(LIB_SOURCES),-ljansson -lseccomp -lelf -lz)
