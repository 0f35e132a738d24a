// SPDX-License-Identifier: GPL-2.0
/*
 * Docker's 14 capabilities have to work; no other may be in any of the process's sets, nor may a
 * call that needs it succeed. CAP_NET_BROADCAST, CAP_MAC_OVERRIDE and CAP_MAC_ADMIN have no call
 * here: the first two are checked nowhere in Debian's kernels, the third only by writing policy.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "scenarios/apart.h"
#include "scenarios/capability-calls.h"
#include "scenarios/capability-name.h"
#include "scenarios/scenario.h"

static bool granted(int capability)
{
	return capability_listed(capability, bundle_capabilities);
}

/* A set that nothing granted must hold is told by the first that holds the capability. */
static const char *holding_set(int capability, const struct __user_cap_data_struct data[2])
{
	const struct __user_cap_data_struct *half = &data[CAP_TO_INDEX(capability)];
	unsigned int bit = CAP_TO_MASK(capability);

	if (half->effective & bit)
		return "effective";
	if (half->permitted & bit)
		return "permitted";
	if (half->inheritable & bit)
		return "inheritable";
	if (prctl(PR_CAPBSET_READ, capability) > 0)
		return "bounding";
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) > 0)
		return "ambient";
	return NULL;
}

static void try_set(struct tries *tries, int capability,
		    const struct __user_cap_data_struct data[2])
{
	const char *set = holding_set(capability, data);
	char label[64], name[40];
	enum outcome outcome;

	capability_name(capability, name);
	snprintf(label, sizeof(label), "%s in a set", name);
	if (granted(capability))
		outcome = set && !strcmp(set, "effective") ? OUTCOME_WORKS : OUTCOME_FAILS;
	else
		outcome = set ? OUTCOME_REACHED : OUTCOME_REFUSED;
	tries_add(tries, label, outcome, "%s", set ? set : "none");
}

static void try_sets(struct tries *tries)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data)) {
		tries_add(tries, "capget", OUTCOME_BROKEN, "%s", errno_name(errno));
		return;
	}
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
		try_set(tries, capability, data);
}

static int make_call(const void *context)
{
	const struct capability_call *row = context;

	return row->make();
}

static void try_call(struct tries *tries, const struct capability_call *row)
{
	int number = apart(make_call, row);
	char label[96], name[40];

	capability_name(row->capability, name);
	snprintf(label, sizeof(label), "%s: %s", name, row->name);
	if (number < 0)
		tries_add(tries, label, OUTCOME_BROKEN, "the probe's process died");
	else if (granted(row->capability))
		tries_add_must(tries, label, number);
	else
		tries_add_errno(tries, label, number, row->refusal);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	try_sets(tries);
	for (const struct capability_call *row = capability_calls; row->name; row++)
		try_call(tries, row);
	unlink("/tmp/vkernel-probe-capability");
}

const struct scenario capability_removed = {
	.name = "capability-removed",
	.group = "capabilities",
	.summary = "use a capability that the container was not granted",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.annotations = capability_on_host_log},
	.probe = probe,
};
