// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder/builder.h"

static const char *const modes[] = {
	[POLICY_LOG_HOST] = "host",
	[POLICY_LOG_DENY] = "deny",
	[POLICY_LOG_PRIVATE] = "private",
};

#define MODES (sizeof(modes) / sizeof(modes[0]))

/* What comes after a mode's name: nothing, or of a private log a colon and its size. */
static const char *after_mode(const char *text, enum policy_log_mode *mode)
{
	for (size_t i = 0; i < MODES; i++) {
		size_t length = strlen(modes[i]);

		if (strncmp(text, modes[i], length))
			continue;
		*mode = i;
		if (!text[length] || (i == POLICY_LOG_PRIVATE && text[length] == ':'))
			return text + length;
	}
	return NULL;
}

/* Bits to shift by for a unit; -1: there is no such unit. */
static int unit_shift(const char *unit)
{
	if (!*unit)
		return 0;
	if (unit[1])
		return -1;
	switch (*unit) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	default:
		return -1;
	}
}

static int parse_size(const char *text, __u32 *size, struct error *err)
{
	unsigned long long number;
	char *unit;
	int shift;

	errno = 0;
	number = strtoull(text, &unit, 10);
	shift = unit_shift(unit);
	if (!isdigit((unsigned char)*text) || errno || shift < 0 ||
	    number > POLICY_LOG_SIZE_MAX >> shift || number << shift < POLICY_LOG_SIZE_MIN)
		return error_set(err, EXIT_USAGE,
				 "\"%s\" is no size of a private log: there are %u (%uK) to %u "
				 "(%uM) bytes, with K or M behind the number or nothing",
				 text, POLICY_LOG_SIZE_MIN, POLICY_LOG_SIZE_MIN >> 10,
				 POLICY_LOG_SIZE_MAX, POLICY_LOG_SIZE_MAX >> 20);
	*size = number << shift;
	return 0;
}

int log_mode_parse(const char *text, enum policy_log_mode *mode, __u32 *size, struct error *err)
{
	const char *rest = after_mode(text, mode);

	*size = 0;
	if (!rest)
		return error_set(err, EXIT_USAGE,
				 "\"%s\": there are private, private:SIZE, deny and host", text);
	return *rest ? parse_size(rest + 1, size, err) : 0;
}
