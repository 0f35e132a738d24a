/* SPDX-License-Identifier: GPL-2.0 */
/* What the isolation check asks of a booted guest. */
#ifndef VKERNEL_HARNESS_ISOLATION_GUEST_H
#define VKERNEL_HARNESS_ISOLATION_GUEST_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/vm.h"

/* All return 0, or -1 with err set: the guest died or its answer makes no sense. */

/* Loads vkm if the guest has it; *why is then NULL, else the reason, which the caller frees. */
int isolation_load_vkm(struct vm *vm, char **why, struct error *err);

/* Unloads it; *why as above. */
int isolation_unload_vkm(struct vm *vm, char **why, struct error *err);

/* One attempt; *verdict is an object of isolation.json, which the caller owns. */
int isolation_attempt(struct vm *vm, const char *scenario, const char *configuration,
		      json_t **verdict, struct error *err);

/* What the guest's kernel complained of since the last attempt: a list that the caller owns. */
int isolation_complaints(struct vm *vm, json_t **complaints, struct error *err);

#endif
