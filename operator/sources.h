/* SPDX-License-Identifier: GPL-2.0 */
/* The modules' sources, laid out to be built with an author's file. */
#ifndef VKERNEL_OPERATOR_SOURCES_H
#define VKERNEL_OPERATOR_SOURCES_H

#include "lib/error.h"

/* The object with the author's calls, beside the vKI's own: what Kbuild gets as VKI_PRIVATE. */
#define PRIVATE_OBJECT "private.o"

/*
 * Makes in folder, which is empty, what the kernel's make builds: links to the modules' sources,
 * and vki/private.c, which includes the author's file source. The sources are where VKERNEL_SOURCE
 * says, else in /usr/src/vkernel, else in ../../kmod from this program, as in a tree that is not
 * installed. Returns 0, or -1 with err set.
 */
int sources_lay_out(const char *folder, const char *source, struct error *err);

#endif
