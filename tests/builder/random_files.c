// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/random_files.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "tests/builder/agree.h"

static const char text[] = "/\0/etc\0/etc/a\0/proc/sys\0a rule\0file:1:2";
static const unsigned int prefix_places[] = {0, 2, 7, 14};

#define PREFIXES (sizeof(prefix_places) / sizeof(prefix_places[0]))
#define RULES	 5

static unsigned int below(unsigned int limit)
{
	return next_random() % limit;
}

struct writer {
	char *bytes;
	size_t size;
};

static void *take(struct writer *writer, size_t count, size_t element)
{
	void *taken = writer->bytes + writer->size;

	writer->size += (count * element + 7) & ~(size_t)7;
	return taken;
}

/* Returns how many classes there are. */
static unsigned int put_classes(__u8 classes[256])
{
	const unsigned int most = 1 + below(40);
	unsigned int count = 0;

	for (unsigned int byte = 0; byte < 256; byte++) {
		classes[byte] = below(count < most ? count + 1 : most);
		if (classes[byte] == count)
			count++;
	}
	return count;
}

static void put_states(struct writer *writer, const struct policy_files *header,
		       unsigned int classes)
{
	const unsigned int states = le32toh(header->states);
	const unsigned int transitions = le32toh(header->transitions);
	struct policy_state *state = take(writer, states, sizeof(*state));
	__le32 *end = take(writer, states, sizeof(*end));
	struct policy_transition *transition = take(writer, transitions, sizeof(*transition));

	for (unsigned int i = 0; i < states; i++) {
		state[i].base = htole32(below(transitions - classes + 1));
		state[i].otherwise = htole32(below(states));
		end[i] = htole32(below(le32toh(header->accepts)));
	}
	for (unsigned int i = 0; i < transitions; i++) {
		transition[i].state = htole32(POLICY_NO_STATE);
		if (!below(4))
			continue;
		transition[i].state = htole32(below(states));
		transition[i].next = htole32(below(states));
	}
}

static void put_accepts(struct writer *writer, const struct policy_files *header)
{
	const unsigned int accepts = le32toh(header->accepts);
	const unsigned int matches = le32toh(header->matches);
	struct policy_accept *accept = take(writer, accepts, sizeof(*accept));
	__le32 *match = take(writer, matches, sizeof(*match));
	unsigned int next = 0;

	for (unsigned int i = 0; i < accepts; i++) {
		const unsigned int own =
			i + 1 < accepts ? below(matches - next + 1) : matches - next;

		accept[i].first_match = htole32(next);
		accept[i].matches = htole32(own);
		next += own;
		for (int subject = 0; i && subject < POLICY_SUBJECTS; subject++) {
			accept[i].allowed[subject] = htole16(below(POLICY_FILE_ALL + 1));
			accept[i].denied[subject] = htole16(below(POLICY_FILE_ALL + 1));
			accept[i].audited[subject] = htole16(below(POLICY_FILE_ALL + 1));
		}
	}
	for (unsigned int i = 0; i < matches; i++)
		match[i] = htole32(below(RULES));
}

static void put_rules(struct writer *writer)
{
	struct policy_file_rule *rule = take(writer, RULES, sizeof(*rule));
	__le32 *prefix = take(writer, PREFIXES, sizeof(*prefix));

	for (unsigned int i = 0; i < RULES; i++) {
		rule[i].text = htole32(below(sizeof(text)));
		rule[i].source = htole32(below(sizeof(text)));
		rule[i].permissions = htole16(below(POLICY_FILE_ALL + 1));
		rule[i].flags = htole16(below(8));
	}
	for (unsigned int i = 0; i < PREFIXES; i++)
		prefix[i] = htole32(prefix_places[i]);
	memcpy(writer->bytes + writer->size, text, sizeof(text));
	writer->size += sizeof(text);
}

void *random_files(size_t *size)
{
	struct writer writer = {.bytes = calloc(1, 16 << 10)};
	struct policy_files *header = take(&writer, 1, sizeof(*header));
	unsigned int classes;

	if (!writer.bytes)
		abort();
	classes = put_classes(header->classes);
	header->flags = htole32(below(2));
	header->states = htole32(1 + below(60));
	header->transitions = htole32(classes + below(300));
	header->accepts = htole32(1 + below(12));
	header->matches = htole32(below(20));
	header->rules = htole32(RULES);
	header->prefixes = htole32(PREFIXES);
	header->text_size = htole32(sizeof(text));
	header->restricted = htole32(below(POLICY_FILE_ALL + 1));
	put_states(&writer, header, classes);
	put_accepts(&writer, header);
	put_rules(&writer);
	*size = writer.size;
	return writer.bytes;
}

static __u64 mix(__u64 hash, __u64 value)
{
	return (hash ^ value) * 0x100000001b3ull;
}

static __u64 mix_text(__u64 hash, const char *string)
{
	while (*string)
		hash = mix(hash, (unsigned char)*string++);
	return mix(hash, 0);
}

static __u64 walk_accept(const struct files *files, const struct policy_accept *accept, __u64 hash)
{
	for (int subject = 0; subject < POLICY_SUBJECTS; subject++) {
		const unsigned int allowed = files_allowed(accept, subject);

		if (allowed & ~POLICY_FILE_ALL || allowed & le16toh(accept->denied[subject]))
			abort();
		hash = mix(hash, allowed);
		hash = mix(hash, le16toh(accept->audited[subject]));
	}
	for (__u32 i = 0; i < le32toh(accept->matches); i++) {
		const __u32 number = le32toh(files->match[le32toh(accept->first_match) + i]);

		if (number >= files->rules)
			abort();
		hash = mix(hash, number);
	}
	return hash;
}

static __u64 walk_rules(const struct files *files, __u64 hash)
{
	for (__u32 i = 0; i < files->rules; i++) {
		hash = mix_text(hash, files->text + le32toh(files->rule[i].text));
		hash = mix_text(hash, files->text + le32toh(files->rule[i].source));
		hash = mix(hash, le16toh(files->rule[i].permissions));
	}
	for (__u32 i = 0; i < files->prefixes; i++) {
		const char *prefix = files->text + le32toh(files->prefix[i]);

		if (*prefix != '/' || strlen(prefix) > POLICY_PREFIX_MAX)
			abort();
		hash = mix_text(hash, prefix);
	}
	return hash;
}

__u64 walk_files(const struct files *files)
{
	static const char letters[] = "/////etcprocsysabx.*";
	__u64 hash = 0xcbf29ce484222325ull, bits = 88172645463325252ull;

	if (!files->states)
		return 0;
	for (__u32 i = 0; i < files->accepts; i++)
		hash = walk_accept(files, &files->accept[i], hash);
	hash = walk_rules(files, hash);
	for (unsigned int round = 0; round < 64; round++) {
		char path[48];
		const size_t length = round % sizeof(path);

		/* Always the same paths: two walks are compared. */
		for (size_t i = 0; i < length; i++) {
			bits ^= bits << 13;
			bits ^= bits >> 7;
			bits ^= bits << 17;
			path[i] = round & 1 ? (char)bits : letters[bits % (sizeof(letters) - 1)];
		}
		hash = walk_accept(files, files_match(files, path, length), hash);
	}
	for (__u32 state = 0; state < files->states && state < 4096; state++)
		for (unsigned int byte = 0; byte < 256; byte++)
			if (files_step(files, state, byte) >= files->states)
				abort();
	return hash;
}
