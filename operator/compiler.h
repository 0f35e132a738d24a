/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's make as a child. */
#ifndef VKERNEL_OPERATOR_COMPILER_H
#define VKERNEL_OPERATOR_COMPILER_H

#include "lib/error.h"

/*
 * From here on SIGINT, SIGTERM and SIGHUP end compiler_run() instead of this program, so that what
 * is temporary can be removed. To be called before something temporary is made.
 */
void compiler_catch_signals(void);

/*
 * Builds the modules in folder, where sources_lay_out() has put them, with the headers of the
 * kernel called release, and takes debugging and type information out of vki/vki.ko, which would
 * cost time at each load. source is the author's file, for messages. Returns 0, or -1 with err
 * set; the compiler's own words have then been printed to standard error.
 */
int compiler_run(const char *folder, const char *source, const char *headers, const char *release,
		 struct error *err);

#endif
