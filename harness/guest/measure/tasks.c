// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/tasks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "harness/guest/bpf/tasks.h"
#include "lib/cleanup.h"

#define PROGRAMS_MOST 16

struct tasks {
	struct bpf_object *object;
	struct bpf_link *links[PROGRAMS_MOST];
	unsigned int count;
	int members, delays, calls, lost;
};

/* As the programs' own map has it; all zero: it waits for nothing. */
struct member {
	__u64 ready, off;
};

static char complaint[512]; /* the last thing that libbpf said */

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list list)
{
	if (level == LIBBPF_WARN)
		vsnprintf(complaint, sizeof(complaint), format, list);
	return 0;
}

static int fail(struct error *err, int number, const char *what)
{
	complaint[strcspn(complaint, "\n")] = '\0';
	return error_set_errno(err, EXIT_ENVIRONMENT, number < 0 ? -number : number,
			       "cannot observe tasks: %s: %s", what,
			       *complaint ? complaint : "libbpf said nothing");
}

static int attach(struct tasks *tasks, struct error *err)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, tasks->object)
	{
		struct bpf_link *link = bpf_program__attach(program);

		if (!link)
			return fail(err, errno, bpf_program__name(program));
		tasks->links[tasks->count++] = link;
	}
	return 0;
}

static int find_maps(struct tasks *tasks, struct error *err)
{
	struct bpf_map *map;

	tasks->members = bpf_object__find_map_fd_by_name(tasks->object, "members");
	tasks->delays = bpf_object__find_map_fd_by_name(tasks->object, "delays");
	tasks->calls = bpf_object__find_map_fd_by_name(tasks->object, "calls");
	map = bpf_object__find_map_by_name(tasks->object, ".bss");
	tasks->lost = map ? bpf_map__fd(map) : -1;
	if (tasks->members < 0 || tasks->delays < 0 || tasks->calls < 0 || tasks->lost < 0)
		return fail(err, ENOENT, "a map is missing");
	return 0;
}

static int load(struct tasks *tasks, struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "vkernel_tasks");
	int result;

	tasks->object =
		bpf_object__open_mem(tasks_object, tasks_object_end - tasks_object, &options);
	if (!tasks->object)
		return fail(err, errno, "opening the programs");
	result = bpf_object__load(tasks->object);
	return result ? fail(err, result, "loading the programs") : 0;
}

int tasks_open(struct tasks **result, struct error *err)
{
	struct tasks *tasks = calloc(1, sizeof(*tasks));

	*result = NULL;
	if (!tasks)
		return error_set(err, EXIT_ENVIRONMENT, "no memory to observe tasks");
	complaint[0] = '\0';
	libbpf_set_print(keep_complaint);
	if (load(tasks, err) || find_maps(tasks, err) || attach(tasks, err)) {
		tasks_close(tasks);
		return -1;
	}
	*result = tasks;
	return 0;
}

int tasks_add(struct tasks *tasks, pid_t pid, struct error *err)
{
	const struct member none = {0};
	const __u32 key = pid;

	if (!bpf_map_update_elem(tasks->members, &key, &none, BPF_ANY))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot observe task %d", (int)pid);
}

static int print(json_t *object, FILE *out, struct error *err)
{
	int failed = !object || json_dumpf(object, out, JSON_COMPACT) || fputc('\n', out) == EOF ||
		     fflush(out);

	json_decref(object);
	return failed ? error_set(err, EXIT_ENVIRONMENT, "cannot print what tasks did") : 0;
}

static int print_histogram(const struct tasks *tasks, __u32 index, const char *name, FILE *out,
			   struct error *err)
{
	struct tasks_delays found;
	json_t *buckets = json_array();

	if (bpf_map_lookup_elem(tasks->delays, &index, &found)) {
		json_decref(buckets);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read the %s", name);
	}
	for (unsigned int i = 0; i < TASKS_BUCKETS; i++)
		if (found.buckets[i])
			json_array_append_new(buckets,
					      json_pack("[I, I]", (json_int_t)(i ? 1ULL << i : 0),
							(json_int_t)found.buckets[i]));
	return print(
		json_pack("{s:s, s:s, s:o}", "histogram", name, "unit", "ns", "buckets", buckets),
		out, err);
}

/* Calls of another table carry its name; one that libseccomp does not know, its number. */
static void add_call(json_t *names, __u32 table, __u32 number, __u64 count)
{
	const __u32 architecture = table == TASKS_I386 ? SCMP_ARCH_X86 : SCMP_ARCH_X86_64;
	autofree char *known = seccomp_syscall_resolve_num_arch(architecture, (int)number);
	char name[96];

	if (known)
		snprintf(name, sizeof(name), "%s%s", table == TASKS_I386 ? "i386:" : "", known);
	else
		snprintf(name, sizeof(name), "%s%u", table == TASKS_I386 ? "i386:" : "", number);
	json_object_set_new(names, name, json_integer((json_int_t)count));
}

static int print_calls(const struct tasks *tasks, FILE *out, struct error *err)
{
	json_t *names = json_object();

	for (__u32 i = 0; i < TASKS_TABLES * TASKS_CALLS; i++) {
		__u64 count;

		if (!bpf_map_lookup_elem(tasks->calls, &i, &count) && count)
			add_call(names, i / TASKS_CALLS, i % TASKS_CALLS, count);
	}
	return print(json_pack("{s:o}", "calls", names), out, err);
}

/* Histograms of some of the tasks would look like those of all. */
static int check_lost(const struct tasks *tasks, struct error *err)
{
	const __u32 first = 0;
	__u64 lost = 0;

	if (bpf_map_lookup_elem(tasks->lost, &first, &lost))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read what was lost");
	return lost ? error_set(err, EXIT_FINDING, "%llu tasks more than can be observed were made",
				(unsigned long long)lost)
		    : 0;
}

int tasks_print(const struct tasks *tasks, FILE *out, struct error *err)
{
	return check_lost(tasks, err) ||
			       print_histogram(tasks, TASKS_RUN_QUEUE, "run-queue-delay", out,
					       err) ||
			       print_histogram(tasks, TASKS_OFF_CPU, "off-cpu", out, err) ||
			       print_calls(tasks, out, err)
		       ? -1
		       : 0;
}

void tasks_close(struct tasks *tasks)
{
	if (!tasks)
		return;
	for (unsigned int i = 0; i < tasks->count; i++)
		bpf_link__destroy(tasks->links[i]);
	bpf_object__close(tasks->object);
	free(tasks);
}
