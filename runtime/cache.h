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
#include <stdint.h>
#include <sys/utsname.h>

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

/* What goes into every policy: this program, by its build ID, and the kernel. */
struct cache_maker {
	struct cache_program {
		const void *id; /* the program's own bytes */
		size_t id_size;
	} program;
	struct utsname kernel;
};

/* Returns false where one of them cannot be told: nothing is to be cached then. */
bool cache_maker(struct cache_maker *maker);

/* Begins with them; false as cache_maker() says. */
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

/* A hash that anybody can make another text for; hash is what came before. */
uint64_t cache_hash(uint64_t hash, const void *bytes, size_t size);

/* The name for what has such a hash: something else may have it, too. */
void cache_key_hash(struct cache_key *key, uint64_t hash);

/*
 * What is cached under key's name: two pieces of memory, *head of exactly head_size bytes and *body,
 * which the caller frees. False: there is nothing. Only files and folders that nobody but this
 * process's user could have written are read.
 */
bool cache_read(const char *folder, const struct cache_key *key, void *head, size_t head_size,
		void **body, size_t *body_size);

/* The same two pieces where they lie, neither copied nor compared with their checksum. */
struct cache_file {
	const void *head, *body;
	size_t body_size;
	void *memory; /* and size: cache_unmap()'s */
	size_t size;
};

/* As cache_read(); the caller ends it with cache_unmap(). head_size is a multiple of 8. */
bool cache_map(const char *folder, const struct cache_key *key, size_t head_size,
	       struct cache_file *file);
void cache_unmap(struct cache_file *file);

/* Puts it there, by way of a temporary file that is renamed. */
void cache_write(const char *folder, const struct cache_key *key, const void *head,
		 size_t head_size, const void *body, size_t body_size);

/* Whether a file in the folder is one that is not complete yet; its writer holds it by flock(). */
bool cache_is_temporary(const char *name);

#endif
