// SPDX-License-Identifier: GPL-2.0
#include "scenarios/file-reach.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenarios/ring.h"

#define OTHER  REACH_FOLDER "/other"
#define MOVED  REACH_FOLDER "/moved"
#define SAME   "/tmp/vkernel-scenario" /* a folder to mount on, which every configuration can make */
#define PERIOD 5		       /* seconds for a peer */

static int take(int *fd, const char *path)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? errno : 0;
}

static int direct(int *fd)
{
	return take(fd, REACH_SECRET);
}

static int for_writing(int *fd)
{
	*fd = open(REACH_SECRET, O_WRONLY | O_CLOEXEC);
	return *fd < 0 ? errno : 0;
}

static int relative(int *fd)
{
	if (chdir(REACH_BOX))
		return errno;
	return take(fd, "secret");
}

static int by_folder(int *fd)
{
	int folder = open(REACH_BOX, O_PATH | O_CLOEXEC);

	if (folder < 0)
		return errno;
	*fd = openat(folder, "../box/./secret", O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? errno : 0;
}

static int symbolic_link(int *fd)
{
	int number;

	if (symlink(REACH_SECRET, OTHER))
		return errno;
	number = take(fd, OTHER);
	unlink(OTHER);
	return number;
}

static int hard_link(int *fd)
{
	int number;

	if (link(REACH_SECRET, OTHER))
		return errno;
	number = take(fd, OTHER);
	unlink(OTHER);
	return number;
}

static int renamed(int *fd)
{
	int number;

	if (rename(REACH_SECRET, OTHER))
		return errno;
	number = take(fd, OTHER);
	rename(OTHER, REACH_SECRET);
	return number;
}

static int folder_renamed(int *fd)
{
	int number;

	if (rename(REACH_BOX, MOVED))
		return errno;
	number = take(fd, MOVED "/secret");
	rename(MOVED, REACH_BOX);
	return number;
}

static int own_root(int *fd)
{
	return take(fd, "/proc/self/root" REACH_SECRET);
}

static int root_of_first(int *fd)
{
	return take(fd, "/proc/1/root" REACH_SECRET);
}

static int own_folder(int *fd)
{
	if (chdir(REACH_BOX))
		return errno;
	return take(fd, "/proc/self/cwd/secret");
}

static int changed_root(int *fd)
{
	if (chroot(REACH_BOX) || chdir("/"))
		return errno;
	return take(fd, "/secret");
}

/* O_PATH reaches nothing by itself; what is opened by way of it does. */
static int path_reopened(int *fd)
{
	char name[32];
	int path = open(REACH_SECRET, O_PATH | O_CLOEXEC);

	if (path < 0)
		return errno;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", path);
	return take(fd, name);
}

static int by_handle(int *fd)
{
	struct {
		struct file_handle head;
		unsigned char space[MAX_HANDLE_SZ];
	} handle = {.head.handle_bytes = MAX_HANDLE_SZ};
	int mount_id, folder;

	if (name_to_handle_at(AT_FDCWD, REACH_SECRET, &handle.head, &mount_id, 0))
		return errno;
	folder = open(REACH_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return errno;
	*fd = open_by_handle_at(folder, &handle.head, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? errno : 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = PERIOD};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

/* Somebody outside opened it and hands it in. */
static int received(int *fd)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	int connection = connect_to(REACH_SOCKET);
	struct cmsghdr *head;

	if (connection < 0 || recvmsg(connection, &message, MSG_CMSG_CLOEXEC) < 0)
		return errno;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return message.msg_flags & MSG_CTRUNC ? EACCES : EPROTO;
	memcpy(fd, CMSG_DATA(head), sizeof(int));
	return 0;
}

static int ring_open_path(int *fd, unsigned int flags)
{
	struct io_uring_sqe entry = {
		.opcode = IORING_OP_OPENAT,
		.fd = AT_FDCWD,
		.flags = flags,
		.addr = (uintptr_t)REACH_SECRET,
		.open_flags = O_RDONLY | O_CLOEXEC,
	};
	struct ring ring;
	int result = 0, number = ring_open(&ring, 0);

	if (number)
		return number;
	number = ring_do(&ring, &entry, &result);
	ring_close(&ring);
	if (number)
		return number;
	*fd = result;
	return result < 0 ? -result : 0;
}

static int by_ring(int *fd)
{
	return ring_open_path(fd, 0);
}

static int by_ring_worker(int *fd)
{
	return ring_open_path(fd, IOSQE_ASYNC);
}

/* Mounts of a namespace of one's own: nobody else sees them. */
static int own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return errno;
	return mkdir(SAME, 0700) && errno != EEXIST ? errno : 0;
}

static int bound_folder(int *fd)
{
	int number = own_mounts();

	if (number || mount(REACH_BOX, SAME, NULL, MS_BIND, NULL))
		return number ? number : errno;
	return take(fd, SAME "/secret");
}

static int bound_file(int *fd)
{
	int place, number = own_mounts();

	if (number)
		return number;
	place = open(OTHER, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (place < 0)
		return errno;
	close(place);
	number = mount(REACH_SECRET, OTHER, NULL, MS_BIND, NULL) ? errno : take(fd, OTHER);
	umount2(OTHER, MNT_DETACH);
	unlink(OTHER);
	return number;
}

static int bound_root(int *fd)
{
	int number = own_mounts();

	if (number || mount("/", SAME, NULL, MS_BIND | MS_REC, NULL))
		return number ? number : errno;
	return take(fd, SAME REACH_SECRET);
}

static int cloned_tree(int *fd)
{
	int tree = syscall(SYS_open_tree, AT_FDCWD, REACH_BOX, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0)
		return errno;
	*fd = openat(tree, "secret", O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? errno : 0;
}

static int overlaid(int *fd)
{
	int number = own_mounts();

	if (number || mount("tmpfs", "/tmp", "tmpfs", 0, NULL) || mkdir("/tmp/upper", 0700) ||
	    mkdir("/tmp/work", 0700) || mkdir(SAME, 0700) ||
	    mount("overlay", SAME, "overlay", 0,
		  "lowerdir=" REACH_BOX ",upperdir=/tmp/upper,workdir=/tmp/work"))
		return number ? number : errno;
	return take(fd, SAME "/secret");
}

/* On an overlay, writing gives the file another inode. */
static int ledger_after_writing(int *fd)
{
	int writer = open(REACH_LEDGER, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (writer < 0 || write(writer, "\n", 1) != 1)
		return errno;
	close(writer);
	return take(fd, REACH_LEDGER);
}

static int ledger_linked(int *fd)
{
	int number;

	if (link(REACH_LEDGER, OTHER))
		return errno;
	number = take(fd, OTHER);
	unlink(OTHER);
	return number;
}

static int ledger_renamed(int *fd)
{
	int number;

	if (rename(REACH_LEDGER, OTHER))
		return errno;
	number = take(fd, OTHER);
	rename(OTHER, REACH_LEDGER);
	return number;
}

static int cut(int *fd)
{
	struct stat status;

	(void)fd;
	/* to the length that it has */
	return stat(REACH_SECRET, &status) || truncate(REACH_SECRET, status.st_size) ? errno : 0;
}

static int mode(int *fd)
{
	(void)fd;
	return chmod(REACH_SECRET, 0600) ? errno : 0;
}

static int made(int *fd)
{
	*fd = open(REACH_KEY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*fd < 0)
		return errno;
	unlink(REACH_KEY);
	return 0;
}

static int moved_in(int *fd)
{
	int number;

	*fd = open(OTHER, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return errno;
	number = rename(OTHER, REACH_KEY) ? errno : 0;
	unlink(OTHER);
	unlink(REACH_KEY);
	return number;
}

static int folder_made(int *fd)
{
	(void)fd;
	if (mkdir(REACH_KEY, 0700))
		return errno;
	rmdir(REACH_KEY);
	return 0;
}

static int mapped(int *fd)
{
	if (take(fd, REACH_TOOL))
		return EPROTO; /* reading it is allowed */
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, *fd, 0) == MAP_FAILED ? errno
											  : 0;
}

static int run(int folder, const char *path, int flags)
{
	char *const argv[] = {"tool", NULL};
	char *const environment[] = {NULL};
	int status;
	pid_t child = fork();

	if (!child) {
		syscall(SYS_execveat, folder, path, argv, environment, flags);
		_exit(errno);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPROTO;
}

static int executed(int *fd)
{
	(void)fd;
	return run(AT_FDCWD, REACH_TOOL, 0);
}

static int executed_open(int *fd)
{
	*fd = open(REACH_TOOL, O_PATH | O_CLOEXEC);
	return *fd < 0 ? errno : run(*fd, "", AT_EMPTY_PATH);
}

static int executed_linked(int *fd)
{
	int number;

	(void)fd;
	if (link(REACH_TOOL, OTHER))
		return errno;
	number = run(AT_FDCWD, OTHER, 0);
	unlink(OTHER);
	return number;
}

const struct reach reaches[] = {
	{"direct", direct, 0},
	{"for writing", for_writing, 1},
	{"relative to its folder", relative, 0},
	{"from an open folder", by_folder, 0},
	{"symbolic link", symbolic_link, 0},
	{"hard link", hard_link, 0},
	{"renamed", renamed, 0},
	{"its folder renamed", folder_renamed, 0},
	{"/proc/self/root", own_root, 0},
	{"/proc/1/root", root_of_first, 0},
	{"/proc/self/cwd", own_folder, 0},
	{"after chroot", changed_root, 0},
	{"O_PATH and /proc/self/fd", path_reopened, 0},
	{"open_by_handle_at", by_handle, 0},
	{"a descriptor from outside", received, 0},
	{"io_uring", by_ring, 0},
	{"io_uring, by a worker", by_ring_worker, 0},
	{"bind mount of its folder", bound_folder, 0},
	{"bind mount of the file", bound_file, 0},
	{"bind mount of the root", bound_root, 0},
	{"a mount tree without a place", cloned_tree, 0},
	{"an overlay over its folder", overlaid, 0},
	{"another file, after writing to it", ledger_after_writing, 0},
	{"another file, hard link", ledger_linked, 0},
	{"another file, renamed", ledger_renamed, 0},
	{"truncate", cut, 1},
	{"chmod", mode, 1},
	{"a new file", made, 1},
	{"a file renamed to a new one", moved_in, 1},
	{"a new folder", folder_made, 1},
	{"a program, mapped", mapped, 1},
	{"a program", executed, 1},
	{"a program, by descriptor", executed_open, 1},
	{"a program, hard link", executed_linked, 1},
	{0},
};
