// SPDX-License-Identifier: GPL-2.0
/*
 * vKernel as what is attacked. A container looks for its own instance and for that of another
 * container that runs beside it, and tries to take them, vkm and its hooks away: as Docker starts
 * it, with every capability granted, and with every capability stolen through a flaw.
 *
 * With CAP_SYS_MODULE granted a container may load code into the kernel, against which nothing
 * holds; that is not tried.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "scenarios/apart.h"
#include "scenarios/container.h"
#include "scenarios/flaw.h"
#include "scenarios/scenario.h"

#define VIEW	  "/tmp/vkernel-view" /* where file systems are mounted anew */
#define INSTANCES "/kernel/vkernel/instances"

/* The other container, from arrange() to restore(). */
static struct {
	bool runs;
	struct launch launch;
	struct container container;
} neighbour;

/* Mounts of its own, private to this process, at VIEW. */
static int mount_anew(const char *type)
{
	if (mkdir(VIEW, 0700) && errno != EEXIST)
		return errno;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return errno;
	return mount(type, VIEW, type, 0, NULL) ? errno : 0;
}

static int result(long value)
{
	return value < 0 ? errno : 0;
}

static int find_in_file(const char *path, const char *text)
{
	autofclose FILE *file = fopen(path, "re");
	char line[512];

	if (!file)
		return errno;
	while (fgets(line, sizeof(line), file))
		if (strstr(line, text))
			return 0;
	return ENOENT;
}

static int find_in_folder(const char *path, const char *name)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int number = ENOENT;

	if (!folder)
		return errno;
	while (number && (entry = readdir(folder)))
		if (!strcmp(entry->d_name, name))
			number = 0;
	closedir(folder);
	return number;
}

static int write_file(const char *path, const char *text)
{
	autoclose int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return result(write(fd, text, strlen(text)));
}

static int read_file(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	char byte;

	if (fd < 0)
		return errno;
	return result(read(fd, &byte, 1));
}

static int in_modules(const char *module)
{
	return find_in_file("/proc/modules", module);
}

static int in_symbols(const char *module)
{
	char text[80];

	snprintf(text, sizeof(text), "[%s]", module);
	return find_in_file("/proc/kallsyms", text);
}

static int in_module_folder(const char *module)
{
	return find_in_folder("/sys/module", module);
}

static int in_holders(const char *module)
{
	return find_in_folder("/sys/module/vkm/holders", module);
}

/* Under the name that a new mount gives it, which nobody has looked up there before. */
static int by_module_path_anew(const char *module)
{
	int number = mount_anew("sysfs");
	char path[128];

	snprintf(path, sizeof(path), VIEW "/module/%s/refcnt", module);
	return number ? number : read_file(path);
}

static int by_module_path(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	return read_file(path);
}

static int in_instances(const char *module)
{
	return find_in_folder("/sys" INSTANCES, module);
}

static int in_module_folder_anew(const char *module)
{
	int number = mount_anew("sysfs");

	return number ? number : find_in_folder(VIEW "/module", module);
}

static int in_instances_anew(const char *module)
{
	int number = mount_anew("sysfs");

	return number ? number : find_in_folder(VIEW INSTANCES, module);
}

static int write_instance(const char *module, const char *name, const char *text)
{
	int number = mount_anew("sysfs");
	char path[160];

	snprintf(path, sizeof(path), VIEW INSTANCES "/%s/%s", module, name);
	return number ? number : write_file(path, text);
}

static int read_instance(const char *module, const char *name)
{
	int number = mount_anew("sysfs");
	char path[160];

	snprintf(path, sizeof(path), VIEW INSTANCES "/%s/%s", module, name);
	return number ? number : read_file(path);
}

/* No process number, no policy; a bound container's release is answered with EBUSY. */
static int write_bind(const char *module)
{
	return write_instance(module, "bind", "nobody");
}

static int write_release(const char *module)
{
	return write_instance(module, "release", "1");
}

static int write_policy(const char *module)
{
	return write_instance(module, "policy", "this is no policy, whatever it says");
}

static int read_state(const char *module)
{
	return read_instance(module, "state");
}

static int read_policy(const char *module)
{
	return read_instance(module, "policy");
}

/* It is in use, which is looked at after the capability. */
static int unload(const char *module)
{
	return result(syscall(SYS_delete_module, module, O_NONBLOCK));
}

static const struct row {
	const char *name;
	int (*make)(const char *module); /* 0 or an errno; ENOENT: there is no such thing */
} seen_rows[] =
	{
		{"in /proc/modules", in_modules},
		{"in /proc/kallsyms", in_symbols},
		{"in /sys/module", in_module_folder},
		{"among vkm's holders", in_holders},
		{"by its path in /sys/module", by_module_path},
		{"in /sys/kernel/vkernel", in_instances},
		{.name = NULL},
},
  instance_rows[] = {
	  {"in a new mount's module", in_module_folder_anew},
	  {"in a new mount's instances", in_instances_anew},
	  {"by its path in a new mount", by_module_path_anew},
	  {"read state", read_state},
	  {"read policy", read_policy},
	  {"write bind", write_bind},
	  {"write release", write_release},
	  {"write policy", write_policy},
	  {"unload", unload},
	  {.name = NULL},
};

/* vkm refuses with EBUSY to everybody: hooks cannot be switched off while it is loaded. */
static int switch_hooks_off(const char *unused)
{
	int number = mount_anew("proc");

	(void)unused;
	if (number)
		return number;
	number = write_file(VIEW "/sys/kernel/ftrace_enabled", "0");
	if (!number)
		write_file(VIEW "/sys/kernel/ftrace_enabled", "1");
	return number == EBUSY ? EPERM : number;
}

static int list_hooks(const char *unused)
{
	int number = mount_anew("tracefs");

	(void)unused;
	return number ? number : find_in_file(VIEW "/enabled_functions", "__x64_sys_");
}

static int listen_to_denials(const char *unused)
{
	int number = mount_anew("tracefs");

	(void)unused;
	return number ? number : write_file(VIEW "/events/vkernel/vki_denied/enable", "0");
}

static int change_tracer(const char *unused)
{
	int number = mount_anew("tracefs");

	(void)unused;
	return number ? number : write_file(VIEW "/current_tracer", "nop");
}

static int change_probes(const char *unused)
{
	int number = mount_anew("debugfs");

	(void)unused;
	return number ? number : write_file(VIEW "/kprobes/enabled", "1");
}

static int unload_vkm(const char *unused)
{
	(void)unused;
	return unload("vkm");
}

static const struct row framework_rows[] = {
	{"switch hooks off by ftrace_enabled", switch_hooks_off},
	{"list the hooks", list_hooks},
	{"listen to denials", listen_to_denials},
	{"set the tracer", change_tracer},
	{"arm the kernel's probes", change_probes},
	{"unload vkm", unload_vkm},
	{.name = NULL},
};

struct act {
	const struct row *row;
	const char *module;
	bool steal;
};

/* ENOTSUP, which no row ends with: there was no theft. */
static int perform_act(const void *context)
{
	const struct act *act = context;

	if (act->steal && flaw_steal("commit"))
		return ENOTSUP;
	return act->row->make(act->module);
}

static void try_rows(const struct row *rows, const char *whose, const char *module, bool steal,
		     struct tries *tries)
{
	char label[96];

	for (; rows->name; rows++) {
		int number = apart(perform_act, &(struct act){rows, module, steal});

		snprintf(label, sizeof(label), "%s: %s", whose, rows->name);
		if (number < 0 || number == ENOTSUP)
			tries_add(tries, label, OUTCOME_BROKEN, "%s",
				  number < 0 ? "the probe's process died" : "nothing was stolen");
		else if (number == EACCES || number == EROFS)
			tries_add(tries, label, OUTCOME_REFUSED, "%s", errno_name(number));
		else
			tries_add_errno(tries, label, number, ENOENT);
	}
}

/* A container's host name is its id's beginning; unconfined, the other's instance stands for it. */
static void own_module(const char *other, char name[64])
{
	char host[16] = "", path[96];

	gethostname(host, sizeof(host) - 1);
	snprintf(name, 64, "vkernel_%s", host);
	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (access(path, F_OK) && getpid() != 1)
		snprintf(name, 64, "%s", other);
}

static void probe_seen(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	try_rows(seen_rows, "the other's instance", argument, false, tries);
}

static void probe_all(const char *other, bool steal, struct tries *tries)
{
	char own[64];

	own_module(other, own);
	try_rows(instance_rows, "its own instance", own, steal, tries);
	try_rows(instance_rows, "the other's instance", other, steal, tries);
	try_rows(framework_rows, "the framework", NULL, steal, tries);
	rmdir(VIEW);
}

static void probe_granted(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	probe_all(argument, false, tries);
}

static void probe_stolen(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	probe_all(argument, true, tries);
}

static int arrange(struct scene *scene, struct error *err)
{
	static const char *const waiting[] = {"/vkernel/bin/attempt", "--wait", NULL};
	const struct configuration *vkernel = configuration_find("vkernel");

	if (launch_begin(vkernel, NULL, waiting, &neighbour.launch, err))
		return error_context(err, "the container beside");
	if (container_start(neighbour.launch.argv, &neighbour.container, err)) {
		launch_end(vkernel, &neighbour.launch);
		return error_context(err, "the container beside");
	}
	neighbour.runs = true;
	if (asprintf(&scene->argument, "vkernel_%.12s", neighbour.launch.container) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	return 0;
}

static void restore(struct scene *scene)
{
	(void)scene;
	if (!neighbour.runs)
		return;
	container_stop(&neighbour.container);
	launch_end(configuration_find("vkernel"), &neighbour.launch);
	neighbour.runs = false;
}

static int arrange_theft(struct scene *scene, struct error *err)
{
	return flaw_load(err) ? -1 : arrange(scene, err);
}

static void restore_theft(struct scene *scene)
{
	restore(scene);
	flaw_unload();
}

const struct scenario instances_seen = {
	.name = "instances-seen",
	.group = "vKernel itself",
	.summary = "see that another container runs, by its instance",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange,
	.probe = probe_seen,
	.restore = restore,
};

static const char *const every_capability[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE,
					       "CAP_AUDIT_WRITE",
					       "CAP_DAC_READ_SEARCH",
					       "CAP_LINUX_IMMUTABLE",
					       "CAP_NET_BROADCAST",
					       "CAP_NET_ADMIN",
					       "CAP_IPC_LOCK",
					       "CAP_IPC_OWNER",
					       "CAP_SYS_MODULE",
					       "CAP_SYS_RAWIO",
					       "CAP_SYS_PTRACE",
					       "CAP_SYS_PACCT",
					       "CAP_SYS_ADMIN",
					       "CAP_SYS_BOOT",
					       "CAP_SYS_NICE",
					       "CAP_SYS_RESOURCE",
					       "CAP_SYS_TIME",
					       "CAP_SYS_TTY_CONFIG",
					       "CAP_LEASE",
					       "CAP_AUDIT_CONTROL",
					       "CAP_MAC_OVERRIDE",
					       "CAP_MAC_ADMIN",
					       "CAP_SYSLOG",
					       "CAP_WAKE_ALARM",
					       "CAP_BLOCK_SUSPEND",
					       "CAP_AUDIT_READ",
					       "CAP_PERFMON",
					       "CAP_BPF",
					       "CAP_CHECKPOINT_RESTORE",
					       NULL};

const struct scenario vkernel_itself = {
	.name = "vkernel-itself",
	.group = "vKernel itself",
	.summary = "take an instance or vkm away, in a container that was given every capability",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_LEAKED}},
	.options = {.capabilities = every_capability},
	.arrange = arrange,
	.probe = probe_granted,
	.restore = restore,
};

const struct scenario vkernel_itself_stolen = {
	.name = "vkernel-itself-stolen",
	.group = "vKernel itself",
	.summary = "the same with credentials obtained through a flaw in the kernel",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange_theft,
	.probe = probe_stolen,
	.restore = restore_theft,
};
