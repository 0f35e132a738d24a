# SPDX-License-Identifier: GPL-2.0
GUEST_TESTS += tests/guest/lifecycle
