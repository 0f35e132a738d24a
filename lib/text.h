/* SPDX-License-Identifier: GPL-2.0 */
/* Texts put together without a format, where it is done often: some hundred instructions less each. */
#ifndef VKERNEL_LIB_TEXT_H
#define VKERNEL_LIB_TEXT_H

#include <stddef.h>

/*
 * Writes the texts, up to a NULL, one after the other to `to`, as many of their bytes as fit in size
 * bytes with a zero byte behind them. Returns the length of all, as snprintf() does.
 */
size_t text_join(char *to, size_t size, ...) __attribute__((sentinel));

#endif
