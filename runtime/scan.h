/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a JSON object or list, of whatever length, in some two instructions a byte. */
#ifndef VKERNEL_RUNTIME_SCAN_H
#define VKERNEL_RUNTIME_SCAN_H

/*
 * text begins with a { or [, and end is behind the last byte that may be looked at. Returns the place
 * behind the bracket that closes it, or NULL: there is none, or what another parser may take for a
 * comment (a slash) or for the beginning of a string stands outside of strings. Brackets are counted
 * and not told apart. Context: any.
 */
const char *scan_container(const char *text, const char *end);

#endif
