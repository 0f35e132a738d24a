// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the guest. It stands in the initrd, makes the root drive a system in which runtimes and
 * workloads run, and lives as long as the agent. What it prints goes to the console.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/agent.h"
#include "harness/guest/mounts.h"
#include "harness/guest/system.h"

static int (*const steps[])(struct error *err) = {
	mount_early,	load_modules,	   enter_root_drive,   mount_late,
	set_up_cgroups, bring_up_loopback, set_up_environment,
};

static int start_agent(pid_t *agent, struct error *err)
{
	*agent = fork();
	if (*agent < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "starting the agent");
	if (*agent == 0) {
		prctl(PR_SET_NAME, "agent");
		_exit(agent_main());
	}
	return 0;
}

/* Orphans of every container and command end up here. */
static void reap_until_end_of(pid_t agent)
{
	pid_t ended;

	do {
		ended = wait(NULL);
	} while (ended != agent && (ended >= 0 || errno == EINTR));
}

/* The kernel opened the console before devtmpfs was there; commands inherit input from nowhere. */
static void take_input_from_nowhere(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
}

int main(void)
{
	struct error err;
	pid_t agent;

	for (unsigned int i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i](&err) < 0)
			goto power_off;
	}
	take_input_from_nowhere();
	if (start_agent(&agent, &err) < 0)
		goto power_off;
	reap_until_end_of(agent);
	sync();
	reboot(RB_POWER_OFF);
	return EXIT_GOOD;

power_off:
	error_report(&err, "init");
	reboot(RB_POWER_OFF);
	return EXIT_ENVIRONMENT;
}
