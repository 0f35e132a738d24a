/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options that are known, and the ways to write them. crun reads its command line by getopt_long():
 * names may be abbreviated, short options may stand together and have their value behind them. runc
 * reads its own by Go's package flag: one dash is as good as two, and switches may have a value. The
 * runtime below gets each option in full and by itself, so any form is taken that only one of them
 * reads, or both alike.
 */
#ifndef VKERNEL_RUNTIME_OPTIONS_H
#define VKERNEL_RUNTIME_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* In front of the command, or behind which. */
enum place {
	GLOBAL = 1,
	RUN = 2,
	CREATE = 4,
	DELETE = 8,
};

enum meaning {
	HANDED_ON,
	LOG,
	LOG_FORMAT,
	ROOT,
	BUNDLE,
	CONFIG,
	DETACH,
	ASKS,
	REGEX,
	ROOTLESS,
	/* This program's own, which the runtime below does not get. */
	SETTINGS,
	CACHE,
	KEEP_SECCOMP,
};

struct option {
	const char *name;    /* "--bundle" */
	const char *shorter; /* "-b", or NULL */
	unsigned int places;
	bool has_value;
	enum meaning meaning;
};

/*
 * The option that word is, written in full, or NULL; *value is what follows a "=" in it, else NULL.
 */
const struct option *options_find(const char *word, enum place place, const char **value);

/* A number for each of them, below OPTIONS_MAX. */
#define OPTIONS_MAX 64
size_t options_index(const struct option *option);

/*
 * word, which options_find() does not know, in full: words, with room for strlen(word) of them, get
 * option names, and last perhaps a value; the strings are word's or static. Returns how many there are
 * (0: it says that an option is not given), or -1 with err set (EXIT_USAGE): it is no option, or may be
 * several.
 */
int options_expand(const char *word, enum place place, const char **words, struct error *err);

#endif
