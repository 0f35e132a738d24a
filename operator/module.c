// SPDX-License-Identifier: GPL-2.0
#include "operator/module.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "operator/compiler.h"
#include "operator/sources.h"
#include "runtime/image.h"

#define MODULE_SIZE_MAX (64u << 20)

static int read_release(struct module_headers *headers, struct error *err)
{
	autofree char *text = NULL;
	char path[PATH_MAX + 32];
	size_t size;

	snprintf(path, sizeof(path), "%s/include/config/kernel.release", headers->folder);
	if (file_read(path, sizeof(headers->release) - 1, &text, &size, err))
		return -1;
	text[strcspn(text, "\n")] = '\0';
	snprintf(headers->release, sizeof(headers->release), "%s", text);
	return 0;
}

int module_headers(const char *folder, const char *version, struct module_headers *headers,
		   struct error *err)
{
	struct utsname kernel;

	if (folder) {
		if (!realpath(folder, headers->folder))
			return error_set_errno(err, EXIT_USAGE, errno, "--headers %s", folder);
		if (read_release(headers, err))
			return error_context(
				err, "--headers %s is no folder with a kernel's headers", folder);
		return 0;
	}
	if (!version) {
		if (uname(&kernel))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot tell the running kernel");
		version = kernel.release;
	}
	if (strchr(version, '/'))
		return error_set(err, EXIT_USAGE,
				 "--kernel \"%s\": a version as uname -r prints it is needed",
				 version);
	snprintf(headers->folder, sizeof(headers->folder), "/lib/modules/%s/build", version);
	if (access(headers->folder, F_OK) || read_release(headers, err))
		return error_set(err, EXIT_ENVIRONMENT,
				 "the headers of the kernel %s are not installed (%s); install the "
				 "package linux-headers-%s, or name their folder with --headers",
				 version, headers->folder, version);
	return 0;
}

/* Whether the names, as image_calls() gives them, have this one. */
static bool has_call(const char *names, const char *name)
{
	for (; *names; names += strlen(names) + 1)
		if (!strcmp(names, name))
			return true;
	return false;
}

/* "pause, uname" */
static void print_list(char *text, size_t size, const char *names)
{
	size_t used = 0;

	*text = '\0';
	for (; *names && used < size; names += strlen(names) + 1)
		used += snprintf(text + used, size - used, "%s%s", used ? ", " : "", names);
}

/* Such a call could never be named by a policy. */
static int check_names(const char *source, const char *names, struct error *err)
{
	if (!*names)
		return error_set(err, EXIT_USAGE,
				 "%s names no private call: VKI_PRIVATE_CALL(NAME, FUNCTION) of "
				 "<vkernel/private.h> does",
				 source);
	for (; *names; names += strlen(names) + 1)
		for (const char *letter = names; *letter; letter++)
			if (isupper((unsigned char)*letter))
				return error_set(err, EXIT_USAGE,
						 "%s: the private call \"%s\": names are of a-z, "
						 "0-9 and _",
						 source, names);
	return 0;
}

static int check_calls(const char *source, const void *image, size_t size, const void *blob,
		       size_t blob_size, struct error *err)
{
	autofree char *names = NULL;
	struct policy policy;
	char list[1024];

	if (image_calls(image, size, &names, err))
		return error_context(err, "%s as it was compiled", source);
	if (check_names(source, names, err) ||
	    blob_parse("the policy", blob, blob_size, &policy, err))
		return -1;
	print_list(list, sizeof(list), names);
	for (unsigned int i = 0; i < policy.calls_count; i++)
		if (!has_call(names, policy_call_name(&policy, i)))
			return error_set(err, EXIT_USAGE,
					 "the profile names the private call \"%s\", which %s does "
					 "not have; it has: %s",
					 policy_call_name(&policy, i), source, list);
	return 0;
}

static int read_product(const char *folder, const char *name, char **bytes, size_t *size,
			struct error *err)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/vki/%s", folder, name);
	return file_read(path, MODULE_SIZE_MAX, bytes, size, err);
}

/* Everything that happens in the temporary folder. */
static int build_in(const struct compiler *compiler, const void *blob, size_t blob_size,
		    void **image, size_t *image_size, struct error *err)
{
	autofree char *object = NULL, *module = NULL;
	size_t size;

	if (sources_lay_out(compiler->folder, compiler->source, err) ||
	    compiler_compile(compiler, err) ||
	    read_product(compiler->folder, PRIVATE_OBJECT, &object, &size, err) ||
	    check_calls(compiler->source, object, size, blob, blob_size, err))
		return -1;
	if (compiler_link(compiler, err) ||
	    read_product(compiler->folder, "vki.ko", &module, &size, err))
		return -1;
	if (image_embed(module, size, blob, blob_size, image, image_size, err))
		return error_context(err, "the module that was built");
	return 0;
}

int module_build(const char *source, const struct module_headers *headers, const void *blob,
		 size_t blob_size, void **image, size_t *image_size, struct error *err)
{
	char folder[PATH_MAX];
	const struct compiler compiler = {.folder = folder,
					  .source = source,
					  .headers = headers->folder,
					  .release = headers->release};
	int ret;

	compiler_catch_signals();
	if (scratch_make(folder, err))
		return -1;
	ret = build_in(&compiler, blob, blob_size, image, image_size, err);
	scratch_remove(folder);
	return ret;
}
