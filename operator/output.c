// SPDX-License-Identifier: GPL-2.0
/* Standard input and output, as the commands use them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "operator/command.h"

int read_input(const char *path, size_t limit, char **contents, size_t *size, struct error *err)
{
	/* Not /dev/stdin: what another user opened may be read, but not opened again. */
	if (!strcmp(path, "-"))
		return file_read_open(STDIN_FILENO, input_name(path), limit, contents, size, err);
	return file_read(path, limit, contents, size, err);
}

const char *input_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

int end_output(struct error *err)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write to standard output");
}
