// SPDX-License-Identifier: GPL-2.0
/*
 * Listens to what the kernel tells of modules, as anybody may: prints "listening", then a line for
 * each module that comes or goes, until it has been told of the module in argv[1].
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = 1};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	char message[8192];
	ssize_t size;

	if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("uevents");
		return 3;
	}
	puts("listening");
	fflush(stdout);
	while ((size = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		const char *module;

		message[size] = '\0';
		module = strstr(message, "@/module/");
		if (!module)
			continue;
		puts(message);
		fflush(stdout);
		if (!strcmp(module + strlen("@/module/"), argv[1]))
			return 0;
	}
	perror("uevents");
	return 3;
}
