// SPDX-License-Identifier: GPL-2.0
#include "runtime/spelling.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/cleanup.h"

/* Names of the OCI runtime specification 1.2 for Linux, in the order of their small letters. */
static const char *const names[] = {
	"access",
	"action",
	"additionalGids",
	"allow",
	"ambient",
	"annotations",
	"apparmorProfile",
	"architectures",
	"args",
	"blockIO",
	"bounding",
	"burst",
	"capabilities",
	"cgroupsPath",
	"checkBeforeUpdate",
	"class",
	"closID",
	"commandLine",
	"consoleSize",
	"containerID",
	"cpu",
	"cpus",
	"createContainer",
	"createRuntime",
	"cwd",
	"deadline",
	"defaultAction",
	"defaultErrnoRet",
	"destination",
	"devices",
	"disableOOMKiller",
	"domain",
	"domainname",
	"effective",
	"enableMonitoring",
	"env",
	"errnoRet",
	"execCPUAffinity",
	"fileMode",
	"final",
	"flags",
	"gid",
	"gidMappings",
	"hard",
	"hcaHandles",
	"hcaObjects",
	"height",
	"hooks",
	"hostID",
	"hostname",
	"hugepageLimits",
	"id",
	"idle",
	"index",
	"inheritable",
	"initial",
	"intelRdt",
	"ioPriority",
	"kernel",
	"kernelTCP",
	"l3CacheSchema",
	"leafWeight",
	"limit",
	"linux",
	"listenerMetadata",
	"listenerPath",
	"major",
	"maskedPaths",
	"memBwSchema",
	"memory",
	"mems",
	"minor",
	"mountLabel",
	"mounts",
	"name",
	"names",
	"namespaces",
	"netDevices",
	"network",
	"nice",
	"noNewPrivileges",
	"ociVersion",
	"oomScoreAdj",
	"op",
	"options",
	"pageSize",
	"path",
	"period",
	"permitted",
	"personality",
	"pids",
	"policy",
	"poststart",
	"poststop",
	"prestart",
	"priorities",
	"priority",
	"process",
	"propagation",
	"quota",
	"rate",
	"rdma",
	"readonly",
	"readonlyPaths",
	"realtimePeriod",
	"realtimeRuntime",
	"reservation",
	"resources",
	"rlimits",
	"root",
	"rootfsPropagation",
	"runtime",
	"scheduler",
	"seccomp",
	"selinuxLabel",
	"shares",
	"soft",
	"source",
	"startContainer",
	"swap",
	"swappiness",
	"syscalls",
	"sysctl",
	"terminal",
	"throttleReadBpsDevice",
	"throttleReadIOPSDevice",
	"throttleWriteBpsDevice",
	"throttleWriteIOPSDevice",
	"timeOffsets",
	"timeout",
	"type",
	"uid",
	"uidMappings",
	"umask",
	"unified",
	"useHierarchy",
	"user",
	"username",
	"value",
	"valueTwo",
	"weight",
	"weightDevice",
	"width",
};

/* What has keys of the user's own. */
static const char *const maps[] = {"annotations", "netDevices",	 "rdma",
				   "sysctl",	  "timeOffsets", "unified"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int compare(const void *key, const void *name)
{
	return strcasecmp(key, *(const char *const *)name);
}

/*
 * The name in small letters, as Go folds it: two letters beyond ASCII are a k and an s, too. The caller
 * frees it; NULL where memory fails.
 */
static char *fold(const char *name)
{
	static const char kelvin[] = "\u212a", long_s[] = "\u017f";
	char *folded = malloc(strlen(name) + 1), *to = folded;

	while (folded && *name) {
		if (!strncmp(name, kelvin, strlen(kelvin))) {
			*to++ = 'k';
			name += strlen(kelvin);
		} else if (!strncmp(name, long_s, strlen(long_s))) {
			*to++ = 's';
			name += strlen(long_s);
		} else {
			*to++ = *name >= 'A' && *name <= 'Z' ? *name + ('a' - 'A') : *name;
			name++;
		}
	}
	if (folded)
		*to = '\0';
	return folded;
}

/* Notes the name in seen, which maps what names are in small letters to how they are written. */
static int check_name(const char *name, json_t *seen, struct error *err)
{
	autofree char *folded = fold(name);
	const char *const *known;
	const char *other;

	if (!folded)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	known = bsearch(folded, names, COUNT(names), sizeof(names[0]), compare);
	other = known ? *known : json_string_value(json_object_get(seen, folded));
	if (other && strcmp(other, name))
		return error_set(
			err, EXIT_USAGE,
			"config.json: the name \"%s\" differs only in case from \"%s\"; runtimes "
			"disagree whether it is the same, so the container could be guarded "
			"otherwise than it runs: write it \"%s\", or remove it",
			name, other, other);
	if (!other && json_object_set_new_nocheck(seen, folded, json_string(name)))
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	return 0;
}

static int check_names(const json_t *object, struct error *err)
{
	json_t *seen = json_object(), *member;
	const char *name;
	int ret = 0;

	if (!seen)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for names");
	json_object_foreach((json_t *)object, name, member)
		ret = ret || check_name(name, seen, err) ? -1 : 0;
	json_decref(seen);
	return ret;
}

static bool is_map(const char *name)
{
	for (size_t i = 0; i < COUNT(maps); i++)
		if (!strcmp(name, maps[i]))
			return true;
	return false;
}

/* What is below value, which is called so; how deep that is, the parser limits. */
static int check(const char *called, const json_t *value, struct error *err)
{
	const char *name;
	json_t *member;
	size_t index;

	if (json_is_object(value) && !is_map(called) && check_names(value, err))
		return -1;
	json_object_foreach((json_t *)value, name, member)
		if (check(name, member, err))
			return -1;
	json_array_foreach(value, index, member)
		if (check("", member, err))
			return -1;
	return 0;
}

int spelling_check(const json_t *root, struct error *err)
{
	return check("", root, err);
}
