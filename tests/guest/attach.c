// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: tries to attach to every process called crun that shows up, for as many seconds
 * as its argument says. Prints how many it met and to how many it could attach.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int is_runtime(const char *pid)
{
	char path[300], name[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strncmp(name, "crun", 4) || !strncmp(name, "exe", 3);
}

/*
 * Returns 1 if it could attach (and lets go again), 0 if it was refused, -1 if it came too late:
 * the process has ended, or has become the program that the runtime was asked for.
 */
static int attach(const char *name)
{
	const pid_t pid = atoi(name);
	int result;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return errno == EPERM || errno == EACCES ? 0 : -1;
	if (!ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		waitpid(pid, NULL, __WALL);
	result = is_runtime(name) ? 1 : -1;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return result;
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
	int met = 0, attached = 0;

	while (time(NULL) < end) {
		DIR *folder = opendir("/proc");
		struct dirent *entry;

		while (folder && (entry = readdir(folder))) {
			int result;

			if (atoi(entry->d_name) <= 1 || !is_runtime(entry->d_name))
				continue;
			result = attach(entry->d_name);
			met += result >= 0;
			attached += result > 0;
		}
		if (folder)
			closedir(folder);
	}
	printf("met %d attached %d\n", met, attached);
	return 0;
}
