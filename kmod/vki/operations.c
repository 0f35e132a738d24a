// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring does what system calls do without entering them. An operation is refused where one of
 * the calls that do the same is. Its arguments are not looked at: they lie in memory that the
 * program may change, so a call that is refused for some arguments refuses the operation.
 */
#include "compile.h"

#ifdef __KERNEL__
#include <linux/errno.h>
#else
#include <errno.h>
#endif

/* Numbers of calls on x86-64, which never change. */
enum {
	NR_read = 0,
	NR_write = 1,
	NR_close = 3,
	NR_poll = 7,
	NR_ioctl = 16,
	NR_pread64 = 17,
	NR_pwrite64 = 18,
	NR_readv = 19,
	NR_writev = 20,
	NR_madvise = 28,
	NR_socket = 41,
	NR_connect = 42,
	NR_sendto = 44,
	NR_recvfrom = 45,
	NR_sendmsg = 46,
	NR_recvmsg = 47,
	NR_shutdown = 48,
	NR_bind = 49,
	NR_listen = 50,
	NR_setsockopt = 54,
	NR_getsockopt = 55,
	NR_fsync = 74,
	NR_ftruncate = 77,
	NR_setxattr = 188,
	NR_fsetxattr = 190,
	NR_getxattr = 191,
	NR_fgetxattr = 193,
	NR_futex = 202,
	NR_fadvise64 = 221,
	NR_epoll_wait = 232,
	NR_epoll_ctl = 233,
	NR_waitid = 247,
	NR_openat = 257,
	NR_mkdirat = 258,
	NR_unlinkat = 263,
	NR_linkat = 265,
	NR_symlinkat = 266,
	NR_splice = 275,
	NR_tee = 276,
	NR_sync_file_range = 277,
	NR_fallocate = 285,
	NR_accept4 = 288,
	NR_pipe2 = 293,
	NR_preadv = 295,
	NR_pwritev = 296,
	NR_renameat2 = 316,
	NR_statx = 332,
	NR_io_uring_register = 427,
	NR_openat2 = POLICY_OPENAT2,
	NR_futex_waitv = 449,
	NR_futex_wake = 454,
	NR_futex_wait = 455,
};

#define CALLS_MAX 3

struct operation {
	__u16 count;
	__u16 calls[CALLS_MAX];
};

#define ONE(a)                                  \
	{                                       \
		.count = 1, .calls = { NR_##a } \
	}
#define TWO(a, b)                                       \
	{                                               \
		.count = 2, .calls = { NR_##a, NR_##b } \
	}
#define THREE(a, b, c)                                          \
	{                                                       \
		.count = 3, .calls = { NR_##a, NR_##b, NR_##c } \
	}

/*
 * By IORING_OP_*. Those without a call (no-op, timeouts, cancelling, buffers, messages to a ring,
 * installing a descriptor) do nothing that a call could be refused for.
 */
static const struct operation operations[] = {
	[1] = TWO(readv, preadv),		     /* READV */
	[2] = TWO(writev, pwritev),		     /* WRITEV */
	[3] = ONE(fsync),			     /* FSYNC */
	[4] = TWO(read, pread64),		     /* READ_FIXED */
	[5] = TWO(write, pwrite64),		     /* WRITE_FIXED */
	[6] = ONE(poll),			     /* POLL_ADD */
	[8] = ONE(sync_file_range),		     /* SYNC_FILE_RANGE */
	[9] = ONE(sendmsg),			     /* SENDMSG */
	[10] = ONE(recvmsg),			     /* RECVMSG */
	[13] = ONE(accept4),			     /* ACCEPT */
	[16] = ONE(connect),			     /* CONNECT */
	[17] = ONE(fallocate),			     /* FALLOCATE */
	[18] = ONE(openat),			     /* OPENAT */
	[19] = ONE(close),			     /* CLOSE */
	[20] = ONE(io_uring_register),		     /* FILES_UPDATE */
	[21] = ONE(statx),			     /* STATX */
	[22] = TWO(read, pread64),		     /* READ */
	[23] = TWO(write, pwrite64),		     /* WRITE */
	[24] = ONE(fadvise64),			     /* FADVISE */
	[25] = ONE(madvise),			     /* MADVISE */
	[26] = ONE(sendto),			     /* SEND */
	[27] = ONE(recvfrom),			     /* RECV */
	[28] = ONE(openat2),			     /* OPENAT2 */
	[29] = ONE(epoll_ctl),			     /* EPOLL_CTL */
	[30] = ONE(splice),			     /* SPLICE */
	[33] = ONE(tee),			     /* TEE */
	[34] = ONE(shutdown),			     /* SHUTDOWN */
	[35] = ONE(renameat2),			     /* RENAMEAT */
	[36] = ONE(unlinkat),			     /* UNLINKAT */
	[37] = ONE(mkdirat),			     /* MKDIRAT */
	[38] = ONE(symlinkat),			     /* SYMLINKAT */
	[39] = ONE(linkat),			     /* LINKAT */
	[41] = ONE(fsetxattr),			     /* FSETXATTR */
	[42] = ONE(setxattr),			     /* SETXATTR */
	[43] = ONE(fgetxattr),			     /* FGETXATTR */
	[44] = ONE(getxattr),			     /* GETXATTR */
	[45] = ONE(socket),			     /* SOCKET */
	[46] = THREE(ioctl, setsockopt, getsockopt), /* URING_CMD */
	[47] = ONE(sendto),			     /* SEND_ZC */
	[48] = ONE(sendmsg),			     /* SENDMSG_ZC */
	[49] = TWO(read, pread64),		     /* READ_MULTISHOT */
	[50] = ONE(waitid),			     /* WAITID */
	[51] = TWO(futex_wait, futex),		     /* FUTEX_WAIT */
	[52] = TWO(futex_wake, futex),		     /* FUTEX_WAKE */
	[53] = ONE(futex_waitv),		     /* FUTEX_WAITV */
	[55] = ONE(ftruncate),			     /* FTRUNCATE */
	[56] = ONE(bind),			     /* BIND */
	[57] = ONE(listen),			     /* LISTEN */
	[58] = ONE(recvmsg),			     /* RECV_ZC */
	[59] = ONE(epoll_wait),			     /* EPOLL_WAIT */
	[60] = TWO(readv, preadv),		     /* READV_FIXED */
	[61] = TWO(writev, pwritev),		     /* WRITEV_FIXED */
	[62] = ONE(pipe2),			     /* PIPE */
	[64] = THREE(ioctl, setsockopt, getsockopt), /* URING_CMD128 */
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

#define ERRNO_INTERNAL 512 /* and above: the kernel's own */

/*
 * The errno of a refusal as a completion can bring it. It cannot say "not made, returns 0", and the
 * kernel takes EAGAIN and its own numbers for orders: to try again, to wait.
 */
static __u16 errno_refusal(__u32 number)
{
	return !number || number == EAGAIN || number >= ERRNO_INTERNAL ? EPERM : number;
}

/* What a verdict that is no filter answers to an operation; 0: it may run. */
static __u16 refusal(__u32 verdict)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ALLOW:
	case POLICY_ALLOW_LOGGED:
		return 0;
	case POLICY_ERRNO:
		return errno_refusal(POLICY_VERDICT_VALUE(verdict));
	}
	return EPERM;
}

/* The first refusal that a filter can give. */
static __u16 filter_refusal(const struct vkm_rules *rules, const struct rules_filter *filter)
{
	__u16 number = refusal(filter->otherwise);
	__u32 i;

	if (filter->slots) {
		for (i = 0; i <= filter->span / sizeof(*filter->slots) && !number; i++)
			number = refusal(filter->slots[i].verdict);
		return number;
	}
	for (i = 0; i < filter->count && !number; i++)
		number = refusal(rules->rules[filter->first + i].verdict);
	return number;
}

static __u16 call_refusal(const struct vkm_rules *rules, __u16 call)
{
	const __u32 verdict = rules->verdicts[POLICY_TABLE_X86_64][call];

	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_FILTER:
	case POLICY_FIELDS:
		return filter_refusal(rules, &rules->filters[POLICY_VERDICT_VALUE(verdict)]);
	}
	return refusal(verdict);
}

static void make_operation(struct vkm_rules *rules, struct rules_operation *made,
			   const struct operation *operation)
{
	size_t i;

	for (i = 0; i < operation->count && !made->number; i++) {
		made->call = operation->calls[i];
		made->number = call_refusal(rules, made->call);
	}
	rules->refuses_operations |= made->number;
}

/* What this table does not know may do anything: it gets what an unknown call gets, or EPERM. */
void rules_make_operations(struct vkm_rules *rules)
{
	const __u16 last = POLICY_SYSCALL_MAX - 1;
	__u16 unknown = call_refusal(rules, last);
	size_t i;

	for (i = 0; i < OPERATIONS; i++)
		make_operation(rules, &rules->operations[i], &operations[i]);
	rules->refuses_operations |= unknown;
	if (!unknown && rules->refuses_operations)
		unknown = EPERM;
	for (; i < RULES_OPERATIONS; i++)
		rules->operations[i] = (struct rules_operation){.number = unknown, .call = last};
}
