// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/system.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define MODULES	     "/modules/"
#define CGROUPS	     "/sys/fs/cgroup/"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int load_module(const char *name, struct error *err)
{
	char path[256];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), MODULES "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "loading %s", path);
	return 0;
}

int load_modules(struct error *err)
{
	autofclose FILE *order = fopen(MODULES "order", "re");
	char name[128];

	if (!order)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "opening " MODULES "order");
	while (fgets(name, sizeof(name), order)) {
		name[strcspn(name, "\n")] = 0;
		if (load_module(name, err) < 0)
			return -1;
	}
	return 0;
}

static int write_text(const char *path, const char *text, struct error *err)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "writing %s to %s", text,
				       path);
	return 0;
}

int set_up_cgroups(struct error *err)
{
	autofclose FILE *controllers = NULL;
	char name[32], text[40];

	/* The root may not hold processes when its children have controllers. */
	mkdir(CGROUPS "init", 0755);
	if (write_text(CGROUPS "init/cgroup.procs", "0", err) < 0)
		return -1;
	controllers = fopen(CGROUPS "cgroup.controllers", "re");
	if (!controllers)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "reading the controllers");
	while (fscanf(controllers, "%31s", name) == 1) {
		snprintf(text, sizeof(text), "+%s", name);
		if (write_text(CGROUPS "cgroup.subtree_control", text, err) < 0)
			return -1;
	}
	return 0;
}

int bring_up_loopback(struct error *err)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "bringing up the loopback");
	return 0;
}

static const struct {
	int resource;
	struct rlimit limit;
} limits[] = {
	{RLIMIT_NOFILE, {65536, 1048576}},
	{RLIMIT_CORE, {0, RLIM_INFINITY}},
	{RLIMIT_MEMLOCK, {RLIM_INFINITY, RLIM_INFINITY}},
};

static const struct {
	const char *target, *path;
} links[] = {
	{"/proc/self/fd", "/dev/fd"},
	{"/proc/self/fd/0", "/dev/stdin"},
	{"/proc/self/fd/1", "/dev/stdout"},
	{"/proc/self/fd/2", "/dev/stderr"},
};

static const struct {
	const char *name, *value;
} environment[] = {
	{"PATH", "/vkernel/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
	{"HOME", "/root"},
	{"LC_ALL", "C.UTF-8"},
};

int set_up_environment(struct error *err)
{
	umask(022);
	if (sethostname("guest", strlen("guest")) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "setting the host name");
	for (size_t i = 0; i < COUNT(limits); i++) {
		if (setrlimit(limits[i].resource, &limits[i].limit) < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "setting limit %d",
					       limits[i].resource);
	}
	for (size_t i = 0; i < COUNT(links); i++) {
		if (symlink(links[i].target, links[i].path) < 0 && errno != EEXIST)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making %s",
					       links[i].path);
	}
	clearenv();
	for (size_t i = 0; i < COUNT(environment); i++) {
		if (setenv(environment[i].name, environment[i].value, 1) < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "setting %s",
					       environment[i].name);
	}
	return 0;
}
