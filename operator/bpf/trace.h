/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs in trace.bpf.c and the command that loads them share: keys and values of maps. */
#ifndef VKERNEL_OPERATOR_BPF_TRACE_H
#define VKERNEL_OPERATOR_BPF_TRACE_H

#include <linux/types.h>

#define TRACE_CONTAINERS 256
#define TRACE_NUMBERS	 1024 /* of a table of system calls; calls beyond have no arguments here */
#define TRACE_VALUES	 3    /* arguments of one call that are recorded */
#define TRACE_PATH_MAX	 4096
#define TRACE_PATH_SHORT 240 /* longer paths go through the ring */
#define TRACE_GROUP_NAME 128

enum trace_table {
	TRACE_X86_64,
	TRACE_I386,
	TRACE_X32, /* without its bit */
	TRACE_TABLES,
};

/* What is done with a file. */
enum trace_access {
	TRACE_EXECUTE = 1,
	TRACE_WRITE = 2,
	TRACE_READ = 4,
	TRACE_APPEND = 8,
	TRACE_MAP = 16,
	TRACE_LINK = 32,
	TRACE_LOCK = 64,
	TRACE_CREATED = 256, /* the container made it */
	TRACE_LINKED = 512,  /* another name was made for it */
};

/* Which arguments of a call are recorded, and which bits of them. */
struct trace_arguments {
	__u8 count;
	__u8 pointer; /* the first one is the number that the argument points to */
	__u8 index[6];
	__u64 masks[TRACE_VALUES];
};

struct trace_call {
	__u32 container;
	__u32 table;
	__u32 number;
	__u32 unread; /* what the argument points to could not be read */
	__u64 values[TRACE_VALUES];
};

struct trace_file {
	__u32 container;
	__u16 access;
	__u16 length;
	char path[TRACE_PATH_SHORT];
};

/* In the ring: the path follows. */
struct trace_long_file {
	__u32 container;
	__u32 access;
	__u32 length;
};

enum trace_fact_kind {
	TRACE_CAPABILITY,	/* first: its number */
	TRACE_CAPABILITY_QUIET, /* the same, where the kernel only wondered whether it is there */
	TRACE_SOCKET,		/* family, type */
	TRACE_SIGNAL,
	TRACE_LOOK, /* into another process */
	TRACE_PTRACE,
	TRACE_RING, /* first: an operation of io_uring */
	TRACE_FACTS,
};

struct trace_fact {
	__u32 container;
	__u32 kind;
	__u32 first;
	__u32 second;
};

struct trace_container {
	__u32 inode;  /* of the PID namespace */
	__u32 init;   /* on the host; 0: followed while it ran */
	__u32 family; /* the command, or what it started, started it */
	__u32 over;
	char group[TRACE_GROUP_NAME]; /* the name of its control group's folder */
};

/* What the programs count. */
enum trace_count {
	TRACE_LOST_CALLS, /* the map was full */
	TRACE_LOST_FILES,
	TRACE_LOST_FACTS,
	TRACE_LOST_TASKS,
	TRACE_LOST_CONTAINERS,
	TRACE_LONG_PATHS, /* of more than TRACE_PATH_MAX bytes */
	TRACE_COUNTS,
};

#endif
