// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/bundle.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define FILTER_ANNOTATION "run.oci.seccomp_bpf_data"
#define POLICY_ANNOTATION "io.vkernel.profile"
#define HOSTNAME_LENGTH	  12 /* of the id's digits, as Docker */

const char *const bundle_capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					   NULL};

static const char *const masked_paths[] = {"/proc/acpi",
					   "/proc/asound",
					   "/proc/interrupts",
					   "/proc/kcore",
					   "/proc/keys",
					   "/proc/latency_stats",
					   "/proc/sched_debug",
					   "/proc/scsi",
					   "/proc/timer_list",
					   "/proc/timer_stats",
					   "/sys/devices/virtual/powercap",
					   "/sys/firmware",
					   NULL};

static const char *const readonly_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL};

static const char *const namespaces[] = {"pid", "mount", "ipc", "uts", "cgroup", NULL};

static const char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", NULL};

/* Options are one text, as in fstab. */
static const struct mount_row {
	const char *target, *type, *source, *options;
} mount_rows[] = {
	{"/proc", "proc", "proc", "nosuid,noexec,nodev"},
	{"/dev", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"},
	{"/dev/pts", "devpts", "devpts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"},
	{"/dev/shm", "tmpfs", "shm", "nosuid,noexec,nodev,mode=1777,size=67108864"},
	{"/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev"},
	{"/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro"},
	{"/sys/fs/cgroup", "cgroup", "cgroup", "nosuid,noexec,nodev,relatime,ro"},
	{"/tmp", "tmpfs", "tmpfs", "nosuid,nodev,mode=1777"},
	{"/run", "tmpfs", "tmpfs", "nosuid,nodev,mode=755"},
	{"/vkernel", "bind", "/vkernel", "rbind,ro"},
};

/* Character devices of /dev that Docker lets every container use; -1 is any minor number. */
static const struct {
	int major, minor;
} common_devices[] = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 1}, {5, 2}, {136, -1}};

static json_t *texts(const char *const *list)
{
	json_t *result = json_array();

	for (; list && *list; list++)
		json_array_append_new(result, json_string(*list));
	return result;
}

static json_t *split(const char *options)
{
	json_t *result = json_array();

	while (*options) {
		size_t length = strcspn(options, ",");

		json_array_append_new(result, json_stringn(options, length));
		options += length + (options[length] == ',');
	}
	return result;
}

static json_t *mount_object(const struct mount_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "destination", row->target, "type", row->type,
			 "source", row->source, "options", split(row->options));
}

static json_t *mounts(const struct bundle_request *request)
{
	json_t *result = json_array();

	for (size_t i = 0; i < sizeof(mount_rows) / sizeof(*mount_rows); i++)
		json_array_append_new(result, mount_object(&mount_rows[i]));
	if (request->directory) {
		struct mount_row own = {.target = request->directory,
					.type = "bind",
					.source = request->directory,
					.options = "rbind,rw"};

		json_array_append_new(result, mount_object(&own));
	}
	return result;
}

static json_t *process(const struct bundle_request *request)
{
	json_t *capabilities = texts(request->capabilities);
	json_t *result;

	result = json_pack("{s:b, s:{s:i, s:i}, s:o, s:o, s:s, s:{s:O, s:O, s:o}, s:b}", "terminal",
			   0, "user", "uid", 0, "gid", 0, "args", texts(request->argv), "env",
			   texts(environment), "cwd", "/", "capabilities", "bounding", capabilities,
			   "effective", capabilities, "permitted", capabilities, "noNewPrivileges",
			   0);
	if (request->apparmor)
		json_object_set_new(result, "apparmorProfile", json_string(request->apparmor));
	return result;
}

static void allow_device(json_t *rules, int major, int minor)
{
	json_t *rule = json_pack("{s:b, s:s, s:i, s:s}", "allow", 1, "type", "c", "major", major,
				 "access", "rwm");

	if (minor >= 0)
		json_object_set_new(rule, "minor", json_integer(minor));
	json_array_append_new(rules, rule);
}

/* The device cgroup as Docker sets it: anything may be created, only these may be opened. */
static json_t *device_rules(void)
{
	json_t *rules = json_pack("[{s:b, s:s}, {s:b, s:s, s:s}, {s:b, s:s, s:s}]", "allow", 0,
				  "access", "rwm", "allow", 1, "type", "c", "access", "m", "allow",
				  1, "type", "b", "access", "m");

	for (size_t i = 0; i < sizeof(common_devices) / sizeof(*common_devices); i++)
		allow_device(rules, common_devices[i].major, common_devices[i].minor);
	return rules;
}

static void add_devices(const char *const *paths, json_t *devices, json_t *rules)
{
	struct stat status;

	for (; paths && *paths; paths++) {
		if (stat(*paths, &status) || !S_ISCHR(status.st_mode))
			continue;
		json_array_append_new(devices,
				      json_pack("{s:s, s:s, s:i, s:i, s:i}", "path", *paths, "type",
						"c", "major", (int)major(status.st_rdev), "minor",
						(int)minor(status.st_rdev), "fileMode", 0600));
		allow_device(rules, major(status.st_rdev), minor(status.st_rdev));
	}
}

static json_t *namespace_list(void)
{
	json_t *result = json_array();

	for (const char *const *name = namespaces; *name; name++)
		json_array_append_new(result, json_pack("{s:s}", "type", *name));
	return result;
}

static json_t *linux_part(const struct bundle_request *request)
{
	json_t *rules = device_rules(), *devices = json_array();
	json_t *result;

	add_devices(request->devices, devices, rules);
	result =
		json_pack("{s:o, s:o, s:o, s:{s:o}, s:o}", "namespaces", namespace_list(),
			  "maskedPaths", texts(masked_paths), "readonlyPaths",
			  texts(readonly_paths), "resources", "devices", rules, "devices", devices);
	json_object_set_new(result, "cgroupsPath", json_sprintf("/vkernel/%s", request->id));
	if (request->seccomp)
		json_object_set(result, "seccomp", request->seccomp);
	return result;
}

static json_t *annotations(const struct bundle_request *request)
{
	const char *const *pairs = request->annotations;
	json_t *result = json_object();

	for (; pairs && pairs[0]; pairs += 2)
		json_object_set_new(result, pairs[0], json_string(pairs[1]));
	if (request->filter)
		json_object_set_new(result, FILTER_ANNOTATION, json_string(request->filter));
	if (request->policy)
		json_object_set_new(result, POLICY_ANNOTATION, json_string(request->policy));
	if (request->rules)
		json_object_set_new(result, RULES_ANNOTATION, json_string(request->rules));
	return result;
}

json_t *bundle_config(const struct bundle_request *request)
{
	json_t *config =
		json_pack("{s:s, s:o, s:{s:s, s:b}, s:o, s:o, s:o}", "ociVersion", "1.0.2",
			  "process", process(request), "root", "path", request->rootfs, "readonly",
			  1, "hostname", json_stringn(request->id, HOSTNAME_LENGTH), "mounts",
			  mounts(request), "linux", linux_part(request));

	if (request->annotations || request->filter || request->policy || request->rules)
		json_object_set_new(config, "annotations", annotations(request));
	return config;
}
