// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever text it is given, the reader of vKernel profiles reads it or refuses it with a place,
 * within its memory (under the sanitizers) and within seconds. Profiles with all keys are mutated,
 * the same way at every run, FUZZ_COUNT times (default 20000).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/source.h"

static const char *const seeds[] = {
	"schema: 1\nname: web\ncapabilities: [default, CAP_NET_ADMIN]\nlog: {mode: private, size: "
	"64K}\nexcess: kill\nclone3: as-written\nfiles:\n  - /etc/** r\n  - 'deny owner /a{b,c} "
	"rw,'\n  - \"/x\\\\ y rwmlkix\"\nsyscalls:\n  - names: [ptrace, openat2]\n    action: "
	"SCMP_ACT_ERRNO\n    errno: ENOSYS\n  - {names: [socket], action: SCMP_ACT_TRAP, args: "
	"[{index: 0, value: 0x10, op: SCMP_CMP_EQ}]}\n",
	"# words\nschema: 1\ndefault-action: SCMP_ACT_ERRNO\ndefault-errno: 38\narchitectures:\n- "
	"SCMP_ARCH_X86_64\n- SCMP_ARCH_X86\nsyscalls:\n- names:\n  - read\n  - clone\n  action: "
	"SCMP_ACT_ALLOW\n  args:\n  - index: 0\n    value: 2080505856\n    valueTwo: 0\n    op: "
	"SCMP_CMP_MASKED_EQ\n- names: [openat2]\n  action: SCMP_ACT_ERRNO\n  args: [{field: "
	"resolve, value: 8, op: SCMP_CMP_EQ}]\nlog: {mode: deny}\n",
};

#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static const char *const words[] = {
	"{",
	"}",
	"[",
	"]",
	",",
	": ",
	":\n",
	"- ",
	"\n",
	"\n  ",
	"\t",
	"\"",
	"'",
	"&a ",
	"*a",
	"!!str ",
	"---\n",
	"#",
	"~",
	"? ",
	"| \n",
	">\n",
	"%YAML 1.1\n",
	"\\",
	"name: x",
	"futex: ",
	"schema: 1",
	"- read",
	"0x",
	"<<: ",
	"\xef\xbb\xbf",
	"\\0",
	"errno: ",
	"args: ",
	"names: ",
	"deny /x r, ",
	"\xc3\xa9",
	"[[[[[[[[[[[[[[[[[",
};

static uint64_t state = 0x9e3779b97f4a7c15;

static size_t random_below(size_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

/* Puts a word in, takes bytes out, writes one over or copies some behind themselves. */
static size_t mutate(char *text, size_t size, size_t room)
{
	const size_t at = random_below(size + 1);
	const char *word = words[random_below(sizeof(words) / sizeof(words[0]))];
	size_t length = strlen(word);

	switch (random_below(4)) {
	case 0:
		if (at < size)
			text[at] = random_below(8) ? ' ' + random_below(95) : random_below(256);
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

static int read_profile(struct sources *sources, struct profile *profile, const char *text,
			size_t size, struct error *err)
{
	const struct sources_context context = {
		.capabilities = CAPABILITIES_ALL, .kernel = "6.12", .lenient = true};
	struct sources_said said;
	void *blob;
	int ret;

	ret = sources_read_bytes(sources, "p", text, size, SOURCE_YAML, err);
	if (!ret)
		ret = sources_add(sources, &context, profile, &said, err);
	if (!ret) {
		ret = profile_emit(profile, &blob, &size, err);
		if (!ret)
			free(blob);
	}
	return ret;
}

/* Returns whether it was accepted. */
static bool try(const char *text, size_t size)
{
	struct profile *profile = profile_new();
	struct sources sources = {0};
	struct error err = {0};
	bool accepted;

	if (!profile)
		abort();
	accepted = !read_profile(&sources, profile, text, size, &err);
	if (!accepted && (err.status != EXIT_USAGE || strncmp(err.text, "p", 1)))
		abort();
	sources_free(&sources);
	profile_free(profile);
	return accepted;
}

int main(void)
{
	const char *count = getenv("FUZZ_COUNT");
	const unsigned long tries = count ? strtoul(count, NULL, 10) : 20000;
	unsigned long accepted = 0;
	char text[4096];

	puts("1..1");
	alarm(600);
	for (size_t i = 0; i < SEEDS; i++)
		if (!try(seeds[i], strlen(seeds[i])))
			abort();
	for (unsigned long i = 0; i < tries; i++) {
		const char *seed = seeds[i % SEEDS];
		size_t size = strlen(seed);

		memcpy(text, seed, size);
		for (size_t changes = 1 + random_below(2); changes; changes--)
			size = mutate(text, size, sizeof(text));
		accepted += try(text, size);
	}
	/* Mutations that are all refused at the first line would test nothing. */
	printf("%sok 1 - %lu mutated profiles were read or refused with a place, %lu of them "
	       "read\n",
	       accepted * 50 > tries && accepted < tries ? "" : "not ", tries, accepted);
	return !(accepted * 50 > tries && accepted < tries);
}
