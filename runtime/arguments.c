// SPDX-License-Identifier: GPL-2.0
#include "runtime/arguments.h"

#include <stdlib.h>
#include <string.h>

enum place {
	GLOBAL = 1,
	RUN = 2,
	CREATE = 4,
	DELETE = 8,
};

enum meaning {
	HANDED_ON,
	LOG,
	LOG_FORMAT,
	ROOT,
	BUNDLE,
	CONFIG,
	DETACH,
	ASKS,
	REGEX,
	ROOTLESS,
	/* This program's own, which the runtime below does not get. */
	SETTINGS,
	CACHE,
	KEEP_SECCOMP,
};

/*
 * The options of crun (up to 1.21) and runc (up to 1.3), and this program's own; `places` says of
 * what. Where both have one, it takes a value in both or in neither, so that what the runtime below
 * does not know is refused by it, and is never read as something else.
 */
static const struct option {
	const char *name;
	const char *shorter;
	unsigned int places;
	bool has_value;
	enum meaning meaning;
} options[] = {
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

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* A walk through argv: what each option is, and that none with a value comes twice. */
struct walk {
	struct arguments *arguments;
	int index;
	bool given[OPTIONS];
};

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

static const struct option *find(const char *word, enum place place, const char **value)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (options[i].places & place && is_option(&options[i], word, value))
			return &options[i];
	}
	return NULL;
}

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

static int take_option(struct walk *walk, enum place place, struct error *err)
{
	const char *word = walk->arguments->argv[walk->index];
	const struct option *option;
	int at = walk->index;
	const char *value;

	option = find(word, place, &value);
	if (!option)
		return error_set(err, EXIT_USAGE,
				 "option %s is not known here; write each option in full and by "
				 "itself, as the --help of crun or runc lists it (-b DIR or "
				 "--bundle=DIR, not -bDIR, --bund DIR or -db DIR)",
				 word);
	if (option->has_value) {
		if (walk->given[option - options])
			return error_set(err, EXIT_USAGE, "option %s is given twice", word);
		walk->given[option - options] = true;
	}
	if (option->has_value && !value) {
		if (++walk->index >= walk->arguments->argc)
			return error_set(err, EXIT_USAGE, "option %s needs a value", word);
		value = walk->arguments->argv[walk->index];
	}
	if (is_own(option))
		take_out(walk, at);
	note(walk, option, value, at);
	return 0;
}

/* Takes options as long as there are any; the walk then stands at what follows them. */
static int take_options(struct walk *walk, enum place place, struct error *err)
{
	struct arguments *arguments = walk->arguments;

	for (; walk->index < arguments->argc; walk->index++) {
		const char *word = arguments->argv[walk->index];

		if (word[0] != '-' || (place != GLOBAL && !word[1]))
			return 0;
		if (place != GLOBAL && !strcmp(word, "--")) {
			walk->index++;
			return 0;
		}
		if (take_option(walk, place, err))
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
