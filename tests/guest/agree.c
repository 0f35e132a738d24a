// SPDX-License-Identifier: GPL-2.0
/* Makes a profile, a tree, or operations, all by one seed; see agree.h and agree.guest. */
#include "tests/guest/agree.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned int folders = argc > 3 ? atoi(argv[3]) : 0;

	if (argc == 4 && !strcmp(argv[1], "profile")) {
		agree_profile(stdout, seed, folders);
	} else if (argc == 5 && !strcmp(argv[1], "prepare")) {
		if (agree_prepare(argv[4], seed, folders)) {
			perror(argv[4]);
			return 3;
		}
	} else if (argc == 5 && !strcmp(argv[1], "run")) {
		agree_run(seed, folders, atoi(argv[4]));
	} else {
		fputs("usage: agree profile SEED FOLDERS | prepare SEED FOLDERS ROOT | run SEED "
		      "FOLDERS "
		      "COUNT\n",
		      stderr);
		return 2;
	}
	return fflush(stdout) ? 3 : 0;
}
