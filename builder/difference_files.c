// SPDX-License-Identifier: GPL-2.0
/*
 * Which paths two sets of file rules judge differently: both automata are walked side by side, and
 * the first pair of states that a path can lead to, and whose verdicts differ, tells such a path.
 * Rules that say the same in other words so make no difference.
 */
#include <stdlib.h>
#include <string.h>

#include "builder/difference.h"
#include "builder/lists.h"

/* Beyond these the walk gives up, and the rules are compared by their words. */
#define PAIRS_MAX (1u << 20)

#define PATH_SHOWN 200

struct step {
	uint32_t from; /* the pair before */
	uint8_t byte;
};

struct walk {
	const struct files *before, *after;
	struct lists pairs; /* of states */
	struct step *steps; /* by pair: how it was come to first */
	size_t capacity;
};

/* What the verdict is made of: what may be done by others and by the owner, and what is told. */
struct judgement {
	unsigned int allowed[POLICY_SUBJECTS], audited[POLICY_SUBJECTS];
};

static struct judgement judge(const struct files *files, __u32 state)
{
	struct judgement judgement = {.allowed = {POLICY_FILE_ALL, POLICY_FILE_ALL}};
	const struct policy_accept *accept;

	if (!files->states)
		return judgement;
	accept = &files->accept[files_le32(files->end[state])];
	for (size_t i = 0; i < POLICY_SUBJECTS; i++) {
		judgement.allowed[i] =
			files_le16(accept->allowed[i]) & ~files_le16(accept->denied[i]);
		judgement.audited[i] = files_le16(accept->audited[i]);
	}
	return judgement;
}

static __u32 go(const struct files *files, __u32 state, __u8 byte)
{
	return files->states ? files_step(files, state, byte) : 0;
}

/* The pair's number, or -1 without memory or where there are too many. */
static int64_t visit(struct walk *walk, const uint32_t states[2], struct step step)
{
	const size_t known = walk->pairs.count;
	uint32_t number;

	if (lists_add(&walk->pairs, states, 2, &number) || walk->pairs.count > PAIRS_MAX)
		return -1;
	if (number < known)
		return number;
	if (array_reserve(&walk->steps, &walk->capacity, number + 1, sizeof(*walk->steps)))
		return -1;
	walk->steps[number] = step;
	return number;
}

/* Those that a message shows as they are come first. The zero byte stands in no path. */
static __u8 nth_byte(unsigned int n)
{
	const unsigned int shown = '~' - ' ' + 1;

	if (n < shown)
		return ' ' + (n + ('a' - ' ')) % shown;
	return n - shown < ' ' - 1 ? 1 + n - shown : n + 1;
}

static int go_on(struct walk *walk, uint32_t pair)
{
	const uint32_t *words = lists_words(&walk->pairs, pair);
	const uint32_t before = words[0], after = words[1];

	for (unsigned int n = 0; n < 255; n++) {
		const __u8 byte = nth_byte(n);
		const uint32_t next[2] = {go(walk->before, before, byte),
					  go(walk->after, after, byte)};

		if (visit(walk, next, (struct step){.from = pair, .byte = byte}) < 0)
			return -1;
	}
	return 0;
}

enum walked { WALK_SAME, WALK_DIFFERENT, WALK_GIVEN_UP };

/* *pair is then the first one that differs. All paths begin with a slash. */
static enum walked walk_both(struct walk *walk, uint32_t *pair)
{
	const uint32_t start[2] = {go(walk->before, 0, '/'), go(walk->after, 0, '/')};

	if (visit(walk, start, (struct step){.byte = '/'}) < 0)
		return WALK_GIVEN_UP;
	for (*pair = 0; *pair < walk->pairs.count; ++*pair) {
		const uint32_t *words = lists_words(&walk->pairs, *pair);
		const struct judgement before = judge(walk->before, words[0]);
		const struct judgement after = judge(walk->after, words[1]);

		if (memcmp(&before, &after, sizeof(before)))
			return WALK_DIFFERENT;
		if (go_on(walk, *pair))
			return WALK_GIVEN_UP;
	}
	return WALK_SAME;
}

/* The path to pair, cut at its beginning where it is long. */
static void print_path(FILE *stream, const struct walk *walk, uint32_t pair)
{
	char path[PATH_SHOWN + 1], *at = path + PATH_SHOWN;

	*at = '\0';
	for (;; pair = walk->steps[pair].from) {
		*--at = walk->steps[pair].byte;
		if (!pair || at == path)
			break;
	}
	fprintf(stream, "%s", pair ? "..." : "");
	print_plain(stream, at);
}

static void letters(char buffer[16], unsigned int permissions)
{
	static const struct {
		unsigned int bit;
		const char *letter;
	} all[] = {
		{POLICY_FILE_READ, "r"}, {POLICY_FILE_WRITE, "w"},    {POLICY_FILE_APPEND, "a"},
		{POLICY_FILE_MAP, "m"},	 {POLICY_FILE_EXECUTE, "ix"}, {POLICY_FILE_LINK, "l"},
		{POLICY_FILE_LOCK, "k"},
	};

	if (permissions & POLICY_FILE_WRITE)
		permissions &= ~POLICY_FILE_APPEND; /* which is part of it */
	*buffer = '\0';
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (permissions & all[i].bit)
			strcat(buffer, all[i].letter);
	if (!*buffer)
		strcpy(buffer, "nothing");
}

static void print_judgement(FILE *stream, const struct judgement *judgement)
{
	char others[16], owner[16];

	letters(others, judgement->allowed[POLICY_OTHERS]);
	letters(owner, judgement->allowed[POLICY_OWNER]);
	fputs(others, stream);
	if (strcmp(others, owner))
		fprintf(stream, " (its owner %s)", owner);
	if (judgement->audited[POLICY_OTHERS] | judgement->audited[POLICY_OWNER])
		fputs(", told in the log", stream);
}

static void print_example(FILE *stream, const struct walk *walk, uint32_t pair)
{
	const uint32_t *words = lists_words(&walk->pairs, pair);
	const struct judgement before = judge(walk->before, words[0]);
	const struct judgement after = judge(walk->after, words[1]);

	fputs("  for example ", stream);
	print_path(stream, walk, pair);
	fputs(": ", stream);
	print_judgement(stream, &before);
	fputs(" -> ", stream);
	print_judgement(stream, &after);
	fputc('\n', stream);
}

static const char *text_of(const struct files *files, __u32 index)
{
	return files->text + files_le32(files->rule[index].text);
}

static bool has_rule(const struct files *files, const char *text)
{
	for (__u32 i = 0; i < files->rules; i++)
		if (!strcmp(text_of(files, i), text))
			return true;
	return false;
}

/* The rules that the others lack, each once. Returns whether there are any. */
static bool print_lacking(FILE *stream, char mark, const struct files *files,
			  const struct files *others)
{
	bool any = false;

	for (__u32 i = 0; i < files->rules; i++) {
		const char *text = text_of(files, i);

		if (has_rule(others, text) || (i && !strcmp(text, text_of(files, i - 1))))
			continue;
		if (stream) {
			fprintf(stream, "  %c ", mark);
			print_plain(stream, text);
			fputs("  (", stream);
			print_plain(stream, files->text + files_le32(files->rule[i].source));
			fputs(")\n", stream);
		}
		any = true;
	}
	return any;
}

static void print_rules(FILE *stream, const struct files *before, const struct files *after)
{
	if (!before->states || !after->states)
		fprintf(stream, "  %s -> %s\n", before->states ? "by rules" : "not restricted",
			after->states ? "by rules" : "not restricted");
	print_lacking(stream, '-', before, after);
	print_lacking(stream, '+', after, before);
}

static bool say(FILE *stream, const struct walk *walk, enum walked walked, uint32_t pair)
{
	const struct files *before = walk->before, *after = walk->after;
	const unsigned int complain = (before->flags ^ after->flags) & POLICY_FILES_COMPLAIN;

	if (walked == WALK_GIVEN_UP && !print_lacking(NULL, '-', before, after) &&
	    !print_lacking(NULL, '+', after, before))
		walked = WALK_SAME;
	if (walked == WALK_SAME && !complain)
		return false;
	fputs("files:\n", stream);
	if (complain)
		fprintf(stream, "  what rules refuse: %s -> %s\n",
			before->flags & POLICY_FILES_COMPLAIN ? "only told" : "refused",
			after->flags & POLICY_FILES_COMPLAIN ? "only told" : "refused");
	if (walked != WALK_SAME)
		print_rules(stream, before, after);
	if (walked == WALK_DIFFERENT)
		print_example(stream, walk, pair);
	return true;
}

bool difference_files(FILE *stream, const struct policy *before, const struct policy *after)
{
	struct walk walk = {.before = &before->files, .after = &after->files};
	enum walked walked;
	uint32_t pair = 0;
	bool differ;

	walked = walk_both(&walk, &pair);
	differ = say(stream, &walk, walked, pair);
	lists_free(&walk.pairs);
	free(walk.steps);
	return differ;
}
