// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever text it is given, the reader of vKernel profiles reads it or refuses it with a place,
 * within its memory (under the sanitizers) and within seconds. fuzz.h mutates
 * profiles with all keys.
 */
#include <stdlib.h>
#include <string.h>

#include "builder/source.h"
#include "tests/builder/fuzz.h"

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
	const struct fuzz fuzz = {
		.seeds = seeds,
		.seeds_count = sizeof(seeds) / sizeof(seeds[0]),
		.words = words,
		.words_count = sizeof(words) / sizeof(words[0]),
		.changes = 2,
		.printable = true,
		.try = try,
		.accepted_at_least = 50,
	};

	return fuzz_run(&fuzz);
}
