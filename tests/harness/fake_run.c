// SPDX-License-Identifier: GPL-2.0
#include "tests/harness/fake_run.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/samples.h"

#define BOOTS	 6
#define LAUNCHES 3

static FILE *open_file(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	if (!file)
		abort();
	return file;
}

static void close_file(FILE *file)
{
	if (ferror(file) || fclose(file))
		abort();
}

/* Numbers from 0 to 1 that look random and are not. */
static double next(void)
{
	static unsigned int state = 1;

	state = state * 1103515245 + 12345;
	return (state >> 8 & 0xffff) / 65535.0;
}

/* From a hundredth to a hundred times as dear as crun, as real ones are. */
static double level(unsigned int workload, unsigned int configuration)
{
	static const double levels[] = {0.9, 1, 1.4, 1.2, 1.05, 2, 1.6, 8, 60, 0.5};

	if (!configurations[configuration].runtime && workload % 3 == 0)
		return 0.04;
	return levels[(configuration + (configuration > 4 ? workload : 0)) % 10];
}

static double value_of(unsigned int workload, unsigned int configuration, double factor,
		       const struct metric *metric)
{
	double value =
		300.0 * (workload + 1) * level(workload, configuration) * (1 + 0.02 * next());

	if (!strcmp(configurations[configuration].name, "vkernel"))
		value *= factor;
	return metric->better == BETTER_HIGHER ? 1e7 / value : value;
}

static void write_cell(FILE *file, const char *run, unsigned int workload,
		       unsigned int configuration, double factor)
{
	const struct metric *lists[] = {workloads[workload]->metrics, workload_counters};
	struct error err;

	for (unsigned int boot = 1; boot <= BOOTS; boot++)
		for (int list = 0; list < 2; list++)
			for (const struct metric *m = lists[list]; m->name; m++) {
				struct sample sample = {
					.boot = boot,
					.order = 1,
					.workload = workloads[workload],
					.configuration = &configurations[configuration],
					.metric = m,
				};

				for (int i = 0; m->clocks & ON_INSTRUCTIONS && i < LAUNCHES; i++) {
					sample.value = value_of(workload, configuration, factor, m);
					if (samples_write(file, run, CLOCK_INSTRUCTIONS, &sample,
							  &err))
						abort();
				}
			}
}

static bool runs(unsigned int workload, unsigned int configuration)
{
	return workloads[workload]->clocks & ON_INSTRUCTIONS &&
	       workload_runs_in(workloads[workload], &configurations[configuration]);
}

/* The last workload cannot run in the last configuration that it is for. */
static void write_samples(const char *folder, const char *run, double factor)
{
	FILE *samples = open_file(folder, "samples.jsonl");
	FILE *missing = open_file(folder, "missing.jsonl");
	const unsigned int last = workloads_count - 1;
	struct error err;

	for (unsigned int w = 0; w < workloads_count; w++)
		for (unsigned int c = 0; c < configurations_count; c++) {
			struct absence absence = {
				.boot = 1,
				.order = 1,
				.workload = workloads[w],
				.configuration = &configurations[c],
				.status = EXIT_ENVIRONMENT,
				.reason = "it needs /usr/lib/a/path/that/has/no/place/at/which/it/"
					  "can/be/broken/into/lines/so/that/it/has/to/be/anywhere "
					  "<script>alert(1)</script>",
			};

			if (!runs(w, c))
				continue;
			if (w == last && c == 1) {
				if (samples_write_absence(missing, run, CLOCK_INSTRUCTIONS,
							  &absence, &err))
					abort();
				continue;
			}
			write_cell(samples, run, w, c, factor);
		}
	close_file(samples);
	close_file(missing);
}

static void write_environment(const char *folder, const char *run)
{
	FILE *file = open_file(folder, "env.json");

	fprintf(file,
		"{\"schema\": 1, \"run\": \"%s\", \"started\": \"%s\", \"accelerator\": \"icount\","
		" \"clock\": \"instructions\", \"kernel\": \"6.12.0-test\", \"processor\": \"made "
		"up\", \"seed\": 7, \"command_line\": \"console=ttyS0 init_on_alloc=0\", "
		"\"complaints\": [\"boot 3: [   42.0] WARNING: CPU: 0 PID: 1 at some_function"
		"+0x10\"], \"modules\": {\"vkm.ko\": "
		"\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}\n",
		run, run);
	close_file(file);
}

static json_t *verdict_of(const char *scenario, const char *group, const char *configuration,
			  const char *verdict, const char *expected)
{
	json_t *reached = json_array();

	for (int i = 0; !strcmp(verdict, "LEAKED") && i < 20; i++)
		json_array_append_new(reached,
				      json_string("/proc/a/long/path/that/was/read: 29026 bytes "
						  "with the host's nonce"));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:o, s:i, s:{s:i}}}", "scenario",
			 scenario, "group", group, "configuration", configuration, "verdict",
			 verdict, "expected", expected, "summary",
			 "to read what the host's kernel has printed", "evidence", "reached",
			 reached, "refused", 13, "refusals", "EPERM", 13);
}

static void write_isolation(const char *folder)
{
	static const char *const words[] = {"LEAKED", "BLOCKED", "VIRTUAL", "UNREACHED", "BROKEN"};
	static const char *const names[] = {"native", "crun", "crun-secure", "vkernel", "gvisor"};
	json_t *verdicts = json_array(), *document;
	FILE *file = open_file(folder, "isolation.json");

	for (int s = 0; s < 12; s++)
		for (int c = 0; c < 5; c++) {
			const char *word = words[c ? (s + c) % 5 : 0];
			char scenario[40];

			snprintf(scenario, sizeof(scenario), "attempt-of-some-kind-%d", s);
			json_array_append_new(verdicts,
					      verdict_of(scenario, s < 6 ? "kernel log" : "files",
							 names[c], word,
							 s == 5 && c == 3 ? "LEAKED" : word));
		}
	document = json_pack("{s:i, s:s, s:s, s:i, s:o}", "schema", 1, "kernel", "6.12.0-test",
			     "accelerator", "mttcg", "unexpected", 1, "verdicts", verdicts);
	if (json_dumpf(document, file, JSON_INDENT(1)))
		abort();
	json_decref(document);
	close_file(file);
}

static void write_histogram(FILE *file, const char *workload, const char *configuration,
			    const char *what, int shift)
{
	fprintf(file,
		"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"order\":1,\"workload\":\"%s\","
		"\"configuration\":\"%s\",\"histogram\":\"%s\",\"unit\":\"ns\",\"buckets\":[",
		workload, configuration, what);
	for (int i = 9; i < 24; i++)
		fprintf(file, "%s[%d,%d]", i > 9 ? "," : "", 1 << i,
			(int)(10000 * exp(-pow((i - 14 - shift) / 2.5, 2))));
	fputs("]}\n", file);
}

static void write_observations(const char *folder)
{
	FILE *histograms = open_file(folder, "histograms.jsonl");
	FILE *calls = open_file(folder, "syscalls.jsonl");

	for (unsigned int w = 0; w < workloads_count; w++)
		for (unsigned int c = 0; w % 3 == 0 && c < configurations_count; c++) {
			if (!runs(w, c))
				continue;
			write_histogram(histograms, workloads[w]->name, configurations[c].name,
					"run-queue-delay", c / 2);
			write_histogram(histograms, workloads[w]->name, configurations[c].name,
					"off-cpu", 6 - c);
			fprintf(calls,
				"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"workload\":\"%s\","
				"\"configuration\":\"%s\",\"calls\":{\"openat\":12,\"read\":%u",
				workloads[w]->name, configurations[c].name, 1000 * c);
			for (int i = 0; i < 20; i++)
				fprintf(calls, ",\"call_%d\":%d", i, i);
			fputs("}}\n", calls);
		}
	close_file(histograms);
	close_file(calls);
}

static void write_attribution(const char *folder)
{
	static const char *const names[] = {"crun", "vkernel"};
	FILE *file = open_file(folder, "attribution.jsonl");

	for (int c = 0; c < 2; c++) {
		fprintf(file,
			"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"workload\":\"syscall-filtered\","
			"\"configuration\":\"%s\",\"operations\":1000,\"symbols\":[",
			names[c]);
		for (int i = 0; i < 30; i++)
			fprintf(file,
				"%s{\"image\":\"kernel\",\"symbol\":\"a_function_with_a_long_name_%"
				"d"
				"\",\"instructions\":%d}",
				i ? "," : "", i, 1000 * (30 - i) + 700 * c * (i % 3 - 1));
		fputs("],\"stacks\":[]}\n", file);
	}
	close_file(file);
	file = open_file(folder, "attribution-syscall-filtered-crun-vkernel.svg");
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 "
	      "100\"><style>text{font:90px "
	      "serif}</style><rect width=\"900\" height=\"90\" fill=\"red\"/></svg>\n",
	      file);
	close_file(file);
}

void fake_run(const char *folder, const char *started, double factor)
{
	write_samples(folder, started, factor);
	write_environment(folder, started);
	write_isolation(folder);
	write_observations(folder);
	write_attribution(folder);
}
