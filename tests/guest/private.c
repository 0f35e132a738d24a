// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in containers, for tests/guest/private: makes the calls that are private there, and says
 * what they answered. `private trace PID` runs beside one, and stops its process for a moment.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK 0x5a

/* The three calls of i386: the length of their fields, and how many there are. */
static const struct variant {
	int number;
	int length;
	int fields;
} variants[] = {{59, 9, 5}, {109, 65, 5}, {122, 65, 6}};

/* Returns what the register holds: a negative errno, or the result. */
static long call_i386(long number, void *argument)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(argument)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

static unsigned char *low_pages(void)
{
	void *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (pages == MAP_FAILED) {
		perror("mmap");
		exit(3);
	}
	return memset(pages, MARK, 8192);
}

static int print_native(void)
{
	struct utsname names;

	if (uname(&names)) {
		printf("native: %s\n", strerror(errno));
		return 1;
	}
	printf("native: %s %s %s %s\n", names.sysname, names.nodename, names.release,
	       names.machine);
	return 0;
}

/* Prints nodename and release, and whether a byte behind the structure was touched. */
static int print_i386(const struct variant *variant)
{
	unsigned char *names = low_pages();
	const int length = variant->length;
	long result = call_i386(variant->number, names);

	if (result) {
		printf("i386 %d: %s\n", variant->number, strerror(-result));
		return 1;
	}
	printf("i386 %d: %s %s %s\n", variant->number, names + length, names + 2 * length,
	       names[length * variant->fields] == MARK ? "whole" : "beyond its end");
	return 0;
}

/* Addresses where nothing is, and the last byte of a page before one. */
static int print_faults(void)
{
	unsigned char *pages = low_pages();
	int wrong = 0;

	munmap(pages + 4096, 4096);
	wrong |= syscall(SYS_uname, NULL) != -1 || errno != EFAULT;
	wrong |= syscall(SYS_uname, pages + 4095) != -1 || errno != EFAULT;
	wrong |= syscall(SYS_uname, (void *)INTPTR_MIN) != -1 || errno != EFAULT;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		wrong |= call_i386(variants[i].number, NULL) != -EFAULT;
		wrong |= call_i386(variants[i].number, pages + 4095) != -EFAULT;
	}
	printf("faults: %s\n", wrong ? "not all EFAULT" : "EFAULT");
	return wrong;
}

static int print_all(void)
{
	int failed = print_native();

	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		failed |= print_i386(&variants[i]);
	return failed;
}

static void on_alarm(int number)
{
	(void)number;
}

/* A handler ends pause() with EINTR, private or not. */
static int print_interrupted(void)
{
	const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
	long result;

	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	result = syscall(SYS_pause);
	printf("pause: %ld %s\n", result, strerror(errno));
	return 0;
}

/* Sleeps in one private call after the other until it is killed. */
static void __attribute__((noreturn)) sleep_forever(void)
{
	puts("sleeping");
	fflush(stdout);
	for (;;)
		syscall(SYS_pause);
}

static int nap(const char *milliseconds)
{
	long result;

	puts("napping");
	fflush(stdout);
	result = syscall(SYS_vhangup, atol(milliseconds));
	printf("nap: %ld\n", result);
	return 0;
}

/* Stops the process, reads its registers, lets it go. */
static int trace(const char *process)
{
	pid_t pid = atoi(process);
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, &status, __WALL) != pid) {
		perror("ptrace");
		return 1;
	}
	printf("stopped: %d\n", WIFSTOPPED(status));
	return ptrace(PTRACE_DETACH, pid, NULL, NULL) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "names"))
		return print_all();
	if (!strcmp(what, "faults"))
		return print_faults();
	if (!strcmp(what, "interrupted"))
		return print_interrupted();
	if (!strcmp(what, "sleep"))
		sleep_forever();
	if (!strcmp(what, "nap") && argc == 3)
		return nap(argv[2]);
	if (!strcmp(what, "trace") && argc == 3)
		return trace(argv[2]);
	fprintf(stderr, "usage: private names|faults|interrupted|sleep|nap MS|trace PID\n");
	return 2;
}
