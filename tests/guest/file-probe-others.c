// SPDX-License-Identifier: GPL-2.0
/* Descriptors, signals, traces and sockets between processes. */
#include "tests/guest/file-probe.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A descriptor from whoever listens at a socket. */
int op_receive(char **a)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int tries = 500; /* the sender may not listen yet */

	strncpy(address.sun_path, a[0], sizeof(address.sun_path) - 1);
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		if (!--tries || usleep(10000))
			return -errno;
	if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	close(fd);
	/* The kernel leaves out what may not be received, and says that something is missing. */
	return message.msg_flags & MSG_CTRUNC || !CMSG_FIRSTHDR(&message) ? -EACCES : 0;
}

/* For one who receives. */
int op_send(char **a) /* socket, file */
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec data = {"", 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd, peer;

	unlink(a[0]);
	strncpy(address.sun_path, a[0], sizeof(address.sun_path) - 1);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1))
		return -errno;
	peer = accept(listener, NULL, NULL);
	unlink(a[0]); /* the next one is another sender's */
	fd = open(a[1], O_RDONLY | O_CLOEXEC);
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	const int answer = fd < 0 ? -errno : result(sendmsg(peer, &message, 0));

	close(fd);
	close(peer);
	close(listener);
	return answer;
}

static pid_t sleeper(void)
{
	const pid_t child = fork();

	if (!child) {
		pause();
		_exit(0);
	}
	return child;
}

int op_signal(char **a) /* number */
{
	const pid_t child = sleeper();
	const int answer = result(kill(child, atoi(a[0])));

	/* A child that no signal reaches goes with the container. */
	return answer;
}

int op_self(char **)
{
	signal(SIGUSR1, SIG_IGN);
	return result(kill(getpid(), SIGUSR1));
}

int op_ptrace(char **)
{
	return result(ptrace(PTRACE_ATTACH, sleeper(), 0, 0));
}

int op_traceme(char **)
{
	const pid_t child = fork();
	int status;

	if (!child)
		_exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ? errno : 0);
	if (waitpid(child, &status, 0) != child)
		return -errno;
	return -WEXITSTATUS(status);
}

int op_memory(char **)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/mem", sleeper());
	return open_and_close(AT_FDCWD, name, O_RDONLY);
}

int op_socket(char **a) /* family, type */
{
	const int fd = socket(atoi(a[0]), atoi(a[1]), 0);
	const int answer = result(fd);

	close(fd);
	return answer;
}
