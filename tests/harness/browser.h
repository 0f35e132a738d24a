/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chromium without a screen, told what to do over a pipe (its DevTools protocol). One page at a
 * time; what the page asks of the network and complains of is counted from browser_open() on.
 */
#ifndef VKERNEL_TESTS_HARNESS_BROWSER_H
#define VKERNEL_TESTS_HARNESS_BROWSER_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "lib/error.h"

struct browser {
	pid_t pid;
	int commands, answers;	/* pipes */
	char profile[PATH_MAX]; /* a folder of its own, removed with it */
	char *session;		/* of the page */
	char *input;		/* what came and is no whole message yet */
	size_t used;
	int last;	    /* number of the last command */
	bool loaded;	    /* the page asked for last is there */
	json_t *complaints; /* texts: errors, warnings, whatever was printed */
	json_t *requests;   /* addresses beside the page's own */
};

struct viewport {
	int width, height; /* pixels */
	bool dark;
};

/* Whether the program is there. */
bool browser_installed(void);

/* Returns 0, or -1 with err set and nothing left. browser_stop() ends it. */
int browser_start(struct browser *browser, struct error *err);
void browser_stop(struct browser *browser);

/* Opens the file at path (absolute) and waits until all of it is there. */
int browser_open(struct browser *browser, const char *path, const struct viewport *viewport,
		 struct error *err);

/* The value of a script's last expression, which the caller owns; NULL with err set. */
json_t *browser_evaluate(struct browser *browser, const char *script, struct error *err);

/* Writes the whole page as a PNG file. */
int browser_picture(struct browser *browser, const char *path, struct error *err);

#endif
