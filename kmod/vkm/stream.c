// SPDX-License-Identifier: GPL-2.0
/* The whole log as one stream. */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ring.h"

struct page_of_log {
	struct vkm_record record;
	char text[VKM_KMSG_MAX];
};

static ssize_t stream(struct vkm_ring *ring, char *buffer, u64 offset, size_t size,
		      struct page_of_log *page)
{
	struct vkm_record *record = &page->record;
	struct vkm_cursor cursor;
	size_t used = 0;
	int error = vkm_ring_find_byte(ring, offset, &cursor);

	while (!error && used < size && vkm_ring_read(ring, cursor, record)) {
		const u64 skip = offset + used - record->start;
		size_t length = vkm_record_kmsg(record, page->text);

		/* Dropped meanwhile: what was read before it is whole. */
		if (record->start > offset + used) {
			error = -EPIPE;
			break;
		}
		if (skip >= length) /* beyond the end */
			break;
		length -= skip;
		if (length > size - used && used)
			break;
		length = min(length, size - used);
		memcpy(buffer + used, page->text + skip, length);
		used += length;
		cursor = record->next;
	}
	vkm_ring_remember_byte(ring, cursor);
	return used ? used : error;
}

ssize_t vkm_ring_stream(struct vkm_ring *ring, char *buffer, u64 offset, size_t size)
{
	struct page_of_log *page = kmalloc(sizeof(*page), GFP_KERNEL);
	ssize_t length;

	if (!page)
		return -ENOMEM;
	length = stream(ring, buffer, offset, size, page);
	kfree(page);
	return length;
}
