/* SPDX-License-Identifier: GPL-2.0 */
/* The values of a YAML text with their places: for yaml.c alone. */
#ifndef VKERNEL_LIB_YAML_PLACES_H
#define VKERNEL_LIB_YAML_PLACES_H

#include "lib/yaml.h"

enum yaml_kind {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
};

struct yaml_node {
	enum yaml_kind kind;
	char *key;    /* of a mapping's entry; else NULL */
	char *scalar; /* terminated, no zero byte in it */
	bool plain;   /* a scalar without quotes */
	bool quoted;
	struct yaml_position at;
	struct yaml_position value_at;
	struct yaml_node *children;
	size_t count, capacity;
};

struct yaml_places {
	char *file;
	struct yaml_node root;
};

/* Returns 0, or -1 with err set and nothing to free; yaml_release() frees *places. */
int yaml_places_read(const struct yaml_text *text, struct yaml_places **places, struct error *err);
void yaml_places_free(struct yaml_places *places);

/* NULL: there is none. */
const struct yaml_node *yaml_child(const struct yaml_node *mapping, const char *key);

#endif
