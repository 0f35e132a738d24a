// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments in memory can change between a check and their use. Two ways to change them are tried:
 * a second thread writes the one and the other value in turn as fast as it can; and the structure's
 * end lies on a page that userfaultfd(2) supplies, so that whoever reads the structure stops in the
 * middle of it, when its first value has been read, and another is put in its place. Who reads
 * twice, once to check and once to use, is caught by the second way at the first try.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "scenarios/scenario.h"

#define PAGE	  4096
#define TRIES	  1000000
#define SECONDS	  3  /* for each way */
#define HITS	  20 /* are enough */
#define FILE_PATH "/tmp/vkernel-probe-swapped"

/* What the call was made with, as its answer tells. */
enum seen { SEEN_REFUSED, SEEN_ALLOWED, SEEN_DENIED, SEEN };

/* What is attacked: the structure's first 8 bytes are the flags. */
struct target {
	size_t size;		    /* of the structure */
	unsigned long long allowed; /* flags that the rule lets pass */
	unsigned long long denied;
	enum seen (*call)(void *structure, size_t size);
};

struct swap {
	const struct target *target;
	volatile unsigned long long *flags; /* at the structure's start */
	atomic_bool over;
	int faults; /* userfaultfd's descriptor */
	char *page; /* the page that it supplies */
};

struct score {
	unsigned long tries, seen[SEEN];
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* Each value stays as long as the other: on one processor the last one stands for a time slice. */
static void *write_in_turn(void *context)
{
	struct swap *swap = context;

	while (!atomic_load_explicit(&swap->over, memory_order_relaxed)) {
		*swap->flags ^= swap->target->allowed ^ swap->target->denied;
		for (int i = 0; i < 16; i++)
			__builtin_ia32_pause();
	}
	return NULL;
}

/* A fault means that the structure's beginning has been read. */
static void *swap_at_fault(void *context)
{
	struct swap *swap = context;
	struct pollfd waiting = {.fd = swap->faults, .events = POLLIN};

	while (!atomic_load_explicit(&swap->over, memory_order_relaxed)) {
		struct uffdio_zeropage zero = {.range = {(unsigned long)swap->page, PAGE}};
		struct uffd_msg message;

		if (poll(&waiting, 1, 50) != 1 ||
		    read(swap->faults, &message, sizeof(message)) != sizeof(message))
			continue;
		*swap->flags ^= swap->target->allowed ^ swap->target->denied;
		ioctl(swap->faults, UFFDIO_ZEROPAGE, &zero);
	}
	return NULL;
}

/* The structure's last 8 bytes are the second page's first ones, which are 0. */
static void *place_structure(char *pages, const struct target *target)
{
	return pages + PAGE + 8 - target->size;
}

/* In the middle of a reading it changes from allowed to denied and back in turn. */
static void attempt(struct swap *swap, struct score *score)
{
	if (swap->page) {
		madvise(swap->page, PAGE, MADV_DONTNEED);
		*swap->flags = score->tries % 2 ? swap->target->denied : swap->target->allowed;
	}
	score->seen[swap->target->call((void *)swap->flags, swap->target->size)]++;
	score->tries++;
}

static int race(struct swap *swap, void *(*swapper)(void *), struct score *score)
{
	double end = now() + SECONDS;
	pthread_t thread;
	int number = pthread_create(&thread, NULL, swapper, swap);

	if (number)
		return number;
	*score = (struct score){0};
	while (score->tries < TRIES && score->seen[SEEN_DENIED] < HITS && now() < end)
		for (int i = 0; i < 16; i++)
			attempt(swap, score);
	atomic_store(&swap->over, true);
	pthread_join(thread, NULL);
	return 0;
}

/* No hit in n tries: with 95 % confidence fewer than 3 in n hit. */
static void tell(struct tries *tries, const char *name, int number, const struct score *score)
{
	if (number)
		tries_add(tries, name, OUTCOME_BROKEN, "cannot be made: %s", errno_name(number));
	else if (score->seen[SEEN_DENIED])
		tries_add(tries, name, OUTCOME_REACHED, "%lu hits in %lu tries",
			  score->seen[SEEN_DENIED], score->tries);
	else
		tries_add(tries, name, OUTCOME_REFUSED,
			  "no hit in %lu tries (%lu refused, %lu let through as allowed): below "
			  "%.1e a try (3/n), on %ld processors",
			  score->tries, score->seen[SEEN_REFUSED], score->seen[SEEN_ALLOWED],
			  3.0 / score->tries, sysconf(_SC_NPROCESSORS_ONLN));
}

static int race_plainly(const struct target *target, struct score *score)
{
	unsigned long long structure[16] = {0};
	struct swap swap = {.target = target, .flags = structure, .faults = -1};

	structure[0] = target->allowed;
	return race(&swap, write_in_turn, score);
}

static int open_faults(char *page)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register own = {.range = {(unsigned long)page, PAGE},
				      .mode = UFFDIO_REGISTER_MODE_MISSING};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (!ioctl(fd, UFFDIO_API, &api) && !ioctl(fd, UFFDIO_REGISTER, &own))
		return fd;
	close(fd);
	return -1;
}

static int race_in_the_middle(const struct target *target, struct score *score)
{
	char *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct swap swap = {.target = target, .page = pages + PAGE};
	int number;

	if (pages == MAP_FAILED)
		return errno;
	swap.flags = place_structure(pages, target);
	swap.faults = open_faults(swap.page);
	number = swap.faults < 0 ? errno : race(&swap, swap_at_fault, score);
	if (swap.faults >= 0)
		close(swap.faults);
	munmap(pages, 2 * PAGE);
	return number;
}

static void swap_arguments(const struct target *target, struct tries *tries)
{
	struct score score;
	int number;

	number = race_plainly(target, &score);
	tell(tries, "a second thread writes both values in turn", number, &score);
	number = race_in_the_middle(target, &score);
	tell(tries, "the value changes while the structure is read", number, &score);
}

static enum seen call_clone3(void *structure, size_t size)
{
	long child = syscall(SYS_clone3, structure, size);

	if (!child)
		_exit(0);
	if (child < 0)
		return errno == EINVAL ? SEEN_ALLOWED : SEEN_REFUSED;
	waitpid(child, NULL, __WALL);
	return SEEN_DENIED;
}

/*
 * The allowed value is one with which clone3 always fails: only the denied one makes a child. Both
 * are in one byte, because the kernel may copy byte by byte.
 */
static void probe_clone3(const char *nonce, const char *argument, struct tries *tries)
{
	static const struct target target = {.size = sizeof(struct clone_args),
					     .allowed = CLONE_THREAD,
					     .denied = CLONE_NEWNS,
					     .call = call_clone3};

	(void)nonce;
	(void)argument;
	swap_arguments(&target, tries);
}

static enum seen call_openat2(void *structure, size_t size)
{
	int fd = syscall(SYS_openat2, AT_FDCWD, FILE_PATH, structure, size);
	int mode;

	if (fd < 0)
		return SEEN_REFUSED;
	mode = fcntl(fd, F_GETFL) & O_ACCMODE;
	close(fd);
	return mode == O_RDWR ? SEEN_DENIED : SEEN_ALLOWED;
}

static void probe_openat2(const char *nonce, const char *argument, struct tries *tries)
{
	static const struct target target = {.size = sizeof(struct open_how),
					     .allowed = O_RDONLY,
					     .denied = O_RDWR,
					     .call = call_openat2};
	int fd = open(FILE_PATH, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	(void)nonce;
	(void)argument;
	if (fd < 0)
		tries_add(tries, "a file of the probe's own", OUTCOME_BROKEN, "%s",
			  errno_name(errno));
	else
		swap_arguments(&target, tries);
	close(fd);
	unlink(FILE_PATH);
}

/* userfaultfd for faults in the kernel takes CAP_SYS_PTRACE, a namespace CAP_SYS_ADMIN. */
static const char *const capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					   "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", NULL};

#define FAULTS "{\"names\":[\"userfaultfd\"],\"action\":\"SCMP_ACT_ALLOW\"}"

const struct scenario clone3_swapped = {
	.name = "clone3-swapped",
	.group = "system calls",
	.summary = "change clone3's flags after they have been checked",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities,
		    .seccomp = "[" FAULTS ",{\"names\":[\"clone3\"],\"action\":"
			       "\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]",
		    .fields = "[" FAULTS ",{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ALLOW\","
			      "\"args\":[{\"field\":\"flags\",\"value\":2114060288,"
			      "\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]"},
	.probe = probe_clone3,
};

const struct scenario openat2_swapped = {
	.name = "openat2-swapped",
	.group = "system calls",
	.summary = "change openat2's flags after they have been checked",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities,
		    .seccomp = "[" FAULTS ",{\"names\":[\"openat2\"],\"action\":"
			       "\"SCMP_ACT_ALLOW\"}]",
		    .fields = "[" FAULTS
			      ",{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
			      "{\"field\":\"flags\",\"value\":3,\"valueTwo\":0,"
			      "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]"},
	.probe = probe_openat2,
};
