/* SPDX-License-Identifier: GPL-2.0 */
/* Where vKM and instances lie in memory: what the host needs to name their functions. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_PLACES_H
#define VKERNEL_HARNESS_GUEST_MEASURE_PLACES_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Adds to places, by module, the addresses of the sections with code of vKM and of every instance
 * that is loaded: {"vkm": {".text": "ffffffffc0000000"}}. True when an instance was there.
 */
bool places_note(json_t *places);

#endif
