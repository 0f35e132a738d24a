// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/agree.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Beginnings of each other, other cases, a wildcard's letter, two bytes of UTF-8. */
const char *const agree_names[AGREE_NAMES] = {
	"a", "ab", "abc", "b", "B", "b1", "c.txt", "x.so", "sub", ".hid", "s*r", "\xc3\xa9",
};

unsigned int chance(struct chance *chance, unsigned int below)
{
	uint64_t mixed;

	chance->state += 0x9e3779b97f4a7c15u;
	mixed = chance->state;
	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
	return (mixed ^ (mixed >> 31)) % below;
}

struct chance chance_for(unsigned long seed, unsigned int folder, unsigned int purpose)
{
	struct chance mixed = {.state = seed * 1000003 + folder};

	chance(&mixed, 2);
	mixed.state = mixed.state * 31 + purpose;
	chance(&mixed, 2);
	return mixed;
}

bool agree_still(unsigned int folder)
{
	return folder % 2;
}

void agree_path(struct chance *from, unsigned int folder, char *path, size_t size)
{
	size_t length = snprintf(path, size, AGREE_ROOT "/t%03u", folder);

	for (unsigned int depth = 1 + chance(from, 3); depth; depth--)
		length += snprintf(path + length, size - length, "/%s",
				   agree_names[chance(from, AGREE_NAMES)]);
}

/* A name as a pattern that is not a mere name. */
static void print_wild(FILE *out, struct chance *from)
{
	switch (chance(from, 11)) {
	case 0:
		fputs("*", out);
		break;
	case 1:
		fputs("a*", out);
		break;
	case 2:
		fputs("?", out);
		break;
	case 3:
		fputs("[ab]*", out);
		break;
	case 4:
		fputs("[^a]*", out);
		break;
	case 5:
		fputs("{a,b1,sub}", out);
		break;
	case 6:
		fputs("{,.}*.{txt,so}", out);
		break;
	case 7:
		fputs("[a-b]{,b{,c}}", out);
		break;
	case 8:
		fputs("??", out);
		break;
	case 9:
		fputs("[s]*[^b]", out);
		break;
	default:
		fputs("*b*", out);
		break;
	}
}

static void print_name(FILE *out, struct chance *from)
{
	for (const char *at = agree_names[chance(from, AGREE_NAMES)]; *at; at++) {
		if (*at == '*')
			fputc('\\', out);
		fputc(*at, out);
	}
}

static void print_pattern(FILE *out, struct chance *from, unsigned int folder, bool wild_first)
{
	unsigned int depth = 1 + chance(from, 3);

	fprintf(out, AGREE_ROOT "/t%03u", folder);
	for (unsigned int i = 0; i < depth; i++) {
		fputc('/', out);
		if ((!i && wild_first) || chance(from, 3))
			print_wild(out, from);
		else
			print_name(out, from);
	}
	switch (chance(from, 8)) {
	case 0:
		fputs("/", out);
		break;
	case 1:
		fputs("/**", out);
		break;
	case 2:
		fputs("{,/}", out);
		break;
	case 3:
		fputs("{,/**}", out);
		break;
	case 4:
		fputs("**", out);
		break;
	default:
		break;
	}
}

/*
 * AppArmor keeps the names of a link and its target in one string with a NUL between, which a negated
 * class matches; there the bit of k says that the two have to be compared. So a deny rule with k and
 * such a class, meant for other files, can take the comparison away.
 */
static const char *denied_in(const char *pattern, const char *permissions)
{
	if (!strchr(permissions, 'k') || !strstr(pattern, "[^b]"))
		return permissions;
	return strcmp(permissions, "k") ? "rwlmx" : "m";
}

static void print_rule(FILE *out, struct chance *from, unsigned int folder)
{
	static const char *const allowed[] = {"r",  "rw",  "w",	 "a",	 "ra",	"rk",	   "rwk",
					      "rl", "rwl", "wl", "ix",	 "rix", "mr",	   "rmix",
					      "k",  "wk",  "l",	 "rwlk", "rw",	"rwlkmix", "rm"};
	static const char *const denied[] = {"r", "w", "a",  "k",      "l",
					     "m", "x", "wl", "rwlkmx", "rx"};
	bool deny = !chance(from, 4), owner = !chance(from, 5);
	char pattern[1024] = "";
	FILE *text = fmemopen(pattern, sizeof(pattern), "w");

	if (!text)
		abort();
	print_pattern(text, from, folder, deny && !agree_still(folder));
	fclose(text);
	fprintf(out, "  %s%s%s %s,\n", deny ? "deny " : "", owner ? "owner " : "", pattern,
		deny ? denied_in(pattern, denied[chance(from, COUNT(denied))])
		     : allowed[chance(from, COUNT(allowed))]);
}

void agree_profile(FILE *out, unsigned long seed, unsigned int folders)
{
	fputs("profile agree flags=(attach_disconnected,mediate_deleted) {\n"
	      "  capability,\n  network,\n  signal,\n  ptrace,\n"
	      "  / r,\n  /{bin,lib,lib64,usr,vkernel,guest-tests}/** rmix,\n"
	      "  /{dev,proc,run,tmp}/** rwk,\n  /etc/** r,\n",
	      out);
	for (unsigned int folder = 0; folder < folders; folder++) {
		struct chance from = chance_for(seed, folder, 1);

		if (chance(&from, 2))
			fprintf(out, "  " AGREE_ROOT "/t%03u/** rwlkmix,\n", folder);
		for (unsigned int i = 0; i < AGREE_RULES; i++)
			print_rule(out, &from, folder);
	}
	fputs("}\n", out);
}
