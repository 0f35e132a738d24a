/* SPDX-License-Identifier: GPL-2.0 */
/* A scenario performed in a configuration, with its control: one verdict. */
#ifndef VKERNEL_SCENARIOS_PERFORM_H
#define VKERNEL_SCENARIOS_PERFORM_H

#include <jansson.h>

#include "scenarios/scenario.h"

/*
 * Tries the scenario unconfined and in the configuration, judges, searches the kernel's log, and
 * returns one object of isolation.json, which the caller owns: scenario, group, configuration,
 * verdict, expected, evidence. What keeps it from being tried makes the verdict BROKEN, with the
 * reason in the evidence. program is the path of the program that answers to --inside.
 */
json_t *perform(const char *program, const struct scenario *scenario,
		const struct configuration *configuration, const char *nonce);

/*
 * The kernel's complaints since the last call (or since the guest's first), as a list that the
 * caller owns; a log that cannot be read is a complaint too.
 */
json_t *perform_complaints(void);

#endif
