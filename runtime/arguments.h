/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The OCI command line, as far as it must be understood. Of the options in front of the command,
 * and of those of run, create and delete, only those of crun and runc and our own are accepted, and
 * handed on in full and each by itself (options.h): what this program read otherwise than the runtime
 * below would let a container go unguarded. The options of other commands are handed on unread.
 */
#ifndef VKERNEL_RUNTIME_ARGUMENTS_H
#define VKERNEL_RUNTIME_ARGUMENTS_H

#include <stdbool.h>

#include "lib/error.h"

struct arguments {
	char **argv; /* the program's own, without the options that are ours alone */
	int argc;
	int command;	 /* index of the command's name in argv; argc where there is none */
	const char *log; /* --log, or NULL */
	const char *log_format;
	const char *root;   /* --root, or NULL */
	const char *id;	    /* the container's, of run, create and delete; else NULL */
	const char *bundle; /* "." where it is not named */
	const char *config; /* --config, or NULL */
	int config_index;   /* of the option that named it; 0 where none did */
	int bundle_index;
	bool detach;	      /* run --detach */
	bool regex;	      /* delete --regex: id is a pattern */
	const char *rootless; /* --rootless, or NULL */
	/* This program's own options, which are no longer in argv. */
	const char *settings; /* --config in front of the command, or NULL */
	const char *cache;    /* --cache, or NULL */
	bool keep_seccomp;
	bool asks;    /* --help or --version, which ends argv: there is nothing else to do */
	char **owned; /* argv, where it is not the caller's */
};

/* The command's name, or "" where there is none. */
const char *arguments_command(const struct arguments *arguments);

/*
 * Finds its way through argv, from which it takes our own options out. The strings are argv's
 * own. The caller ends it with arguments_free(), also where it fails. Returns 0, or -1 with err set
 * (EXIT_USAGE): an option that is not known, is given twice or lacks its value; run, create or
 * delete without exactly one id.
 */
int arguments_parse(int argc, char **argv, struct arguments *arguments, struct error *err);

void arguments_free(struct arguments *arguments);

/*
 * The command line for runtime, with option ("--config" or "--bundle") put to value in place of
 * what these options said: a NULL-terminated array that the caller frees (its strings are
 * borrowed), or NULL where memory fails. With option NULL nothing but argv[0] is changed.
 */
char **arguments_for(const struct arguments *arguments, const char *runtime, const char *option,
		     const char *value);

#endif
