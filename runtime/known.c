// SPDX-License-Identifier: GPL-2.0
/*
 * What a bundle's words came to the last time. Where they are the same, byte for byte, nothing of them
 * needs to be parsed: engines write the same for each container of an image, but for what concerns the
 * runtime below alone.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/cleanup.h"
#include "runtime/cache.h"
#include "runtime/policy.h"

/* What else it depends on, as text: this program, the kernel, the settings, how long the id is. */
#define CONTEXT_MAX 1024

/* What is cached in front of the body: context, lean, seccomp, each padded to 8 bytes, and the blob. */
struct head {
	uint64_t sum; /* cache_hash() of the rest of this and of the blob; the words are compared */
	uint32_t context_size, lean_size, seccomp_size, blob_size;
	uint32_t takes_seccomp, name_at;
};

struct piece {
	const void *bytes;
	size_t size;
};

struct words {
	char context[CONTEXT_MAX];
	struct piece pieces[3]; /* as in the body */
	size_t size;		/* of all with their padding */
	struct cache_key key;
};

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* With the terminating zero; false: there is no room. */
static bool add(struct words *words, const void *bytes, size_t size)
{
	struct piece *context = &words->pieces[0];

	if (size > sizeof(words->context) - context->size)
		return false;
	memcpy(words->context + context->size, bytes, size);
	context->size += size;
	return true;
}

static bool add_text(struct words *words, const char *text)
{
	return text ? add(words, "=", 1) && add(words, text, strlen(text) + 1) : add(words, "-", 1);
}

static bool make_context(const struct policy_request *request, struct words *words)
{
	const struct settings *settings = request->settings;
	const uint32_t id = strnlen(request->id, POLICY_ID_SHOWN);
	struct cache_maker maker;

	words->pieces[0] = (struct piece){.bytes = words->context};
	return cache_maker(&maker) && add(words, &id, sizeof(id)) &&
	       add(words, maker.program.id, maker.program.id_size) &&
	       add_text(words, maker.kernel.release) &&
	       add(words, &settings->keep_seccomp, sizeof(settings->keep_seccomp)) &&
	       add_text(words, settings->log) && add_text(words, settings->excess) &&
	       add_text(words, settings->masked_paths);
}

/* False: what decides is more than words. */
static bool read_words(const struct policy_request *request, struct words *words)
{
	uint64_t hash = 0;

	if (!request->lean || request->settings->profile || !make_context(request, words))
		return false;
	words->pieces[1] = (struct piece){request->lean, request->lean_size};
	words->pieces[2] = (struct piece){request->seccomp, request->seccomp_size};
	words->size = 0;
	for (int i = 0; i < 3; i++) {
		hash = cache_hash(hash, words->pieces[i].bytes, words->pieces[i].size);
		words->size += padded(words->pieces[i].size);
	}
	cache_key_hash(&words->key, hash);
	return true;
}

static uint64_t sum_of(const struct head *head, const void *blob)
{
	const size_t first = sizeof(head->sum);

	return cache_hash(cache_hash(0, (const char *)head + first, sizeof(*head) - first), blob,
			  head->blob_size);
}

static bool are_same(const struct words *words, const void *body)
{
	const char *at = body;

	for (int i = 0; i < 3; i++) {
		const struct piece *piece = &words->pieces[i];

		if (piece->size && memcmp(at, piece->bytes, piece->size))
			return false;
		at += padded(piece->size);
	}
	return true;
}

static bool take(const struct words *words, const struct cache_file *file, const char *id,
		 struct container_policy *policy)
{
	const struct head *head = file->head;
	const void *blob = (const char *)file->body + words->size;

	if (head->context_size != words->pieces[0].size ||
	    head->lean_size != words->pieces[1].size ||
	    head->seccomp_size != words->pieces[2].size || file->body_size < words->size ||
	    head->blob_size != file->body_size - words->size || head->sum != sum_of(head, blob) ||
	    !are_same(words, file->body))
		return false;
	policy->blob = malloc(head->blob_size);
	if (!policy->blob)
		return false;
	memcpy(policy->blob, blob, head->blob_size);
	policy->size = head->blob_size;
	policy->takes_seccomp = head->takes_seccomp;
	policy->name_at = head->name_at;
	return policy_rename(policy, id);
}

bool policy_known(const struct policy_request *request, struct container_policy *policy)
{
	struct cache_file file;
	struct words words;
	bool found;

	*policy = (struct container_policy){.blob = NULL};
	if (!read_words(request, &words) ||
	    !cache_map(request->cache, &words.key, sizeof(struct head), &file))
		return false;
	found = take(&words, &file, request->id, policy);
	cache_unmap(&file);
	if (!found)
		container_policy_free(policy);
	return found;
}

/* The words and the blob one after the other; the caller frees it. */
static char *make_body(const struct words *words, const struct container_policy *policy)
{
	char *body = calloc(1, words->size + policy->size), *at = body;

	if (!body)
		return NULL;
	for (int i = 0; i < 3; i++) {
		if (words->pieces[i].size)
			memcpy(at, words->pieces[i].bytes, words->pieces[i].size);
		at += padded(words->pieces[i].size);
	}
	memcpy(at, policy->blob, policy->size);
	return body;
}

void policy_remember(const struct policy_request *request, const struct container_policy *policy)
{
	autofree char *body = NULL;
	struct words words;
	struct head head;

	if (!policy->plain || policy->notice[0] || !read_words(request, &words))
		return;
	head = (struct head){
		.context_size = words.pieces[0].size,
		.lean_size = words.pieces[1].size,
		.seccomp_size = words.pieces[2].size,
		.blob_size = policy->size,
		.takes_seccomp = policy->takes_seccomp,
		.name_at = policy->name_at,
	};
	head.sum = sum_of(&head, policy->blob);
	body = make_body(&words, policy);
	if (body)
		cache_write(request->cache, &words.key, &head, sizeof(head), body,
			    words.size + policy->size);
}

/*
 * The checksum goes along: that of two blobs of one size differs by what is different in them, and by
 * how much stands behind it. What was damaged before stays so.
 */
bool policy_rename(struct container_policy *policy, const char *id)
{
	struct policy_header *header = policy->blob;
	const size_t length = strnlen(id, POLICY_ID_SHOWN);
	char *place = (char *)policy->blob + policy->name_at;
	uint32_t difference;

	if (!policy->name_at)
		return true;
	if (policy->name_at < sizeof(*header) || policy->name_at > policy->size ||
	    length > policy->size - policy->name_at)
		return false;
	difference = crc32_z(0, (const void *)place, length) ^ crc32_z(0, (const void *)id, length);
	difference = crc32_combine(difference, 0, policy->size - policy->name_at - length);
	header->checksum = htole32(le32toh(header->checksum) ^ difference);
	memcpy(place, id, length);
	return true;
}
