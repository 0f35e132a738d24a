// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/attack.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/interrupt.h"
#include "harness/isolation.h"
#include "lib/cleanup.h"

static void tell(struct run *run, unsigned int unexpected)
{
	pthread_mutex_lock(&run->lock);
	run->failures += unexpected;
	if (unexpected)
		progress_note(&run->progress, "isolation: %u verdicts are not the expected ones",
			      unexpected);
	else
		progress_note(&run->progress, "isolation: every verdict is the expected one");
	pthread_mutex_unlock(&run->lock);
}

static void tell_failure(struct run *run, const struct error *err)
{
	pthread_mutex_lock(&run->lock);
	run->failures++;
	progress_note(&run->progress, "isolation: not attacked: %s", err->text);
	json_object_set_new(run->environment, "isolation_failure", json_string(err->text));
	pthread_mutex_unlock(&run->lock);
}

static int attack_in(struct run *run, const char *folder, unsigned int *unexpected,
		     struct error *err)
{
	struct isolation_options options = {
		.guest = run->options->guest,
		.out = fopen("/dev/null", "we"),
	};
	int result;

	if (!options.out)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open /dev/null");
	options.guest.accelerator = run->clock == CLOCK_WALL ? "kvm" : "mttcg";
	result = isolation_check(&options, folder, unexpected, err);
	fclose(options.out);
	return result;
}

/* The verdicts go up into the run's folder, the console to the others'. */
static int keep(struct run *run, const char *folder, struct error *err)
{
	autofree char *from = NULL, *to = NULL, *console = NULL;
	int result = 0;

	if (asprintf(&from, "%s/isolation.json", folder) < 0 ||
	    asprintf(&to, "%s/isolation.json", run->folder) < 0 ||
	    asprintf(&console, "%s/console.log", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (!access(from, F_OK) && rename(from, to))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s", to);
	pthread_mutex_lock(&run->lock);
	/* A guest that was not even started has none. */
	if (!access(console, F_OK))
		result = console_keep(run, "isolation", folder, err);
	else
		rmdir(folder);
	pthread_mutex_unlock(&run->lock);
	return result;
}

int attack_make(struct run *run, struct error *err)
{
	autofree char *folder = NULL;
	unsigned int unexpected = 0;
	int result;

	if (asprintf(&folder, "%s/isolation", run->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (mkdir(folder, 0755))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", folder);
	result = attack_in(run, folder, &unexpected, err);
	if (result && interrupted())
		return -1;
	if (result)
		tell_failure(run, err);
	else
		tell(run, unexpected);
	return keep(run, folder, err);
}
