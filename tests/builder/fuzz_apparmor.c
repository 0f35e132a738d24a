// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever text it is given, the reader of AppArmor profiles reads it or refuses it with a place,
 * within its memory (under the sanitizers) and within seconds. Profiles with all forms are mutated,
 * the same way at every run, FUZZ_COUNT times (default 20000).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/model.h"

static const char *const seeds[] = {
	"@{A}=/a/ /b/\n@{A} += \"/c d/\" # x\n@{B}={x,@{A}} \\\n y\nabi <abi/4.0>,\n"
	"profile p /x{y,z} flags=(attach_disconnected, audit) {\n  include if exists <none>\n"
	"  @{A}/@{B}/** rwmlkix,\n  audit deny owner \"/a b\" x,\n  file,\n  r /a,\n"
	"  owner { /a r, deny /b w, }\n  /e\\ f\\054\\x2f[^a-c]{,1,{2,3}}* k,\n}\n",
	"profile p {\n  network inet tcp,\n  network unix,\n  capability chown kill,\n"
	"  signal,\n  signal (send, receive) set=(\"exists\", term) peer=@{profile_name},\n"
	"  ptrace (read) peer=p,\n  unix (create) type=stream peer=(label=p, addr=@x),\n"
	"  mount,\n  deny remount,\n  umount,\n  dbus bus=session member={A,B} peer=(name=x),\n}\n",
};

#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static const char *const words[] = {
	"{",
	"}",
	"(",
	")",
	",",
	"@{",
	"@{A}",
	"\"",
	"<",
	">",
	"=",
	"+=",
	"->",
	"\\",
	"\n",
	"#",
	"include <x>\n",
	"profile ",
	"deny ",
	"owner ",
	"/",
	"[",
	"]",
	"^",
	"*",
	"peer=",
	"r",
	"w",
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
			text[at] = random_below(256);
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

/* In memory of exactly its size. Returns whether it was accepted. */
static bool try(const char *text, size_t size)
{
	struct profile *profile = profile_new();
	struct apparmor_context context = {.file = "p", .size = size};
	struct error err = {0};
	char *copy = malloc(size ? size : 1);
	bool accepted;

	if (!profile || !copy)
		abort();
	memcpy(copy, text, size);
	context.text = copy;
	accepted = !profile_add_apparmor(profile, &context, &err);
	if (!accepted && (err.status != EXIT_USAGE || strncmp(err.text, "p", 1)))
		abort();
	profile_free(profile);
	free(copy);
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
		for (size_t changes = 1 + random_below(3); changes; changes--)
			size = mutate(text, size, sizeof(text));
		accepted += try(text, size);
	}
	/* Mutations that are all refused at the first token would test nothing. */
	printf("%sok 1 - %lu mutated profiles were read or refused with a place, %lu of them "
	       "read\n",
	       accepted * 20 > tries && accepted < tries ? "" : "not ", tries, accepted);
	return !(accepted * 20 > tries && accepted < tries);
}
