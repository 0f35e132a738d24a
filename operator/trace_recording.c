// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_recording.h"

#include <stdlib.h>
#include <string.h>

void recording_free(struct recording *recording)
{
	for (size_t i = 0; i < recording->files_count; i++)
		free(recording->files[i].path);
	free(recording->calls);
	free(recording->files);
	free(recording->facts);
	*recording = (struct recording){0};
}

/* Room for one more of `size` bytes each. */
static int make_room(void **list, size_t count, size_t *room, size_t size, struct error *err)
{
	const size_t more = *room ? *room * 2 : 256;
	void *larger;

	if (count < *room)
		return 0;
	larger = reallocarray(*list, more, size);
	if (!larger)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a recording");
	*list = larger;
	*room = more;
	return 0;
}

int recording_add_call(struct recording *recording, const struct recorded_call *call,
		       struct error *err)
{
	if (make_room((void **)&recording->calls, recording->calls_count, &recording->calls_size,
		      sizeof(*call), err))
		return -1;
	recording->calls[recording->calls_count++] = *call;
	return 0;
}

int recording_add_fact(struct recording *recording, const struct recorded_fact *fact,
		       struct error *err)
{
	if (make_room((void **)&recording->facts, recording->facts_count, &recording->facts_size,
		      sizeof(*fact), err))
		return -1;
	recording->facts[recording->facts_count++] = *fact;
	return 0;
}

static int compare(uint64_t one, uint64_t other)
{
	return one < other ? -1 : one > other;
}

static int compare_calls(const void *one, const void *other)
{
	const struct recorded_call *a = one, *b = other;
	int order = compare(a->table, b->table);

	if (!order)
		order = compare(a->number, b->number);
	if (!order)
		order = compare(a->unread, b->unread);
	for (size_t i = 0; !order && i < TRACE_VALUES; i++)
		order = compare(a->values[i], b->values[i]);
	return order;
}

static int compare_files(const void *one, const void *other)
{
	const struct recorded_file *a = one, *b = other;

	return strcmp(a->path, b->path);
}

static int compare_facts(const void *one, const void *other)
{
	const struct recorded_fact *a = one, *b = other;
	int order = compare(a->kind, b->kind);

	if (!order)
		order = compare(a->first, b->first);
	return order ? order : compare(a->second, b->second);
}

static void sort(void *list, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count)
		qsort(list, count, size, order);
}

static void settle_calls(struct recording *recording)
{
	struct recorded_call *calls = recording->calls;
	size_t kept = 0;

	sort(calls, recording->calls_count, sizeof(*calls), compare_calls);
	for (size_t i = 0; i < recording->calls_count; i++) {
		if (kept && !compare_calls(&calls[kept - 1], &calls[i]))
			calls[kept - 1].count += calls[i].count;
		else
			calls[kept++] = calls[i];
	}
	recording->calls_count = kept;
}

static void settle_files(struct recording *recording)
{
	struct recorded_file *files = recording->files;
	size_t kept = 0;

	sort(files, recording->files_count, sizeof(*files), compare_files);
	for (size_t i = 0; i < recording->files_count; i++) {
		if (kept && !compare_files(&files[kept - 1], &files[i])) {
			files[kept - 1].access |= files[i].access;
			free(files[i].path);
		} else {
			files[kept++] = files[i];
		}
	}
	recording->files_count = kept;
}

/*
 * The same paths come again and again where they are too long for the kernel's map. There is more
 * room only where that does not free much.
 */
static int make_room_for_file(struct recording *recording, struct error *err)
{
	settle_files(recording);
	if (recording->files_count < recording->files_size / 4 * 3)
		return 0;
	return make_room((void **)&recording->files, recording->files_size, &recording->files_size,
			 sizeof(*recording->files), err);
}

int recording_add_file(struct recording *recording, const char *path, size_t length,
		       unsigned int access, struct error *err)
{
	char *copy;

	if (recording->files_count == recording->files_size && make_room_for_file(recording, err))
		return -1;
	copy = strndup(path, length);
	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	recording->files[recording->files_count++] =
		(struct recorded_file){.path = copy, .access = access};
	return 0;
}

static void settle_facts(struct recording *recording)
{
	struct recorded_fact *facts = recording->facts;
	size_t kept = 0;

	sort(facts, recording->facts_count, sizeof(*facts), compare_facts);
	for (size_t i = 0; i < recording->facts_count; i++) {
		if (kept && !compare_facts(&facts[kept - 1], &facts[i]))
			facts[kept - 1].count += facts[i].count;
		else
			facts[kept++] = facts[i];
	}
	recording->facts_count = kept;
}

void recording_settle(struct recording *recording)
{
	settle_calls(recording);
	settle_files(recording);
	settle_facts(recording);
}

int recording_merge(struct recording *recording, const struct recording *other, struct error *err)
{
	for (size_t i = 0; i < other->calls_count; i++)
		if (recording_add_call(recording, &other->calls[i], err))
			return -1;
	for (size_t i = 0; i < other->files_count; i++)
		if (recording_add_file(recording, other->files[i].path,
				       strlen(other->files[i].path), other->files[i].access, err))
			return -1;
	for (size_t i = 0; i < other->facts_count; i++)
		if (recording_add_fact(recording, &other->facts[i], err))
			return -1;
	recording->runs += other->runs;
	recording->lost += other->lost;
	recording_settle(recording);
	return 0;
}
