/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of words_print(). Context: any thread. */
#ifndef VKERNEL_BUILDER_WORDS_H
#define VKERNEL_BUILDER_WORDS_H

#include <stdio.h>

#include "builder/builder.h"

/* File rules, and what rules say of sockets, signals and tracing. */
void words_files(FILE *stream, const struct policy *policy);

#endif
