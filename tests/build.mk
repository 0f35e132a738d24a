# SPDX-License-Identifier: GPL-2.0
GUEST_TESTS += tests/modules tests/guest/runtime tests/guest/lifecycle
