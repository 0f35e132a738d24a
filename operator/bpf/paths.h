/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths, as vKM and AppArmor name them: through all mounts up to where the task's mount namespace
 * begins, whatever the task's root is; a directory's ends with '/'. BPF side only.
 */
#ifndef VKERNEL_OPERATOR_BPF_PATHS_H
#define VKERNEL_OPERATOR_BPF_PATHS_H

#include "operator/bpf/record.h"

#define SCRATCHES  32
#define STEPS_MAX  4352 /* names of one byte, and mounts */
#define NAME_BYTES 255
#define HEADER	   sizeof(struct trace_long_file)
#define TRIES	   4

/*
 * Programs may be preempted by each other on one processor, so what they work on is nobody's by its
 * place: it is taken and given back.
 */
struct scratch {
	__u32 taken;
	__u32 at; /* where the path begins, in bytes */
	/* A header, and the path, which ends before TRACE_PATH_MAX, but for a '/'. */
	char bytes[HEADER + 3 * TRACE_PATH_MAX];
	struct trace_file file;
	char spare[16]; /* for the verifier, to whom a short path may have 255 bytes */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCHES);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct trace_file);
	__type(value, __u64);
} files SEC(".maps");

/* Long paths, and what has no place in the map. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} ring SEC(".maps");

extern const void rename_lock __ksym __weak;

struct walk {
	struct dentry *dentry;
	struct mount *mount;
	__u32 place; /* of the scratch */
	bool long_path, no_path;
};

static __always_inline struct mount *mount_of(const struct vfsmount *mnt)
{
	return (struct mount *)((char *)mnt - bpf_core_field_offset(struct mount, mnt));
}

/* The kernel's own mounts, of pipes, memory and the layers of overlays, have an error there. */
static __always_inline bool is_kernels(const struct mount *mount)
{
	return (unsigned long)BPF_CORE_READ(mount, mnt_ns) >= (unsigned long)-4095;
}

static long step_up(__u32 step, void *context)
{
	struct walk *walk = context;
	const __u32 place = walk->place;
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &place);
	struct mount *mount = walk->mount; /* only the kernel's own structures are looked up */
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	__u32 length, at;

	if (!scratch)
		return 1;
	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (above == mount)
			return 1;
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = above;
		return 0;
	}
	if (parent == dentry)
		return 1;
	length = BPF_CORE_READ(dentry, d_name.len);
	at = scratch->at;
	if (length > NAME_BYTES || at < length + 1) {
		walk->long_path = true;
		return 1;
	}
	at = (at - length - 1) & (TRACE_PATH_MAX - 1);
	scratch->bytes[HEADER + at] = '/';
	bpf_probe_read_kernel(&scratch->bytes[HEADER + at + 1], length & NAME_BYTES,
			      BPF_CORE_READ(dentry, d_name.name));
	scratch->at = at;
	walk->dentry = parent;
	return 0;
}

static __always_inline __u32 renames(void)
{
	__u32 count = 0;

	if (&rename_lock)
		bpf_probe_read_kernel(&count, sizeof(count), &rename_lock);
	return count;
}

/* Writes the path before scratch->bytes[TRACE_PATH_MAX]. False: it is too long. */
static __always_inline bool write_path(struct scratch *scratch, __u32 place, struct mount *mount,
				       struct dentry *dentry)
{
	for (int i = 0; i < TRIES; i++) {
		struct walk walk = {.dentry = dentry, .mount = mount, .place = place};
		const __u32 before = renames();

		scratch->at = TRACE_PATH_MAX;
		bpf_loop(STEPS_MAX, step_up, &walk, 0);
		if (walk.long_path)
			return false;
		if (!(before & 1) && renames() == before)
			break;
	}
	return true;
}

static __always_inline struct scratch *take_scratch(__u32 *place)
{
	const __u32 start = bpf_get_smp_processor_id();

	for (int i = 0; i < SCRATCHES; i++) {
		const __u32 key = (start + i) % SCRATCHES;
		struct scratch *scratch = bpf_map_lookup_elem(&scratches, &key);

		if (!scratch || __sync_val_compare_and_swap(&scratch->taken, 0, 1))
			continue;
		*place = key;
		return scratch;
	}
	return NULL;
}

/* The header goes where it stands right before the path. */
static __always_inline void send_path(struct scratch *scratch, __u32 container, __u32 access,
				      __u32 length)
{
	const struct trace_long_file header = {
		.container = container, .access = access, .length = length};
	char *start = &scratch->bytes[scratch->at & (TRACE_PATH_MAX - 1)];

	bpf_probe_read_kernel(start, sizeof(header), &header);
	if (bpf_ringbuf_output(&ring, start, HEADER + (length & (2 * TRACE_PATH_MAX - 1)), 0))
		count_one(TRACE_LOST_FILES);
}

static __always_inline void keep_path(struct scratch *scratch, __u32 container, __u32 access,
				      bool directory)
{
	struct trace_file *file = &scratch->file;
	__u32 length = TRACE_PATH_MAX - scratch->at;

	if (directory || !length)
		scratch->bytes[HEADER + TRACE_PATH_MAX] = '/';
	if (directory || !length)
		length++;
	/* The root's own path begins where others end. */
	if (scratch->at == TRACE_PATH_MAX) {
		scratch->at = TRACE_PATH_MAX - 1;
		scratch->bytes[HEADER + TRACE_PATH_MAX - 1] = '/';
	}
	if (length > TRACE_PATH_SHORT) {
		send_path(scratch, container, access, length);
		return;
	}
	__builtin_memset(file, 0, sizeof(*file));
	file->container = container;
	file->access = access;
	file->length = length;
	bpf_probe_read_kernel(file->path, length & 255,
			      &scratch->bytes[HEADER + (scratch->at & (TRACE_PATH_MAX - 1))]);
	if (!remember(&files, file, TRACE_COUNTS))
		send_path(scratch, container, access, length);
}

/* Out of line: the verifier looks at it once. */
static __noinline int record_name(struct vfsmount *mnt, struct dentry *dentry, __u32 access,
				  bool directory)
{
	struct mount *mount = mount_of(mnt);
	struct scratch *scratch;
	__u32 container = 0, place = 0;

	if (!find_member((const void *)bpf_get_current_task(), &container) || is_kernels(mount))
		return 0;
	scratch = take_scratch(&place);
	if (!scratch) {
		count_one(TRACE_LOST_FILES);
		return 0;
	}
	if (write_path(scratch, place, mount, dentry))
		keep_path(scratch, container, access, directory);
	else
		count_one(TRACE_LONG_PATHS);
	scratch->taken = 0;
	return 0;
}

static __always_inline bool is_directory(const struct dentry *dentry)
{
	const struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	return inode && (BPF_CORE_READ(inode, i_mode) & 0170000) == 0040000;
}

static __always_inline void record_path(const struct path *path, __u32 access)
{
	struct dentry *dentry = BPF_CORE_READ(path, dentry);

	record_name(BPF_CORE_READ(path, mnt), dentry, access, is_directory(dentry));
}

#endif
