// SPDX-License-Identifier: GPL-2.0
/*
 * What is left of a container's capabilities after the kernel itself was fooled: a process takes
 * the kernel's own credentials through vkflaw, a module with a hole, and uses every capability. In
 * a vKI the kernel's answer is not the last one, and the theft is reported to the host.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "scenarios/apart.h"
#include "scenarios/capability-calls.h"
#include "scenarios/capability-name.h"
#include "scenarios/flaw.h"
#include "scenarios/kernellog.h"
#include "scenarios/ring.h"
#include "scenarios/scenario.h"

#define REPORT	      "holds capabilities that are not allowed"
#define SECBIT_NOROOT 1

/* Docker's but CAP_SETPCAP, on which some of the kernel's inlined checks depend. */
static const char *const capabilities[] = {"CAP_CHOWN",	      "CAP_DAC_OVERRIDE",
					   "CAP_FSETID",      "CAP_FOWNER",
					   "CAP_MKNOD",	      "CAP_NET_RAW",
					   "CAP_SETGID",      "CAP_SETUID",
					   "CAP_SETFCAP",     "CAP_NET_BIND_SERVICE",
					   "CAP_SYS_CHROOT",  "CAP_KILL",
					   "CAP_AUDIT_WRITE", NULL};

static int result(long value)
{
	return value < 0 ? errno : 0;
}

static int map_lowest(void)
{
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	return page == MAP_FAILED ? errno : 0;
}

static int set_securebits(void)
{
	return result(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT));
}

static int set_capabilities(unsigned int permitted, unsigned int inheritable)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = permitted, .permitted = permitted, .inheritable = inheritable}};

	return result(syscall(SYS_capset, &header, data));
}

/* What is neither permitted nor inheritable is made inheritable. */
static int inherit_beyond_permitted(void)
{
	unsigned int permitted = CAP_TO_MASK(CAP_SETPCAP);
	int number = set_capabilities(permitted, 0);

	return number ? number : set_capabilities(permitted, CAP_TO_MASK(CAP_SYS_ADMIN));
}

static int mount_in_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return errno;
	return result(mount("probe", "/tmp", "tmpfs", 0, NULL));
}

/* The stolen credentials, registered with a ring, are what the ring's operation is made with. */
static int set_attribute_by_ring(unsigned char flags)
{
	struct io_uring_sqe entry = {.opcode = IORING_OP_FSETXATTR,
				     .flags = flags,
				     .addr = (unsigned long)"trusted.probe",
				     .addr2 = (unsigned long)"1",
				     .len = 1};
	int outcome, number;
	struct ring ring;

	entry.fd = memfd_create("vkernel-probe", MFD_CLOEXEC);
	number = entry.fd < 0 ? errno : ring_open(&ring, 0);
	if (number)
		return number;
	entry.personality =
		syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0);
	number = ring_do(&ring, &entry, &outcome);
	ring_close(&ring);
	return number ? number : outcome < 0 ? -outcome : 0;
}

static int set_attribute_as_personality(void)
{
	return set_attribute_by_ring(0);
}

static int set_attribute_by_worker(void)
{
	return set_attribute_by_ring(IOSQE_ASYNC);
}

/* Beside capability_calls: checks that the compiler put elsewhere, and other ways to the same. */
static const struct capability_call more_calls[] = {
	{CAP_SYS_RAWIO, "map the lowest page", 0, map_lowest},
	{CAP_SETPCAP, "set the secure bits", 0, set_securebits},
	{CAP_SETPCAP, "inherit beyond the permitted", 0, inherit_beyond_permitted},
	{CAP_SYS_ADMIN, "mount in a user namespace", 0, mount_in_user_namespace},
	{CAP_SYS_ADMIN, "set a trusted attribute as a ring's personality", 0,
	 set_attribute_as_personality},
	{CAP_SYS_ADMIN, "set a trusted attribute by a ring's worker", 0, set_attribute_by_worker},
	{.name = NULL},
};

struct theft {
	const char *how;
	const struct capability_call *row;
};

/* ENOTSUP, which no row ends with: there was no theft. */
static int steal_and_call(const void *context)
{
	const struct theft *theft = context;

	return flaw_steal(theft->how) ? ENOTSUP : theft->row->make();
}

static void try_call(struct tries *tries, const char *how, const struct capability_call *row)
{
	int number = apart(steal_and_call, &(struct theft){how, row});
	char label[128], name[40];

	capability_name(row->capability, name);
	snprintf(label, sizeof(label), "%s, %s: %s", name, how, row->name);
	if (number < 0)
		tries_add(tries, label, OUTCOME_BROKEN, "the probe's process died");
	else if (number == ENOTSUP)
		tries_add(tries, label, OUTCOME_BROKEN, "nothing was stolen");
	else if (capability_listed(row->capability, capabilities))
		tries_add_must(tries, label, number);
	else
		tries_add_errno(tries, label, number, row->refusal);
}

static void try_all(struct tries *tries, const char *how, const struct capability_call *rows)
{
	for (; rows->name; rows++)
		try_call(tries, how, rows);
	unlink("/tmp/vkernel-probe-capability");
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	static const char *const ways[] = {"commit", "in-place"};

	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		try_all(tries, ways[i], capability_calls);
		try_all(tries, ways[i], more_calls);
	}
}

static int arrange(struct scene *scene, struct error *err)
{
	if (flaw_load(err))
		return -1;
	return kernellog_write(scene->nonce, 1, err);
}

static void restore(struct scene *scene)
{
	(void)scene;
	flaw_unload();
}

/* A vKI that only refuses, and tells nobody, is not what was promised. */
static int inspect(const struct scene *scene, struct tries *tries, struct error *err)
{
	int found;

	if (!scene->configuration->framework)
		return 0;
	found = kernellog_contains_after(scene->nonce, REPORT, err);
	if (found < 0)
		return -1;
	tries_add(tries, "the host's log tells of it", found ? OUTCOME_WORKS : OUTCOME_BROKEN,
		  found ? "\"%s\"" : "no line has \"%s\"", REPORT);
	return 0;
}

#define RULES                                                                        \
	"[{\"names\":[\"io_uring_setup\",\"io_uring_enter\",\"io_uring_register\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"}]"

const struct scenario capability_stolen = {
	.name = "capability-stolen",
	.group = "capabilities",
	.summary = "use credentials that were obtained through a flaw in the kernel",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities,
		    .annotations = capability_on_host_log,
		    .seccomp = RULES},
	.arrange = arrange,
	.probe = probe,
	.inspect = inspect,
	.restore = restore,
};

/*
 * Only the pointer that the kernel's checks follow is exchanged, as the kernel itself does for a
 * moment where it acts for somebody. Calls that change credentials would be a bug in that state.
 */
static void probe_borrowed(const char *nonce, const char *argument, struct tries *tries)
{
	static const int asked[] = {CAP_NET_ADMIN, CAP_SYS_NICE,   CAP_SYS_TIME, CAP_LEASE,
				    CAP_SYSLOG,	   CAP_WAKE_ALARM, CAP_IPC_LOCK};

	(void)nonce;
	(void)argument;
	for (const struct capability_call *row = capability_calls; row->name; row++)
		for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
			if (row->capability == asked[i])
				try_call(tries, "subjective", row);
	unlink("/tmp/vkernel-probe-capability");
}

const struct scenario capability_borrowed = {
	.name = "capability-borrowed",
	.group = "capabilities",
	.summary = "use credentials that were put on, not exchanged, through a flaw in the kernel",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities, .annotations = capability_on_host_log},
	.arrange = arrange,
	.probe = probe_borrowed,
	.restore = restore,
};

/* Asks for a capability, as whoever took them sooner or later does, and lives on. */
static int live_on(const void *how)
{
	if (flaw_steal(how))
		return ENOTSUP;
	unshare(CLONE_NEWUTS);
	usleep(200 * 1000);
	return 0;
}

static void probe_life(const char *nonce, const char *argument, struct tries *tries)
{
	static const char *const ways[] = {"commit", "in-place"};

	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		int number = apart(live_on, ways[i]);

		if (number == -SIGKILL)
			tries_add(tries, ways[i], OUTCOME_REFUSED, "killed");
		else if (number)
			tries_add(tries, ways[i], OUTCOME_BROKEN, "nothing was stolen");
		else
			tries_add(tries, ways[i], OUTCOME_REACHED, "lives on");
	}
}

static const char *const killing[] = {"io.vkernel.excess", "kill", NULL};

const struct scenario capability_stolen_killed = {
	.name = "capability-stolen-killed",
	.group = "capabilities",
	.summary = "live on with such credentials, where the policy says that it ends the process",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities, .annotations = killing},
	.arrange = arrange,
	.probe = probe_life,
	.inspect = inspect,
	.restore = restore,
};
