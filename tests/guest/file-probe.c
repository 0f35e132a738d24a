// SPDX-License-Identifier: GPL-2.0
/*
 * Does what its arguments say, one after the other, and prints "KEY ok" or "KEY EACCES" for each.
 * An argument is KEY=OPERATION,ARGUMENT...; see `operations`. An operation's result is 0 or a
 * negative errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/guest/file-probe.h"
#include "tests/guest/ring.h"

#define ARGUMENTS 6

int open_and_close(int at, const char *path, int flags)
{
	const int fd = openat(at, path, flags | O_CLOEXEC | O_NONBLOCK, 0644);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int op_read(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_RDONLY);
}

static int op_write(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_WRONLY);
}

static int op_both(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_RDWR);
}

static int op_append(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_WRONLY | O_APPEND);
}

static int op_ioctl(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_ACCMODE);
}

static int op_empty(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_RDONLY | O_TRUNC);
}

static int op_create(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_RDWR | O_CREAT | O_EXCL);
}

static int op_tmpfile(char **a)
{
	return open_and_close(AT_FDCWD, a[0], O_RDWR | O_TMPFILE);
}

static int op_stat(char **a)
{
	struct stat status;

	return result(stat(a[0], &status));
}

static int op_truncate(char **a)
{
	return result(truncate(a[0], 0));
}

static int op_mkdir(char **a)
{
	return result(mkdir(a[0], 0755));
}

static int op_rmdir(char **a)
{
	return result(rmdir(a[0]));
}

static int op_unlink(char **a)
{
	return result(unlink(a[0]));
}

static int op_mknod(char **a)
{
	return result(mknod(a[0], S_IFIFO | 0644, 0));
}

static int op_symlink(char **a)
{
	return result(symlink(a[0], a[1]));
}

static int op_link(char **a)
{
	return result(link(a[0], a[1]));
}

static int op_rename(char **a)
{
	return result(rename(a[0], a[1]));
}

static int op_exchange(char **a)
{
	return result(renameat2(AT_FDCWD, a[0], AT_FDCWD, a[1], RENAME_EXCHANGE));
}

static int op_chmod(char **a)
{
	return result(chmod(a[0], 0644));
}

static int op_chown(char **a)
{
	return result(lchown(a[0], atoi(a[1]), -1));
}

/* What opening a file to append to it does not permit. */
static int op_overwrite(char **a) /* by what, file */
{
	const int fd =
		open(a[1], (!strcmp(a[0], "map") ? O_RDWR : O_WRONLY) | O_APPEND | O_CLOEXEC);
	struct iovec piece = {.iov_base = (char[]){'x'}, .iov_len = 1};
	int answer = -ENOSYS;

	if (fd < 0)
		return -errno;
	if (!strcmp(a[0], "flag"))
		answer = result(fcntl(fd, F_SETFL, 0));
	else if (!strcmp(a[0], "hole"))
		answer = result(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1));
	else if (!strcmp(a[0], "here")) /* RWF_NOAPPEND, since 6.9 */
		answer = result(pwritev2(fd, &piece, 1, 0, 0x20));
	else if (!strcmp(a[0], "map"))
		answer = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED
				 ? -errno
				 : 0;
	else if (!strcmp(a[0], "more"))
		answer = result(pwritev2(fd, &piece, 1, 0, 0));
	close(fd);
	return answer;
}

static int map(const char *path, int protection, int later)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	int answer = 0;

	if (fd < 0)
		return -errno;
	void *area = mmap(NULL, 4096, protection, MAP_PRIVATE, fd, 0);

	if (area == MAP_FAILED)
		answer = -errno;
	else if (later && mprotect(area, 4096, later))
		answer = -errno;
	close(fd);
	return answer;
}

static int op_map(char **a)
{
	return map(a[0], PROT_READ | PROT_EXEC, 0);
}

static int op_protect(char **a)
{
	return map(a[0], PROT_READ, PROT_READ | PROT_EXEC);
}

static int op_implied(char **a)
{
	personality(READ_IMPLIES_EXEC);
	const int answer = map(a[0], PROT_READ, 0);

	personality(0);
	return answer;
}

static int op_flock(char **a)
{
	const int fd = open(a[0], O_RDONLY | O_CLOEXEC);
	const int answer = fd < 0 ? -errno : result(flock(fd, LOCK_SH));

	close(fd);
	return answer;
}

static int op_lock(char **a)
{
	struct flock lock = {.l_type = F_RDLCK};
	const int fd = open(a[0], O_RDONLY | O_CLOEXEC);
	const int answer = fd < 0 ? -errno : result(fcntl(fd, F_SETLK, &lock));

	close(fd);
	return answer;
}

/* Opens a file by O_PATH, and again by its descriptor. */
static int op_reopen(char **a)
{
	char name[64];
	const int fd = open(a[0], O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	const int answer = open_and_close(AT_FDCWD, name, O_RDONLY);

	close(fd);
	return answer;
}

/* A file by its handle, through the mount of another one. */
static int op_handle(char **a)
{
	struct {
		struct file_handle handle;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = {.handle.handle_bytes = MAX_HANDLE_SZ};
	int mount_id, fd, at, answer;

	if (name_to_handle_at(AT_FDCWD, a[0], &handle.handle, &mount_id, 0))
		return -errno;
	at = open(a[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -errno;
	close(at);
	at = open(a[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -errno;
	fd = open_by_handle_at(at, &handle.handle, O_RDONLY | O_CLOEXEC);
	answer = result(fd);
	close(fd);
	close(at);
	return answer;
}

static int op_ring(char **a)
{
	static struct ring ring;
	const struct io_uring_sqe entry = {
		.opcode = IORING_OP_OPENAT,
		.flags = IOSQE_ASYNC, /* by a thread of the kernel */
		.fd = AT_FDCWD,
		.addr = (unsigned long)a[0],
		.open_flags = O_RDONLY | O_CLOEXEC,
	};
	int answer;

	if (!ring.fd && ring_open(&ring, 0))
		return -errno;
	if (ring_run(&ring, &entry, 1, &answer))
		return -errno;
	if (answer >= 0)
		close(answer);
	return answer < 0 ? answer : 0;
}

static int op_bind(char **a)
{
	return result(mount(a[0], a[1], NULL, MS_BIND, NULL));
}

static int op_umount(char **a)
{
	return result(umount2(a[0], a[1] ? MNT_DETACH : 0));
}

static int op_mount(char **a) /* type, place[, options] */
{
	if (a[2])
		for (char *c = a[2]; *c; c++)
			*c = *c == ';' ? ',' : *c;
	return result(mount("none", a[1], a[0], 0, a[2]));
}

/* A copy of a mount that is in no namespace, and a file below it. */
static int op_detached(char **a)
{
	const int tree = syscall(SYS_open_tree, AT_FDCWD, a[0],
				 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	const int answer = tree < 0 ? -errno : open_and_close(tree, a[1], O_RDONLY);

	close(tree);
	return answer;
}

static int op_chroot(char **a)
{
	return result(chroot(a[0]));
}

static int op_unshare(char **)
{
	return result(unshare(CLONE_NEWNS))
		       ? -errno
		       : result(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, 0));
}

static int op_user(char **a) /* for the rest */
{
	return result(seteuid(atoi(a[0])));
}

static int op_times(char **a)
{
	return result(utimensat(AT_FDCWD, a[0], NULL, 0));
}

static int op_wait(char **a) /* until a file is there */
{
	for (int i = 0; i < 3000; i++) {
		if (!access(a[0], F_OK))
			return 0;
		usleep(10000);
	}
	return -ETIMEDOUT;
}

static const struct {
	const char *name;
	int (*run)(char **arguments);
} operations[] = {
	{"read", op_read},	   {"write", op_write},		{"both", op_both},
	{"append", op_append},	   {"ioctl", op_ioctl},		{"empty", op_empty},
	{"create", op_create},	   {"tmpfile", op_tmpfile},	{"stat", op_stat},
	{"truncate", op_truncate}, {"mkdir", op_mkdir},		{"rmdir", op_rmdir},
	{"unlink", op_unlink},	   {"mknod", op_mknod},		{"symlink", op_symlink},
	{"link", op_link},	   {"rename", op_rename},	{"exchange", op_exchange},
	{"chmod", op_chmod},	   {"chown", op_chown},		{"exec", op_exec},
	{"map", op_map},	   {"protect", op_protect},	{"implied", op_implied},
	{"flock", op_flock},	   {"lock", op_lock},		{"reopen", op_reopen},
	{"handle", op_handle},	   {"ring", op_ring},		{"receive", op_receive},
	{"send", op_send},	   {"bind", op_bind},		{"umount", op_umount},
	{"mount", op_mount},	   {"detached", op_detached},	{"chroot", op_chroot},
	{"unshare", op_unshare},   {"user", op_user},		{"times", op_times},
	{"wait", op_wait},	   {"signal", op_signal},	{"self", op_self},
	{"ptrace", op_ptrace},	   {"memory", op_memory},	{"socket", op_socket},
	{"traceme", op_traceme},   {"overwrite", op_overwrite}, {"memfd", op_memfd},
	{"tiny", op_tiny},	   {"uselib", op_uselib},
};

static int run(char *request)
{
	char *arguments[ARGUMENTS] = {NULL}, *word = strtok(request, ",");
	const char *name = word;

	for (int i = 0; i < ARGUMENTS - 1 && (word = strtok(NULL, ",")); i++)
		arguments[i] = word;
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (name && !strcmp(operations[i].name, name))
			return operations[i].run(arguments);
	return -ENOSYS;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 1; i < argc; i++) {
		char *request = strchr(argv[i], '=');

		if (!request)
			return 2;
		*request++ = '\0';
		const int answer = run(request);

		printf("%s %s\n", argv[i], answer ? strerrorname_np(-answer) : "ok");
	}
	return 0;
}
