// SPDX-License-Identifier: GPL-2.0
#include "runtime/arguments.h"

#include <stdlib.h>
#include <string.h>

/* Options of crun and runc that take their value from the next word unless it follows a "=". */
static const char *const global_with_value[] = {
	"--root",	    "--log",	  "--log-format", "--log-level",
	"--cgroup-manager", "--rootless", "--criu",	  NULL,
};

static const char *const command_with_value[] = {
	"--bundle",	  "-b", "--config", "-f", "--pid-file", "--console-socket",
	"--preserve-fds", NULL,
};

static bool listed(const char *const *list, const char *word)
{
	for (; *list; list++) {
		if (!strcmp(*list, word))
			return true;
	}
	return false;
}

/* The value of option at *index, which moves on to it; NULL where word is another option. */
static const char *value_of(const struct arguments *arguments, int *index, const char *longer,
			    const char *shorter)
{
	const char *word = arguments->argv[*index];
	size_t length = strlen(longer);

	if (!strncmp(word, longer, length) && word[length] == '=')
		return word + length + 1;
	if (strcmp(word, longer) && strcmp(word, shorter))
		return NULL;
	return arguments->argv[++*index];
}

static int missing(const char *option, struct error *err)
{
	return error_set(err, EXIT_USAGE, "option %s needs a value", option);
}

static int parse_command_option(struct arguments *arguments, int *index, bool creates,
				struct error *err)
{
	const char *word = arguments->argv[*index];
	const char *value;
	int at = *index;

	value = value_of(arguments, index, "--bundle", "-b");
	if (value) {
		arguments->bundle = value;
		return 0;
	}
	if (*index >= arguments->argc)
		return missing(word, err);
	if (!creates)
		return 0;
	value = value_of(arguments, index, "--config", "-f");
	if (value) {
		arguments->config = value;
		arguments->config_index = at;
		return 0;
	}
	if (*index >= arguments->argc)
		return missing(word, err);
	if (!strcmp(word, "--detach") || !strcmp(word, "-d"))
		arguments->detach = true;
	else if (listed(command_with_value, word) && ++*index >= arguments->argc)
		return missing(word, err);
	return 0;
}

static int parse_command(struct arguments *arguments, struct error *err)
{
	const char *command = arguments_command(arguments);
	bool creates = !strcmp(command, "run") || !strcmp(command, "create");
	bool options = true;
	int index;

	for (index = arguments->command + 1; index < arguments->argc; index++) {
		const char *word = arguments->argv[index];

		if (options && !strcmp(word, "--")) {
			options = false;
		} else if (options && word[0] == '-' && word[1]) {
			if (parse_command_option(arguments, &index, creates, err))
				return -1;
		} else {
			arguments->id = word;
			break;
		}
	}
	return 0;
}

const char *arguments_command(const struct arguments *arguments)
{
	return arguments->command < arguments->argc ? arguments->argv[arguments->command] : "";
}

int arguments_parse(int argc, char **argv, struct arguments *arguments, struct error *err)
{
	int index;

	*arguments = (struct arguments){.argv = argv, .argc = argc, .bundle = "."};
	for (index = 1; index < argc && argv[index][0] == '-'; index++) {
		if (listed(global_with_value, argv[index]) && ++index >= argc)
			return missing(argv[index - 1], err);
	}
	arguments->command = index;
	return parse_command(arguments, err);
}

/* How many words the option at index takes. */
static int width(const struct arguments *arguments, int index)
{
	return strchr(arguments->argv[index], '=') ? 1 : 2;
}

char **arguments_for(const struct arguments *arguments, const char *runtime, char *config)
{
	char **argv = calloc(arguments->argc + 3, sizeof(*argv));
	int from, to = 0;

	if (!argv)
		return NULL;
	for (from = 0; from < arguments->argc; from++) {
		if (config && arguments->config_index && from == arguments->config_index) {
			from += width(arguments, from) - 1;
			continue;
		}
		argv[to++] = arguments->argv[from];
		if (config && from == arguments->command) {
			argv[to++] = (char *)"--config";
			argv[to++] = config;
		}
	}
	argv[0] = (char *)runtime;
	return argv;
}
