// SPDX-License-Identifier: GPL-2.0
#include "harness/accelerator.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/cache.h"
#include "lib/scratch.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define TRIAL_SECONDS 25
#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	enum clock clock;
} rows[] = {
	[ACCELERATOR_KVM] = {"kvm", CLOCK_WALL},
	[ACCELERATOR_ICOUNT] = {"icount", CLOCK_INSTRUCTIONS},
	[ACCELERATOR_MTTCG] = {"mttcg", CLOCK_WALL},
};

const char *accelerator_name(enum accelerator accelerator)
{
	return rows[accelerator].name;
}

enum clock accelerator_clock(enum accelerator accelerator)
{
	return rows[accelerator].clock;
}

const char *clock_name(enum clock clock)
{
	return clock == CLOCK_WALL ? "wall" : "instructions";
}

/* /dev/kvm may open and still not run a guest, so the processor is asked first. */
static bool processor_virtualises(void)
{
	autofclose FILE *file = fopen("/proc/cpuinfo", "re");
	autofree char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) > 0) {
		if (strncmp(line, "flags", 5) == 0)
			return strstr(line, " vmx") || strstr(line, " svm");
	}
	return false;
}

static int trial_in(const char *folder, const char *kernel, struct error *err)
{
	const struct vm_options options = {
		.kernel = kernel,
		.directory = folder,
		.accelerator = ACCELERATOR_KVM,
		.cpus = 1,
		.memory = 1024,
		.boot_timeout = TRIAL_SECONDS,
	};
	struct vm *vm;

	if (vm_boot(&options, &vm, err) < 0)
		return -1;
	vm_stop(vm);
	return 0;
}

static int trial_boot(const char *kernel, struct error *err)
{
	char folder[PATH_MAX];
	int status;

	if (scratch_make(folder, err) < 0)
		return -1;
	status = trial_in(folder, kernel, err);
	scratch_remove(folder);
	return status;
}

/* The file in the cache that keeps the outcome; its name changes when the machine is booted. */
static int outcome_path(char path[PATH_MAX], struct error *err)
{
	autofree char *boot = NULL;
	char name[64];
	size_t size;

	if (file_read("/proc/sys/kernel/random/boot_id", 4096, &boot, &size, err) < 0)
		return -1;
	boot[strcspn(boot, "\n")] = 0;
	snprintf(name, sizeof(name), "kvm-%.40s", boot);
	return cache_path(name, path, err);
}

static int kvm_tried(const char *kernel, bool *works, struct error *err)
{
	static const char yes[] = "works\n", no[] = "fails\n";
	autofree char *outcome = NULL;
	char path[PATH_MAX];
	size_t size;

	if (outcome_path(path, err) < 0)
		return -1;
	if (access(path, F_OK) == 0) {
		if (file_read(path, 4096, &outcome, &size, err) < 0)
			return -1;
		*works = strcmp(outcome, yes) == 0;
		return 0;
	}
	*works = trial_boot(kernel, err) == 0;
	if (!*works && err->status == EXIT_INTERRUPTED)
		return -1;
	return file_write(path, *works ? yes : no, strlen(*works ? yes : no), err);
}

static int choose_automatically(const char *kernel, struct accelerator_choice *choice,
				struct error *err)
{
	const char *reason = "a trial boot under KVM succeeded";
	struct guest_files files;
	bool works = false;

	if (guest_files_find(NULL, kernel, &files, err) < 0)
		return -1;
	if (!processor_virtualises())
		reason = "no KVM (the processor shows neither vmx nor svm)";
	else if (access("/dev/kvm", R_OK | W_OK) < 0)
		reason = "no access to /dev/kvm (is this user in the group kvm?)";
	else if (kvm_tried(kernel, &works, err) < 0)
		return -1;
	else if (!works)
		reason = "a trial boot under KVM failed";
	choice->accelerator = works ? ACCELERATOR_KVM : ACCELERATOR_ICOUNT;
	snprintf(choice->reason, sizeof(choice->reason), "%s: the clock is %s", reason,
		 works ? "wall time" : "the number of instructions");
	return 0;
}

int accelerator_choose(const char *name, const char *kernel, struct accelerator_choice *choice,
		       struct error *err)
{
	if (strcmp(name, "auto") == 0)
		return choose_automatically(kernel, choice, err);
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(name, rows[i].name) == 0) {
			choice->accelerator = (enum accelerator)i;
			snprintf(choice->reason, sizeof(choice->reason), "asked for");
			return 0;
		}
	}
	return error_set(err, EXIT_USAGE, "no accelerator '%s'; there are auto, kvm, icount, mttcg",
			 name);
}
