// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define POLL_MS 5

static struct sockaddr_in loopback(unsigned int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port),
	};
}

int server_free_port(struct error *err)
{
	autoclose int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = loopback(0);
	socklen_t size = sizeof(address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot find a free port of 127.0.0.1; is the interface lo "
				       "up?");
	return ntohs(address.sin_port);
}

/* 1: connected; 0: nobody is there yet; -1: err set. */
static int reach(int fd, unsigned int port, struct error *err)
{
	struct sockaddr_in address = loopback(port);
	struct timeval limit = {.tv_sec = 10};

	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open a socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return 1;
	if (errno == ECONNREFUSED)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot connect to 127.0.0.1:%u",
			       port);
}

/* 1: got an answer, where one is asked for; 0: nobody is there yet; -1: err set. */
static int fetch(unsigned int port, bool ask, char *answer, size_t size, struct error *err)
{
	static const char request[] = "GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
	autoclose int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = reach(fd, port, err);
	size_t used = 0;
	ssize_t got;

	if (result <= 0 || !ask)
		return result;
	if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot ask 127.0.0.1:%u", port);
	while (used < size - 1 && (got = read(fd, answer + used, size - 1 - used)) > 0)
		used += got;
	answer[used] = '\0';
	return 1;
}

static int check(const char *answer, const char *content, struct error *err)
{
	const char *body = strstr(answer, "\r\n\r\n");

	if (!strncmp(answer, "HTTP/1.", 7) && !strncmp(answer + 8, " 200 ", 5) && body &&
	    !strcmp(body + 4, content))
		return 0;
	return error_set(err, EXIT_FINDING, "the server answered \"%.*s\", not the page",
			 (int)strcspn(answer, "\r\n"), answer);
}

int server_wait(struct process *process, unsigned int port, const char *content,
		unsigned int milliseconds, struct error *err)
{
	char answer[4096];

	for (unsigned int waited = 0; waited < milliseconds; waited += POLL_MS) {
		int result = process_wait(process, POLL_MS, err);

		if (result < 0)
			return -1;
		if (result)
			return process_succeeded(process, err) < 0
				       ? -1
				       : error_set(err, EXIT_FINDING,
						   "%s ended before it served a page",
						   process->name);
		result = fetch(port, content, answer, sizeof(answer), err);
		if (result)
			return result < 0 ? -1 : content ? check(answer, content, err) : 0;
	}
	return error_set(err, EXIT_FINDING, "%s did not listen on 127.0.0.1:%u within %u ms",
			 process->name, port, milliseconds);
}
