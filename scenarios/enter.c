// SPDX-License-Identifier: GPL-2.0
#include "scenarios/enter.h"

#include "scenarios/container.h"

#define ARGUMENTS 16

int enter_run(const char *runtime, const struct launch *launch, const char *const argv[],
	      unsigned int seconds, struct capture *capture, struct error *err)
{
	const char *command[ARGUMENTS] = {runtime, "exec", launch->container};
	struct container container;
	int result, count = 3;

	for (; *argv && count < ARGUMENTS - 1; argv++)
		command[count++] = *argv;
	if (container_start(launch->argv, &container, err))
		return -1;
	result = capture_run((char *const *)command, seconds, capture, err);
	container_stop(&container);
	return result;
}
