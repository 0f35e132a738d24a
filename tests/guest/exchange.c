// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in a container whose policy is exchanged, for tests/guest/operator. Generation G of the
 * policy answers each of these calls with an errno that tells the call and G. Four threads make
 * them all the time, one of them by the i386 entry; each answer must be
 *
 *	a denial: there is always a policy;
 *	the one of this very call: no half of a policy is taken with half of another;
 *	of a generation that is not older than any that somebody had seen, or been told of by
 *	`exchange floor`, when the call began: a policy is in force on all tasks at once.
 *
 * `exchange FILE` ends with FILE's floor at END, and prints what was seen; `exchange floor FILE G`
 * tells it that generation G is in force.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS 4
#define END	999 /* no generation comes so far */
#define STEP	1000

/* Which errno is whose: STEP times the place here, and the generation. */
static const struct probe {
	long native, i386, argument;
} probes[] = {
	{SYS_getpriority, 96, 1},
	{SYS_getpriority, 96, 2},
	{SYS_getsid, 147, 0},
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))

static atomic_int *floor_seen; /* in the file */
static atomic_int newest;
static atomic_ulong calls, wrong;

static long call_i386(long number, long argument)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(argument), "c"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

static long call_native(long number, long argument)
{
	long result = syscall(number, argument, 0);

	return result < 0 ? -errno : result;
}

static void raise_to(atomic_int *value, int to)
{
	int seen = atomic_load(value);

	while (seen < to && !atomic_compare_exchange_weak(value, &seen, to))
		continue;
}

static int least(void)
{
	int told = atomic_load(floor_seen), seen = atomic_load(&newest);

	return told > seen && told != END ? told : seen;
}

static void probe(size_t index, bool i386)
{
	const struct probe *what = &probes[index];
	const int before = least();
	const long answer = i386 ? call_i386(what->i386, what->argument)
				 : call_native(what->native, what->argument);
	const int generation = -answer - STEP * (long)(index + 1);

	atomic_fetch_add(&calls, 1);
	if (generation < before || generation >= STEP) {
		atomic_fetch_add(&wrong, 1);
		printf("wrong: probe %zu%s answered %ld, with generation %d seen\n", index,
		       i386 ? " by i386" : "", answer, before);
		return;
	}
	raise_to(&newest, generation);
}

static void *work(void *i386)
{
	bool last;

	/* Once more after the end, for the newest generation may be in force since a moment only. */
	do {
		last = atomic_load(floor_seen) == END;
		for (size_t i = 0; i < PROBES; i++)
			probe(i, i386);
	} while (!last && !atomic_load(&wrong));
	return NULL;
}

static void map(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	void *page = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, sizeof(*floor_seen)))
		page = mmap(NULL, sizeof(*floor_seen), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED) {
		perror(path);
		exit(3);
	}
	floor_seen = page;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	if (argc == 4 && !strcmp(argv[1], "floor")) {
		map(argv[2]);
		raise_to(floor_seen, atoi(argv[3]));
		return 0;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: exchange FILE | exchange floor FILE GENERATION\n");
		return 2;
	}
	map(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, i ? NULL : &newest))
			return 3;
	puts("begun");
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("calls: %lu\nnewest: %d\nwrong: %lu\n", atomic_load(&calls), atomic_load(&newest),
	       atomic_load(&wrong));
	return atomic_load(&wrong) > 0;
}
