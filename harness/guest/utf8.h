/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VKERNEL_HARNESS_GUEST_UTF8_H
#define VKERNEL_HARNESS_GUEST_UTF8_H

#include <stddef.h>

/*
 * The bytes as UTF-8 text that the caller frees: what is not UTF-8, and every zero byte, becomes
 * U+FFFD. NULL without memory.
 */
char *utf8_clean(const char *bytes, size_t length);

#endif
