// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever text it is given, the reader of AppArmor profiles reads it or refuses it with a place,
 * within its memory (under the sanitizers) and within seconds. fuzz.h mutates
 * profiles with all forms.
 */
#include <stdlib.h>
#include <string.h>

#include "builder/model.h"
#include "tests/builder/fuzz.h"

static const char *const seeds[] = {
	"@{A}=/a/ /b/\n@{A} += \"/c d/\"\n# x\n@{B}={x,@{A}} \\\n y\nabi <abi/4.0>,\n"
	"profile p /x{y,z} flags=(attach_disconnected, audit) {\n  include if exists <none>\n"
	"  @{A}/@{B}/** rwmlkix,\n  audit deny owner \"/a b\" x,\n  file,\n  r /a,\n"
	"  owner { /a r, deny /b w, }\n  /e\\ f\\054\\x2f[^a-c]{,1,{2,3}}* k,\n}\n",
	"profile p {\n  network inet tcp,\n  network unix,\n  capability chown kill,\n"
	"  signal,\n  signal (send, receive) set=(\"exists\", term) peer=@{profile_name},\n"
	"  ptrace (read) peer=p,\n  unix (create) type=stream peer=(label=p, addr=@x),\n"
	"  mount,\n  deny remount,\n  umount,\n  dbus bus=session member={A,B} peer=(name=x),\n}\n",
};

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
	const struct fuzz fuzz = {
		.seeds = seeds,
		.seeds_count = sizeof(seeds) / sizeof(seeds[0]),
		.words = words,
		.words_count = sizeof(words) / sizeof(words[0]),
		.changes = 3,
		.try = try,
		.accepted_at_least = 20,
	};

	return fuzz_run(&fuzz);
}
