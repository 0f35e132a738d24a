// SPDX-License-Identifier: GPL-2.0
#include "runtime/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "runtime/options.h"

/* A walk through argv: what each option is, and that none with a value comes twice. */
struct walk {
	struct arguments *arguments;
	int index;
	bool given[OPTIONS_MAX];
};

static void note(struct walk *walk, const struct option *option, const char *value, int at)
{
	struct arguments *arguments = walk->arguments;

	switch (option->meaning) {
	case LOG:
		arguments->log = value;
		break;
	case LOG_FORMAT:
		arguments->log_format = value;
		break;
	case ROOT:
		arguments->root = value;
		break;
	case BUNDLE:
		arguments->bundle = value;
		arguments->bundle_index = at;
		break;
	case CONFIG:
		arguments->config = value;
		arguments->config_index = at;
		break;
	case DETACH:
		arguments->detach = true;
		break;
	case ASKS:
		arguments->asks = true;
		arguments->argc = at + 1;
		break;
	case REGEX:
		arguments->regex = true;
		break;
	case ROOTLESS:
		arguments->rootless = value;
		break;
	case SETTINGS:
		arguments->settings = value;
		break;
	case CACHE:
		arguments->cache = value;
		break;
	case KEEP_SECCOMP:
		arguments->keep_seccomp = true;
		break;
	case HANDED_ON:
		break;
	}
}

static bool is_own(const struct option *option)
{
	return option->meaning == SETTINGS || option->meaning == CACHE ||
	       option->meaning == KEEP_SECCOMP;
}

/* Takes the words from first on, up to where the walk stands, out of the line. */
static void take_out(struct walk *walk, int first)
{
	struct arguments *arguments = walk->arguments;
	const int width = walk->index + 1 - first;

	memmove(arguments->argv + first, arguments->argv + first + width,
		(arguments->argc - first - width) * sizeof(*arguments->argv));
	arguments->argc -= width;
	walk->index -= width;
}

/* Puts count words in place of the one where the walk stands. */
static int put_in(struct walk *walk, const char *const *words, int count, struct error *err)
{
	struct arguments *arguments = walk->arguments;
	const int rest = arguments->argc - walk->index - 1;
	char **argv = calloc(arguments->argc + count, sizeof(*argv));

	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	memcpy(argv, arguments->argv, walk->index * sizeof(*argv));
	memcpy(argv + walk->index, words, count * sizeof(*argv));
	memcpy(argv + walk->index + count, arguments->argv + walk->index + 1, rest * sizeof(*argv));
	free(arguments->owned);
	arguments->argv = arguments->owned = argv;
	arguments->argc += count - 1;
	return 0;
}

/* The word where the walk stands, which is no option as it stands, in full: options_expand(). */
static int write_out(struct walk *walk, enum place place, struct error *err)
{
	const char *word = walk->arguments->argv[walk->index];
	autofree const char **words = calloc(strlen(word) + 1, sizeof(*words));
	int count;

	if (!words)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	count = options_expand(word, place, words, err);
	return count < 0 ? -1 : put_in(walk, words, count, err);
}

static int take_option(struct walk *walk, const struct option *option, const char *value,
		       struct error *err)
{
	const char *word = walk->arguments->argv[walk->index];
	bool *given = &walk->given[options_index(option)];
	int at = walk->index;

	if (option->has_value && *given)
		return error_set(err, EXIT_USAGE, "option %s is given twice", word);
	*given = true;
	if (option->has_value && !value) {
		if (++walk->index >= walk->arguments->argc)
			return error_set(err, EXIT_USAGE, "option %s needs a value", word);
		value = walk->arguments->argv[walk->index];
	}
	if (is_own(option))
		take_out(walk, at);
	note(walk, option, value, at);
	walk->index++;
	return 0;
}

/* Takes options as long as there are any; the walk then stands at what follows them. */
static int take_options(struct walk *walk, enum place place, struct error *err)
{
	struct arguments *arguments = walk->arguments;

	while (walk->index < arguments->argc) {
		const char *word = arguments->argv[walk->index], *value;
		const struct option *option;

		if (word[0] != '-' || (place != GLOBAL && !word[1]))
			return 0;
		if (place != GLOBAL && !strcmp(word, "--")) {
			walk->index++;
			return 0;
		}
		option = options_find(word, place, &value);
		if (option ? take_option(walk, option, value, err) : write_out(walk, place, err))
			return -1;
	}
	return 0;
}

static enum place command_place(const char *command)
{
	if (!strcmp(command, "run"))
		return RUN;
	if (!strcmp(command, "create"))
		return CREATE;
	return !strcmp(command, "delete") ? DELETE : 0;
}

static int take_id(struct walk *walk, struct error *err)
{
	struct arguments *arguments = walk->arguments;
	const char *command = arguments_command(arguments);

	if (walk->index >= arguments->argc)
		return error_set(err, EXIT_USAGE, "%s needs the container's id", command);
	arguments->id = arguments->argv[walk->index++];
	if (walk->index < arguments->argc)
		return error_set(
			err, EXIT_USAGE,
			"%s: \"%s\" comes after the container's id, which is the last word",
			command, arguments->argv[walk->index]);
	return 0;
}

const char *arguments_command(const struct arguments *arguments)
{
	return arguments->command < arguments->argc ? arguments->argv[arguments->command] : "";
}

int arguments_parse(int argc, char **argv, struct arguments *arguments, struct error *err)
{
	struct walk walk = {.arguments = arguments, .index = 1};
	enum place place;

	*arguments = (struct arguments){.argv = argv, .argc = argc, .command = argc, .bundle = "."};
	if (take_options(&walk, GLOBAL, err))
		return -1;
	if (arguments->asks)
		return 0;
	arguments->command = walk.index++;
	place = command_place(arguments_command(arguments));
	if (!place)
		return 0;
	if (take_options(&walk, place, err))
		return -1;
	return arguments->asks ? 0 : take_id(&walk, err);
}

/* How many words the option at index takes. */
static int width(const struct arguments *arguments, int index)
{
	return strchr(arguments->argv[index], '=') ? 1 : 2;
}

/* Whether the word at index begins what option takes the place of. */
static bool is_replaced(const struct arguments *arguments, int index, const char *option)
{
	if (!option || !index)
		return false;
	return index == arguments->config_index ||
	       (index == arguments->bundle_index && !strcmp(option, "--bundle"));
}

void arguments_free(struct arguments *arguments)
{
	free(arguments->owned);
	arguments->owned = NULL;
}

char **arguments_for(const struct arguments *arguments, const char *runtime, const char *option,
		     const char *value)
{
	char **argv = calloc(arguments->argc + 3, sizeof(*argv));
	int from, to = 0;

	if (!argv)
		return NULL;
	for (from = 0; from < arguments->argc; from++) {
		if (is_replaced(arguments, from, option)) {
			from += width(arguments, from) - 1;
			continue;
		}
		argv[to++] = arguments->argv[from];
		if (option && from == arguments->command) {
			argv[to++] = (char *)option;
			argv[to++] = (char *)value;
		}
	}
	argv[0] = (char *)runtime;
	return argv;
}
