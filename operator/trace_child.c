// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static volatile pid_t passed_to;

static void interrupt(int number)
{
	const int saved = errno;

	interrupted = 1;
	if (number == SIGTERM && passed_to > 0)
		kill(passed_to, number);
	errno = saved;
}

void traced_signals_catch(const struct traced_child *child)
{
	struct sigaction action = {.sa_handler = interrupt};

	interrupted = 0;
	passed_to = child ? child->pid : 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool traced_interrupted(void)
{
	return interrupted;
}

/* Without a word through the gate, nobody let it begin. */
static _Noreturn void become(char **argv, int gate, int fault)
{
	char word;
	int number;

	if (read(gate, &word, 1) != 1)
		_exit(EXIT_ENVIRONMENT);
	execvp(argv[0], argv);
	number = errno;
	if (write(fault, &number, sizeof(number)) != sizeof(number))
		_exit(EXIT_ENVIRONMENT);
	_exit(EXIT_USAGE);
}

int traced_child_make(struct traced_child *child, char **argv, struct error *err)
{
	int gate[2], fault[2];

	*child = (struct traced_child){.gate = -1, .fault = -1};
	if (pipe2(gate, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	if (pipe2(fault, O_CLOEXEC)) {
		close(gate[0]);
		close(gate[1]);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	}
	child->pid = fork();
	if (!child->pid) {
		close(gate[1]);
		become(argv, gate[0], fault[1]);
	}
	close(gate[0]);
	close(fault[1]);
	child->gate = gate[1];
	child->fault = fault[0];
	if (child->pid > 0)
		return 0;
	error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a process");
	close(child->gate);
	close(child->fault);
	return -1;
}

int traced_child_begin(struct traced_child *child, char **argv, struct error *err)
{
	int number = 0;
	ssize_t got;

	if (write(child->gate, "", 1) != 1)
		number = errno;
	close(child->gate);
	child->gate = -1;
	do
		got = read(child->fault, &number, sizeof(number));
	while (got < 0 && errno == EINTR);
	close(child->fault);
	child->fault = -1;
	if (!number)
		return 0;
	waitpid(child->pid, &child->status, 0);
	child->ended = true;
	return error_set_errno(err, EXIT_USAGE, number, "cannot run %s", argv[0]);
}

bool traced_child_ended(struct traced_child *child)
{
	if (!child->ended && waitpid(child->pid, &child->status, WNOHANG) == child->pid)
		child->ended = true;
	return child->ended;
}

void traced_child_drop(struct traced_child *child)
{
	if (child->gate < 0)
		return;
	close(child->gate);
	close(child->fault);
	waitpid(child->pid, &child->status, 0);
	*child = (struct traced_child){.gate = -1, .fault = -1, .ended = true};
}
