// SPDX-License-Identifier: GPL-2.0
/* The order of a boot's visits, and what is taken for a sample in the guest's output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/bench/plan.h"
#include "harness/bench/visit.h"

static struct selection everything(void)
{
	struct selection selection = {0};
	struct error err;

	assert_int_equal(selection_workloads(&selection, NULL, &err), 0);
	assert_int_equal(selection_configurations(&selection, NULL, &err), 0);
	return selection;
}

static struct plan make(const struct selection *selection, unsigned int rounds, uint64_t seed)
{
	struct plan plan;
	struct error err;

	assert_int_equal(plan_make(selection, CLOCK_INSTRUCTIONS, rounds, seed, &plan, &err), 0);
	return plan;
}

static bool same(const struct plan *one, const struct plan *other)
{
	return one->count == other->count &&
	       !memcmp(one->stops, other->stops, one->count * sizeof(*one->stops));
}

static void a_seed_gives_one_order_and_boots_differ(void **state)
{
	struct selection selection = everything();
	struct plan one = make(&selection, 1, plan_seed(5, 1));
	struct plan again = make(&selection, 1, plan_seed(5, 1));
	struct plan next = make(&selection, 1, plan_seed(5, 2));

	(void)state;
	assert_true(same(&one, &again));
	assert_false(same(&one, &next));
	free(one.stops);
	free(again.stops);
	free(next.stops);
}

/* The configurations that workload is measured in where none is named, as bits. */
static unsigned int configurations_of(const struct workload *workload)
{
	unsigned int bits = 0;

	for (unsigned int c = 0; c < configurations_count; c++)
		if (workload_runs_in(workload, &configurations[c]) &&
		    (workload->quick || !configurations[c].headlines))
			bits |= 1u << c;
	return bits;
}

static void every_round_visits_every_configuration_of_a_workload(void **state)
{
	struct selection selection = everything();
	struct plan plan = make(&selection, 3, 1);
	size_t at = 0;

	(void)state;
	for (unsigned int round = 0; round < 3 * workloads_count; round++) {
		const struct workload *workload = plan.stops[at].workload;
		unsigned int left = configurations_of(workload);

		for (; left; at++) {
			unsigned int bit = 1u << (plan.stops[at].configuration - configurations);

			assert_true(at < plan.count);
			assert_ptr_equal(plan.stops[at].workload, workload);
			assert_true(left & bit);
			left &= ~bit;
		}
	}
	assert_int_equal(at, plan.count);
	free(plan.stops);
}

static size_t count_visits(const struct plan *plan, const char *configuration, bool again)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += !strcmp(plan->stops[i].configuration->name, configuration) &&
			 plan->stops[i].again == again;
	return count;
}

static void a_self_check_visits_native_and_crun_twice_in_any_order(void **state)
{
	struct selection selection = {.quick = true};
	struct error err;
	bool before = false, after = false;
	struct plan plan;

	(void)state;
	assert_int_equal(selection_workloads(&selection, NULL, &err), 0);
	assert_int_equal(selection_configurations(&selection, NULL, &err), 0);
	selection.self_check = true;
	plan = make(&selection, 1, 1);
	assert_int_equal(count_visits(&plan, "crun", true), count_visits(&plan, "crun", false));
	assert_int_equal(count_visits(&plan, "native", true), count_visits(&plan, "native", false));
	assert_int_equal(count_visits(&plan, "crun-secure", true), 0);
	for (size_t i = 0; i < plan.count; i++)
		for (size_t j = 0; j < i && plan.stops[i].again; j++)
			before |= plan.stops[j].workload == plan.stops[i].workload &&
				  plan.stops[j].configuration == plan.stops[i].configuration;
	for (size_t i = 0; i < plan.count; i++)
		for (size_t j = i + 1; j < plan.count && plan.stops[i].again; j++)
			after |= plan.stops[j].workload == plan.stops[i].workload &&
				 plan.stops[j].configuration == plan.stops[i].configuration;
	assert_true(before && after);
	free(plan.stops);
}

static void a_self_check_of_a_full_run_is_of_the_quick_workloads(void **state)
{
	struct selection selection = everything();
	struct plan plan;

	(void)state;
	selection.self_check = true;
	plan = make(&selection, 1, 1);
	assert_true(count_visits(&plan, "crun", true) > 0);
	for (size_t i = 0; i < plan.count; i++)
		assert_true(!plan.stops[i].again || plan.stops[i].workload->quick);
	free(plan.stops);
}

static void a_quick_run_has_the_rows_marked_so_unless_others_are_named(void **state)
{
	struct selection selection = {.quick = true};
	struct error err;

	(void)state;
	assert_int_equal(selection_workloads(&selection, NULL, &err), 0);
	assert_true(selection.workloads_count > 0 && selection.workloads_count < workloads_count);
	for (unsigned int i = 0; i < selection.workloads_count; i++)
		assert_true(selection.workloads[i]->quick);
	assert_int_equal(selection_configurations(&selection, NULL, &err), 0);
	for (unsigned int i = 0; i < selection.configurations_count; i++)
		assert_false(selection.configurations[i]->thorough);
	selection = (struct selection){.quick = true};
	assert_int_equal(selection_workloads(&selection, "dmesg-read-all", &err), 0);
	assert_int_equal(selection.workloads_count, 1);
}

static void every_boot_is_in_exactly_one_shard(void **state)
{
	(void)state;
	for (unsigned int boots = 1; boots <= 20; boots++)
		for (unsigned int count = 0; count <= 7; count++) {
			unsigned int seen[21] = {0};

			for (unsigned int i = 1; i <= (count ? count : 1); i++) {
				const struct shard shard = {.index = i, .count = count};

				for (unsigned int n = 0; n < shard_boots(&shard, boots); n++)
					seen[shard_boot(&shard, n)]++;
			}
			for (unsigned int boot = 1; boot <= boots; boot++)
				assert_int_equal(seen[boot], 1);
		}
}

/* Fewer than three boots have no interval. */
static void the_first_three_boots_have_everything(void **state)
{
	(void)state;
	for (unsigned int w = 0; w < workloads_count; w++)
		for (unsigned int c = 0; c < configurations_count; c++)
			for (unsigned int boot = 1; boot <= 3; boot++)
				assert_true(
					workload_due(workloads[w], &configurations[c], boot, 12));
}

static void a_boot_leaves_out_what_is_not_its_turn(void **state)
{
	struct selection selection = everything();
	struct plan first = make(&selection, 1, 1), second = make(&selection, 1, 1);
	size_t all = first.count;

	(void)state;
	plan_thin(&first, 3, 12);
	plan_thin(&second, 12, 12);
	assert_int_equal(first.count, all);
	assert_true(second.count < all);
	for (size_t i = 0; i < second.count; i++)
		assert_true(workload_due(second.stops[i].workload, second.stops[i].configuration,
					 12, 12));
	free(first.stops);
	free(second.stops);
}

static void what_takes_long_is_measured_everywhere_only_where_it_is_named(void **state)
{
	struct selection named = {0};
	struct plan plan;
	struct error err;

	(void)state;
	assert_int_equal(selection_workloads(&named, "hackbench,hackbench-pipes", &err), 0);
	assert_int_equal(selection_configurations(&named, NULL, &err), 0);
	plan = make(&named, 1, 1);
	for (size_t i = 0; i < plan.count; i++)
		assert_true(plan.stops[i].workload->quick ||
			    !plan.stops[i].configuration->headlines);
	free(plan.stops);
	named.configurations_count = 0;
	assert_int_equal(selection_configurations(&named, "gvisor", &err), 0);
	plan = make(&named, 1, 1);
	assert_int_equal(plan.count, 2);
	free(plan.stops);
}

static void forms_of_a_filter_stand_beside_in_loops_of_a_call_only(void **state)
{
	const struct configuration *tree = configuration_find("crun-secure-tree");

	(void)state;
	assert_true(workload_runs_in(workload_find("syscall-denied"), tree));
	assert_false(workload_runs_in(workload_find("pwgen"), tree));
	assert_false(workload_runs_in(workload_find("host-hooked-syscall"), tree));
}

static void file_rules_are_measured_where_files_are(void **state)
{
	const struct configuration *rules = configuration_find("vkernel-files");

	(void)state;
	assert_true(workload_runs_in(workload_find("open-close"), rules));
	assert_true(workload_runs_in(workload_find("open-close"), configuration_find("crun")));
	assert_false(workload_runs_in(workload_find("open-close"),
				      configuration_find("crun-secure-tree")));
	assert_false(workload_runs_in(workload_find("syscall-allowed"), rules));
	assert_false(workload_runs_in(workload_find("pwgen"), rules));
	assert_false(workload_runs_in(workload_find("host-hooked-syscall"), rules));
}

static void a_call_of_the_host_is_measured_with_and_without_the_framework(void **state)
{
	const struct workload *workload = workload_find("host-hooked-syscall");

	(void)state;
	assert_true(workload_runs_in(workload, configuration_find("native")));
	assert_true(workload_runs_in(workload, configuration_find("vkernel")));
	assert_false(workload_runs_in(workload, configuration_find("crun")));
}

static void names_choose_and_unknown_ones_are_told_what_there_is(void **state)
{
	struct selection selection = {0};
	struct error err;

	(void)state;
	assert_int_equal(selection_workloads(&selection, "pwgen,hackbench", &err), 0);
	assert_int_equal(selection.workloads_count, 2);
	assert_int_equal(selection_workloads(&selection, "pwgen,nonsense", &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "\"nonsense\""));
	assert_non_null(strstr(err.text, "hackbench"));
	assert_int_equal(selection_configurations(&selection, "crun,", &err), -1);
	assert_non_null(strstr(err.text, "crun-secure"));
}

static void only_a_sample_of_the_workload_is_one(void **state)
{
	static const struct {
		const char *line;
		int result;
	} lines[] = {
		{"{\"metric\": \"elapsed\", \"unit\": \"ms\", \"value\": 5}", 0},
		{"{\"metric\": \"page-faults\", \"unit\": \"faults\", \"value\": 0}", 0},
		{"{\"metric\": \"elapsed\", \"unit\": \"s\", \"value\": 5}", -1},
		{"{\"metric\": \"instructions\", \"unit\": \"ms\", \"value\": 5}", -1},
		{"{\"metric\": \"elapsed\", \"unit\": \"ms\", \"value\": -5}", -1},
		{"{\"metric\": \"elapsed\", \"unit\": \"ms\", \"value\": 0}", -1},
		{"{\"metric\": \"elapsed\", \"unit\": \"ms\", \"value\": 1e300}", -1},
		{"{\"metric\": \"elapsed\", \"unit\": \"ms\"}", -1},
		{"Segmentation fault", -1},
	};
	const struct stop stop = {
		.workload = workload_find("pwgen"),
		.configuration = configuration_find("crun"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct visit visit = {0};

		assert_int_equal(visit_line(&visit, &stop, CLOCK_WALL, lines[i].line),
				 lines[i].result);
		assert_int_equal(visit.status, lines[i].result ? EXIT_FINDING : EXIT_GOOD);
		assert_int_equal(visit.count, !lines[i].result);
		visit_free(&visit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_gives_one_order_and_boots_differ),
		cmocka_unit_test(every_round_visits_every_configuration_of_a_workload),
		cmocka_unit_test(a_self_check_visits_native_and_crun_twice_in_any_order),
		cmocka_unit_test(a_self_check_of_a_full_run_is_of_the_quick_workloads),
		cmocka_unit_test(a_quick_run_has_the_rows_marked_so_unless_others_are_named),
		cmocka_unit_test(every_boot_is_in_exactly_one_shard),
		cmocka_unit_test(the_first_three_boots_have_everything),
		cmocka_unit_test(a_boot_leaves_out_what_is_not_its_turn),
		cmocka_unit_test(what_takes_long_is_measured_everywhere_only_where_it_is_named),
		cmocka_unit_test(forms_of_a_filter_stand_beside_in_loops_of_a_call_only),
		cmocka_unit_test(file_rules_are_measured_where_files_are),
		cmocka_unit_test(a_call_of_the_host_is_measured_with_and_without_the_framework),
		cmocka_unit_test(names_choose_and_unknown_ones_are_told_what_there_is),
		cmocka_unit_test(only_a_sample_of_the_workload_is_one),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
