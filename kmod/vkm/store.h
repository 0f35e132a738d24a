/* SPDX-License-Identifier: GPL-2.0 */
/* How records lie in a ring: for ring.c and seek.c only. Context of all but the lock: under it. */
#ifndef VKM_STORE_H
#define VKM_STORE_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include "ring.h"

/* This CPU is busy meanwhile: what it prints is not copied, or it would wait for itself. */
void vkm_ring_lock(struct vkm_ring *ring, unsigned long *flags) __acquires(&ring->lock);
void vkm_ring_unlock(struct vkm_ring *ring, unsigned long flags) __releases(&ring->lock);

/* How a record lies in the ring: this, the device where it has one, the text; padded to 8 bytes. */
struct vkm_header {
	u64 time;
	struct vkm_sizes before; /* of all records before it */
	u16 total;		 /* bytes of all of it */
	u16 size, lines, escapes;
	u8 facility;
	u8 level;
	bool continues;
	bool has_device;
};

#define VKM_HEADER_WORDS (sizeof(struct vkm_header) / sizeof(u64))
static_assert(sizeof(struct vkm_header) % sizeof(u64) == 0);

static inline struct vkm_header header_at(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	union {
		struct vkm_header header;
		u64 words[VKM_HEADER_WORDS];
	} found;
	unsigned int i;

	/* Records begin at multiples of a word: none is torn at the ring's end. */
	for (i = 0; i < VKM_HEADER_WORDS; i++) {
		const u32 offset = (cursor.at + i * sizeof(u64)) & (ring->size - 1);

		found.words[i] = *(const u64 *)(ring->bytes + offset);
	}
	return found.header;
}

static inline struct vkm_cursor after(struct vkm_cursor cursor, const struct vkm_header *header)
{
	return (struct vkm_cursor){.seq = cursor.seq + 1, .at = cursor.at + header->total};
}

static inline bool is_kept(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return cursor.seq >= ring->first.seq;
}

static inline bool is_there(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return cursor.seq < ring->next.seq;
}

/* Under lock; what was written before cursor, which is kept. */
static inline struct vkm_sizes written_before(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return is_there(ring, cursor) ? header_at(ring, cursor).before : ring->written;
}

#endif
