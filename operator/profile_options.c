// SPDX-License-Identifier: GPL-2.0
#include "operator/profile_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder/yaml_profile.h"
#include "lib/cleanup.h"
#include "operator/command.h"

enum option_key {
	OPTION_CAPABILITY = 'c',
	OPTION_LOG = 'l',
	OPTION_NAME = 'n',
	OPTION_KERNEL = 0x200,
	OPTION_ARCH,
	OPTION_IGNORE_UNKNOWN,
	OPTION_CLONE3,
	OPTION_EXCESS,
	OPTION_APPARMOR,
	OPTION_APPARMOR_PROFILE,
	OPTION_APPARMOR_INCLUDE,
};

static const struct argp_option option_table[] = {
	{.name = "apparmor",
	 .key = OPTION_APPARMOR,
	 .arg = "FILE",
	 .doc = "AppArmor profile, whose file, capability, network, mount, signal and ptrace rules "
		"become the policy's; - is standard input"},
	{.name = "apparmor-profile",
	 .key = OPTION_APPARMOR_PROFILE,
	 .arg = "NAME",
	 .doc = "which one, where the file has several"},
	{.name = "apparmor-include",
	 .key = OPTION_APPARMOR_INCLUDE,
	 .arg = "FOLDER",
	 .doc = "where <files> that it includes are looked for, before /etc/apparmor.d; may be "
		"repeated"},
	{.name = "capabilities",
	 .key = OPTION_CAPABILITY,
	 .arg = "LIST",
	 .doc = "what the container may hold: names separated by commas, default (Docker's 14), "
		"all or none; decides the profile's includes and excludes too (default: default)"},
	{.name = "capability", .flags = OPTION_ALIAS | OPTION_HIDDEN},
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
	 .doc = "the kernel log that the container sees: private[:SIZE] (its own, of SIZE bytes, "
		"with K or M; 256K where it is not said), deny or host (default: private)"},
	{.name = "name",
	 .key = OPTION_NAME,
	 .arg = "NAME",
	 .doc = "the policy's name (default: the one that a source says, or its file name)"},
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
	{0}};

/* An option with one of two words: sets *second to whether it is the second one. */
static int parse_word(const char *option, const char *word, const char *const words[2],
		      bool *second, struct error *err)
{
	*second = !strcmp(word, words[1]);
	if (*second || !strcmp(word, words[0]))
		return 0;
	return error_set(err, EXIT_USAGE, "--%s \"%s\": there are %s and %s", option, word,
			 words[0], words[1]);
}

static int parse_log(const char *mode, struct profile_options *options)
{
	options->log_given = true;
	if (!log_mode_parse(mode, &options->log, &options->log_size, options->err))
		return 0;
	return error_context(options->err, "--log");
}

static int parse_excess(const char *reaction, struct profile_options *options)
{
	static const char *const words[2] = {"report", "kill"};
	bool kill = false;
	int ret = parse_word("excess", reaction, words, &kill, options->err);

	options->excess = kill ? POLICY_EXCESS_KILL : POLICY_EXCESS_REPORT;
	options->excess_given = true;
	return ret;
}

static int parse_clone3(const char *reading, struct profile_options *options)
{
	static const char *const words[2] = {"as-clone", "as-written"};
	bool written = false;
	int ret = parse_word("clone3", reading, words, &written, options->err);

	options->clone3 = written ? CLONE3_AS_WRITTEN : CLONE3_AS_CLONE;
	return ret;
}

static int parse_arch(const char *arch, struct profile_options *options)
{
	if (!strcmp(arch, "amd64") || !strcmp(arch, "x86_64"))
		return 0;
	return error_set(options->err, EXIT_USAGE, "--arch \"%s\": policies exist for amd64 only",
			 arch);
}

static int add_folder(const char *folder, struct profile_options *options)
{
	const size_t size = (options->apparmor_folders_count + 1) * sizeof(folder);
	const char **folders = realloc(options->apparmor_folders, size);

	if (!folders)
		return error_set(options->err, EXIT_ENVIRONMENT, "no memory for options");
	folders[options->apparmor_folders_count++] = folder;
	options->apparmor_folders = folders;
	return 0;
}

int profile_options_name(struct profile_options *options, const char *path, enum source_kind kind)
{
	struct named_source *named =
		reallocarray(options->named, options->named_count + 1, sizeof(*named));

	if (!named)
		return error_set(options->err, EXIT_ENVIRONMENT, "no memory for options");
	named[options->named_count++] = (struct named_source){.path = path, .kind = kind};
	options->named = named;
	return 0;
}

void profile_options_free(struct profile_options *options)
{
	free(options->named);
	free(options->apparmor_folders);
	sources_free(&options->sources);
}

bool profile_options_given(const struct profile_options *options)
{
	return options->capabilities_given || options->log_given || options->excess_given ||
	       options->name || options->kernel || options->ignore_unknown ||
	       options->clone3 != CLONE3_AS_CLONE;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct profile_options *options = state->input;
	int ret;

	switch (key) {
	case OPTION_NAME:
		options->name = argument;
		return 0;
	case OPTION_KERNEL:
		options->kernel = argument;
		return 0;
	case OPTION_APPARMOR:
		ret = profile_options_name(options, argument, SOURCE_APPARMOR);
		break;
	case OPTION_APPARMOR_PROFILE:
		options->apparmor_profile = argument;
		return 0;
	case OPTION_APPARMOR_INCLUDE:
		ret = add_folder(argument, options);
		break;
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
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return ret ? EINVAL : 0;
}

const struct argp profile_options_argp = {.options = option_table, .parser = parse_option};

static bool has_apparmor(const struct profile_options *options)
{
	for (size_t i = 0; i < options->sources.count; i++)
		if (options->sources.list[i].kind == SOURCE_APPARMOR)
			return true;
	return false;
}

static unsigned int inputs(const struct profile_options *options)
{
	unsigned int count = 0;

	for (size_t i = 0; i < options->named_count; i++)
		count += !strcmp(options->named[i].path, "-");
	return count;
}

int profile_options_read(struct profile_options *options, struct error *err)
{
	if (inputs(options) > 1)
		return error_set(err, EXIT_USAGE, "standard input holds one profile, not two");
	for (size_t i = 0; i < options->named_count; i++)
		if (sources_read_as(&options->sources, options->named[i].path,
				    options->named[i].kind, err))
			return -1;
	if ((options->apparmor_profile || options->apparmor_folders_count) &&
	    !has_apparmor(options))
		return error_set(err, EXIT_USAGE,
				 "--apparmor-profile and --apparmor-include are for AppArmor "
				 "profiles, and no source is one");
	return 0;
}

int profile_options_default(struct profile_options *options, struct error *err)
{
	if (!options->log_given)
		options->log = POLICY_LOG_PRIVATE;
	if (options->capabilities_given)
		return 0;
	return capability_list("default", &options->capabilities, err);
}

/* Whether the sources have rules in place of those that policy has of an AppArmor profile. */
static bool replaces_rules(const struct profile_options *options, const struct policy *policy)
{
	bool files = false;

	for (size_t i = 0; i < options->sources.count; i++)
		files |= options->sources.list[i].yaml &&
			 options->sources.list[i].yaml->keys->files_count;
	return has_apparmor(options) || (files && !policy->restricts_access);
}

int profile_options_inherit(struct profile_options *options, const struct policy *policy,
			    char name[256], struct error *err)
{
	if (policy_has_apparmor(policy) && !replaces_rules(options, policy))
		return error_set(
			err, EXIT_USAGE,
			"the policy in force has rules of an AppArmor profile, which would "
			"be lost; name the profile with --apparmor");
	options->present = policy;
	if (!options->capabilities_given)
		options->capabilities =
			policy->restricts_capabilities ? policy->capabilities : CAPABILITIES_ALL;
	if (!options->log_given) {
		options->log = policy->log;
		options->log_size = policy->log_size;
	}
	if (!options->excess_given)
		options->excess = policy->excess;
	if (options->name || !policy->name)
		return 0;
	snprintf(name, 256, "%.*s", (int)policy->name_size, policy->name);
	options->present_name = name;
	return 0;
}

static void print_ignored(void *context, const char *sentence)
{
	const struct profile_options *options = context;

	fprintf(stderr, "%s: ", options->program);
	print_plain(stderr, sentence);
	fputc('\n', stderr);
}

/* The first source's file name without its folder and what says its kind. */
static char *name_of(const struct profile_options *options)
{
	static const char *const endings[] = {".json", ".yaml", ".yml", ".policy", ".apparmor"};
	const char *file = options->sources.list[0].name, *slash = strrchr(file, '/');
	char *name = strdup(slash ? slash + 1 : file);
	const size_t size = name ? strlen(name) : 0;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const size_t length = strlen(endings[i]);

		if (size > length && !strcmp(name + size - length, endings[i])) {
			name[size - length] = '\0';
			break;
		}
	}
	return name;
}

static int set_name(struct profile *profile, const struct profile_options *options,
		    const struct sources_said *said, struct error *err)
{
	autofree char *name = NULL;

	if (options->name)
		return profile_set_name(profile, options->name, err);
	if (said->name)
		return 0;
	if (options->present_name)
		return profile_set_name(profile, options->present_name, err);
	if (!strcmp(options->sources.list[0].name, "standard input"))
		return 0;
	name = name_of(options);
	if (!name)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	if (profile_set_name(profile, name, err))
		return error_context(err, "name made from the file's, set another with --name");
	return 0;
}

/* Docker's 14 where nobody says which. */
static uint64_t capabilities_of(const struct profile_options *options)
{
	uint64_t stated;

	if (!options->capabilities_given && !options->present &&
	    sources_capabilities(&options->sources, &stated))
		return CAPABILITIES_ALL;
	return options->capabilities;
}

static int add_sources(struct profile *profile, const struct profile_options *options,
		       struct error *err)
{
	const struct sources_context context = {
		.capabilities = capabilities_of(options),
		.kernel = options->kernel,
		.clone3 = options->clone3,
		.lenient = options->ignore_unknown,
		.ignored = print_ignored,
		.ignored_context = (void *)options,
		.apparmor_profile = options->apparmor_profile,
		.apparmor_folders = options->apparmor_folders,
		.apparmor_folders_count = options->apparmor_folders_count,
	};
	struct sources_said said;

	profile_set_capabilities(profile, context.capabilities);
	if (sources_add(&options->sources, &context, profile, &said, err))
		return -1;
	if (options->log_given || !said.log)
		profile_set_log(profile, options->log, options->log_size);
	if (options->excess_given || !said.excess)
		profile_set_excess(profile, options->excess);
	return set_name(profile, options, &said, err);
}

static int take_prepared(const struct source *source, void **blob, size_t *size, struct error *err)
{
	struct policy policy;

	if (blob_parse(source->name, source->blob, source->blob_size, &policy, err))
		return -1;
	*blob = malloc(source->blob_size);
	if (!*blob)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a policy");
	memcpy(*blob, source->blob, source->blob_size);
	*size = source->blob_size;
	return 0;
}

int profile_options_build(struct profile_options *options, void **blob, size_t *size,
			  struct error *err)
{
	const struct source *prepared;
	struct profile *profile;
	int ret = -1;

	prepared = sources_prepared(&options->sources);
	if (prepared && !profile_options_given(options))
		return take_prepared(prepared, blob, size, err);
	profile = profile_new();
	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (!add_sources(profile, options, err) &&
	    (!options->present || !profile_inherit_paths(profile, options->present, err)))
		ret = profile_emit(profile, blob, size, err);
	profile_free(profile);
	return ret;
}
