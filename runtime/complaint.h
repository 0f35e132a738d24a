/* SPDX-License-Identifier: GPL-2.0 */
/* What went wrong, where container engines look for it. */
#ifndef VKERNEL_RUNTIME_COMPLAINT_H
#define VKERNEL_RUNTIME_COMPLAINT_H

#include "lib/error.h"
#include "runtime/arguments.h"

/*
 * Adds err to the file that --log names, in the form that --log-format asks for, as runc and crun do:
 * an engine shows its user the last error there, and often nothing of standard error. Without --log
 * nothing is done; a file that cannot be written is passed over, because err is printed as well.
 */
void complaint_log(const struct arguments *arguments, const struct error *err);

#endif
