// SPDX-License-Identifier: GPL-2.0
#include "operator/loglist.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/logsource.h"
#include "runtime/kept.h"

/* One log, as it is listed. */
struct listed {
	const char *id; /* NULL: nobody has written it down */
	const char *instance;
	const char *state; /* the container's, or "kept" */
	int64_t size;	   /* bytes */
	time_t began, ended;
};

static void print_time(time_t time)
{
	char text[32] = "-";
	struct tm parts;

	if (time && localtime_r(&time, &parts))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	printf("%-19s  ", text);
}

static void print_row(const struct listed *listed)
{
	printf("%-20s  %-10s  %8" PRId64 "  ", listed->instance, listed->state, listed->size);
	print_time(listed->began);
	print_time(listed->ended);
	print_plain(stdout, listed->id ? listed->id : "-");
	putchar('\n');
}

static json_t *time_json(time_t time)
{
	return time ? json_integer(time) : json_null();
}

static int add(json_t *array, const struct listed *listed)
{
	if (!array) {
		print_row(listed);
		return 0;
	}
	return json_array_append_new(
		array, json_pack("{s:s?, s:s, s:s, s:I, s:o, s:o}", "container", listed->id,
				 "instance", listed->instance, "state", listed->state, "bytes",
				 (json_int_t)listed->size, "began", time_json(listed->began),
				 "ended", time_json(listed->ended)));
}

/* One that has gone meanwhile, or has no log, is left out. */
static int list_live(const struct instances *instances, json_t *array, struct error *err)
{
	for (size_t i = 0; i < instances->count; i++) {
		const struct instance *instance = &instances->list[i];
		int64_t size = log_source_size(instance);

		if (size < 0 && errno != ENODATA && errno != ENOENT && errno != ENODEV)
			return instance_unreadable(instance, "log_range", err);
		if (size >= 0 && add(array, &(struct listed){.id = instance->id,
							     .instance = instance->name,
							     .state = instance->state,
							     .size = size,
							     .began = instance->since}))
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a list");
	}
	return 0;
}

/* A damaged one is told of, and does not hide the others. */
static int list_kept(const struct kept_ids *ids, json_t *array, struct error *err)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct kept kept;
		int ret;

		if (kept_read(ids->list[i], &kept, err)) {
			error_report(err, "vkernel log");
			continue;
		}
		ret = add(array, &(struct listed){.id = kept.id,
						  .instance = kept.instance,
						  .state = "kept",
						  .size = kept.records_size,
						  .began = kept.began,
						  .ended = kept.ended});
		kept_free(&kept);
		if (ret)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a list");
	}
	return 0;
}

int log_list(const struct instances *instances, bool json, struct error *err)
{
	json_t *array = json ? json_array() : NULL;
	struct kept_ids ids;
	int ret;

	if (json && !array)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list");
	if (!json)
		printf("%-20s  %-10s  %8s  %-19s  %-19s  CONTAINER\n", "INSTANCE", "STATE", "BYTES",
		       "BEGAN", "ENDED");
	ret = kept_list(&ids, err);
	if (!ret) {
		ret = list_live(instances, array, err);
		if (!ret)
			ret = list_kept(&ids, array, err);
		kept_ids_free(&ids);
	}
	if (!ret && json)
		return print_json(json_pack("{s:i, s:o}", "schema", 1, "logs", array), err);
	json_decref(array);
	return ret;
}
