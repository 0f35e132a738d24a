// SPDX-License-Identifier: GPL-2.0
#include "lib/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

int scratch_make(char path[PATH_MAX], struct error *err)
{
	const char *parent = getenv("TMPDIR");

	snprintf(path, PATH_MAX, "%s/%s-XXXXXX", parent && *parent ? parent : "/tmp",
		 program_invocation_short_name);
	if (!mkdtemp(path))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making %.500s", path);
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void scratch_remove(const char *path)
{
	nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
