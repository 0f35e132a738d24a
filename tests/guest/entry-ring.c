// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: does by io_uring what system calls do. Prints "MODE NAME=RESULT..." for each way in
 * which the kernel runs an operation; "had" is success. tests/guest/ring.guest knows what is right.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guest/ring.h"

/* For those below that older headers lack. */
enum { OP_SOCKET = 45 };

#define ADDRESS(pointer) ((uintptr_t)(pointer))

static const char nowhere[] = "/nonexistent/name", somewhere[] = "/";
static struct open_how how = {.flags = O_RDONLY | O_DIRECTORY};
static struct statx status;
static struct sockaddr address = {.sa_family = AF_UNIX};
static int ends[2]; /* of a pipe */
static char byte;

/*
 * What they reach is told by their results: nothing is changed. Without .fd they get an end of a
 * pipe: a worker looks for the file before all else.
 */
static const struct operation {
	const char *name;
	struct io_uring_sqe entry;
} operations[] = {
	{"openat",
	 {.opcode = IORING_OP_OPENAT,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(somewhere),
	  .open_flags = O_RDONLY | O_DIRECTORY}},
	{"openat2",
	 {.opcode = IORING_OP_OPENAT2,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(somewhere),
	  .len = sizeof(how),
	  .addr2 = ADDRESS(&how)}},
	{"socket", {.opcode = OP_SOCKET, .fd = AF_UNIX, .off = SOCK_STREAM}},
	{"connect",
	 {.opcode = IORING_OP_CONNECT, .addr = ADDRESS(&address), .addr2 = sizeof(address)}},
	{"statx",
	 {.opcode = IORING_OP_STATX,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(somewhere),
	  .len = STATX_SIZE,
	  .addr2 = ADDRESS(&status)}},
	{"mkdirat",
	 {.opcode = IORING_OP_MKDIRAT, .fd = AT_FDCWD, .addr = ADDRESS(nowhere), .len = 0700}},
	{"unlinkat", {.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = ADDRESS(nowhere)}},
	{"renameat2",
	 {.opcode = IORING_OP_RENAMEAT,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(nowhere),
	  .len = (unsigned int)AT_FDCWD,
	  .addr2 = ADDRESS(nowhere)}},
	{"symlinkat",
	 {.opcode = IORING_OP_SYMLINKAT,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(somewhere),
	  .addr2 = ADDRESS(nowhere)}},
	{"linkat",
	 {.opcode = IORING_OP_LINKAT,
	  .fd = AT_FDCWD,
	  .addr = ADDRESS(nowhere),
	  .len = (unsigned int)AT_FDCWD,
	  .addr2 = ADDRESS(nowhere)}},
	{"fallocate", {.opcode = IORING_OP_FALLOCATE, .addr = 1}},
	{"shutdown", {.opcode = IORING_OP_SHUTDOWN}},
	{"nop", {.opcode = IORING_OP_NOP}},
	{"write", {.opcode = IORING_OP_WRITE, .addr = ADDRESS("x"), .len = 1, .off = -1ull}},
	{"read", {.opcode = IORING_OP_READ, .addr = ADDRESS(&byte), .len = 1, .off = -1ull}},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static struct io_uring_sqe prepared(const struct operation *operation, unsigned int flags)
{
	struct io_uring_sqe entry = operation->entry;

	if (!entry.fd)
		entry.fd = ends[entry.opcode != IORING_OP_READ];
	entry.flags = flags;
	return entry;
}

static void tell(const char *name, int result)
{
	if (result >= 0)
		printf(" %s=had", name);
	else
		printf(" %s=%d", name, result);
}

static void run_all(struct ring *ring, const char *mode, unsigned int flags)
{
	printf("%s", mode);
	for (size_t i = 0; i < OPERATIONS; i++) {
		const struct io_uring_sqe entry = prepared(&operations[i], flags);
		int result = -EIO;

		if (ring_run(ring, &entry, 1, &result))
			result = -errno;
		tell(operations[i].name, result);
		if (result > 2)
			close(result);
	}
	printf("\n");
}

static const struct operation *find(const char *name)
{
	size_t i = 0;

	while (strcmp(operations[i].name, name))
		i++;
	return &operations[i];
}

/* The second waits for the first; what waits for one that failed is cancelled. */
static void run_linked(struct ring *ring)
{
	struct io_uring_sqe entries[3] = {
		prepared(find("nop"), IOSQE_IO_LINK),
		prepared(find("socket"), IOSQE_IO_LINK),
		prepared(find("nop"), 0),
	};
	int results[3] = {0};

	printf("linked");
	if (ring_run(ring, entries, 3, results))
		printf(" errno=%d", errno);
	tell("before", results[0]);
	tell("socket", results[1]);
	tell("behind", results[2]);
	printf("\n");
}

static void *run_in_thread(void *ring)
{
	run_all(ring, "thread", 0);
	return NULL;
}

static void run_in_child(struct ring *ring)
{
	if (!fork()) {
		run_all(ring, "child", 0);
		_exit(0);
	}
	wait(NULL);
}

static int try_ring(unsigned int flags, const char *inline_mode, const char *worker_mode)
{
	struct ring ring;

	if (ring_open(&ring, flags)) {
		printf("%s errno=%d\n", inline_mode, errno);
		return -1;
	}
	run_all(&ring, inline_mode, 0);
	run_all(&ring, worker_mode, IOSQE_ASYNC);
	return 0;
}

int main(void)
{
	struct ring ring;
	pthread_t thread;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (pipe(ends) || ring_open(&ring, 0)) {
		printf("ring errno=%d\n", errno);
		return 1;
	}
	run_all(&ring, "inline", 0);
	run_all(&ring, "worker", IOSQE_ASYNC);
	run_linked(&ring);
	if (!pthread_create(&thread, NULL, run_in_thread, &ring))
		pthread_join(thread, NULL);
	run_in_child(&ring);
	try_ring(IORING_SETUP_SQPOLL, "polled", "polled-worker");
	return 0;
}
