// SPDX-License-Identifier: GPL-2.0
/* Records as printk() makes them. */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched/clock.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "ring.h"

/* Takes the marks of level and continuation off the text's beginning. */
static void parse_prefix(struct vkm_record *record, int *level)
{
	const char *text = record->text;
	int kind;

	for (; (kind = printk_get_level(text)); text += 2) {
		if (kind == 'c')
			record->continues = true;
		else if (*level == LOGLEVEL_DEFAULT)
			*level = kind - '0';
	}
	record->size -= text - record->text;
	memmove(record->text, text, record->size);
}

/* Returns whether the record ends here. */
static bool make(struct vkm_record *record, int facility, int level,
		 const struct dev_printk_info *device, const char *format, va_list arguments)
{
	bool is_whole = device;
	va_list copy;

	va_copy(copy, arguments);
	record->size = vscnprintf(record->text, sizeof(record->text), format, copy);
	va_end(copy);
	record->continues = false;
	if (record->size && record->text[record->size - 1] == '\n') {
		record->text[--record->size] = '\0';
		is_whole = true;
	}
	if (!facility)
		parse_prefix(record, &level);
	record->facility = facility;
	record->level = (level == LOGLEVEL_DEFAULT ? default_message_loglevel : level) & 7;
	record->device.subsystem[0] = record->device.device[0] = '\0';
	if (device)
		record->device = *device;
	if (!facility) {
		vkm_record_hide_instances(record);
		vkm_record_hide_addresses(record);
	}
	return is_whole;
}

void vkm_ring_vprint(struct vkm_ring *ring, int facility, int level,
		     const struct dev_printk_info *device, const char *format, va_list arguments)
{
	unsigned long flags;
	struct vkm_record *record = vkm_ring_begin(&flags);
	bool is_whole;

	if (!record)
		return;
	record->time = local_clock();
	is_whole = make(record, facility, level, device, format, arguments);
	vkm_ring_end(ring, is_whole, flags);
}

void vkm_ring_print(struct vkm_ring *ring, int facility, int level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vkm_ring_vprint(ring, facility, level, NULL, format, arguments);
	va_end(arguments);
}
