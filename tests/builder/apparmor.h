/* SPDX-License-Identifier: GPL-2.0 */
/* AppArmor profiles from text into a model, for the tests of their reader. */
#ifndef VKERNEL_TESTS_BUILDER_APPARMOR_H
#define VKERNEL_TESTS_BUILDER_APPARMOR_H

#include "builder/model.h"

/* Reads text as the file "p", whose includes are looked for in folder (may be NULL). NULL where it
 * is refused, with err set; the caller frees the profile. */
struct profile *read_apparmor(const char *text, const char *folder, struct error *err);

/* The same of a profile "p" with this body, which begins in line 2, column 1. */
struct profile *read_body(const char *body, const char *folder, struct error *err);

/* "deny owner audit /a rwaxmlk [text] source" of each file rule, a line each; the caller frees. */
char *say_rules(const struct profile *profile);

#endif
