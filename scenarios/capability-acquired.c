// SPDX-License-Identifier: GPL-2.0
/*
 * A new user namespace hands every capability to whoever makes it, over that namespace: most of
 * the kernel's code behind capabilities, and with it most of its flaws, is reached this way. The
 * container was started with Docker's 14, and no namespace of its own should give it more.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenarios/apart.h"
#include "scenarios/scenario.h"

static int result(long value)
{
	return value < 0 ? errno : 0;
}

static int new_uts(void)
{
	if (unshare(CLONE_NEWUTS))
		return errno;
	return result(sethostname("vkernel-probe", 13));
}

static int new_network(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	if (unshare(CLONE_NEWNET))
		return errno;
	return result(ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &loopback));
}

static int new_mount(void)
{
	if (unshare(CLONE_NEWNS))
		return errno;
	return result(mount("probe", "/tmp", "tmpfs", 0, NULL));
}

/* The way to CVE-2022-0185; the descriptor is not used. */
static int open_file_system(void)
{
	if (unshare(CLONE_NEWNS))
		return errno;
	return result(syscall(SYS_fsopen, "tmpfs", 0));
}

static int change_root(void)
{
	return result(chroot("/"));
}

static const struct row {
	const char *name;
	int (*make)(void);
	bool granted; /* by a capability of Docker's */
} rows[] = {
	{"set the name of a new UTS namespace", new_uts, false},
	{"set up an interface in a new network namespace", new_network, false},
	{"mount in a new mount namespace", new_mount, false},
	{"fsopen in a new mount namespace", open_file_system, false},
	{"chroot, which CAP_SYS_CHROOT allows", change_root, true},
};

static int make_in_user_namespace(const void *context)
{
	const struct row *row = context;

	return unshare(CLONE_NEWUSER) ? errno : row->make();
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int number = apart(make_in_user_namespace, &rows[i]);

		if (number < 0)
			tries_add(tries, rows[i].name, OUTCOME_BROKEN, "the probe's process died");
		else if (rows[i].granted)
			tries_add_must(tries, rows[i].name, number);
		else
			tries_add_errno(tries, rows[i].name, number, 0);
	}
}

const struct scenario capability_acquired = {
	.name = "capability-acquired",
	.group = "capabilities",
	.summary = "use a capability acquired in a new user namespace",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.probe = probe,
};
