// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/agree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OTHER_USER   1000

/*
 * A whole program: an ELF header, one segment to be mapped, and exit(7). Files that are as small as
 * this can be there in thousands.
 */
static const unsigned char program[] = {
	0x7f, 'E',  'L',  'F', 2,  1,	 1,  0, 0,    0, 0,    0,
	0,    0,    0,	  0, /* 64 bits */
	2,    0,    62,	  0,   1,  0,	 0,  0, 0x78, 0, 0x40, 0,
	0,    0,    0,	  0, /* entry 0x400078 */
	64,   0,    0,	  0,   0,  0,	 0,  0, 0,    0, 0,    0,
	0,    0,    0,	  0, /* segments at 64 */
	0,    0,    0,	  0,   64, 0,	 56, 0, 1,    0, 0,    0,
	0,    0,    0,	  0, /* one */
	1,    0,    0,	  0,   5,  0,	 0,  0, 0,    0, 0,    0,
	0,    0,    0,	  0, /* load, r-x */
	0,    0,    0x40, 0,   0,  0,	 0,  0, 0,    0, 0x40, 0,
	0,    0,    0,	  0, /* at 0x400000 */
	0x84, 0,    0,	  0,   0,  0,	 0,  0, 0x84, 0, 0,    0,
	0,    0,    0,	  0,					     /* 132 bytes */
	0,    0x10, 0,	  0,   0,  0,	 0,  0,			     /* aligned to 4096 */
	0xb8, 60,   0,	  0,   0,  0xbf, 7,  0, 0,    0, 0x0f, 0x05, /* exit(7) */
};

/* Each operation returns 0 or an errno, and 1000 times the step in which it came where there are. */
#define STEP(step, number) ((number) ? (step)*1000 + (number) : 0)

struct paths {
	char one[256], two[256]; /* two differs from one, mostly */
	uid_t user;		 /* whose the operation is */
};

static int result_of(int value)
{
	return value < 0 ? errno : 0;
}

static int opened(const struct paths *paths, int flags)
{
	int fd = open(paths->one, flags | O_CLOEXEC | O_NONBLOCK, 0755);

	if (fd < 0)
		return errno;
	/* what a new file holds is the same everywhere */
	if ((flags & O_CREAT) && write(fd, program, sizeof(program)) < 0) {
		int number = errno;

		close(fd);
		return STEP(1, number);
	}
	close(fd);
	return 0;
}

#define OPENER(name, flags)                        \
	static int name(const struct paths *paths) \
	{                                          \
		return opened(paths, flags);       \
	}

OPENER(open_read, O_RDONLY)
OPENER(open_write, O_WRONLY)
OPENER(open_both, O_RDWR)
OPENER(open_append, O_WRONLY | O_APPEND)
OPENER(open_read_append, O_RDWR | O_APPEND)
OPENER(open_truncate, O_WRONLY | O_TRUNC)
OPENER(open_read_truncate, O_RDONLY | O_TRUNC)
OPENER(open_create, O_WRONLY | O_CREAT)
OPENER(open_create_new, O_WRONLY | O_CREAT | O_EXCL)
OPENER(open_folder, O_RDONLY | O_DIRECTORY)
OPENER(open_path, O_PATH)
OPENER(open_no_follow, O_RDONLY | O_NOFOLLOW)

/*
 * Of a file that is there, which O_CREAT does not make, AppArmor still wants what making it takes; an
 * instance wants what is done.
 */
static int open_create_append(const struct paths *paths)
{
	const bool there = !access(paths->one, F_OK);

	return opened(paths, O_WRONLY | O_APPEND | (there ? 0 : O_CREAT));
}

static int make_folder(const struct paths *paths)
{
	return result_of(mkdir(paths->one, 0755));
}

static int remove_folder(const struct paths *paths)
{
	return result_of(rmdir(paths->one));
}

static int remove_file(const struct paths *paths)
{
	return result_of(unlink(paths->one));
}

static int rename_plain(const struct paths *paths)
{
	return result_of(rename(paths->one, paths->two));
}

/*
 * AppArmor of 6.12 takes the owner of the first file for that of the second here; 6.1, 7.2 and an
 * instance do not. So files of different owners are not exchanged.
 */
static int rename_exchange(const struct paths *paths)
{
	struct stat one, two;

	if (!lstat(paths->one, &one) && !lstat(paths->two, &two) && one.st_uid != two.st_uid)
		return 0;
	return result_of(renameat2(AT_FDCWD, paths->one, AT_FDCWD, paths->two, RENAME_EXCHANGE));
}

static int rename_new(const struct paths *paths)
{
	return result_of(renameat2(AT_FDCWD, paths->one, AT_FDCWD, paths->two, RENAME_NOREPLACE));
}

/*
 * apparmor_parser marks a link to be compared with its target only where the target is the task's
 * own; an instance compares all. A folder is refused whatever rules say. So only own files are linked.
 */
static int make_link(const struct paths *paths)
{
	struct stat status;

	if (!lstat(paths->one, &status) &&
	    (status.st_uid != paths->user || S_ISDIR(status.st_mode)))
		return 0;
	return result_of(link(paths->one, paths->two));
}

static int make_symlink(const struct paths *paths)
{
	return result_of(symlink(paths->one, paths->two));
}

static int make_pipe(const struct paths *paths)
{
	return result_of(mknod(paths->one, S_IFIFO | 0644, 0));
}

static int change_mode(const struct paths *paths)
{
	return result_of(chmod(paths->one, 0755));
}

static int change_owner(const struct paths *paths)
{
	return result_of(chown(paths->one, strlen(paths->one) % 2 ? OTHER_USER : 0, -1));
}

static int truncate_path(const struct paths *paths)
{
	return result_of(truncate(paths->one, sizeof(program)));
}

static int look(const struct paths *paths)
{
	struct stat status;

	return result_of(stat(paths->one, &status));
}

static int look_at_link(const struct paths *paths)
{
	struct stat status;
	char target[256];

	if (lstat(paths->one, &status))
		return errno;
	return STEP(1, S_ISLNK(status.st_mode) && readlink(paths->one, target, sizeof(target)) < 0
			       ? errno
			       : 0);
}

static int may_access(const struct paths *paths)
{
	return result_of(access(paths->one, R_OK | W_OK));
}

static int change_times(const struct paths *paths)
{
	return result_of(utimensat(AT_FDCWD, paths->one, NULL, 0));
}

static int execute(const struct paths *paths)
{
	char *const argv[] = {"program", NULL};
	char *const environment[] = {NULL};
	int status;
	/* The child shares this memory until it executes: it is only read. */
	pid_t child = vfork();

	if (!child) {
		execve(paths->one, argv, environment);
		_exit(errno < 128 ? 128 + errno % 100 : 255);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return STEP(2, errno);
	if (WIFSIGNALED(status))
		return STEP(3, WTERMSIG(status));
	return WEXITSTATUS(status) == 7 ? 0 : WEXITSTATUS(status) - 128;
}

/* With an open file: the first step is to open it. */
static int with_file(const struct paths *paths, int flags, int (*act)(int fd))
{
	int fd = open(paths->one, flags | O_CLOEXEC | O_NONBLOCK);
	int number;

	if (fd < 0)
		return errno;
	number = act(fd) < 0 ? errno : 0;
	close(fd);
	return STEP(1, number);
}

static int map_program(int fd)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (memory == MAP_FAILED)
		return -1;
	munmap(memory, 4096);
	return 0;
}

static int protect_program(int fd)
{
	void *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	int result, number;

	if (memory == MAP_FAILED)
		return -1;
	result = mprotect(memory, 4096, PROT_READ | PROT_EXEC);
	number = errno;
	munmap(memory, 4096);
	errno = number;
	return result;
}

static int lock_whole(int fd)
{
	return flock(fd, LOCK_SH | LOCK_NB);
}

static int lock_range(int fd)
{
	struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 8};

	return fcntl(fd, F_SETLK, &range);
}

static int cut(int fd)
{
	return ftruncate(fd, sizeof(program));
}

static int change_open_mode(int fd)
{
	return fchmod(fd, 0755);
}

static int list(int fd)
{
	char entries[4096];

	return syscall(SYS_getdents64, fd, entries, sizeof(entries));
}

static int map_file(const struct paths *paths)
{
	return with_file(paths, O_RDONLY, map_program);
}

static int protect_file(const struct paths *paths)
{
	return with_file(paths, O_RDONLY, protect_program);
}

static int lock_file(const struct paths *paths)
{
	return with_file(paths, O_RDONLY, lock_whole);
}

static int lock_part(const struct paths *paths)
{
	return with_file(paths, O_RDONLY, lock_range);
}

static int cut_file(const struct paths *paths)
{
	return with_file(paths, O_RDWR, cut);
}

static int change_file_mode(const struct paths *paths)
{
	return with_file(paths, O_RDONLY, change_open_mode);
}

static int list_folder(const struct paths *paths)
{
	return with_file(paths, O_RDONLY | O_DIRECTORY, list);
}

/* weight: how often, among all. moves: an object gets another name. */
static const struct operation {
	const char *name;
	int (*act)(const struct paths *paths);
	unsigned int weight;
	bool moves;
} operations[] = {
	{"open r", open_read, 8, false},
	{"open w", open_write, 6, false},
	{"open rw", open_both, 5, false},
	{"open a", open_append, 4, false},
	{"open ra", open_read_append, 2, false},
	{"open truncate", open_truncate, 3, false},
	{"open r truncate", open_read_truncate, 1, false},
	{"open create", open_create, 8, false},
	{"open create new", open_create_new, 6, false},
	{"open create append", open_create_append, 3, false},
	{"open folder", open_folder, 3, false},
	{"open path", open_path, 1, false},
	{"open no-follow", open_no_follow, 2, false},
	{"mkdir", make_folder, 7, false},
	{"rmdir", remove_folder, 4, false},
	{"unlink", remove_file, 5, false},
	{"rename", rename_plain, 7, true},
	{"rename exchange", rename_exchange, 4, true},
	{"rename new", rename_new, 4, true},
	{"link", make_link, 7, true},
	{"symlink", make_symlink, 3, false},
	{"mknod", make_pipe, 2, false},
	{"chmod", change_mode, 3, false},
	{"chown", change_owner, 3, false},
	{"truncate", truncate_path, 3, false},
	{"stat", look, 3, false},
	{"lstat", look_at_link, 2, false},
	{"access", may_access, 1, false},
	{"utimensat", change_times, 1, false},
	{"exec", execute, 5, false},
	{"mmap", map_file, 4, false},
	{"mprotect", protect_file, 3, false},
	{"flock", lock_file, 3, false},
	{"fcntl", lock_part, 3, false},
	{"ftruncate", cut_file, 3, false},
	{"fchmod", change_file_mode, 2, false},
	{"getdents", list_folder, 2, false},
};

static const struct operation *choose(struct chance *from, unsigned int folder)
{
	unsigned int total = 0, at;

	for (size_t i = 0; i < COUNT(operations); i++)
		total += operations[i].weight;
	for (;;) {
		const struct operation *chosen = operations;

		for (at = chance(from, total); at >= chosen->weight; chosen++)
			at -= chosen->weight;
		if (!chosen->moves || !agree_still(folder))
			return chosen;
	}
}

static void print_path(const char *path)
{
	for (path += strlen(AGREE_ROOT); *path; path++)
		if (*path > ' ' && *path < 0x7f)
			putchar(*path);
		else
			printf("\\x%02x", (unsigned char)*path);
}

void agree_run(unsigned long seed, unsigned int folders, unsigned int count)
{
	umask(0);
	for (unsigned int folder = 0; folder < folders; folder++) {
		struct chance from = chance_for(seed, folder, 3);

		for (unsigned int i = 0; i < count; i++) {
			const struct operation *operation = choose(&from, folder);
			bool other = !chance(&from, 4);
			struct paths paths;
			int result;

			agree_path(&from, folder, paths.one, sizeof(paths.one));
			agree_path(&from, folder, paths.two, sizeof(paths.two));
			paths.user = other ? OTHER_USER : 0;
			setfsuid(paths.user);
			result = operation->act(&paths);
			setfsuid(0);
			printf("%u.%u: %s%s ", folder, i, operation->name, other ? " (other)" : "");
			print_path(paths.one);
			putchar(' ');
			print_path(paths.two);
			printf(" = %d\n", result);
		}
	}
}

/* 1: something else is there, or in the way. */
static int make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ssize_t written;

	if (fd < 0)
		return errno == EEXIST || errno == ENOTDIR || errno == EISDIR ? 1 : -1;
	written = write(fd, program, sizeof(program));
	close(fd);
	return written == sizeof(program) ? 0 : -1;
}

static int make_some(struct chance *from, const char *top)
{
	char path[256];
	size_t length = snprintf(path, sizeof(path), "%s", top);
	int result;

	for (unsigned int depth = chance(from, 3); depth; depth--) {
		length += snprintf(path + length, sizeof(path) - length, "/%s",
				   agree_names[chance(from, AGREE_NAMES)]);
		if (mkdir(path, 0777) && errno != EEXIST)
			return errno == ENOTDIR ? 0 : -1;
	}
	snprintf(path + length, sizeof(path) - length, "/%s",
		 agree_names[chance(from, AGREE_NAMES)]);
	result = make_file(path);
	if (!result && !chance(from, 3))
		result = lchown(path, OTHER_USER, OTHER_USER);
	return result < 0 ? -1 : 0;
}

int agree_prepare(const char *root, unsigned long seed, unsigned int folders)
{
	umask(0);
	for (unsigned int folder = 0; folder < folders; folder++) {
		struct chance from = chance_for(seed, folder, 2);
		char top[128];

		snprintf(top, sizeof(top), "%s/t%03u", root, folder);
		if (mkdir(top, 0777))
			return -1;
		for (unsigned int i = 0; i < 16; i++)
			if (make_some(&from, top))
				return -1;
	}
	return 0;
}
