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
#include "runtime/image.h"
#include "runtime/template.h"

enum option_key {
	OPTION_SECCOMP = 's',
	OPTION_OUTPUT = 'o',
	OPTION_WITH = 'w',
	OPTION_KERNEL = 0x100,
	OPTION_HEADERS,
	OPTION_TEMPLATE,
};

struct options {
	struct profile_options profile;
	const char *output;
	const char *with;
	const char *kernel;
	const char *headers;
	const char *template;
};

static const struct argp_option option_table[] = {
	{.name = "seccomp",
	 .key = OPTION_SECCOMP,
	 .arg = "FILE",
	 .doc = "seccomp profile in OCI or Docker form; - is standard input"},
	{.name = "output",
	 .key = OPTION_OUTPUT,
	 .arg = "FILE",
	 .doc = "where the result goes; - is standard output; FILE.ko becomes an instance module "
		"that can be loaded"},
	{.name = "with",
	 .key = OPTION_WITH,
	 .arg = "FILE.c",
	 .doc = "make an instance module with the private calls of this C file, and the policy in "
		"it, instead of a blob"},
	{.name = "kernel",
	 .key = OPTION_KERNEL,
	 .arg = "VERSION",
	 .doc = "the kernel that a module is for, as uname -r prints it (default: the running "
		"one): with -o FILE.ko, whose template is taken; with --with, whose headers are "
		"installed"},
	{.name = "headers",
	 .key = OPTION_HEADERS,
	 .arg = "FOLDER",
	 .doc = "with --with: the kernel's headers, where they are not installed"},
	{.name = "template",
	 .key = OPTION_TEMPLATE,
	 .arg = "FILE",
	 .doc = "with -o FILE.ko: the instance template, where it is not installed"},
	{0}};

static bool makes_module(const struct options *options)
{
	const size_t length = strlen(options->output);

	return length > 3 && !strcmp(options->output + length - 3, ".ko");
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->profile;
		return 0;
	case ARGP_KEY_ARG:
		return profile_options_name(&options->profile, argument, SOURCE_UNKNOWN) ? EINVAL
											 : 0;
	case OPTION_SECCOMP:
		return profile_options_name(&options->profile, argument, SOURCE_SECCOMP) ? EINVAL
											 : 0;
	case OPTION_TEMPLATE:
		options->template = argument;
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
		if (!options->profile.named_count || !options->output)
			argp_error(state, "a source, and --output, are needed");
		if (!options->with && options->headers)
			argp_error(state, "--headers is for --with");
		if (!options->with && !makes_module(options) &&
		    (options->kernel || options->template))
			argp_error(state, "--kernel and --template are for -o FILE.ko");
		if (options->with && options->template)
			argp_error(state, "--template is for a module without private calls");
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
	.args_doc = "[SOURCE...]",
	.doc = "Makes a policy blob, or an instance module that holds it, from profile sources: "
	       "seccomp profiles, AppArmor profiles, vKernel profiles in YAML, policy blobs, "
	       "instance modules; - is standard input. Of several, each must allow what is done."
	       "\vWhat a policy cannot express is refused, with file, line and column. "
	       "docs/profiles.md says what is supported and what several sources mean together, "
	       "docs/extending.md how private calls are written.",
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

static int build_module(struct options *options, struct error *err)
{
	autofree void *blob = NULL, *image = NULL;
	struct module_headers headers;
	size_t blob_size, size;

	if (module_headers(options->headers, options->kernel, &headers, err))
		return -1;
	if (!options->profile.kernel)
		options->profile.kernel = headers.release;
	if (profile_options_build(&options->profile, &blob, &blob_size, err) ||
	    module_build(options->with, &headers, blob, blob_size, &image, &size, err))
		return -1;
	return write_output(options->output, image, size, err);
}

/* Only with --with has an instance private calls. */
static int check_calls(const void *blob, size_t size, struct error *err)
{
	struct policy policy;

	if (blob_parse("the policy", blob, size, &policy, err))
		return -1;
	if (!policy.calls_count)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "the policy names the private call \"%s\", which the template does not "
			 "have; --with FILE.c makes a module that does",
			 policy_call_name(&policy, 0));
}

static int build_instance(struct options *options, struct error *err)
{
	autofree void *blob = NULL, *image = NULL;
	autofree char *template = NULL;
	size_t blob_size, template_size, size;

	if (!options->profile.kernel)
		options->profile.kernel = options->kernel;
	if (profile_options_build(&options->profile, &blob, &blob_size, err) ||
	    check_calls(blob, blob_size, err) ||
	    template_read(options->template, options->kernel, &template, &template_size, err))
		return -1;
	if (image_embed(template, template_size, blob, blob_size, &image, &size, err))
		return error_context(err, "cannot use the instance template");
	return write_output(options->output, image, size, err);
}

static int build(struct options *options, struct error *err)
{
	autofree void *blob = NULL;
	size_t size;

	if (profile_options_default(&options->profile, err) ||
	    profile_options_read(&options->profile, err))
		return -1;
	if (options->with)
		return build_module(options, err);
	if (makes_module(options))
		return build_instance(options, err);
	if (profile_options_build(&options->profile, &blob, &size, err))
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
