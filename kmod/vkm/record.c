// SPDX-License-Identifier: GPL-2.0
#include "record.h"

#include <linux/ctype.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <vkernel/image.h>

#define DECIMALS_MAX 20 /* of 64 bits */

/* Output that may only be counted: buffer is NULL then. */
struct sink {
	char *buffer;
	size_t size;
	size_t limit;
};

static void put_byte(struct sink *sink, char byte)
{
	if (sink->size == sink->limit)
		return;
	if (sink->buffer)
		sink->buffer[sink->size] = byte;
	sink->size++;
}

static void put(struct sink *sink, const char *bytes, size_t size)
{
	size = min(size, sink->limit - sink->size);
	if (sink->buffer)
		memcpy(sink->buffer + sink->size, bytes, size);
	sink->size += size;
}

/* In decimals, at least width of them: filled from the left. */
static void put_number(struct sink *sink, u64 number, unsigned int width, char filler)
{
	char digits[DECIMALS_MAX];
	unsigned int at = sizeof(digits);

	do {
		u32 digit;

		number = div_u64_rem(number, 10, &digit);
		digits[--at] = '0' + digit;
	} while (number);
	while (sizeof(digits) - at < width)
		digits[--at] = filler;
	put(sink, digits + at, sizeof(digits) - at);
}

static bool is_plain(unsigned char byte)
{
	return byte >= ' ' && byte < 127 && byte != '\\';
}

static void put_escaped(struct sink *sink, const char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (; size; size--, bytes++) {
		const unsigned char byte = *bytes;
		const char escape[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

		if (is_plain(byte))
			put_byte(sink, byte);
		else if (sink->limit - sink->size >= sizeof(escape))
			put(sink, escape, sizeof(escape));
		else
			return;
	}
}

void vkm_record_measure(struct vkm_record *record)
{
	unsigned int i, lines = 1, escapes = 0;

	for (i = 0; i < record->size; i++) {
		lines += record->text[i] == '\n';
		escapes += !is_plain(record->text[i]);
	}
	record->lines = lines;
	record->escapes = escapes;
}

static u32 priority(const struct vkm_record *record)
{
	return record->facility << 3 | record->level;
}

static void put_prefix(struct sink *sink, const struct vkm_record *record, bool with_time)
{
	put_byte(sink, '<');
	put_number(sink, priority(record), 1, ' ');
	put_byte(sink, '>');
	if (with_time) {
		u32 rest;
		const u64 seconds = div_u64_rem(record->time, NSEC_PER_SEC, &rest);

		put_byte(sink, '[');
		put_number(sink, seconds, 5, ' ');
		put_byte(sink, '.');
		put_number(sink, rest / NSEC_PER_USEC, 6, '0');
		put(sink, "] ", 2);
	}
}

size_t vkm_record_syslog(const struct vkm_record *record, bool with_time, char *buffer)
{
	char prefix_text[48];
	struct sink prefix = {.buffer = prefix_text, .limit = sizeof(prefix_text)};
	struct sink sink = {.buffer = buffer, .limit = VKM_SYSLOG_MAX};
	const char *line = record->text, *end = line + record->size;
	unsigned int left;

	put_prefix(&prefix, record, with_time);
	for (left = record->lines; left; left--) {
		const char *newline = left > 1 ? memchr(line, '\n', end - line) : end;

		if (sink.size + prefix.size + (newline - line) + 1 > sink.limit)
			break;
		put(&sink, prefix_text, prefix.size);
		put(&sink, line, newline - line);
		put_byte(&sink, '\n');
		line = newline + 1;
	}
	return sink.size;
}

static void put_entry(struct sink *sink, const char *key, const char *value, size_t size)
{
	size = strnlen(value, size);
	if (!size)
		return;
	put_byte(sink, ' ');
	put(sink, key, strlen(key));
	put_escaped(sink, value, size);
	put_byte(sink, '\n');
}

static void put_origin(struct sink *sink, const struct dev_printk_info *device)
{
	put_entry(sink, "SUBSYSTEM=", device->subsystem, sizeof(device->subsystem));
	put_entry(sink, "DEVICE=", device->device, sizeof(device->device));
}

/* The end of the text and what follows it have their place, however long the text is. */
size_t vkm_record_kmsg(const struct vkm_record *record, char *buffer)
{
	struct sink sink = {.buffer = buffer, .limit = VKM_KMSG_MAX};
	struct sink rest = {.limit = VKM_KMSG_MAX};

	put_origin(&rest, &record->device);
	put_number(&sink, priority(record), 1, ' ');
	put_byte(&sink, ',');
	put_number(&sink, record->here.seq, 1, ' ');
	put_byte(&sink, ',');
	put_number(&sink, div_u64(record->time, NSEC_PER_USEC), 1, ' ');
	put(&sink, record->continues ? ",c;" : ",-;", 3);
	sink.limit -= rest.size + 1;
	if (record->escapes)
		put_escaped(&sink, record->text, record->size);
	else
		put(&sink, record->text, record->size);
	sink.limit += rest.size + 1;
	put_byte(&sink, '\n');
	put_origin(&sink, &record->device);
	return sink.size;
}

void vkm_record_hide_instances(struct vkm_record *record)
{
	if (record->continues && strnstr(record->text, " " VKI_NAME_PREFIX, record->size))
		record->size = 0;
}

#define ADDRESS_DIGITS 16

static bool is_kernel_address(const char *digits)
{
	return !memcmp(digits, "ffff", 4);
}

void vkm_record_hide_addresses(struct vkm_record *record)
{
	unsigned int i, digits = 0;

	for (i = 0; i < record->size; i++) {
		char *first;

		if (!isxdigit(record->text[i])) {
			digits = 0;
			continue;
		}
		digits++;
		first = record->text + i + 1 - ADDRESS_DIGITS;
		if (digits >= ADDRESS_DIGITS && is_kernel_address(first))
			memset(first, '0', ADDRESS_DIGITS);
	}
}
