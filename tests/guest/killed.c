// SPDX-License-Identifier: GPL-2.0
/*
 * killed NUMBER PROGRAM [ARGUMENT...]: runs a program and kills it where it is about to make its
 * system call of that number, counted from 1. Exits with 0 where it was killed, and with 1, and the
 * count of its calls on standard output, where it ended before. Its children are left alone.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL)) {
		perror("killed: ptrace");
		_exit(3);
	}
	execvp(argv[0], argv);
	perror("killed: exec");
	_exit(3);
}

/* The signal to be delivered, as far as status is about one. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);

	return signal == (SIGTRAP | 0x80) || signal == SIGTRAP ? 0 : signal;
}

static int end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == pid)
		;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long number = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, calls = 0;
	bool entering = true;
	int status, signal;
	pid_t pid;

	if (!number) {
		fprintf(stderr, "usage: killed NUMBER PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	pid = start(argv + 2);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) {
		fprintf(stderr, "killed: %s could not be started\n", argv[2]);
		return 3;
	}
	for (signal = 0; !ptrace(PTRACE_SYSCALL, pid, NULL, (long)signal);
	     signal = signal_of(status)) {
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			break;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (entering && ++calls == number)
			return end(pid);
		entering = !entering;
	}
	printf("%lu\n", calls);
	return 1;
}
