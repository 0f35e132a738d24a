/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Derived policies, by content: a file's name is the SHA-256 of all that went into it. Nothing is
 * lost with a cache: what cannot be read, is damaged or could be somebody else's work counts as not
 * there, what cannot be written is not cached, and nothing is said.
 */
#ifndef VKERNEL_RUNTIME_CACHE_H
#define VKERNEL_RUNTIME_CACHE_H

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

#define CACHE_FOLDER "/var/cache/vkernel"
/* Files that stay; the oldest go when there are more. */
#define CACHE_MAX    512

/* option, else what VKERNEL_CACHE_DIR says, else CACHE_FOLDER; borrowed. */
const char *cache_folder(const char *option);

/* The name of what is cached, in the making. */
struct cache_key {
	struct sha256_ctx hash;
	char name[2 * SHA256_DIGEST_SIZE + 1]; /* after cache_key_end() */
};

/*
 * Begins with what goes into every policy: this program, by its build ID, and the kernel's release.
 * Returns false where one of them cannot be told: nothing is to be cached then.
 */
bool cache_key_begin(struct cache_key *key);

/* Adds size bytes under a label that says what they are. */
void cache_key_add(struct cache_key *key, const char *label, const void *bytes, size_t size);

void cache_key_end(struct cache_key *key);

/*
 * Adds the SHA-256 of a text in its place. For the same text it is made once: what was made is kept in
 * folder beside the text itself, which is compared as a whole.
 */
void cache_key_add_text(struct cache_key *key, const char *label, const char *folder,
			const char *text, size_t size);

/*
 * What is cached under key's name: two pieces of memory, *head of exactly head_size bytes and *body,
 * which the caller frees. False: there is nothing. Only files and folders that nobody but this
 * process's user could have written are read.
 */
bool cache_read(const char *folder, const struct cache_key *key, void *head, size_t head_size,
		void **body, size_t *body_size);

/* Puts it there, by way of a temporary file that is renamed. */
void cache_write(const char *folder, const struct cache_key *key, const void *head,
		 size_t head_size, const void *body, size_t body_size);

/* Whether a file in the folder is one that is not complete yet; its writer holds it by flock(). */
bool cache_is_temporary(const char *name);

#endif
