/* SPDX-License-Identifier: GPL-2.0 */
/* Where the kernel's functions begin, so that a jump into another one is known as such. */
#ifndef VKERNEL_HARNESS_PLUGIN_FUNCTIONS_H
#define VKERNEL_HARNESS_PLUGIN_FUNCTIONS_H

#include <stdint.h>

/* Reads sorted words of 8 bytes from path; returns 0, or -1 with errno set. */
int functions_load(const char *path);

/* The beginning of the function that address is in; 0 where none is known. */
uint64_t functions_find(uint64_t address);

#endif
