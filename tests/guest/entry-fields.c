// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: calls whose arguments lie in memory, by both entries, and while another thread
 * changes them. Prints "KEY NAME=RESULT...". tests/guest/fields.guest knows what is right. The
 * argument is how long each race lasts, in milliseconds; with 0 there is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/guest/call.h"

/* The same numbers on both entries. */
enum { CLONE3 = 435, OPENAT2 = 437 };

/* Lies where 32 bits reach it. */
static struct area {
	struct clone_args clone;
	struct open_how how;
	char root[2], file[32], proc[16];
} * area;

static long make_clone(enum entry entry)
{
	const struct call call = {entry, CLONE3, {(uintptr_t)&area->clone, sizeof(area->clone)}};
	const long pid = call_make(&call);

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid;
}

static long make_open(enum entry entry, const char *path)
{
	const struct call call = {entry,
				  OPENAT2,
				  {(unsigned int)AT_FDCWD, (uintptr_t)path, (uintptr_t)&area->how,
				   sizeof(area->how)}};
	const long fd = call_make(&call);

	if (fd >= 0)
		close(fd);
	return fd;
}

static void tell(const char *name, long result)
{
	if (result >= 0)
		printf(" %s=had", name);
	else
		printf(" %s=%ld", name, result);
}

static void clone_with(enum entry entry, const char *name, uint64_t flags)
{
	area->clone = (struct clone_args){.flags = flags, .exit_signal = SIGCHLD};
	tell(name, make_clone(entry));
}

static void open_with(enum entry entry, const char *name, const char *path, struct open_how how)
{
	area->how = how;
	tell(name, make_open(entry, path));
}

static void try_entry(enum entry entry)
{
	const char *name = entry == ENTRY_80 ? "80" : "64";

	printf("%s.clone3", name);
	clone_with(entry, "fork", 0);
	clone_with(entry, "user", CLONE_NEWUSER);
	clone_with(entry, "user-and-files", CLONE_NEWUSER | CLONE_FILES);
	clone_with(entry, "mount", CLONE_NEWNS);
	clone_with(entry, "uts", CLONE_NEWUTS);
	clone_with(entry, "clear-handlers", CLONE_CLEAR_SIGHAND);
	printf("\n%s.openat2", name);
	open_with(entry, "read", area->root, (struct open_how){.flags = O_RDONLY | O_DIRECTORY});
	open_with(entry, "path", area->root, (struct open_how){.flags = O_PATH});
	open_with(entry, "create", area->file,
		  (struct open_how){.flags = O_RDWR | O_CREAT, .mode = 0600});
	open_with(entry, "create-setuid", area->file,
		  (struct open_how){.flags = O_RDWR | O_CREAT, .mode = 04600});
	open_with(entry, "beneath", area->proc,
		  (struct open_how){.flags = O_RDONLY, .resolve = RESOLVE_BENEATH});
	open_with(entry, "cached", area->root,
		  (struct open_how){.flags = O_RDONLY | O_DIRECTORY, .resolve = RESOLVE_CACHED});
	printf("\n");
}

static void *nothing(void *unused)
{
	return unused;
}

/* What the C library makes by clone3 where it can. */
static void try_library(void)
{
	char *const argv[] = {(char *)"true", NULL}, *const environment[] = {NULL};
	pthread_t thread;
	int status = -1, error;
	pid_t pid;

	printf("library");
	error = pthread_create(&thread, NULL, nothing, NULL);
	if (!error)
		error = pthread_join(thread, NULL);
	tell("thread", -error);
	error = posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environment);
	if (!error && waitpid(pid, &status, 0) == pid && status)
		error = ECHILD;
	tell("spawn", -error);
	pid = fork();
	if (!pid)
		_exit(0);
	tell("fork", pid < 0 ? -errno : 0);
	waitpid(pid, NULL, 0);
	printf("\n");
}

/*
 * A race: a second thread writes two values in turn while the call is made. With the one the call
 * fails by itself (`harmless`), with the other it succeeds if it is made: a hit. They differ in one
 * byte only: the kernel may copy byte by byte, and must not find a third value.
 */
static struct race {
	const char *name;
	_Atomic uint64_t *place;
	uint64_t values[2];
	long harmless;
	long (*make)(void);
	const char *path;
} race;

static atomic_bool over;

static void *swap(void *unused)
{
	for (unsigned int i = 0; !atomic_load_explicit(&over, memory_order_relaxed); i++)
		atomic_store_explicit(race.place, race.values[i & 1], memory_order_relaxed);
	return unused;
}

static long race_clone(void)
{
	return make_clone(ENTRY_64);
}

static long race_open(void)
{
	return make_open(ENTRY_64, race.path);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_race(long duration)
{
	long tries = 0, harmless = 0, hits = 0, refused = 0;
	const long end = now_ms() + duration;
	pthread_t thread;

	atomic_store(&over, false);
	atomic_store(race.place, race.values[0]);
	if (pthread_create(&thread, NULL, swap, NULL))
		return;
	while (now_ms() < end) {
		for (int i = 0; i < 100; i++) {
			const long result = race.make();

			tries++;
			hits += result >= 0;
			harmless += result == race.harmless;
			refused += result == -71;
		}
	}
	atomic_store(&over, true);
	pthread_join(thread, NULL);
	printf("%s hits=%s harmless=%s refused=%s other=%ld\n", race.name, hits ? "some" : "none",
	       harmless > 100 ? "many" : "few", refused > 100 ? "many" : "few",
	       tries - hits - harmless - refused);
	printf("# %s: %ld hits in %ld tries in %ld ms", race.name, hits, tries, duration);
	if (hits)
		printf("\n");
	else
		printf(", so fewer than 1 in %ld (95 %%)\n", tries / 3);
}

static void try_races(long duration)
{
	area->clone = (struct clone_args){.exit_signal = SIGCHLD};
	race = (struct race){"race.clone3.flags",
			     (_Atomic uint64_t *)&area->clone.flags,
			     {CLONE_SIGHAND, CLONE_PTRACE},
			     -EINVAL,
			     race_clone,
			     NULL};
	run_race(duration);
	area->how = (struct open_how){.flags = O_RDONLY};
	race = (struct race){"race.openat2.resolve",
			     (_Atomic uint64_t *)&area->how.resolve,
			     {RESOLVE_BENEATH, RESOLVE_CACHED},
			     -EXDEV,
			     race_open,
			     "/"};
	run_race(duration);
	area->how = (struct open_how){0};
	race = (struct race){"race.openat2.flags",
			     (_Atomic uint64_t *)&area->how.flags,
			     {O_DIRECTORY, O_PATH},
			     -ENOTDIR,
			     race_open,
			     "/etc/passwd"};
	run_race(duration);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	area = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (argc != 2 || area == MAP_FAILED) {
		fprintf(stderr, "usage: entry-fields MILLISECONDS (for each race)\n");
		return 2;
	}
	strcpy(area->root, "/");
	strcpy(area->file, "/dev/shm/entry-fields");
	strcpy(area->proc, "proc");
	if (chdir("/"))
		return 3;
	try_entry(ENTRY_64);
	try_entry(ENTRY_80);
	try_library();
	if (atol(argv[1]))
		try_races(atol(argv[1]));
	unlink(area->file);
	return 0;
}
