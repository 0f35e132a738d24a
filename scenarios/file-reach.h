/* SPDX-License-Identifier: GPL-2.0 */
/* Ways to a file that a rule is for, all with other names or none. */
#ifndef VKERNEL_SCENARIOS_FILE_REACH_H
#define VKERNEL_SCENARIOS_FILE_REACH_H

#define REACH_FOLDER "/srv/vkernel-scenario"
#define REACH_BOX    REACH_FOLDER "/box"
#define REACH_SECRET REACH_BOX "/secret" /* nothing is allowed; holds the nonce */
#define REACH_LEDGER REACH_BOX "/ledger" /* may be written, not read; holds the nonce */
#define REACH_TOOL   REACH_BOX "/tool"	 /* may be read, not executed; a program that ends with 0 */
#define REACH_KEY    REACH_BOX "/new.key"   /* is not there, and may not be made */
#define REACH_SOCKET REACH_FOLDER "/socket" /* gives whoever connects a descriptor of the secret */

/*
 * One way. Runs in a child of its own, which may change its root, its namespaces and its folder, but
 * leaves the files as it found them. Returns an errno, or 0 where it got there; where it is to read
 * (not `alters`), *fd is then a descriptor to read the nonce from.
 */
struct reach {
	const char *name;
	int (*go)(int *fd);
	int alters; /* it does something else than read */
};

/* Ended by a row without a name. */
extern const struct reach reaches[];

#endif
