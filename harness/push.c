// SPDX-License-Identifier: GPL-2.0
/* Files into the guest, as arguments of a shell there: the protocol needs no operation for it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/vm.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define FILE_MAX (16u << 20)
#define CHUNK	 (48u * 1024) /* an argument may be 128 KiB long, and base64 makes 4 of 3 */
#define TIMEOUT	 60

static void encode(const unsigned char *bytes, size_t length, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		unsigned int second = i + 1 < length ? bytes[i + 1] : 0;
		unsigned int third = i + 2 < length ? bytes[i + 2] : 0;
		unsigned int group = (unsigned int)bytes[i] << 16 | second << 8 | third;

		*text++ = digits[group >> 18];
		*text++ = digits[group >> 12 & 63];
		*text++ = i + 1 < length ? digits[group >> 6 & 63] : '=';
		*text++ = i + 2 < length ? digits[group & 63] : '=';
	}
	*text = 0;
}

struct last_line {
	char text[256];
};

static void keep_last(void *context, int stream, const char *line)
{
	struct last_line *last = context;

	(void)stream;
	snprintf(last->text, sizeof(last->text), "%s", line);
}

static int run(struct vm *vm, const char *const argv[], const char *what, struct error *err)
{
	struct last_line last = {""};
	int status;

	if (vm_exec(vm, argv, TIMEOUT, keep_last, &last, &status, err) < 0)
		return error_context(err, "%s", what);
	if (status == 0)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "%s: status %d in the guest: %s", what, status,
			 last.text);
}

static int append(struct vm *vm, const unsigned char *bytes, size_t length, const char *target,
		  const char *what, struct error *err)
{
	char text[CHUNK / 3 * 4 + 5];
	const char *const argv[] = {
		"sh", "-c", "printf %s \"$1\" | base64 -d >>\"$2\"", "sh", text, target, NULL};

	encode(bytes, length, text);
	return run(vm, argv, what, err);
}

int vm_push(struct vm *vm, const char *source, const char *target, struct error *err)
{
	const char *const begin[] = {"sh", "-c", ": >\"$1\"", "sh", target, NULL};
	char mode[8], what[512];
	const char *const end[] = {"chmod", mode, target, NULL};
	autofree char *contents = NULL;
	struct stat status;
	size_t size;

	snprintf(what, sizeof(what), "pushing %.200s to %.200s", source, target);
	if (file_read(source, FILE_MAX, &contents, &size, err) < 0)
		return -1;
	if (stat(source, &status) < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "looking at %.500s", source);
	snprintf(mode, sizeof(mode), "%o", status.st_mode & 0777);
	if (run(vm, begin, what, err) < 0)
		return -1;
	for (size_t at = 0; at < size; at += CHUNK) {
		size_t length = size - at < CHUNK ? size - at : CHUNK;

		if (append(vm, (unsigned char *)contents + at, length, target, what, err) < 0)
			return -1;
	}
	return run(vm, end, what, err);
}
