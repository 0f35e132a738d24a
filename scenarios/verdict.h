/* SPDX-License-Identifier: GPL-2.0 */
/* From observations to a verdict. Pure functions. */
#ifndef VKERNEL_SCENARIOS_VERDICT_H
#define VKERNEL_SCENARIOS_VERDICT_H

#include <jansson.h>

#include "scenarios/tries.h"

enum verdict {
	VERDICT_NONE, /* no verdict is known */
	VERDICT_BLOCKED,
	VERDICT_VIRTUAL, /* it worked, on private state */
	VERDICT_LEAKED,
	VERDICT_UNREACHED, /* the object or flaw is not there, so nothing could be attacked */
	VERDICT_BROKEN, /* the control failed, something allowed does not work, the kernel complained */
};

/* "BLOCKED" and so on; "none" for VERDICT_NONE. */
const char *verdict_name(enum verdict verdict);

/* The verdict of that name, or VERDICT_NONE. */
enum verdict verdict_find(const char *name);

/* The verdict on an unconfined run, which is every other's positive control. */
enum verdict verdict_of_control(const struct tries *control);

/*
 * The verdict on `own`, given the same tries unconfined. Anything reached is LEAKED. What the
 * control did not reach tells nothing, and what it made work has to work.
 */
enum verdict verdict_judge(const struct tries *control, const struct tries *own);

/*
 * Why, as a JSON object that the caller owns: the lists `reached`, `private`, `failed` and
 * `untold` (refused, but so was the control), the counts `refused`, `works` and `absent` (the
 * kernel has no such thing, the control found), and `refusals`: how many were refused how.
 */
json_t *verdict_evidence(const struct tries *control, const struct tries *own);

#endif
