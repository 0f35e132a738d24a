/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What identifies a page of a program's code: its contents. The plugin sees guest addresses without
 * knowing whose they are; the host finds the file that has such a page.
 */
#ifndef VKERNEL_HARNESS_PLUGIN_PAGE_H
#define VKERNEL_HARNESS_PLUGIN_PAGE_H

#include <stdint.h>
#include <string.h>

#define PAGE_BYTES 4096u

/* The hash of PAGE_BYTES bytes; never 0, which stands for no page. */
static inline uint64_t page_hash(const void *page)
{
	const unsigned char *bytes = page;
	uint64_t hash = UINT64_C(0xcbf29ce484222325), word;

	for (unsigned int i = 0; i < PAGE_BYTES; i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x100000001b3);
		hash ^= hash >> 29;
	}
	return hash ? hash : 1;
}

#endif
