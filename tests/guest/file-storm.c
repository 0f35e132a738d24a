// SPDX-License-Identifier: GPL-2.0
/*
 * Many threads move files and directories between TREE/allow, where they may be read, and TREE/deny,
 * where they may not, and open them after each move. Each thread has objects of its own, so what an
 * opening has to answer is certain; all threads share the kernel's tables. Another thread renames
 * and removes what nobody asks about. Usage: file-storm TREE SECONDS. Prints "opened N", "wrong N".
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define THREADS 6
#define OBJECTS 8

static const char *tree;
static time_t end;
static atomic_ulong opened, wrong;

static void name(char *buffer, size_t size, bool allowed, int thread, int object, const char *below)
{
	snprintf(buffer, size, "%s/%s/%d-%d%s", tree, allowed ? "allow" : "deny", thread, object,
		 below);
}

static void make(int thread, int object, bool directory)
{
	char path[200];

	name(path, sizeof(path), true, thread, object, "");
	if (directory) {
		mkdir(path, 0755);
		name(path, sizeof(path), true, thread, object, "/f");
	}
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

static void check(int thread, int object, bool directory, bool allowed)
{
	char path[200];

	name(path, sizeof(path), allowed, thread, object, directory ? "/f" : "");
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	opened++;
	if (allowed ? fd < 0 : fd >= 0 || errno != EACCES) {
		wrong++;
		printf("wrong: %s %d errno %d\n", path, fd, fd < 0 ? errno : 0);
	}
	close(fd);
}

static void move(int thread, int object, bool to_allowed)
{
	char from[200], to[200];

	name(from, sizeof(from), !to_allowed, thread, object, "");
	name(to, sizeof(to), to_allowed, thread, object, "");
	if (rename(from, to)) {
		wrong++;
		printf("wrong: rename %s errno %d\n", from, errno);
	}
}

/* Half of the objects are files, half are directories with one file. */
static void *storm(void *argument)
{
	const int thread = (int)(long)argument;
	bool allowed[OBJECTS];
	unsigned int seed = thread;

	for (int i = 0; i < OBJECTS; i++) {
		make(thread, i, i % 2);
		allowed[i] = true;
	}
	while (time(NULL) < end) {
		const int i = rand_r(&seed) % OBJECTS;

		for (int times = rand_r(&seed) % 3; times >= 0; times--)
			check(thread, i, i % 2, allowed[i]);
		/* A directory that may not be read may not be renamed. */
		if (i % 2 && rand_r(&seed) % 8)
			continue;
		if (!allowed[i]) {
			check(thread, i, i % 2, false);
			continue;
		}
		move(thread, i, false);
		allowed[i] = false;
		check(thread, i, i % 2, false);
		if (!(i % 2)) {
			char path[200];

			name(path, sizeof(path), false, thread, i, "");
			unlink(path);
			make(thread, i, false);
			allowed[i] = true;
		}
	}
	return NULL;
}

static void *noise(void *)
{
	char a[200], b[200];

	for (unsigned int i = 0; time(NULL) < end; i++) {
		snprintf(a, sizeof(a), "%s/noise/%u", tree, i);
		snprintf(b, sizeof(b), "%s/noise/%u.moved", tree, i);
		if (i % 16)
			close(open(a, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
		else
			mkdir(a, 0755);
		rename(a, b);
		if (i % 16)
			unlink(b);
		else
			rmdir(b);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS + 1];

	if (argc != 3)
		return 2;
	tree = argv[1];
	end = time(NULL) + atoi(argv[2]);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, storm, (void *)i);
	pthread_create(&threads[THREADS], NULL, noise, NULL);
	for (int i = 0; i <= THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("opened %lu\nwrong %lu\n", opened, wrong);
	return wrong != 0;
}
