// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/framework.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness/guest/measure/process.h"
#include "lib/cleanup.h"

#define MODULE	  "vkm"
#define LOADED	  "/sys/module/" MODULE
#define FILE_NAME "/vkernel/kmod/" MODULE ".ko"
#define PATIENCE  60000	 /* milliseconds for a container that makes a few calls */
#define SETTLE	  1	 /* seconds for what loading, unloading and hooking leave to the kernel */
#define HOOKED	  "iopl" /* what the workloads of hooked calls call */

static bool is_loaded(void)
{
	return !access(LOADED, F_OK);
}

static int unload(struct error *err)
{
	if (!syscall(SYS_delete_module, MODULE, O_NONBLOCK))
		return 0;
	return error_set_errno(err, EXIT_FINDING, errno,
			       "cannot unload " MODULE " to measure without it");
}

static int load(struct error *err)
{
	autoclose int fd = open(FILE_NAME, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && !syscall(SYS_finit_module, fd, "", 0))
		return 0;
	return error_set_errno(err, EXIT_FINDING, errno, "cannot load " FILE_NAME " again");
}

static int run_launch(const struct launch *launch, struct error *err)
{
	struct process process;
	int result;

	if (process_start(&process, (const char *const *)launch->argv, err))
		return -1;
	process_release(&process);
	result = process_wait(&process, PATIENCE, err);
	if (!result)
		result = error_set(err, EXIT_FINDING, "%s did not end within %d ms", process.name,
				   PATIENCE);
	else if (result > 0)
		result = process_succeeded(&process, err);
	process_free(&process);
	return result;
}

/* Its program fails unless the call is refused in there, so the hook is in place when it ends. */
static int run_container(const struct configuration *configuration, struct error *err)
{
	static const char *const argv[] = {
		"/vkernel/bin/vkdrive", "call", HOOKED, "1", "1", "refused", NULL,
	};
	struct launch launch;
	int result;

	if (launch_begin(configuration, NULL, argv, &launch, err))
		return -1;
	result = run_launch(&launch, err);
	launch_end(configuration, &launch);
	return result ? error_context(err, "a container that places the hooks") : 0;
}

int framework_begin(const struct workload *workload, const struct configuration *configuration,
		    struct framework *framework, struct error *err)
{
	const struct timespec settle = {.tv_sec = SETTLE};
	int result = 0;

	framework->was_loaded = is_loaded();
	if (!configuration->framework)
		result = framework->was_loaded ? unload(err) : 0;
	else if (workload->outside)
		result = run_container(configuration, err);
	nanosleep(&settle, NULL);
	return result;
}

int framework_end(const struct framework *framework, struct error *err)
{
	return framework->was_loaded && !is_loaded() ? load(err) : 0;
}
