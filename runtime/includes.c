// SPDX-License-Identifier: GPL-2.0
#include "runtime/includes.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

/* One look in the list; the path, with its end, follows. */
struct entry {
	uint8_t found, into; /* enum apparmor_found; whether there is a digest */
	uint8_t digest[SHA256_DIGEST_SIZE];
};

static struct entry entry_of(const struct apparmor_look *look)
{
	struct entry entry = {.found = look->found, .into = !!look->bytes};
	struct sha256_ctx hash;

	if (!look->bytes)
		return entry;
	sha256_init(&hash);
	sha256_update(&hash, look->size, (const uint8_t *)look->bytes);
	sha256_digest(&hash, sizeof(entry.digest), entry.digest);
	return entry;
}

void includes_note(void *context, const struct apparmor_look *look)
{
	const size_t length = strlen(look->path) + 1;
	const struct entry entry = entry_of(look);
	struct includes *includes = context;
	char *grown = realloc(includes->list, includes->size + sizeof(entry) + length);

	if (!grown) {
		includes->lost = true;
		return;
	}
	memcpy(grown + includes->size, &entry, sizeof(entry));
	memcpy(grown + includes->size + sizeof(entry), look->path, length);
	includes->list = grown;
	includes->size += sizeof(entry) + length;
}

static bool holds(const struct entry *entry, const char *path)
{
	struct apparmor_look look;
	const bool can = apparmor_look(path, entry->into, &look);
	autofree char *bytes = (char *)look.bytes;
	struct entry now;

	if (!can)
		return false;
	now = entry_of(&look);
	return !memcmp(&now, entry, sizeof(now));
}

bool includes_hold(const char *list, size_t size)
{
	const char *at = list, *end = list + size;
	struct entry entry;

	while (at < end) {
		const char *path = at + sizeof(entry);

		if ((size_t)(end - at) <= sizeof(entry) || !memchr(path, '\0', end - path))
			return false;
		memcpy(&entry, at, sizeof(entry));
		if (!holds(&entry, path))
			return false;
		at = path + strlen(path) + 1;
	}
	return true;
}
