// SPDX-License-Identifier: GPL-2.0
/*
 * console SOCKET PROGRAM [ARGUMENT...]: listens on SOCKET, runs the program, takes the terminal that
 * comes through the socket, as an engine does, and prints all that is written to it. Exits with the
 * program's status, or 3 where no terminal came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		return -1;
	return fd;
}

static int receive(int connection)
{
	char control[CMSG_SPACE(sizeof(int))], name[4096];
	struct iovec piece = {.iov_base = name, .iov_len = sizeof(name)};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

int main(int argc, char **argv)
{
	int listening = argc > 2 ? listen_at(argv[1]) : -1, terminal, status;
	char bytes[4096];
	ssize_t got;
	pid_t pid;

	if (listening < 0) {
		perror("console");
		return 2;
	}
	alarm(60);
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		perror("console");
		_exit(3);
	}
	terminal = receive(accept(listening, NULL, NULL));
	if (terminal < 0)
		return 3;
	/* EIO: the last process that had it has ended. */
	while ((got = read(terminal, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, got, stdout);
	fflush(stdout);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 3;
	return WEXITSTATUS(status);
}
