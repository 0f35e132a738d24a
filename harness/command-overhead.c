// SPDX-License-Identifier: GPL-2.0
/* vkbench overhead: what measuring adds to what is measured. */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "harness/overhead.h"
#include "harness/report/number.h"
#include "lib/scratch.h"

struct arguments {
	struct guest_options guest;
	unsigned int rounds;
};

enum { KEY_ROUNDS = 0x600 };

static const struct argp_option options[] = {
	{.name = "rounds",
	 .key = KEY_ROUNDS,
	 .arg = "N",
	 .doc = "how often each way is measured, in turn (6)"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		values->rounds = 6;
		state->child_inputs[0] = &values->guest;
		return 0;
	case KEY_ROUNDS:
		values->rounds = parse_count(state, "rounds", arg, 100);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};
static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Runs programs that time themselves: started by a shell with the guest's agent "
	       "stopped, then as a run measures them, and with counters attached. Ends with status "
	       "1 where it is not shown that measuring adds less than 1 %.",
};

static void print_ratio(const struct estimate *ratio)
{
	printf("%+7.3f %%", 100 * (ratio->median - 1));
	if (ratio->spread)
		printf(" (%+.3f to %+.3f)", 100 * (ratio->low - 1), 100 * (ratio->high - 1));
}

enum added { ADDED_LESS, ADDED_MORE, ADDED_UNKNOWN };

/* By the interval: less or more than OVERHEAD_MOST, or the figure scatters too much to tell. */
static enum added judge(const struct overhead *overhead, enum clock clock)
{
	const struct estimate *ratio = &overhead->ratios[ARM_MEASURED];
	bool lower = workload_headline(overhead->workload, clock)->better == BETTER_LOWER;
	double least = lower ? ratio->low : 1 / ratio->high;
	double most = lower ? ratio->high : 1 / ratio->low;

	if (ratio->spread && most - 1 < OVERHEAD_MOST)
		return ADDED_LESS;
	return ratio->spread && least - 1 >= OVERHEAD_MOST ? ADDED_MORE : ADDED_UNKNOWN;
}

static void print(const struct overhead *overhead, enum clock clock)
{
	const struct metric *metric = workload_headline(overhead->workload, clock);

	printf("%-16s %12.6g %-18s  measured ", overhead->workload->name,
	       overhead->values[ARM_BARE], workload_unit(overhead->workload, metric));
	print_ratio(&overhead->ratios[ARM_MEASURED]);
	printf("  counted ");
	print_ratio(&overhead->ratios[ARM_COUNTED]);
	putchar('\n');
	fflush(stdout);
}

/* counts: by enum added. */
static int measure_all(struct vm *vm, enum clock clock, unsigned int rounds, int counts[],
		       struct error *err)
{
	for (const char *const *name = overhead_workloads; *name; name++) {
		struct overhead overhead;

		if (overhead_measure(vm, workload_find(*name), clock, rounds, &overhead, err))
			return -1;
		print(&overhead, clock);
		counts[judge(&overhead, clock)]++;
	}
	return 0;
}

static int run(const struct arguments *values, const char *folder, int counts[], struct error *err)
{
	struct guest_options guest = values->guest;
	struct accelerator_choice choice;
	struct vm *vm;
	int result;

	guest.measures = true;
	if (guest_options_boot(&guest, folder, &choice, &vm, err))
		return -1;
	printf("clock: %s\n", clock_name(accelerator_clock(choice.accelerator)));
	result =
		measure_all(vm, accelerator_clock(choice.accelerator), values->rounds, counts, err);
	vm_stop(vm);
	return result;
}

static int tell(const int counts[])
{
	if (counts[ADDED_MORE])
		printf("measuring adds 1 %% or more to %d of them\n", counts[ADDED_MORE]);
	if (counts[ADDED_UNKNOWN])
		printf("%d of them scatter too much to tell 1 %%: more --rounds may\n",
		       counts[ADDED_UNKNOWN]);
	if (counts[ADDED_MORE] || counts[ADDED_UNKNOWN])
		return EXIT_FINDING;
	printf("measuring adds less than 1 %% to each\n");
	return EXIT_GOOD;
}

int command_overhead(int argc, char **argv)
{
	struct arguments values = {0};
	int counts[] = {[ADDED_LESS] = 0, [ADDED_MORE] = 0, [ADDED_UNKNOWN] = 0};
	char folder[PATH_MAX];
	struct error err;
	int result;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (scratch_make(folder, &err))
		return error_report(&err, argv[0]);
	result = run(&values, folder, counts, &err);
	scratch_remove(folder);
	return result ? error_report(&err, argv[0]) : tell(counts);
}
