// SPDX-License-Identifier: GPL-2.0
#include "operator/logprinter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "operator/record.h"

/* Gives value up. */
static int print_line(json_t *value, struct error *err)
{
	autofree char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	json_decref(value);
	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for JSON");
	puts(text);
	return 0;
}

static int tell_lost(const struct log_printer *printer, uint64_t lost, struct error *err)
{
	if (printer->format == LOG_JSON)
		return print_line(json_pack("{s:I}", "lost", (json_int_t)lost), err);
	fflush(stdout);
	fprintf(stderr, "%s: %" PRIu64 " record%s lost\n", printer->program, lost,
		lost == 1 ? " was" : "s were");
	return 0;
}

static int print_record(const struct log_printer *printer, const struct record *record,
			struct error *err)
{
	if (!(printer->levels & 1u << record->priority % RECORD_LEVELS))
		return 0;
	switch (printer->format) {
	case LOG_TEXT:
		record_print(stdout, record);
		return 0;
	case LOG_RAW:
		record_print_raw(stdout, record);
		return 0;
	case LOG_JSON:
		break;
	}
	return print_line(record_json(record), err);
}

int log_print(struct log_printer *printer, const char *name, const char *bytes, size_t size,
	      struct error *err)
{
	struct record record;

	for (size_t used = 0; used < size; used += record.size) {
		if (record_parse(bytes + used, size - used, &record) < 0)
			return error_set(
				err, EXIT_ENVIRONMENT,
				"the log of %s is damaged: what comes after record %" PRIu64
				" is none",
				name, printer->next ? printer->next - 1 : 0);
		if (record.sequence < printer->next)
			continue;
		if (record.sequence > printer->next &&
		    tell_lost(printer, record.sequence - printer->next, err))
			return -1;
		printer->next = record.sequence + 1;
		if (print_record(printer, &record, err))
			return -1;
	}
	return 0;
}

static int add_level(const char *name, unsigned int *levels)
{
	for (unsigned int level = 0; level < RECORD_LEVELS; level++)
		if (!strcmp(name, record_level(level))) {
			*levels |= 1u << level;
			return 0;
		}
	return -1;
}

int log_levels(const char *list, unsigned int *levels, struct error *err)
{
	autofree char *copy = strdup(list);
	char *rest = copy, *name;

	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list");
	while ((name = strsep(&rest, ",")))
		if (add_level(name, levels))
			return error_set(err, EXIT_USAGE,
					 "--level \"%s\": there are emerg, alert, crit, err, warn, "
					 "notice, info and debug",
					 name);
	return 0;
}
