// SPDX-License-Identifier: GPL-2.0
/*
 * What a program gets from the kernel's log, see log.h.
 *
 *	log			all of it, as root; the first thing it does is to overwrite the log
 *	log user		what is allowed to a user who is nobody
 *	log read FILE		reads FILE to its end, as /dev/kmsg is read, and prints the text
 *	log crash		ends by a fault at address 8
 *	log flood COUNT		writes so many records
 *	log watch COUNT		reads /dev/kmsg until the last of these is there
 *	log take PID FD		takes an open file from a process, reads it as above, and holds it until
 *				standard input ends
 *	log ask SECONDS		asks for the log's size all the time, and says how often it was refused
 *	log exchange POLICY SECONDS BLOB BLOB	puts the one and the other in force in turn
 *	log stream FOLDER MODE	an instance's log from the host: see log-stream.c
 */
#include "tests/guest/log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOMENT 200000 /* us */

char log_buffer[LOG_BUFFER];

void log_result(const char *key, long value)
{
	if (value == -1)
		printf("%s %s\n", key, strerrorname_np(errno));
	else
		printf("%s %ld\n", key, value);
}

/* "[   12.345678]" and "6,1234,12345678,": the numbers are the log's own. */
static void hide_numbers(char *text, long size)
{
	int commas = 0;

	for (long i = 0; i < size; i++) {
		if (text[i] == '[')
			for (i++; i < size && text[i] != ']'; i++)
				text[i] = '#';
		else if (text[i] == ';')
			return;
		else if (text[i] == ',')
			commas++;
		else if (commas && isdigit((unsigned char)text[i]))
			text[i] = '#';
	}
}

/* How many digits there are is the log's own too. */
static void print_text(const char *text, long size)
{
	for (long i = 0; i < size; i++) {
		const unsigned char byte = text[i];

		if (byte == '#' && i && text[i - 1] == '#')
			continue;
		if (byte == '\n')
			printf("\\n");
		else if (isprint(byte))
			putchar(byte);
		else
			printf("\\%03o", byte);
	}
}

void log_text(const char *key, const char *text, long size)
{
	char copy[4096];

	if (size == -1) {
		log_result(key, size);
		return;
	}
	if (size > (long)sizeof(copy))
		size = sizeof(copy);
	memcpy(copy, text, size);
	hide_numbers(copy, size);
	printf("%s ", key);
	print_text(copy, size);
	printf("\n");
}

static void give_up(const char *what)
{
	perror(what);
	exit(3);
}

void log_write(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		give_up("/dev/kmsg");
	close(fd);
}

static void nothing(int number)
{
	(void)number;
}

/* Only one child at a time. */
static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

void log_write_later(const char *text)
{
	reap();
	if (fork())
		return;
	usleep(MOMENT);
	log_write(text);
	_exit(0);
}

void log_signal_later(int restart)
{
	const struct sigaction action = {.sa_handler = nothing,
					 .sa_flags = restart ? SA_RESTART : 0};

	reap();
	sigaction(SIGUSR1, &action, NULL);
	if (fork())
		return;
	usleep(MOMENT / 2);
	kill(getppid(), SIGUSR1);
	_exit(0);
}

long log_call(int type, void *buffer, int size)
{
	return syscall(SYS_syslog, type, buffer, size);
}

void log_drain(void)
{
	while (log_call(9, NULL, 0) > 0)
		log_call(2, log_buffer, sizeof(log_buffer));
}

/* What is there; the position stays whoever else reads it. */
static void read_records(int fd)
{
	ssize_t size;

	while ((size = read(fd, log_buffer, sizeof(log_buffer))) > 0 || errno == EPIPE)
		if (size > 0)
			fwrite(log_buffer, 1, size, stdout);
	fflush(stdout);
}

static int read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		give_up(path);
	read_records(fd);
	return 0;
}

static int take_file(pid_t process, int number)
{
	int pidfd = syscall(SYS_pidfd_open, process, 0);
	int fd = syscall(SYS_pidfd_getfd, pidfd, number, 0);
	char rest[16];

	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		give_up("pidfd_getfd");
	read_records(fd);
	while (read(STDIN_FILENO, rest, sizeof(rest)) > 0)
		;
	return 0;
}

/* Numbered, and of all lengths: each says how long it is. */
static int flood(int count)
{
	int fd = open("/dev/kmsg", O_WRONLY);
	char text[1024], filler[800];

	memset(filler, 'z', sizeof(filler));
	for (int i = 0; i < count; i++) {
		const int fill = i * 37 % (int)sizeof(filler);
		int size = snprintf(text, sizeof(text), "<14>flood %d %d:%.*s\n", i, fill, fill,
				    filler);

		if (write(fd, text, size) != size)
			give_up("/dev/kmsg");
	}
	return 0;
}

/* Any other answer than the size or a refusal ends it. */
static int ask(int seconds)
{
	const time_t end = time(NULL) + seconds;
	unsigned long allowed = 0, refused = 0;

	while (time(NULL) < end) {
		if (syscall(SYS_syslog, 10, NULL, 0) > 0)
			allowed++;
		else if (errno == EPERM)
			refused++;
		else
			give_up("syslog");
	}
	printf("allowed %lu, refused %lu\n", allowed, refused);
	return !allowed || !refused;
}

static void put_in_force(const char *policy, const char *blob)
{
	static char bytes[1 << 20];
	const int from = open(blob, O_RDONLY), to = open(policy, O_WRONLY);
	const ssize_t size = read(from, bytes, sizeof(bytes));

	if (size <= 0 || write(to, bytes, size) != size)
		give_up(policy);
	close(from);
	close(to);
}

static int exchange(const char *policy, int seconds, const char *one, const char *other)
{
	const time_t end = time(NULL) + seconds;
	unsigned long count = 0;

	for (; time(NULL) < end; count++) {
		put_in_force(policy, one);
		put_in_force(policy, other);
	}
	printf("exchanged %lu\n", count);
	return 0;
}

static int is_torn(const char *text, long size)
{
	const char *body = memchr(text, ';', size), *colon;
	int number, fill;

	if (!body || text[size - 1] != '\n')
		return 1;
	if (sscanf(body, ";flood %d %d:", &number, &fill) != 2)
		return 0;
	colon = strchr(body, ':');
	return text + size - 1 - (colon + 1) != fill;
}

static int watch(int count)
{
	int fd = open("/dev/kmsg", O_RDONLY);
	unsigned long sequence, next = 0;
	int number = 0, gaps = 0, torn = 0, lost = 0, jump = 1;

	while (number != count - 1) {
		const long size = read(fd, log_buffer, sizeof(log_buffer) - 1);

		if (size < 0 && errno == EPIPE) {
			lost++;
			jump = 1;
			continue;
		}
		if (size <= 0)
			give_up("/dev/kmsg");
		log_buffer[size] = '\0';
		torn += is_torn(log_buffer, size);
		if (sscanf(log_buffer, "%*u,%lu,%*u,-;flood %d", &sequence, &number) < 1)
			torn++;
		gaps += !jump && sequence != next;
		jump = 0;
		next = sequence + 1;
	}
	printf("gaps %d, torn %d, lost %d, last 1\n", gaps, torn, lost);
	return 0;
}

static void crash(void)
{
	static volatile int *volatile nowhere = (int *)8;

	*nowhere = 1;
}

int main(int count, char **words)
{
	alarm(100);
	if (count == 3 && !strcmp(words[1], "read"))
		return read_file(words[2]);
	if (count == 2 && !strcmp(words[1], "user")) {
		log_try_permissions();
		return 0;
	}
	if (count == 2 && !strcmp(words[1], "crash"))
		crash();
	if (count == 3 && !strcmp(words[1], "flood"))
		return flood(atoi(words[2]));
	if (count == 3 && !strcmp(words[1], "ask"))
		return ask(atoi(words[2]));
	if (count == 6 && !strcmp(words[1], "exchange"))
		return exchange(words[2], atoi(words[3]), words[4], words[5]);
	if (count == 3 && !strcmp(words[1], "watch"))
		return watch(atoi(words[2]));
	if (count == 4 && !strcmp(words[1], "take"))
		return take_file(atoi(words[2]), atoi(words[3]));
	if (count == 4 && !strcmp(words[1], "stream"))
		return log_stream(words[2], words[3]);
	log_try_device();
	log_try_syslog();
	log_try_proc();
	return 0;
}
