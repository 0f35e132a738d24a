// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: calls that sleep, are interrupted and go on. Prints "WAY NAME=RESULT...".
 * tests/guest/entry.guest knows what is right.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/guest/call.h"

enum number { READ, NANOSLEEP, NUMBERS };

static const unsigned long numbers[NUMBERS][2] = {
	[READ] = {SYS_read, 3},
	[NANOSLEEP] = {SYS_nanosleep, 162},
};

/* Of either entry: i386 has two 32-bit fields. Lies low, so that 32 bits reach it. */
struct area {
	union {
		struct timespec native;
		int i386[2];
	} time;
	char byte;
};

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
	(void)number;
	signals++;
}

static void pause_ms(long ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A read from a pipe that is interrupted once by a handler and then gets its byte. */
static void interrupted_read(struct area *area, enum entry entry, const char *name, int flags)
{
	const struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
	int ends[2];
	long result;
	pid_t pid;

	if (pipe(ends))
		return;
	signals = 0;
	sigaction(SIGUSR1, &action, NULL);
	pid = fork();
	if (!pid) {
		pause_ms(100);
		kill(getppid(), SIGUSR1);
		pause_ms(200);
		_exit(write(ends[1], "x", 1) != 1);
	}
	result = call_make(&(struct call){
		entry, numbers[READ][entry], {ends[0], (unsigned long)&area->byte, 1}});
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	printf(" %s=%ld/%d", name, result, (int)signals);
}

/*
 * A sleeping child is stopped and continued: the kernel goes on with restart_syscall(2). The sleep
 * is half a second; "short" says that it ended early.
 */
static void stopped_sleep(struct area *area, enum entry entry)
{
	const long whole = 500;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		struct call call = {entry, numbers[NANOSLEEP][entry], {(unsigned long)&area->time}};
		long begin = now_ms(), result;

		if (entry == ENTRY_80) {
			area->time.i386[0] = 0;
			area->time.i386[1] = whole * 1000000;
		} else {
			area->time.native = (struct timespec){0, whole * 1000000};
		}
		result = call_make(&call);
		printf(" stopped-sleep=%ld%s", result,
		       result == 0 && now_ms() - begin < whole ? "-short" : "");
		_exit(0);
	}
	pause_ms(150);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
}

int main(void)
{
	static const char *const ways[] = {
		[ENTRY_64] = "64.restarted", [ENTRY_80] = "80.restarted"};
	struct area *area = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (area == MAP_FAILED) {
		perror("entry-restart: mmap");
		return 3;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	for (int entry = ENTRY_64; entry <= ENTRY_80; entry++) {
		printf("%s", ways[entry]);
		interrupted_read(area, entry, "restarting-read", SA_RESTART);
		interrupted_read(area, entry, "interrupted-read", 0);
		stopped_sleep(area, entry);
		printf("\n");
	}
	return 0;
}
