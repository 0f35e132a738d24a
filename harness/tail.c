// SPDX-License-Identifier: GPL-2.0
#include "harness/tail.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"

/* So that a short context and two tails fit into one error. */
#define TAIL_MAX 1400

static size_t read_end(const char *path, char text[TAIL_MAX + 1])
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
	ssize_t count;

	if (size <= 0)
		return 0;
	count = pread(fd, text, TAIL_MAX, size > TAIL_MAX ? size - TAIL_MAX : 0);
	text[count > 0 ? count : 0] = 0;
	return count > 0 ? (size_t)count : 0;
}

/* Serial consoles send carriage returns and colours; only text and newlines go into an error. */
static size_t keep_text(char *text, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f))
			text[kept++] = text[i];
	}
	while (kept > 0 && text[kept - 1] == '\n')
		kept--;
	text[kept] = 0;
	return kept;
}

void tail_append(struct error *err, const char *what, const char *path, unsigned int lines)
{
	char text[TAIL_MAX + 1];
	size_t length = keep_text(text, read_end(path, text)), used = strlen(err->text);
	const char *start = text + length;

	if (length == 0)
		return;
	while (start > text && (start[-1] != '\n' || --lines > 0))
		start--;
	snprintf(err->text + used, sizeof(err->text) - used, "\n%s:\n%s", what, start);
}

bool tail_find(const char *path, const char *text, char *line, size_t size)
{
	autofclose FILE *file = fopen(path, "re");
	autofree char *buffer = NULL;
	size_t room = 0;

	line[0] = 0;
	while (file && getline(&buffer, &room, file) > 0) {
		const char *found = strstr(buffer, text);

		if (!found)
			continue;
		snprintf(line, size, "%.*s", (int)strcspn(found, "\r\n"), found);
		return true;
	}
	return false;
}

void tail_remove_empty(const char *path)
{
	struct stat status;

	if (*path && stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0)
		unlink(path);
}
