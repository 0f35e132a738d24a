// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/builder.h"
#include "builder/command.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define PROFILE_SIZE_MAX (4u << 20)

enum option_key {
	OPTION_SECCOMP = 's',
	OPTION_CAPABILITY = 'c',
	OPTION_LOG = 'l',
	OPTION_NAME = 'n',
	OPTION_OUTPUT = 'o',
	OPTION_KERNEL = 0x100,
	OPTION_ARCH,
	OPTION_IGNORE_UNKNOWN,
	OPTION_CLONE3,
	OPTION_EXCESS,
};

struct options {
	const char *seccomp;
	const char *output;
	const char *name;
	const char *kernel;
	uint64_t capabilities;
	bool capabilities_given;
	bool ignore_unknown;
	enum policy_log_mode log;
	enum policy_excess excess;
	enum clone3_reading clone3;
	struct error *err;
};

static const struct argp_option option_table[] = {
	{.name = "seccomp",
	 .key = OPTION_SECCOMP,
	 .arg = "FILE",
	 .doc = "seccomp profile in OCI or Docker form; - is standard input"},
	{.name = "capabilities",
	 .key = OPTION_CAPABILITY,
	 .arg = "LIST",
	 .doc = "what the container may hold: names separated by commas, default (Docker's 14), "
		"all or none; decides the profile's includes and excludes too (default: default)"},
	{.name = "capability", .flags = OPTION_ALIAS},
	{.name = "excess",
	 .key = OPTION_EXCESS,
	 .arg = "REACTION",
	 .doc = "to a program that holds a capability beyond these: report or kill (default: "
		"report)"},
	{.name = "clone3",
	 .key = OPTION_CLONE3,
	 .arg = "READING",
	 .doc = "where the profile filters clone's flags and answers ENOSYS to clone3: as-clone "
		"filters clone3's flags too, as-written answers ENOSYS (default: as-clone)"},
	{.name = "log",
	 .key = OPTION_LOG,
	 .arg = "MODE",
	 .doc = "kernel log: deny or host (default: deny)"},
	{.name = "name",
	 .key = OPTION_NAME,
	 .arg = "NAME",
	 .doc = "the policy's name (default: the profile's file name without .json)"},
	{.name = "kernel-version",
	 .key = OPTION_KERNEL,
	 .arg = "VERSION",
	 .doc = "kernel for the profile's minKernel (default: the running one)"},
	{.name = "arch",
	 .key = OPTION_ARCH,
	 .arg = "ARCH",
	 .doc = "amd64, the only one yet (default: amd64)"},
	{.name = "ignore-unknown",
	 .key = OPTION_IGNORE_UNKNOWN,
	 .doc = "list what nobody knows (calls, capabilities, keys) and go on, as container "
		"engines do; unknown calls get the default action. Without it they are errors"},
	{.name = "output",
	 .key = OPTION_OUTPUT,
	 .arg = "FILE",
	 .doc = "where the blob goes; - is standard output"},
	{0}};

/* An option with one of two words; the first is 0. */
static int parse_word(const char *option, const char *word, const char *const words[2],
		      struct options *options)
{
	for (int i = 0; i < 2; i++)
		if (!strcmp(word, words[i]))
			return i;
	return error_set(options->err, EXIT_USAGE, "--%s \"%s\": there are %s and %s", option, word,
			 words[0], words[1]);
}

static int parse_log(const char *mode, struct options *options)
{
	static const char *const words[2] = {"deny", "host"};
	int word = parse_word("log", mode, words, options);

	options->log = word == 1 ? POLICY_LOG_HOST : POLICY_LOG_DENY;
	return word < 0 ? -1 : 0;
}

static int parse_excess(const char *reaction, struct options *options)
{
	static const char *const words[2] = {"report", "kill"};
	int word = parse_word("excess", reaction, words, options);

	options->excess = word == 1 ? POLICY_EXCESS_KILL : POLICY_EXCESS_REPORT;
	return word < 0 ? -1 : 0;
}

static int parse_clone3(const char *reading, struct options *options)
{
	static const char *const words[2] = {"as-clone", "as-written"};
	int word = parse_word("clone3", reading, words, options);

	options->clone3 = word == 1 ? CLONE3_AS_WRITTEN : CLONE3_AS_CLONE;
	return word < 0 ? -1 : 0;
}

static int parse_arch(const char *arch, struct options *options)
{
	if (!strcmp(arch, "amd64") || !strcmp(arch, "x86_64"))
		return 0;
	return error_set(options->err, EXIT_USAGE, "--arch \"%s\": policies exist for amd64 only",
			 arch);
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;
	int ret = 0;

	switch (key) {
	case OPTION_SECCOMP:
		options->seccomp = argument;
		return 0;
	case OPTION_OUTPUT:
		options->output = argument;
		return 0;
	case OPTION_NAME:
		options->name = argument;
		return 0;
	case OPTION_KERNEL:
		options->kernel = argument;
		return 0;
	case OPTION_IGNORE_UNKNOWN:
		options->ignore_unknown = true;
		return 0;
	case OPTION_CAPABILITY:
		options->capabilities_given = true;
		ret = capability_list(argument, &options->capabilities, options->err);
		break;
	case OPTION_LOG:
		ret = parse_log(argument, options);
		break;
	case OPTION_EXCESS:
		ret = parse_excess(argument, options);
		break;
	case OPTION_CLONE3:
		ret = parse_clone3(argument, options);
		break;
	case OPTION_ARCH:
		ret = parse_arch(argument, options);
		break;
	case ARGP_KEY_END:
		if (!options->seccomp || !options->output)
			argp_error(state, "--seccomp and --output are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return ret ? EINVAL : 0;
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.doc = "Makes a policy blob from a seccomp profile and a capability list."
	       "\vWhat a policy cannot express is refused, with file, line and column. "
	       "docs/profiles.md says what is supported.",
};

static json_t *parse_json(const char *file, const char *text, size_t size, struct error *err)
{
	json_error_t fault;
	json_t *json;

	if (text[strspn(text, " \t\r\n")] == '\0' && strlen(text) == size) {
		error_set(err, EXIT_USAGE, "%s is empty; it must hold a seccomp profile", file);
		return NULL;
	}
	json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (!json)
		error_set(err, EXIT_USAGE, "%s:%d:%d: not JSON: %s", file, fault.line, fault.column,
			  fault.text);
	return json;
}

static void print_ignored(void *context, const char *sentence)
{
	(void)context;
	fputs("vkernel build: ", stderr);
	print_plain(stderr, sentence);
	fputc('\n', stderr);
}

static int add_seccomp(struct profile *profile, const struct options *options, struct error *err)
{
	const char *file = strcmp(options->seccomp, "-") ? options->seccomp : "standard input";
	struct seccomp_context context = {
		.file = file,
		.capabilities = options->capabilities,
		.kernel = options->kernel,
		.clone3 = options->clone3,
		.lenient = options->ignore_unknown,
		.ignored = print_ignored,
	};
	autofree char *text = NULL;
	json_t *json;
	size_t size;
	int ret;

	if (read_input(options->seccomp, PROFILE_SIZE_MAX, &text, &size, err))
		return -1;
	json = parse_json(file, text, size, err);
	if (!json)
		return -1;
	context.text = text;
	ret = profile_add_seccomp(profile, json, &context, err);
	json_decref(json);
	return ret;
}

static int set_name(struct profile *profile, const struct options *options, struct error *err)
{
	const char *slash = strrchr(options->seccomp, '/');
	const char *base = slash ? slash + 1 : options->seccomp;
	autofree char *name = NULL;
	size_t size;

	if (options->name)
		return profile_set_name(profile, options->name, err);
	if (!strcmp(base, "-"))
		return 0;
	name = strdup(base);
	if (!name)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	size = strlen(name);
	if (size > 5 && !strcmp(name + size - 5, ".json"))
		name[size - 5] = '\0';
	if (profile_set_name(profile, name, err))
		return error_context(err, "name made from the file's, set another with --name");
	return 0;
}

static int write_output(const char *path, const void *blob, size_t size, struct error *err)
{
	struct stat status;

	if (!strcmp(path, "-")) {
		if (isatty(STDOUT_FILENO))
			return error_set(err, EXIT_USAGE,
					 "a blob is not for a terminal; name a file with -o");
		if (fwrite(blob, 1, size, stdout) != size || fflush(stdout))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot write to standard output");
		return 0;
	}
	/* A device or directory must not be replaced by the file that is renamed over it. */
	if (!stat(path, &status) && !S_ISREG(status.st_mode))
		return error_set(err, EXIT_USAGE,
				 "output %s is not a regular file; -o - writes to standard output",
				 path);
	return file_write(path, blob, size, err);
}

static int build(struct profile *profile, const struct options *options, struct error *err)
{
	autofree void *blob = NULL;
	size_t size;

	if (set_name(profile, options, err) || add_seccomp(profile, options, err))
		return -1;
	profile_set_capabilities(profile, options->capabilities);
	profile_set_excess(profile, options->excess);
	profile_set_log(profile, options->log);
	if (profile_emit(profile, &blob, &size, err))
		return -1;
	return write_output(options->output, blob, size, err);
}

int build_command(int argc, char **argv, struct error *err)
{
	struct options options = {.log = POLICY_LOG_DENY, .err = err};
	struct profile *profile;
	int ret;

	if (argp_parse(&argp, argc, argv, 0, NULL, &options))
		return -1;
	if (!options.capabilities_given && capability_list("default", &options.capabilities, err))
		return -1;
	profile = profile_new();
	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	ret = build(profile, &options, err);
	profile_free(profile);
	return ret;
}
