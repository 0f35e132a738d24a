// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_watch.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "operator/trace_calls.h"
#include "operator/trace_object.h"

#define LINKS_MAX  64
#define KNOWN_SIZE (TRACE_CONTAINERS * sizeof(struct trace_container))
#define NO_PLACE   0 /* in the list of containers */

struct watch {
	struct bpf_object *object;
	struct bpf_link *links[LINKS_MAX];
	unsigned int links_count;
	struct ring_buffer *ring;
	const struct trace_container *known;	 /* the kernel's, TRACE_CONTAINERS of them */
	struct recording late[TRACE_CONTAINERS]; /* what came through the ring, by container */
	bool failed;				 /* the ring's reader has set late_error */
	struct error late_error;
	unsigned int next_place;
};

/* Programs for what only some kernels have. */
static const struct {
	const char *program, *type; /* which the kernel's BTF has where it can be attached */
} optional[] = {
	{"see_file_truncate", "bpf_lsm_file_truncate"},
	{"trace_ring", "trace_event_raw_io_uring_submit_req"},
	{"trace_ring_old", "trace_event_raw_io_uring_submit_sqe"},
};

static char library_text[1024]; /* the last thing that libbpf complained of */

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list list)
{
	va_list again;

	va_copy(again, list);
	/* The first complaint names the program; the verifier's own words are many lines. */
	if (level == LIBBPF_WARN && !*library_text)
		vsnprintf(library_text, sizeof(library_text), format, again);
	va_end(again);
	if (level != LIBBPF_DEBUG && getenv("VKERNEL_TRACE_DEBUG"))
		vfprintf(stderr, format, list);
	return 0;
}

static int refuse(const char *doing, int number, struct error *err)
{
	library_text[strcspn(library_text, "\n")] = '\0';
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot %s%s%s%s", doing,
			       *library_text ? " (" : "", library_text, *library_text ? ")" : "");
}

/* BPF as a security module is asked about files and capabilities; Debian's kernels have it. */
static int check_kernel(struct error *err)
{
	autofree char *modules = NULL;
	struct error unread;
	size_t size;

	if (geteuid())
		return error_set(err, EXIT_USAGE, "tracing needs root");
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return error_set(err, EXIT_ENVIRONMENT,
				 "this kernel does not describe its types (no "
				 "/sys/kernel/btf/vmlinux); one with CONFIG_DEBUG_INFO_BTF is "
				 "needed");
	if (access("/sys/kernel/tracing/events", R_OK))
		return error_set(
			err, EXIT_ENVIRONMENT,
			"there are no trace events in /sys/kernel/tracing; mount it: mount "
			"-t tracefs none /sys/kernel/tracing");
	if (file_read("/sys/kernel/security/lsm", 4096, &modules, &size, &unread))
		return 0;
	for (char *rest = modules, *name; (name = strsep(&rest, ",\n"));)
		if (!strcmp(name, "bpf"))
			return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "this kernel was started without bpf among its security modules "
			 "(/sys/kernel/security/lsm: %s); add it to lsm= on its command line",
			 modules);
}

static int choose_programs(struct watch *watch, struct error *err)
{
	struct btf *kernel = btf__load_vmlinux_btf();

	if (!kernel)
		return refuse("read the kernel's types", errno, err);
	for (size_t i = 0; i < sizeof(optional) / sizeof(*optional); i++) {
		struct bpf_program *program =
			bpf_object__find_program_by_name(watch->object, optional[i].program);
		const bool there = btf__find_by_name(kernel, optional[i].type) > 0;

		bpf_program__set_autoload(program, there);
	}
	btf__free(kernel);
	return 0;
}

static int map_of(const struct watch *watch, const char *name)
{
	return bpf_object__find_map_fd_by_name(watch->object, name);
}

static int fill_arguments(struct watch *watch, struct error *err)
{
	const int map = map_of(watch, "arguments");

	for (unsigned int i = 0; i < 2 * TRACE_NUMBERS; i++) {
		const struct trace_arguments *arguments =
			trace_call_arguments(i / TRACE_NUMBERS, i % TRACE_NUMBERS);

		if (arguments && bpf_map_update_elem(map, &i, arguments, BPF_ANY))
			return refuse("tell the programs which arguments matter", errno, err);
	}
	return 0;
}

static int attach(struct watch *watch, struct error *err)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, watch->object)
	{
		struct bpf_link *link;

		if (!bpf_program__autoload(program))
			continue;
		link = bpf_program__attach(program);
		if (!link)
			return refuse("attach a program", errno, err);
		watch->links[watch->links_count++] = link;
	}
	return 0;
}

/* Called by libbpf for what comes through the ring. */
static int take_long_file(void *context, void *data, size_t size)
{
	const struct trace_long_file *file = data;
	struct watch *watch = context;

	if (size < sizeof(*file) || size - sizeof(*file) < file->length ||
	    file->container >= TRACE_CONTAINERS)
		return 0;
	if (recording_add_file(&watch->late[file->container], (const char *)(file + 1),
			       file->length, file->access, &watch->late_error))
		watch->failed = true;
	return 0;
}

static int load(struct watch *watch, bool every, struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "vkernel_trace");
	struct bpf_map *constants;
	size_t size;
	int ret;

	watch->object =
		bpf_object__open_mem(trace_object, trace_object_end - trace_object, &options);
	if (!watch->object)
		return refuse("open the tracing programs", errno, err);
	constants = bpf_object__find_map_by_name(watch->object, ".rodata");
	*(bool *)bpf_map__initial_value(constants, &size) = every;
	if (choose_programs(watch, err))
		return -1;
	ret = bpf_object__load(watch->object);
	if (ret)
		return refuse("load the tracing programs", -ret, err);
	watch->ring = ring_buffer__new(map_of(watch, "ring"), take_long_file, watch, NULL);
	if (!watch->ring)
		return refuse("open the ring of paths", errno, err);
	watch->known = mmap(NULL, KNOWN_SIZE, PROT_READ, MAP_SHARED, map_of(watch, "known"), 0);
	if (watch->known == MAP_FAILED) {
		watch->known = NULL;
		return refuse("map the list of containers", errno, err);
	}
	return fill_arguments(watch, err) || attach(watch, err) ? -1 : 0;
}

struct watch *watch_start(bool every, struct error *err)
{
	struct watch *watch;

	*library_text = '\0';
	libbpf_set_print(keep_complaint);
	if (check_kernel(err))
		return NULL;
	watch = calloc(1, sizeof(*watch));
	if (!watch) {
		error_set(err, EXIT_ENVIRONMENT, "no memory for tracing");
		return NULL;
	}
	watch->next_place = TRACE_CONTAINERS - 1;
	if (!load(watch, every, err))
		return watch;
	watch_end(watch);
	return NULL;
}

int watch_family(struct watch *watch, pid_t pid, struct error *err)
{
	const __u32 key = pid;
	const __u8 yes = 1;

	if (bpf_map_update_elem(map_of(watch, "family"), &key, &yes, BPF_ANY))
		return refuse("name the command to the programs", errno, err);
	return 0;
}

/* From the end of the list: the programs count from its beginning. */
int watch_container(struct watch *watch, unsigned int inode, struct error *err)
{
	const struct trace_container container = {.inode = inode, .family = 1};
	const __u32 place = watch->next_place--;

	if (bpf_map_update_elem(map_of(watch, "known"), &place, &container, BPF_ANY) ||
	    bpf_map_update_elem(map_of(watch, "containers"), &inode, &place, BPF_ANY))
		return refuse("name the container to the programs", errno, err);
	return 0;
}

int watch_poll(struct watch *watch, int timeout, struct error *err)
{
	const int ret = ring_buffer__poll(watch->ring, timeout);

	if (watch->failed) {
		*err = watch->late_error;
		return -1;
	}
	return ret < 0 && ret != -EINTR ? refuse("read the ring of paths", -ret, err) : 0;
}

/* False: there is none in that place. */
static bool read_container(struct watch *watch, __u32 place, struct trace_container *container)
{
	*container = watch->known[place];
	return place != NO_PLACE && container->inode;
}

void watch_count(struct watch *watch, watch_filter filter, void *context, unsigned int *all,
		 unsigned int *running)
{
	struct trace_container container;

	*all = *running = 0;
	for (__u32 place = 0; place < TRACE_CONTAINERS; place++) {
		if (!read_container(watch, place, &container) || !filter(&container, context))
			continue;
		++*all;
		*running += !container.over;
	}
}

static int collect_calls(struct watch *watch, const bool *wanted, struct recording *recording,
			 struct error *err)
{
	const int map = map_of(watch, "calls");
	struct trace_call key, *last = NULL;
	__u64 count;

	for (; !bpf_map_get_next_key(map, last, &key); last = &key) {
		struct recorded_call call = {
			.table = key.table, .number = key.number, .unread = key.unread};

		if (key.container >= TRACE_CONTAINERS || !wanted[key.container] ||
		    bpf_map_lookup_elem(map, &key, &count))
			continue;
		memcpy(call.values, key.values, sizeof(call.values));
		call.count = count;
		if (recording_add_call(recording, &call, err))
			return -1;
	}
	return 0;
}

static int collect_files(struct watch *watch, const bool *wanted, struct recording *recording,
			 struct error *err)
{
	const int map = map_of(watch, "files");
	struct trace_file key, *last = NULL;

	for (; !bpf_map_get_next_key(map, last, &key); last = &key)
		if (key.container < TRACE_CONTAINERS && wanted[key.container] &&
		    recording_add_file(recording, key.path, key.length, key.access, err))
			return -1;
	for (unsigned int i = 0; i < TRACE_CONTAINERS; i++)
		if (wanted[i] && recording_merge(recording, &watch->late[i], err))
			return -1;
	return 0;
}

static int collect_facts(struct watch *watch, const bool *wanted, struct recording *recording,
			 struct error *err)
{
	const int map = map_of(watch, "facts");
	struct trace_fact key, *last = NULL;
	__u64 count;

	for (; !bpf_map_get_next_key(map, last, &key); last = &key) {
		if (key.container >= TRACE_CONTAINERS || !wanted[key.container] ||
		    bpf_map_lookup_elem(map, &key, &count))
			continue;
		if (recording_add_fact(recording,
				       &(struct recorded_fact){.kind = key.kind,
							       .first = key.first,
							       .second = key.second,
							       .count = count},
				       err))
			return -1;
	}
	return 0;
}

/* The kernel skips a program that runs on this processor already, and counts that. */
static uint64_t missed(struct watch *watch)
{
	struct bpf_program *program;
	uint64_t sum = 0;

	bpf_object__for_each_program(program, watch->object)
	{
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);

		if (bpf_program__fd(program) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			sum += info.recursion_misses;
	}
	return sum;
}

/* Says what it was: more room, or another try, may help. */
static uint64_t lost(struct watch *watch)
{
	static const char *const names[TRACE_COUNTS] = {
		[TRACE_LOST_CALLS] = "system calls",
		[TRACE_LOST_FILES] = "paths",
		[TRACE_LOST_FACTS] = "other accesses",
		[TRACE_LOST_TASKS] = "tasks",
		[TRACE_LOST_CONTAINERS] = "containers",
		[TRACE_LONG_PATHS] = "paths that are too long",
	};
	uint64_t sum = missed(watch), count;

	if (sum)
		fprintf(stderr, "vkernel trace: lost: %" PRIu64 " runs of a program\n", sum);
	for (__u32 i = 0; i < TRACE_COUNTS; i++) {
		if (bpf_map_lookup_elem(map_of(watch, "counts"), &i, &count) || !count)
			continue;
		fprintf(stderr, "vkernel trace: lost: %" PRIu64 " %s\n", (uint64_t)count, names[i]);
		sum += count;
	}
	return sum;
}

static void detach(struct watch *watch)
{
	while (watch->links_count)
		bpf_link__destroy(watch->links[--watch->links_count]);
}

int watch_collect(struct watch *watch, watch_filter filter, void *context,
		  struct recording *recording, struct error *err)
{
	bool wanted[TRACE_CONTAINERS] = {false};
	struct trace_container container;

	detach(watch);
	if (watch_poll(watch, 0, err))
		return -1;
	for (__u32 place = 0; place < TRACE_CONTAINERS; place++)
		wanted[place] =
			read_container(watch, place, &container) && filter(&container, context);
	if (collect_calls(watch, wanted, recording, err) ||
	    collect_files(watch, wanted, recording, err) ||
	    collect_facts(watch, wanted, recording, err))
		return -1;
	recording->lost += lost(watch);
	recording_settle(recording);
	return 0;
}

void watch_end(struct watch *watch)
{
	if (!watch)
		return;
	detach(watch);
	ring_buffer__free(watch->ring);
	if (watch->known)
		munmap((void *)watch->known, KNOWN_SIZE);
	bpf_object__close(watch->object);
	for (unsigned int i = 0; i < TRACE_CONTAINERS; i++)
		recording_free(&watch->late[i]);
	free(watch);
}
