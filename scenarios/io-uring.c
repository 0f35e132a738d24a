// SPDX-License-Identifier: GPL-2.0
/*
 * A ring's operations do what system calls do without being system calls: a filter on calls does
 * not see them. The profile denies calls, and each operation that does the same as one of them is
 * submitted: to be made at once, by a worker, by the kernel's polling thread, and under a
 * registered personality.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "scenarios/ring.h"
#include "scenarios/scenario.h"

/* Operations that are newer than the headers of Debian 12. */
enum {
	OP_WAITID = 50,
	OP_FUTEX_WAKE = 52,
	OP_FTRUNCATE = 55,
	OP_BIND = 56,
	OP_LISTEN = 57,
	OP_EPOLL_WAIT = 59,
	OP_PIPE = 62,
};

/* What operations work on; the descriptors are put in where a row says so. */
struct things {
	int file, socket, epoll, pipes[2];
};

enum on { ON_NOTHING, ON_FILE, ON_SOCKET, ON_EPOLL, ON_PIPE };

static const char nowhere[] = "/nonexistent/vkernel-probe";
static const struct sockaddr_un address = {.sun_family = AF_UNIX,
					   .sun_path = "/nonexistent/vkernel-probe"};
static char buffer[64];
static const struct iovec vector = {buffer, sizeof(buffer)};
static struct msghdr message = {.msg_iov = (struct iovec *)&vector, .msg_iovlen = 1};
static struct epoll_event event;
static int descriptors[2];
static const struct {
	unsigned long long flags, mode, resolve;
} how = {.flags = O_RDONLY};

#define POINTER(to) (unsigned long)(to)

/* Each is taken by the kernel, and fails or does nothing of consequence. */
static const struct row {
	const char *name;
	bool allowed;
	enum on on;
	struct io_uring_sqe entry;
} rows[] = {
	{"nop", true, ON_NOTHING, {.opcode = IORING_OP_NOP}},
	{"write",
	 true,
	 ON_FILE,
	 {.opcode = IORING_OP_WRITE, .addr = POINTER(buffer), .len = sizeof(buffer)}},
	{"read",
	 true,
	 ON_FILE,
	 {.opcode = IORING_OP_READ, .addr = POINTER(buffer), .len = sizeof(buffer)}},
	{"openat to write",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_OPENAT,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .open_flags = O_WRONLY | O_CREAT,
	  .len = 0600}},
	{"openat2",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_OPENAT2,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .off = POINTER(&how),
	  .len = sizeof(how)}},
	{"statx",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_STATX,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .off = POINTER(buffer),
	  .len = STATX_TYPE}},
	{"mkdirat",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_MKDIRAT, .fd = AT_FDCWD, .addr = POINTER(nowhere), .len = 0700}},
	{"symlinkat",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_SYMLINKAT,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .addr2 = POINTER(nowhere)}},
	{"linkat",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_LINKAT,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .len = (unsigned int)AT_FDCWD,
	  .addr2 = POINTER(nowhere)}},
	{"unlinkat",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = POINTER(nowhere)}},
	{"renameat2",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_RENAMEAT,
	  .fd = AT_FDCWD,
	  .addr = POINTER(nowhere),
	  .len = (unsigned int)AT_FDCWD,
	  .addr2 = POINTER(nowhere)}},
	{"setxattr",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_SETXATTR,
	  .addr = POINTER("user.probe"),
	  .addr2 = POINTER(buffer),
	  .addr3 = POINTER(nowhere),
	  .len = 1}},
	{"fsetxattr",
	 false,
	 ON_FILE,
	 {.opcode = IORING_OP_FSETXATTR,
	  .addr = POINTER("unknown.probe"),
	  .addr2 = POINTER(buffer),
	  .len = 1}},
	{"getxattr",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_GETXATTR,
	  .addr = POINTER("user.probe"),
	  .addr2 = POINTER(buffer),
	  .addr3 = POINTER(nowhere),
	  .len = sizeof(buffer)}},
	{"fgetxattr",
	 false,
	 ON_FILE,
	 {.opcode = IORING_OP_FGETXATTR,
	  .addr = POINTER("unknown.probe"),
	  .addr2 = POINTER(buffer),
	  .len = sizeof(buffer)}},
	{"readv", false, ON_FILE, {.opcode = IORING_OP_READV, .addr = POINTER(&vector), .len = 1}},
	{"fsync", false, ON_FILE, {.opcode = IORING_OP_FSYNC}},
	{"sync_file_range", false, ON_FILE, {.opcode = IORING_OP_SYNC_FILE_RANGE}},
	{"fallocate", false, ON_FILE, {.opcode = IORING_OP_FALLOCATE, .addr = 4096}},
	{"fadvise64", false, ON_FILE, {.opcode = IORING_OP_FADVISE}},
	{"ftruncate", false, ON_FILE, {.opcode = OP_FTRUNCATE, .off = 4096}},
	{"madvise",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_MADVISE, .len = 4096, .fadvise_advice = MADV_NORMAL}},
	{"splice",
	 false,
	 ON_PIPE,
	 {.opcode = IORING_OP_SPLICE, .off = ~0ull, .splice_off_in = ~0ull, .len = 1}},
	{"tee", false, ON_PIPE, {.opcode = IORING_OP_TEE, .len = 1}},
	{"epoll_ctl",
	 false,
	 ON_EPOLL,
	 {.opcode = IORING_OP_EPOLL_CTL, .addr = POINTER(&event), .len = EPOLL_CTL_DEL}},
	{"epoll_wait", false, ON_EPOLL, {.opcode = OP_EPOLL_WAIT, .addr = POINTER(&event)}},
	{"socket",
	 false,
	 ON_NOTHING,
	 {.opcode = IORING_OP_SOCKET, .fd = AF_UNIX, .off = SOCK_STREAM}},
	{"connect",
	 false,
	 ON_SOCKET,
	 {.opcode = IORING_OP_CONNECT, .addr = POINTER(&address), .off = sizeof(address)}},
	{"bind",
	 false,
	 ON_SOCKET,
	 {.opcode = OP_BIND, .addr = POINTER(&address), .addr2 = sizeof(address)}},
	{"listen", false, ON_SOCKET, {.opcode = OP_LISTEN, .len = 1}},
	{"accept4", false, ON_SOCKET, {.opcode = IORING_OP_ACCEPT}},
	{"shutdown", false, ON_SOCKET, {.opcode = IORING_OP_SHUTDOWN, .len = 99}},
	{"sendmsg",
	 false,
	 ON_SOCKET,
	 {.opcode = IORING_OP_SENDMSG, .addr = POINTER(&message), .len = 1}},
	{"recvmsg",
	 false,
	 ON_SOCKET,
	 {.opcode = IORING_OP_RECVMSG,
	  .addr = POINTER(&message),
	  .len = 1,
	  .msg_flags = MSG_DONTWAIT}},
	{"sendto", false, ON_SOCKET, {.opcode = IORING_OP_SEND, .addr = POINTER(buffer), .len = 1}},
	{"recvfrom",
	 false,
	 ON_SOCKET,
	 {.opcode = IORING_OP_RECV, .addr = POINTER(buffer), .len = 1, .msg_flags = MSG_DONTWAIT}},
	{"waitid",
	 false,
	 ON_NOTHING,
	 {.opcode = OP_WAITID, .fd = 1, .len = P_PID, .file_index = WEXITED}},
	{"futex_wake",
	 false,
	 ON_NOTHING,
	 {.opcode = OP_FUTEX_WAKE, .fd = 2, .addr = POINTER(buffer), .off = 1, .addr3 = ~0u}},
	{"pipe2", false, ON_NOTHING, {.opcode = OP_PIPE, .addr = POINTER(descriptors)}},
};

static const struct mode {
	const char *name;
	unsigned int setup;
	unsigned char flags;
	bool personality;
} modes[] = {
	{"at once", 0, 0, false},
	{"by a worker", 0, IOSQE_ASYNC, false},
	{"by the polling thread", IORING_SETUP_SQPOLL, 0, false},
	{"as a personality", 0, 0, true},
};

static int descriptor(const struct things *things, const struct row *row)
{
	const int of[] = {
		[ON_NOTHING] = row->entry.fd, [ON_FILE] = things->file,
		[ON_SOCKET] = things->socket, [ON_EPOLL] = things->epoll,
		[ON_PIPE] = things->pipes[1],
	};

	return of[row->on];
}

static void try_row(struct ring *ring, const struct mode *mode, int personality,
		    const struct row *row, const struct things *things, struct tries *tries)
{
	struct io_uring_sqe entry = row->entry;
	int number, outcome = 0;
	char label[64];

	snprintf(label, sizeof(label), "%s, %s", row->name, mode->name);
	if (!ring_knows(ring, entry.opcode)) {
		tries_add(tries, label, OUTCOME_MISSING, "the kernel has no such operation");
		return;
	}
	entry.fd = descriptor(things, row);
	entry.flags |= mode->flags;
	entry.personality = personality;
	if (row->on == ON_PIPE)
		entry.splice_fd_in = things->pipes[0];
	if (entry.opcode == IORING_OP_EPOLL_CTL)
		entry.off = things->socket;
	number = ring_do(ring, &entry, &outcome);
	if (number == ETIMEDOUT)
		tries_add(tries, label, OUTCOME_BROKEN, "did not complete");
	else if (row->allowed)
		tries_add_must(tries, label, number ? number : outcome < 0 ? -outcome : 0);
	else
		tries_add_errno(tries, label, number ? number : outcome < 0 ? -outcome : 0, EACCES);
	if (entry.opcode == IORING_OP_SOCKET && outcome > 0)
		close(outcome);
}

static void try_mode(const struct mode *mode, const struct things *things, struct tries *tries)
{
	struct ring ring;
	int number = ring_open(&ring, mode->setup);
	int personality = 0;

	if (!number && mode->personality) {
		personality = syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY,
				      NULL, 0);
		number = personality < 0 ? errno : 0;
	}
	tries_add_must(tries, mode->name, number);
	if (number)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		try_row(&ring, mode, personality, &rows[i], things, tries);
	ring_close(&ring);
}

/* A call that is denied is denied as a call too, or its operation tells nothing. */
static void try_call(struct tries *tries)
{
	tries_add_errno(tries, "mkdirat, as a call", mkdirat(AT_FDCWD, nowhere, 0700) ? errno : 0,
			0);
	tries_add_errno(tries, "statx, as a call",
			syscall(SYS_statx, AT_FDCWD, nowhere, 0, 0, buffer) ? errno : 0, 0);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	struct things things = {.file = memfd_create("vkernel-probe", MFD_CLOEXEC),
				.epoll = epoll_create1(EPOLL_CLOEXEC)};
	int sockets[2];

	(void)nonce;
	(void)argument;
	if (things.file < 0 || things.epoll < 0 || syscall(SYS_pipe, things.pipes) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets) ||
	    fcntl(things.pipes[0], F_SETFL, O_NONBLOCK)) {
		tries_add(tries, "something to work on", OUTCOME_BROKEN, "%s", errno_name(errno));
		return;
	}
	things.socket = sockets[0];
	try_call(tries);
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		try_mode(&modes[i], &things, tries);
}

/*
 * 64 is O_CREAT, 3 O_ACCMODE: a runtime below opens files for reading after the filter is set. A vKI
 * refuses an operation whose call depends on arguments, whatever the operation's are, so reading by
 * a ring is not asked to work.
 */
#define RULES                                                                               \
	"[{\"names\":[\"io_uring_setup\",\"io_uring_enter\",\"io_uring_register\"],"        \
	"\"action\":\"SCMP_ACT_ALLOW\"},"                                                   \
	"{\"names\":[\"openat\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":2,"     \
	"\"value\":67,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"                     \
	"{\"names\":[\"openat2\",\"statx\",\"mkdirat\",\"symlinkat\",\"linkat\","           \
	"\"unlinkat\",\"renameat2\",\"setxattr\",\"fsetxattr\",\"getxattr\",\"fgetxattr\"," \
	"\"readv\",\"preadv\",\"preadv2\",\"fsync\",\"sync_file_range\",\"fallocate\","     \
	"\"fadvise64\",\"ftruncate\",\"madvise\",\"splice\",\"tee\",\"epoll_ctl\","         \
	"\"epoll_wait\",\"socket\",\"connect\",\"bind\",\"listen\",\"accept4\","            \
	"\"shutdown\",\"sendmsg\",\"recvmsg\",\"sendto\",\"recvfrom\",\"waitid\","          \
	"\"futex_wake\",\"pipe2\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]"

const struct scenario io_uring = {
	.name = "io-uring",
	.group = "system calls",
	.summary = "do through a ring what is denied as a system call",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.seccomp = RULES},
	.probe = probe,
};
