/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One record of a kernel log, and the two forms in which Linux shows it.
 *
 * Functions here neither sleep nor allocate; context: any.
 */
#ifndef VKM_RECORD_H
#define VKM_RECORD_H

#include <linux/dev_printk.h>
#include <linux/types.h>
#include <compat/printk.h>

/* Bytes at most: of text, and of the forms for syslog(2) and /dev/kmsg, which lack what is more. */
#define VKM_RECORD_TEXT COMPAT_RECORD_MAX
#define VKM_SYSLOG_MAX	2048
#define VKM_KMSG_MAX	4096

/* Where a record is in a ring (ring.h). */
struct vkm_cursor {
	u64 seq; /* records before it */
	u64 at;	 /* bytes that were stored before it */
};

struct vkm_record {
	struct vkm_cursor here,
		next; /* set by ring.c: its own place, and that of the one after it */
	u64 start;    /* likewise: of its form for /dev/kmsg, in the whole log */
	u64 time;     /* ns, local_clock() */
	u8 facility;
	u8 level;	/* 0 to 7 */
	bool continues; /* a continuation that came too late for its record */
	u16 size;	/* of text */
	u16 lines;	/* set by vkm_record_measure(), as the next one */
	u16 escapes;	/* bytes that /dev/kmsg shows as \xNN */
	struct dev_printk_info device;
	char text[VKM_RECORD_TEXT];
};

/* Fills in lines and escapes, which the functions below need. */
void vkm_record_measure(struct vkm_record *record);

/*
 * "<6>[   12.345678] text\n", the prefix before each line of the text; with_time: with the part in
 * brackets. Writes it to buffer (VKM_SYSLOG_MAX bytes), or nothing where that is NULL. Returns how
 * many bytes it is.
 */
size_t vkm_record_syslog(const struct vkm_record *record, bool with_time, char *buffer);

/*
 * "6,SEQUENCE,MICROSECONDS,-;text\n SUBSYSTEM=...\n DEVICE=...\n", what is not plain ASCII escaped.
 * The same for VKM_KMSG_MAX bytes; record->here must be set.
 */
size_t vkm_record_kmsg(const struct vkm_record *record, char *buffer);

/* Empties a continuation that names instances, as those of a list of modules do. */
void vkm_record_hide_instances(struct vkm_record *record);

/* Overwrites with zeros what looks like an address in the kernel. */
void vkm_record_hide_addresses(struct vkm_record *record);

#endif
