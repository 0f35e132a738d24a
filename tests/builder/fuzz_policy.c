// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of policy blobs against hostile bytes, under the sanitizers: whatever it accepts,
 * every call must be decided and every path walked inside the blob, and the rules that an instance makes of it must be
 * made inside their memory and answer the same. With libFuzzer, LLVMFuzzerTestOneInput() is the
 * entry; without it (-DSTANDALONE) main() mutates real blobs, the same way at every run, FUZZ_COUNT
 * times (default 40000).
 *
 * Bytes are handed over in memory of exactly their size, so that one byte too far is seen.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vkernel/policy.h>

#include "tests/builder/agree.h"
#include "tests/builder/random_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The reasons for refusals that were seen; each is one static text of the reader. */
static const char *reasons[128];

static void note(const char *reason)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!reasons[i])
			reasons[i] = reason;
		if (reasons[i] == reason)
			return;
	}
}

static void check_verdict(const struct policy *policy, __u32 verdict)
{
	const __u32 value = POLICY_VERDICT_VALUE(verdict);
	volatile size_t size;

	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ERRNO:
		if (value > 4095)
			abort();
		return;
	case POLICY_PRIVATE:
		if (value >= policy->calls_count)
			abort();
		size = strlen(policy_call_name(policy, value));
		(void)size;
		return;
	case POLICY_FILTER:
	case POLICY_FIELDS:
		abort();
	}
	if (POLICY_VERDICT_ACTION(verdict) >= POLICY_ACTIONS || value)
		abort();
}

static void decide_all(const struct policy *policy)
{
	static const __u64 arguments[][6] = {
		{0},
		{16, 3, 9, 0x7e020000, 1, 2},
		{~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull},
	};

	for (size_t t = 0; t < POLICY_TABLES; t++)
		for (unsigned int number = 0; number <= POLICY_SYSCALL_MAX + 1; number++)
			for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
				__u32 verdict =
					policy_decide(&policy->tables[t], number, arguments[i]);

				check_verdict(policy, verdict);
				verdict = policy_decide_fields(&policy->tables[t], number,
							       arguments[i]);
				check_verdict(policy, verdict);
			}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_fault fault = {0};
	struct agreement agreement = {0};
	struct policy policy;
	char *copy = malloc(size ? size : 1);
	volatile char last;

	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (policy_parse(copy, size, &policy, &fault)) {
		if (!fault.reason || fault.offset > size)
			abort();
		note(fault.reason);
		free(copy);
		return 0;
	}
	if (policy.name_size)
		last = policy.name[policy.name_size - 1];
	(void)last;
	decide_all(&policy);
	walk_files(&policy.files);
	if (!rules_agree(&policy, copy, size, 2, &agreement))
		abort();
	free(copy);
	return 1;
}

#ifdef STANDALONE
#include "builder/model.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/builder/random_policy.h"

/* Fewer kinds of refusals mean that the mutations stay at the surface. */
#define KINDS_MIN 70

/* Seeds that no profile makes: with tables, and with file and access rules only. */
#define RANDOM_SEEDS 2
#define FILE_SEEDS   3

static void repair(uint8_t *blob, size_t size)
{
	struct policy_header *header = (void *)blob;

	if (size < sizeof(*header))
		return;
	header->size = htole32(size);
	header->checksum = htole32(policy_checksum(blob, size));
}

static uint32_t interesting_word(void)
{
	static const uint32_t words[] = {0,	     1,		 2,	     5,		6,
					 7,	     8,		 16,	     24,	1024,
					 1025,	     4095,	 4096,	     1 << 24,	2 << 24,
					 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff};

	return words[next_random() % (sizeof(words) / sizeof(words[0]))];
}

/* Changes a few bytes or words, or the length; most often repairs the checksum. */
static size_t mutate(uint8_t *blob, size_t size, size_t capacity)
{
	for (uint64_t left = next_random() % 4; left; left--) {
		uint32_t *word = (uint32_t *)blob + next_random() % (size / 4);

		switch (next_random() % 6) {
		case 0:
			blob[next_random() % size] ^= 1 << next_random() % 8;
			break;
		case 1:
			*word = interesting_word();
			break;
		case 2:
			*word += (uint32_t)(next_random() % 17) - 8;
			break;
		case 3:
			*word = ((uint32_t *)blob)[next_random() % (size / 4)];
			break;
		case 4:
			size -= next_random() % 64 * 8 % (size - 32);
			break;
		case 5:
			size += next_random() % 8 * 8 % (capacity - size + 1);
			break;
		}
	}
	if (next_random() % 16)
		repair(blob, size);
	return size;
}

static size_t make_seed(const char *file, void **blob)
{
	struct seccomp_context context = {.file = file, .kernel = "6.12"};
	struct profile *profile = profile_new();
	autofree char *text = NULL;
	struct error err;
	json_t *json;
	size_t size;

	if (!profile || file_read(file, 1 << 20, &text, &size, &err))
		exit(error_report(&err, "fuzz_policy"));
	json = json_loads(text, 0, NULL);
	profile_set_log(profile, POLICY_LOG_DENY, 0);
	profile_set_capabilities(profile, 0xa80425fb);
	if (profile_set_name(profile, file, &err) ||
	    profile_add_seccomp(profile, json, &context, &err) ||
	    profile_emit(profile, blob, &size, &err))
		exit(error_report(&err, "fuzz_policy"));
	json_decref(json);
	profile_free(profile);
	return size;
}

/* What a builder makes of rules like a container's. */
static size_t make_file_seed(void **blob)
{
	static char *const patterns[] = {"/**",
					 "/proc/*",
					 "/proc/{[^1-9],[^1-9][^0-9]}*/**",
					 "/sys/[^f]*/**",
					 "/etc/{a,b}",
					 "/srv/*/data/**.log",
					 "/home/*/.ssh/{,*}"};
	struct profile *profile = profile_new();
	struct error err;
	size_t size;

	if (!profile)
		abort();
	profile->restricts_files = true;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		const struct file_rule rule = {
			.pattern = patterns[i],
			.permissions = 1 + i * 17,
			.deny = i % 3,
			.owner = i == 5,
			.audit = i == 6,
			.text = patterns[i],
			.source = "seed",
		};

		if (file_rules_add(&profile->files, &rule))
			abort();
	}
	if (profile_emit(profile, blob, &size, &err))
		exit(error_report(&err, "fuzz_policy"));
	profile_free(profile);
	return size;
}

struct tally {
	unsigned long tried, accepted;
};

static void fuzz(const void *seed, size_t size, struct tally *tally)
{
	const size_t capacity = size + 4096;
	uint8_t *blob = calloc(1, capacity);

	if (!blob)
		abort();
	memcpy(blob, seed, size);
	tally->accepted += LLVMFuzzerTestOneInput(blob, mutate(blob, size, capacity));
	tally->tried++;
	free(blob);
}

/* Every single flipped bit and every truncation must be noticed: the checksum is not repaired. */
static unsigned long flip_and_cut(const uint8_t *seed, size_t size)
{
	unsigned long accepted = 0;
	uint8_t *blob = malloc(size);

	if (!blob)
		abort();
	memcpy(blob, seed, size);
	for (size_t bit = 0; bit < size * 8; bit++) {
		blob[bit / 8] ^= 1 << bit % 8;
		accepted += LLVMFuzzerTestOneInput(blob, size);
		blob[bit / 8] ^= 1 << bit % 8;
	}
	for (size_t cut = 0; cut < size; cut++)
		accepted += LLVMFuzzerTestOneInput(blob, cut);
	free(blob);
	return accepted;
}

/* Texts that may be patterns: what is accepted becomes an automaton that the reader accepts. */
static void fuzz_pattern(struct tally *tally)
{
	static const char letters[] = "//**?[]{},,\\^-x0d9aab\377";
	struct profile *profile = profile_new();
	struct file_rule rule = {.permissions = POLICY_FILE_READ, .source = "fuzz"};
	char text[32] = "/";
	struct error err;
	void *blob;
	size_t size, at;

	for (size_t i = next_random() % 16 != 0, left = next_random() % 24; left; left--)
		text[i++] = letters[next_random() % (sizeof(letters) - 1)];
	rule.pattern = rule.text = text;
	tally->tried++;
	if (!profile || file_rules_add(&profile->files, &rule))
		abort();
	profile->restricts_files = true;
	if (file_pattern_check(text, &at, &err)) {
		if (at > strlen(text) || !profile_emit(profile, &blob, &size, &err))
			abort();
	} else {
		if (profile_emit(profile, &blob, &size, &err) ||
		    !LLVMFuzzerTestOneInput(blob, size))
			abort();
		tally->accepted++;
		free(blob);
	}
	profile_free(profile);
}

int main(void)
{
	static const char *const files[] = {
		"tests/builder/cases/docker.json",
		"tests/builder/cases/blacklist.json",
		"tests/builder/cases/native.json",
		"tests/builder/cases/actions.json",
	};
	const size_t profiles = sizeof(files) / sizeof(files[0]);
	const size_t count = profiles + RANDOM_SEEDS + FILE_SEEDS + 1;
	const char *number = getenv("FUZZ_COUNT");
	const unsigned long rounds = number ? strtoul(number, NULL, 10) : 40000;
	void *seeds[sizeof(files) / sizeof(files[0]) + RANDOM_SEEDS + FILE_SEEDS + 1];
	size_t sizes[sizeof(files) / sizeof(files[0]) + RANDOM_SEEDS + FILE_SEEDS + 1];
	struct tally tally = {0}, patterns = {0};
	unsigned long missed = 0;
	size_t kinds;

	printf("1..4\n");
	for (size_t i = 0; i < profiles; i++)
		sizes[i] = make_seed(files[i], &seeds[i]);
	for (size_t i = 0; i < RANDOM_SEEDS; i++)
		seeds[profiles + i] = random_policy(8, &sizes[profiles + i]);
	for (size_t i = count - 1 - FILE_SEEDS; i < count - 1; i++)
		seeds[i] = random_file_policy(&sizes[i]);
	sizes[count - 1] = make_file_seed(&seeds[count - 1]);
	missed =
		flip_and_cut(seeds[2], sizes[2]) + flip_and_cut(seeds[count - 2], sizes[count - 2]);
	printf("%sok 1 - every flipped bit and every truncation is refused\n",
	       missed ? "not " : "");
	for (unsigned long i = 0; i < rounds; i++)
		fuzz(seeds[i % count], sizes[i % count], &tally);
	printf("%sok 2 - %lu mutated blobs were read, %lu accepted, none left the blob\n",
	       tally.accepted ? "" : "not ", tally.tried, tally.accepted);
	for (kinds = 0; reasons[kinds];)
		kinds++;
	printf("%sok 3 - the mutations came as deep as %zu kinds of refusals\n",
	       kinds < KINDS_MIN ? "not " : "", kinds);
	for (unsigned long i = 0; i < rounds / 40; i++)
		fuzz_pattern(&patterns);
	printf("%sok 4 - of %lu texts %lu were patterns\n", patterns.accepted ? "" : "not ",
	       patterns.tried, patterns.accepted);
	for (size_t i = 0; i < count; i++)
		free(seeds[i]);
	return missed || !tally.accepted || !patterns.accepted || kinds < KINDS_MIN ? EXIT_FINDING
										    : EXIT_GOOD;
}
#endif
