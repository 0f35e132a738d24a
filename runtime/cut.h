/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cuts linux.seccomp out of a container's configuration before it is parsed. Two thirds of the text
 * and nearly all of its values are in there, the same ones for every container of an engine, and
 * where the policy that they make is cached nobody needs them parsed.
 */
#ifndef VKERNEL_RUNTIME_CUT_H
#define VKERNEL_RUNTIME_CUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes the member out of text, *size bytes and a zero byte, in place, and returns its value as
 * bytes of their own, a zero byte after them, which the caller frees. What is left and the value,
 * each being JSON, are the whole. NULL, and text as it was: there is none, or the text is not plain
 * enough to say where it stands (a member twice, an escape in a name), or memory is short.
 */
char *cut_seccomp(char *text, size_t *size);

#endif
