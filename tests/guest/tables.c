// SPDX-License-Identifier: GPL-2.0
/*
 * Tries what can be done with files and with a folder of cgroups, and prints a line for each:
 * tables FOLDER CGROUP. FOLDER has programs called after what is allowed: 111, 101, 011, 001.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[256];

static void print(const char *what, int number)
{
	if (number)
		printf(" %s=%d", what, number);
	else
		printf(" %s=had", what);
}

static int opened(int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int read_byte(void)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), number = 0;
	char byte;

	if (fd < 0 || read(fd, &byte, 1) < 0)
		number = errno;
	if (fd >= 0)
		close(fd);
	return number;
}

static int execute(void)
{
	char *const argv[] = {path, NULL};
	int status;
	pid_t child = fork();

	if (!child) {
		execv(path, argv);
		_exit(errno);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void try_file(const char *folder, const char *name)
{
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	printf("%s", name);
	print("look", stat(path, &status) ? errno : 0);
	print("read", read_byte());
	print("write", opened(O_WRONLY));
	print("both", opened(O_RDWR));
	print("append", opened(O_WRONLY | O_APPEND));
	print("cut", truncate(path, status.st_size) ? errno : 0);
	print("chmod", chmod(path, 0755) ? errno : 0);
	print("execute", execute());
	putchar('\n');
	fflush(stdout);
}

static void try_cgroup(const char *folder)
{
	snprintf(path, sizeof(path), "%s", folder);
	printf("000");
	print("list", opened(O_RDONLY | O_DIRECTORY));
	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	print("read", read_byte());
	print("write", opened(O_WRONLY));
	snprintf(path, sizeof(path), "%s/made", folder);
	print("make", mkdir(path, 0755) ? errno : 0);
	rmdir(path);
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"111", "101", "011", "001"};

	if (argc != 3) {
		fputs("usage: tables FOLDER CGROUP\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		try_file(argv[1], names[i]);
	try_cgroup(argv[2]);
	return 0;
}
