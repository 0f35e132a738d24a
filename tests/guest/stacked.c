// SPDX-License-Identifier: GPL-2.0
/*
 * In a container that may mount: what lies behind files, reached through those in front. Each argument
 * is a request, answered with "KEY ok" or "KEY ERRNO":
 *
 *	KEY=read,PATH			reads a file
 *	KEY=passthrough,PATH		has a FUSE server pass a file through, reads and writes it so
 *	KEY=overlay,OPTIONS,NAME	mounts an overlay, and reads NAME in it
 *	KEY=touched,OPTIONS,NAME	the same, but changes the times of NAME first
 *	KEY=layers,PATH			a file system there, with the layers u and w
 *	KEY=silent,PATH			mounts there a FUSE server that finds nothing, ever; says "ready"
 *
 * A comma in OPTIONS is written as a semicolon.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* As <linux/fuse.h> of 6.9 and later. */
enum { LOOKUP = 1, FORGET = 2, GETATTR = 3, OPEN = 14, RELEASE = 18, INIT = 26, OPENDIR = 27 };

#define INIT_EXTENDED	 (1u << 30)
#define INIT_PASSTHROUGH (1u << 5) /* of the second word */
#define OPEN_PASSTHROUGH (1u << 7)
#define BACKING_OPEN	 _IOW(229, 1, struct backing)
#define ROOT		 1
#define FILE_BEHIND	 2

struct backing {
	int fd;
	unsigned int flags;
	unsigned long long padding;
};

struct request {
	unsigned int length, opcode;
	unsigned long long unique, node;
	unsigned int user, group, process, extensions;
	char rest[1 << 17];
};

struct attributes {
	unsigned long long node, size, blocks, times[3];
	unsigned int nanoseconds[3], mode, links, user, group, device, block, flags;
};

struct answer {
	unsigned int length;
	int error;
	unsigned long long unique;
	union {
		struct {
			unsigned int major, minor, readahead, flags;
			unsigned short background, congestion;
			unsigned int write, granularity;
			unsigned short pages, alignment;
			unsigned int more_flags, depth, unused[6];
		} init;
		struct {
			unsigned long long node, generation, seconds[2];
			unsigned int nanoseconds[2];
			struct attributes attributes;
		} entry;
		struct {
			unsigned long long seconds;
			unsigned int nanoseconds, unused;
			struct attributes attributes;
		} attributes;
		struct {
			unsigned long long handle;
			unsigned int flags;
			int backing;
		} open;
	};
};

struct server {
	int device;
	int behind; /* passed through; -1: no name leads anywhere, and nobody is told */
};

static void stop(const char *what)
{
	fprintf(stderr, "stacked: %s: %s\n", what, strerror(errno));
	exit(3);
}

static struct attributes attributes_of(unsigned long long node)
{
	return (struct attributes){
		.node = node,
		.size = node == ROOT ? 0 : 4096,
		.mode = node == ROOT ? S_IFDIR | 0755 : S_IFREG | 0666,
		.links = 1,
	};
}

static size_t answer_init(struct answer *answer)
{
	answer->init.major = 7;
	answer->init.minor = 40;
	answer->init.flags = INIT_EXTENDED;
	answer->init.more_flags = INIT_PASSTHROUGH;
	answer->init.write = 4096;
	answer->init.granularity = 1;
	answer->init.depth = 1;
	return sizeof(answer->init);
}

static size_t answer_open(const struct server *server, struct answer *answer)
{
	const struct backing backing = {.fd = server->behind};

	answer->open.backing = ioctl(server->device, BACKING_OPEN, &backing);
	if (answer->open.backing < 0)
		answer->error = -errno;
	answer->open.flags = OPEN_PASSTHROUGH;
	return sizeof(answer->open);
}

/* How many bytes stand behind the answer's header. */
static size_t fill(const struct server *server, const struct request *request,
		   struct answer *answer)
{
	switch (request->opcode) {
	case INIT:
		return answer_init(answer);
	case LOOKUP:
		answer->entry.node = FILE_BEHIND;
		answer->entry.attributes = attributes_of(FILE_BEHIND);
		return sizeof(answer->entry);
	case GETATTR:
		answer->attributes.attributes = attributes_of(request->node);
		return sizeof(answer->attributes);
	case OPEN:
		return answer_open(server, answer);
	case OPENDIR:
		return sizeof(answer->open);
	case RELEASE:
		return 0;
	}
	answer->error = -ENOSYS;
	return 0;
}

static void serve(const struct server *server)
{
	static struct request request;

	while (read(server->device, &request, sizeof(request)) > 0) {
		struct answer answer = {.unique = request.unique};
		size_t size;

		if (request.opcode == FORGET || (request.opcode == LOOKUP && server->behind < 0))
			continue;
		size = answer.error ? 0 : fill(server, &request, &answer);
		answer.length = offsetof(struct answer, init) + (answer.error ? 0 : size);
		if (write(server->device, &answer, answer.length) < 0 && errno != ENOENT)
			stop("answer");
	}
	exit(0);
}

/* A device node of our own, as the container's /dev has none. */
static int open_device(void)
{
	int fd;

	if (mknod("/dev/fuse", S_IFCHR | 0600, makedev(10, 229)) && errno != EEXIST)
		stop("mknod /dev/fuse");
	fd = open("/dev/fuse", O_RDWR);
	if (fd < 0)
		stop("open /dev/fuse");
	return fd;
}

/* The server is a child, which goes with us. */
static void mount_fuse(const char *at, int behind)
{
	const struct server server = {.device = open_device(), .behind = behind};
	char options[128];
	pid_t child;

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 server.device);
	if (mount("stacked", at, "fuse", 0, options))
		stop("mount fuse");
	child = fork();
	if (child < 0)
		stop("fork");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(&server);
	}
	close(server.device);
}

static int read_file(const char *path, int flags)
{
	char byte;
	int error, fd = open(path, flags);

	if (fd < 0)
		return errno;
	error = read(fd, &byte, 1) == 1 ? 0 : errno ?: ENODATA;
	if (!error && (flags & O_ACCMODE) == O_RDWR && pwrite(fd, &byte, 1, 0) != 1)
		error = errno;
	close(fd);
	return error;
}

static int try_passthrough(const char *path)
{
	char at[] = "/tmp/stacked.XXXXXX", name[64];
	int error, behind = open(path, O_PATH);

	if (behind < 0 || !mkdtemp(at))
		stop(path);
	mount_fuse(at, behind);
	snprintf(name, sizeof(name), "%s/file", at);
	error = read_file(name, O_RDWR);
	umount2(at, MNT_DETACH);
	close(behind);
	return error;
}

static int try_overlay(char *options, const char *name, int touched)
{
	char at[] = "/tmp/stacked.XXXXXX", path[256];
	char *semicolon;
	int error;

	while ((semicolon = strchr(options, ';')))
		*semicolon = ',';
	if (!mkdtemp(at))
		stop(at);
	if (mount("overlay", at, "overlay", 0, options))
		stop(options);
	snprintf(path, sizeof(path), "%s/%s", at, name);
	if (touched && utimensat(AT_FDCWD, path, NULL, 0))
		stop(path);
	error = read_file(path, O_RDONLY);
	umount2(at, MNT_DETACH);
	return error;
}

static int make_layers(const char *at)
{
	if (mount("stacked", at, "tmpfs", 0, NULL) || chdir(at) || mkdir("u", 0755) ||
	    mkdir("w", 0755))
		stop(at);
	return 0;
}

static int try(const char *operation, char *first, char *second)
{
	if (!strcmp(operation, "read"))
		return read_file(first, O_RDONLY);
	if (!strcmp(operation, "layers"))
		return make_layers(first);
	if (!strcmp(operation, "passthrough"))
		return try_passthrough(first);
	if (!strcmp(operation, "overlay"))
		return try_overlay(first, second, 0);
	if (!strcmp(operation, "touched"))
		return try_overlay(first, second, 1);
	if (strcmp(operation, "silent"))
		stop(operation);
	mount_fuse(first, -1);
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int count, char **arguments)
{
	int i;

	if (mkdir("/tmp", 0755) && errno != EEXIST)
		stop("/tmp");
	if (mount("stacked", "/tmp", "tmpfs", 0, NULL))
		stop("mount /tmp");
	for (i = 1; i < count; i++) {
		const char *key = strtok(arguments[i], "="), *operation = strtok(NULL, ",");
		char *first = strtok(NULL, ","), *second = strtok(NULL, ",");
		const int error = try(operation, first, second);

		printf("%s %s\n", key, error ? strerrorname_np(error) : "ok");
		fflush(stdout);
	}
	return 0;
}
