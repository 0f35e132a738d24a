// SPDX-License-Identifier: GPL-2.0
#include "runtime/options.h"

#include <stdio.h>
#include <string.h>

/*
 * The options of crun (up to 1.21) and runc (up to 1.3), and this program's own; `places` says of
 * what. Where both have one, it takes a value in both or in neither, so that what the runtime below
 * does not know is refused by it, and is never read as something else.
 */
static const struct option options[] = {
	{"--cache", NULL, GLOBAL, true, CACHE},
	{"--config", NULL, GLOBAL, true, SETTINGS},
	{"--keep-seccomp", NULL, GLOBAL, false, KEEP_SECCOMP},
	{"--cgroup-manager", NULL, GLOBAL, true, HANDED_ON},
	{"--criu", NULL, GLOBAL, true, HANDED_ON},
	{"--debug", NULL, GLOBAL, false, HANDED_ON},
	{"--log", NULL, GLOBAL, true, LOG},
	{"--log-format", NULL, GLOBAL, true, LOG_FORMAT},
	{"--log-level", NULL, GLOBAL, true, HANDED_ON},
	{"--root", NULL, GLOBAL, true, ROOT},
	{"--rootless", NULL, GLOBAL, true, ROOTLESS},
	{"--systemd-cgroup", NULL, GLOBAL, false, HANDED_ON},
	{"--version", "-v", GLOBAL, false, ASKS},
	{"--version", "-V", GLOBAL, false, ASKS},
	{"--help", "-?", GLOBAL | RUN | CREATE | DELETE, false, ASKS},
	{"--help", "-h", GLOBAL | RUN | CREATE | DELETE, false, ASKS},
	{"--usage", NULL, GLOBAL | RUN | CREATE | DELETE, false, ASKS},
	{"--bundle", "-b", RUN | CREATE, true, BUNDLE},
	{"--config", "-f", RUN | CREATE, true, CONFIG},
	{"--console-socket", NULL, RUN | CREATE, true, HANDED_ON},
	{"--detach", "-d", RUN, false, DETACH},
	{"--keep", NULL, RUN, false, HANDED_ON},
	{"--no-mount-fallback", NULL, RUN | CREATE, false, HANDED_ON},
	{"--no-new-keyring", NULL, RUN | CREATE, false, HANDED_ON},
	{"--no-pivot", NULL, RUN | CREATE, false, HANDED_ON},
	{"--no-subreaper", NULL, RUN | CREATE, false, HANDED_ON},
	{"--pid-file", NULL, RUN | CREATE, true, HANDED_ON},
	{"--pidfd-socket", NULL, RUN | CREATE, true, HANDED_ON},
	{"--preserve-fds", NULL, RUN | CREATE, true, HANDED_ON},
	{"--force", "-f", DELETE, false, HANDED_ON},
	{"--regex", "-r", DELETE, false, REGEX},
};

#define COUNT (sizeof(options) / sizeof(options[0]))

_Static_assert(COUNT <= OPTIONS_MAX, "options_index() gives more");

/* Whether word is option; *value is what follows a "=", else NULL. */
static bool is_option(const struct option *option, const char *word, const char **value)
{
	size_t length = strlen(option->name);

	*value = NULL;
	if (option->shorter && !strcmp(word, option->shorter))
		return true;
	if (strncmp(word, option->name, length))
		return false;
	if (option->has_value && word[length] == '=')
		*value = word + length + 1;
	return *value || !word[length];
}

const struct option *options_find(const char *word, enum place place, const char **value)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (options[i].places & place && is_option(&options[i], word, value))
			return &options[i];
	}
	return NULL;
}

size_t options_index(const struct option *option)
{
	return option - options;
}

static int refuse_unknown(const char *word, struct error *err)
{
	return error_set(err, EXIT_USAGE,
			 "option %s is not known here; the --help of crun or runc lists those that "
			 "there are",
			 word);
}

/* Whether two entries are one option, which has two short forms. */
static bool is_same(const struct option *a, const struct option *b)
{
	return !strcmp(a->name, b->name);
}

/*
 * The only option whose name begins with length characters of word; NULL with err set where there is
 * none or there are several.
 */
static const struct option *find_abbreviated(const char *word, size_t length, enum place place,
					     struct error *err)
{
	const struct option *found = NULL;

	for (size_t i = 0; i < COUNT; i++) {
		const struct option *option = &options[i];

		if (!(option->places & place) || strncmp(word, option->name, length))
			continue;
		if (!option->name[length])
			return option;
		if (found && !is_same(found, option)) {
			error_set(err, EXIT_USAGE, "option %s could be %s or %s; write it in full",
				  word, found->name, option->name);
			return NULL;
		}
		found = option;
	}
	if (!found)
		refuse_unknown(word, err);
	return found;
}

/* What Go takes for a truth value; -1: none. */
static int truth(const char *text)
{
	static const char *const words[2][6] = {{"0", "f", "F", "false", "FALSE", "False"},
						{"1", "t", "T", "true", "TRUE", "True"}};

	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < sizeof(words[0]) / sizeof(words[0][0]); i++)
			if (!strcmp(text, words[value][i]))
				return value;
	return -1;
}

/* word names option, and value, or NULL, stands behind a "=". */
static int write_out(const char *word, const struct option *option, const char *value,
		     const char **words, struct error *err)
{
	words[0] = option->name;
	if (!value)
		return 1;
	if (option->has_value) {
		words[1] = value;
		return 2;
	}
	if (option->meaning == ASKS || truth(value) < 0)
		return error_set(err, EXIT_USAGE, "option %s: %s takes no value but true and false",
				 word, option->name);
	return truth(value);
}

static int expand_long(const char *word, enum place place, const char **words, struct error *err)
{
	const char *value = strchr(word, '=');
	const struct option *option =
		find_abbreviated(word, value ? (size_t)(value - word) : strlen(word), place, err);

	return option ? write_out(word, option, value ? value + 1 : NULL, words, err) : -1;
}

static const struct option *find_letter(char letter, enum place place)
{
	for (size_t i = 0; i < COUNT; i++)
		if (options[i].places & place && options[i].shorter &&
		    options[i].shorter[1] == letter)
			return &options[i];
	return NULL;
}

/*
 * word, of one dash, as letters that stand together, as getopt() reads it: how many words that makes, or
 * 0 where it is none.
 */
static int expand_letters(const char *word, enum place place, const char **words)
{
	int count = 0;

	for (const char *letter = word + 1; *letter; letter++) {
		const struct option *option = find_letter(*letter, place);

		if (!option)
			return 0;
		words[count++] = option->name;
		if (!option->has_value)
			continue;
		if (letter[1])
			words[count++] = letter + 1;
		break;
	}
	return count;
}

/* The option of which word, of one dash, is the name or letter, as Go reads it; *value as usual. */
static const struct option *find_dashed(const char *word, enum place place, const char **value)
{
	const char *equals = strchr(word, '=');
	const size_t length = equals ? (size_t)(equals - word) : strlen(word);

	*value = equals ? equals + 1 : NULL;
	for (size_t i = 0; i < COUNT; i++) {
		const struct option *option = &options[i];

		if (!(option->places & place))
			continue;
		if ((strlen(option->name) == length + 1 &&
		     !strncmp(option->name + 1, word, length)) ||
		    (option->shorter && strlen(option->shorter) == length &&
		     !strncmp(option->shorter, word, length)))
			return option;
	}
	return NULL;
}

static int expand_short(const char *word, enum place place, const char **words, struct error *err)
{
	const int letters = expand_letters(word, place, words);
	const char *value;
	const struct option *dashed = find_dashed(word, place, &value);

	if (letters && dashed)
		return error_set(
			err, EXIT_USAGE,
			"option %s: crun takes it for %s%s%s, and runc for %s%s%s; write out "
			"which one it is",
			word, words[0], letters > 1 ? " " : "", letters > 1 ? words[1] : "",
			dashed->name, value ? "=" : "", value ? value : "");
	if (dashed)
		return write_out(word, dashed, value, words, err);
	return letters ? letters : refuse_unknown(word, err);
}

int options_expand(const char *word, enum place place, const char **words, struct error *err)
{
	if (!word[1] || !strcmp(word, "--"))
		return refuse_unknown(word, err);
	return word[1] == '-' ? expand_long(word, place, words, err)
			      : expand_short(word, place, words, err);
}
