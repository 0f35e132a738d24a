// SPDX-License-Identifier: GPL-2.0
#include "runtime/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "runtime/child.h"
#include "runtime/container.h"

#define DEFAULT "crun"

static const char *configured = DEFAULT;

void backend_configure(const char *name)
{
	configured = name;
}

const char *backend(void)
{
	const char *chosen = getenv("VKERNEL_BACKEND");

	return chosen && *chosen ? chosen : configured;
}

static const char *base_name(void)
{
	const char *slash = strrchr(backend(), '/');

	return slash ? slash + 1 : backend();
}

bool backend_takes_config(void)
{
	return !strcmp(base_name(), "crun");
}

bool backend_is_known(void)
{
	return backend_takes_config() || !strcmp(base_name(), "runc");
}

int backend_check(struct error *err)
{
	const char *name = base_name();

	if (strcmp(name, "krun") && strncmp(name, "crun-", 5))
		return 0;
	return error_set(err, EXIT_USAGE,
			 "the runtime below: under the name %s crun runs programs inside its own "
			 "process, which never executes and so would not be guarded; name it crun",
			 name);
}

void backend_delete(const struct arguments *arguments)
{
	autofree char **argv = calloc(arguments->command + 4, sizeof(*argv));
	struct error err;
	pid_t pid;
	int i;

	if (!argv)
		return;
	for (i = 0; i < arguments->command; i++)
		argv[i] = arguments->argv[i];
	argv[0] = (char *)backend();
	argv[i++] = (char *)"delete";
	argv[i++] = (char *)"--force";
	argv[i] = (char *)arguments->id;
	pid = child_start(argv, &err);
	if (pid > 0)
		child_wait(pid);
}

int container_pass(const struct arguments *arguments, const struct settings *settings,
		   struct error *err)
{
	autofree char **argv = arguments_for(arguments, backend(), NULL, NULL);

	(void)settings;
	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	execvp(argv[0], argv);
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot run %s", argv[0]);
}
