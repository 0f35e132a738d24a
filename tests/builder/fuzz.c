// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t state = 0x9e3779b97f4a7c15;

static size_t random_below(size_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

static char random_byte(const struct fuzz *fuzz)
{
	return fuzz->printable && random_below(8) ? ' ' + random_below(95) : random_below(256);
}

/* Puts a word in, takes bytes out, writes one over or copies some behind themselves. */
static size_t mutate(const struct fuzz *fuzz, char *text, size_t size, size_t room)
{
	const size_t at = random_below(size + 1);
	const char *word = fuzz->words[random_below(fuzz->words_count)];
	size_t length = strlen(word);

	switch (random_below(4)) {
	case 0:
		if (at < size)
			text[at] = random_byte(fuzz);
		return size;
	case 1:
		length = random_below(size - at + 1) % 40;
		memmove(text + at, text + at + length, size - at - length);
		return size - length;
	case 2:
		length = random_below(size - at + 1) % 80;
		if (size + length > room)
			return size;
		memmove(text + at + length, text + at, size - at);
		return size + length;
	default:
		if (size + length > room)
			return size;
		memmove(text + at + length, text + at, size - at);
		memcpy(text + at, word, length);
		return size + length;
	}
}

int fuzz_run(const struct fuzz *fuzz)
{
	const char *count = getenv("FUZZ_COUNT");
	const unsigned long tries = count ? strtoul(count, NULL, 10) : 20000;
	unsigned long accepted = 0;
	char text[4096];
	bool good;

	puts("1..1");
	alarm(600);
	for (size_t i = 0; i < fuzz->seeds_count; i++)
		if (!fuzz->try(fuzz->seeds[i], strlen(fuzz->seeds[i])))
			abort();
	for (unsigned long i = 0; i < tries; i++) {
		const char *seed = fuzz->seeds[i % fuzz->seeds_count];
		size_t size = strlen(seed);

		memcpy(text, seed, size);
		for (size_t changes = 1 + random_below(fuzz->changes); changes; changes--)
			size = mutate(fuzz, text, size, sizeof(text));
		accepted += fuzz->try(text, size);
	}
	good = accepted * fuzz->accepted_at_least > tries && accepted < tries;
	printf("%sok 1 - %lu mutated profiles were read or refused with a place, %lu of them "
	       "read\n",
	       good ? "" : "not ", tries, accepted);
	return !good;
}
