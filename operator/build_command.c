// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "operator/command.h"
#include "operator/module.h"
#include "operator/profile_options.h"

enum option_key {
	OPTION_SECCOMP = 's',
	OPTION_OUTPUT = 'o',
	OPTION_WITH = 'w',
	OPTION_KERNEL = 0x100,
	OPTION_HEADERS,
};

struct options {
	struct profile_options profile;
	const char *seccomp;
	const char *output;
	const char *with;
	const char *kernel;
	const char *headers;
};

static const struct argp_option option_table[] = {
	{.name = "seccomp",
	 .key = OPTION_SECCOMP,
	 .arg = "FILE",
	 .doc = "seccomp profile in OCI or Docker form; - is standard input"},
	{.name = "output",
	 .key = OPTION_OUTPUT,
	 .arg = "FILE",
	 .doc = "where the result goes; - is standard output"},
	{.name = "with",
	 .key = OPTION_WITH,
	 .arg = "FILE.c",
	 .doc = "make an instance module with the private calls of this C file, and the policy in "
		"it, instead of a blob"},
	{.name = "kernel",
	 .key = OPTION_KERNEL,
	 .arg = "VERSION",
	 .doc = "with --with: the kernel to build for, whose headers are installed (default: the "
		"running one)"},
	{.name = "headers",
	 .key = OPTION_HEADERS,
	 .arg = "FOLDER",
	 .doc = "with --with: the kernel's headers, where they are not installed"},
	{0}};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->profile;
		return 0;
	case OPTION_SECCOMP:
		options->seccomp = argument;
		return 0;
	case OPTION_OUTPUT:
		options->output = argument;
		return 0;
	case OPTION_WITH:
		options->with = argument;
		return 0;
	case OPTION_KERNEL:
		options->kernel = argument;
		return 0;
	case OPTION_HEADERS:
		options->headers = argument;
		return 0;
	case ARGP_KEY_END:
		if ((!options->seccomp && !options->profile.apparmor) || !options->output)
			argp_error(state, "--seccomp or --apparmor, and --output, are needed");
		if (!options->with && (options->kernel || options->headers))
			argp_error(state, "--kernel and --headers are for --with");
		if (options->kernel && options->headers)
			argp_error(state, "--kernel and --headers name the same thing twice");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &profile_options_argp}, {0}};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.children = children,
	.doc = "Makes a policy blob from a seccomp profile, an AppArmor profile and a capability "
	       "list, or, with private calls, an instance module that holds it."
	       "\vWhat a policy cannot express is refused, with file, line and column. "
	       "docs/profiles.md says what is supported, docs/extending.md how private calls are "
	       "written.",
};

static int write_output(const char *path, const void *bytes, size_t size, struct error *err)
{
	struct stat status;

	if (!strcmp(path, "-")) {
		if (isatty(STDOUT_FILENO))
			return error_set(err, EXIT_USAGE,
					 "a blob is not for a terminal; name a file with -o");
		if (fwrite(bytes, 1, size, stdout) != size)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot write to standard output");
		return end_output(err);
	}
	/* A device or directory must not be replaced by the file that is renamed over it. */
	if (!stat(path, &status) && !S_ISREG(status.st_mode))
		return error_set(err, EXIT_USAGE,
				 "output %s is not a regular file; -o - writes to standard output",
				 path);
	return file_write(path, bytes, size, err);
}

static int build_blob(const struct options *options, void **blob, size_t *size, struct error *err)
{
	autofree char *text = NULL;
	size_t length;

	if (!options->seccomp)
		return profile_options_build(&options->profile, NULL, NULL, 0, blob, size, err);
	if (options->profile.apparmor && !strcmp(options->seccomp, "-") &&
	    !strcmp(options->profile.apparmor, "-"))
		return error_set(err, EXIT_USAGE, "standard input holds one profile, not two");
	if (read_input(options->seccomp, PROFILE_SIZE_MAX, &text, &length, err))
		return -1;
	return profile_options_build(&options->profile, input_name(options->seccomp), text, length,
				     blob, size, err);
}

static int build_module(struct options *options, struct error *err)
{
	autofree void *blob = NULL, *image = NULL;
	struct module_headers headers;
	size_t blob_size, size;

	if (module_headers(options->headers, options->kernel, &headers, err))
		return -1;
	if (!options->profile.kernel)
		options->profile.kernel = headers.release;
	if (build_blob(options, &blob, &blob_size, err) ||
	    module_build(options->with, &headers, blob, blob_size, &image, &size, err))
		return -1;
	return write_output(options->output, image, size, err);
}

static int build(struct options *options, struct error *err)
{
	autofree void *blob = NULL;
	size_t size;

	if (profile_options_default(&options->profile, err))
		return -1;
	if (options->with)
		return build_module(options, err);
	if (build_blob(options, &blob, &size, err))
		return -1;
	return write_output(options->output, blob, size, err);
}

int build_command(int argc, char **argv, struct error *err)
{
	struct options options = {.profile = {.program = argv[0], .err = err}};
	int ret = -1;

	if (!argp_parse(&argp, argc, argv, 0, NULL, &options))
		ret = build(&options, err);
	profile_options_free(&options.profile);
	return ret;
}
