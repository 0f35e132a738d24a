/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiles and paths by chance, for a test that holds two enforcers of one profile beside each
 * other. The same seed gives the same profile and the same operations, anywhere.
 *
 * The tree has folders t000, t001, ..., each with rules of its own and the same few names below it,
 * so that patterns meet paths often. In every other one nothing is renamed or linked: there, deny
 * rules may begin with names, which an instance pins so that they hold under other names too, and
 * AppArmor does not. In the others, deny rules have a wildcard in the first name.
 */
#ifndef VKERNEL_TESTS_GUEST_AGREE_H
#define VKERNEL_TESTS_GUEST_AGREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define AGREE_ROOT  "/srv/agree"
#define AGREE_RULES 10 /* of each folder, about */

struct chance {
	uint64_t state;
};

/* A number below `below`. */
unsigned int chance(struct chance *chance, unsigned int below);

/* A choice of its own for each (seed, folder, purpose). */
struct chance chance_for(unsigned long seed, unsigned int folder, unsigned int purpose);

enum { AGREE_NAMES = 12 };
extern const char *const agree_names[AGREE_NAMES];

/* Nothing is moved in this folder. */
bool agree_still(unsigned int folder);

/* A path in a folder, one to three names deep, without a '/' at its end. */
void agree_path(struct chance *chance, unsigned int folder, char *path, size_t size);

/* The profile "agree": what programs need, and rules for `folders` folders. */
void agree_profile(FILE *out, unsigned long seed, unsigned int folders);

/* Makes the folders and what is in them, below root; returns 0, or -1 with errno set. */
int agree_prepare(const char *root, unsigned long seed, unsigned int folders);

/* Does `count` operations in each folder and prints a line for each: number, operation, result. */
void agree_run(unsigned long seed, unsigned int folders, unsigned int count);

#endif
