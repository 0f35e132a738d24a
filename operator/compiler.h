/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's make as a child. */
#ifndef VKERNEL_OPERATOR_COMPILER_H
#define VKERNEL_OPERATOR_COMPILER_H

#include "lib/error.h"

/*
 * From here on SIGINT, SIGTERM and SIGHUP end the compiler instead of this program, so that what
 * is temporary can be removed. To be called before something temporary is made.
 */
void compiler_catch_signals(void);

/* What is built, and for what. All strings are borrowed. */
struct compiler {
	const char *folder;  /* where sources_lay_out() has put the sources */
	const char *source;  /* the author's file, for messages */
	const char *headers; /* the kernel's */
	const char *release;
};

/*
 * Both return 0, or -1 with err set; the compiler's own words have then been printed to standard
 * error. compiler_compile() makes vki/private.o, the author's object, which tells in a moment
 * whether that file is good; compiler_link() makes vki/vki.ko, without the debugging and type
 * information that would cost time at each load.
 */
int compiler_compile(const struct compiler *compiler, struct error *err);
int compiler_link(const struct compiler *compiler, struct error *err);

#endif
