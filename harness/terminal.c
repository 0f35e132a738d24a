// SPDX-License-Identifier: GPL-2.0
#include "harness/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness/vm.h"

#define LAST_WORDS 200 /* milliseconds without a byte after which there are no more */

static bool write_all(int fd, const char *bytes, ssize_t count)
{
	while (count > 0) {
		ssize_t written = write(fd, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		count -= written;
	}
	return true;
}

/* False at the end of either. */
static bool carry(int from, int to)
{
	char buffer[4096];
	ssize_t count = read(from, buffer, sizeof(buffer));

	if (count < 0)
		return errno == EINTR;
	return count && write_all(to, buffer, count);
}

static bool carry_input(const struct terminal *terminal)
{
	char buffer[4096];
	ssize_t count = read(STDIN_FILENO, buffer, sizeof(buffer));

	if (count < 0)
		return errno == EINTR;
	if (!count || memchr(buffer, TERMINAL_ESCAPE, count)) {
		vm_interrupt();
		return false;
	}
	return write_all(terminal->guest, buffer, count);
}

/* Signals are the main thread's: they end what it waits for. */
static void *join_ends(void *context)
{
	const struct terminal *terminal = context;
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = terminal->guest, .events = POLLIN},
		{.fd = terminal->stop, .events = POLLIN},
	};

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents && !carry(terminal->guest, STDOUT_FILENO))
			return NULL;
		if (fds[2].revents)
			return NULL;
		if (fds[0].revents && !carry_input(terminal))
			fds[0].fd = -1;
	}
}

static int start(struct terminal *terminal, struct error *err)
{
	sigset_t all, before;
	int number;

	terminal->stop = eventfd(0, EFD_CLOEXEC);
	if (terminal->stop < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "joining the terminals");
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	number = pthread_create(&terminal->thread, NULL, join_ends, terminal);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!number)
		return 0;
	close(terminal->stop);
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "joining the terminals");
}

int terminal_enter(struct terminal *terminal, int guest, struct error *err)
{
	struct termios raw;

	terminal->guest = guest;
	if (tcgetattr(STDIN_FILENO, &terminal->before))
		return error_set(err, EXIT_USAGE,
				 "standard input is no terminal; vkbench exec "
				 "runs a command without one");
	raw = terminal->before;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making the terminal raw");
	if (!start(terminal, err))
		return 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
	return -1;
}

void terminal_leave(struct terminal *terminal)
{
	const uint64_t one = 1;
	struct pollfd guest = {.fd = terminal->guest, .events = POLLIN};

	write_all(terminal->stop, (const char *)&one, sizeof(one));
	pthread_join(terminal->thread, NULL);
	while (poll(&guest, 1, LAST_WORDS) > 0 && carry(terminal->guest, STDOUT_FILENO))
		;
	close(terminal->stop);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
}
