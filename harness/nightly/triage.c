// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/triage.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/isolation-report.h"
#include "harness/jsonfile.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define LOG_MAX	  (256u << 20)
#define SUMMED_UP " passed, " /* how tests/run tells of a program, and at last of all */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static struct finding *add(struct triage *triage, enum finding_kind kind, const struct step *step,
			   const char *configuration, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static struct finding *add(struct triage *triage, enum finding_kind kind, const struct step *step,
			   const char *configuration, const char *format, ...)
{
	char what[1024];
	va_list values;

	va_start(values, format);
	vsnprintf(what, sizeof(what), format, values);
	va_end(values);
	return finding_add(&triage->findings, kind, step->kernel, step->name, configuration, what);
}

static int judge_isolation(struct triage *triage, const struct step *step, struct error *err)
{
	json_t *document = jsonfile_read(step->result, "isolation.json", err), *verdict, *each;
	size_t i, told = 0;

	if (!document)
		return -1;
	json_array_foreach(json_object_get(document, "verdicts"), i, verdict) {
		if (isolation_as_expected(verdict))
			continue;
		add(triage, FINDING_ATTACK, step, text_of(verdict, "configuration"),
		    "%s: %s, expected %s", text_of(verdict, "scenario"),
		    text_of(verdict, "verdict"), text_of(verdict, "expected"));
		told++;
	}
	json_array_foreach(json_object_get(document, "failed"), i, each) {
		add(triage, FINDING_ATTACK, step, "", "%s; see %s",
		    json_is_string(each) ? json_string_value(each) : "?", step->log);
		told++;
	}
	if (!json_array_size(json_object_get(document, "verdicts")))
		add(triage, FINDING_MISSING, step, "", "nothing was attacked: there is no verdict");
	if (!told && step->status)
		add(triage, FINDING_ATTACK, step, "",
		    "the guest's kernel complained, or vkm did "
		    "not unload; see %s",
		    step->log);
	json_decref(document);
	return 0;
}

/* A line of tests/run about a program: "  TEST     NAME: P passed, F failed (S s)". */
static bool read_program(char *line, char **name, unsigned int *failed)
{
	char *begin = line + strspn(line, " "), *sums = strstr(begin, SUMMED_UP), *colon;

	if (strncmp(begin, "TEST ", 5) || !sums)
		return false;
	*name = begin + 5 + strspn(begin + 5, " ");
	*sums = '\0';
	colon = strrchr(*name, ':');
	if (!colon || sscanf(sums + strlen(SUMMED_UP), "%u failed", failed) != 1)
		return false;
	*colon = '\0';
	return *failed > 0;
}

/* make's status tells not whether a test failed or none could be run: the log does. */
static int judge_tests(struct triage *triage, const struct step *step, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	char *rest, *line, *name;
	unsigned int failed;
	size_t size, told = 0;

	if (!step->status)
		return 0;
	if (asprintf(&path, "%s/%s", triage->folder, step->log) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (file_read(path, LOG_MAX, &text, &size, err))
		return -1;
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (read_program(line, &name, &failed)) {
			add(triage, FINDING_TEST, step, "", "%s: %u failed", name, failed);
			told++;
		}
	if (!told || step->status == EXIT_INTERRUPTED)
		add(triage, FINDING_MISSING, step, "", "status %d: %s", step->status, step->reason);
	return 0;
}

static int judge_bench(struct triage *triage, const struct step *step, struct error *err)
{
	if (step->status)
		add(triage, FINDING_TEST, step, "",
		    "something that should have been measured failed; see %s", step->log);
	return figures_judge(&triage->figures, step->kernel, step->result, &triage->findings,
			     &triage->commit, err);
}

static const struct {
	const char *name;
	int (*judge)(struct triage *triage, const struct step *step, struct error *err);
	bool only_whole; /* of what failed for good nothing is left to judge */
} judges[] = {
	{"isolation", judge_isolation, true},
	{"tests", judge_tests, false},
	{"bench", judge_bench, true},
};

static int judge_step(struct triage *triage, const struct step *step, struct error *err)
{
	if (!step->done) {
		add(triage, FINDING_MISSING, step, "", "not run: %s", step->reason);
		return 0;
	}
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
		if (!strcmp(judges[i].name, step->name) &&
		    (step->status <= EXIT_FINDING || !judges[i].only_whole))
			return judges[i].judge(triage, step, err);
	if (step->status)
		add(triage, FINDING_MISSING, step, "", "status %d: %s", step->status, step->reason);
	return 0;
}

/* One damaged result must not silence the others. */
static int judge_all(struct triage *triage, struct error *err)
{
	for (size_t i = 0; i < triage->steps.count; i++) {
		const struct step *step = &triage->steps.rows[i];

		if (!judge_step(triage, step, err))
			continue;
		if (err->status != EXIT_USAGE)
			return error_context(err, "%s, %s", step->kernel, step->name);
		add(triage, FINDING_MISSING, step, "", "%s", err->text);
	}
	return triage->findings.failed
		       ? error_set(err, EXIT_ENVIRONMENT, "no memory for the findings")
		       : 0;
}

/* What the night before had found too. */
static const json_t *earlier(const struct triage *triage, const struct finding *finding)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(triage->previous, "findings"), i, row)
		if (!strcmp(text_of(row, "kernel"), finding->kernel) &&
		    !strcmp(text_of(row, "workload"), finding->workload) &&
		    !strcmp(text_of(row, "configuration"), finding->configuration) &&
		    !strcmp(text_of(row, "what"), finding->what))
			return row;
	return NULL;
}

/* What is no figure has no history but the nights' own tables. */
static char *since_of(const struct triage *triage, const struct finding *finding)
{
	const json_t *row = earlier(triage, finding);
	const char *before = text_of(triage->previous, "commit"), *now = triage->commit;
	char *text;

	if (row && *text_of(row, "since"))
		return strdup(text_of(row, "since"));
	if (asprintf(&text, "%.7s..%.7s", triage->previous ? before : "", now ? now : "") < 0)
		return NULL;
	return text;
}

static void complete(struct triage *triage)
{
	for (size_t i = 0; i < triage->findings.count; i++) {
		struct finding *row = &triage->findings.rows[i];

		if (!*row->since && (row->kind == FINDING_ATTACK || row->kind == FINDING_TEST ||
				     row->kind == FINDING_REGRESSION))
			finding_set(&row->since, since_of(triage, row));
	}
	findings_sort(&triage->findings);
}

static void read_previous(struct triage *triage)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/nightly/latest/nightly.json", triage->figures.results) >= 0)
		triage->previous = json_load_file(path, 0, NULL);
}

int triage_make(struct triage *triage, struct error *err)
{
	if (steps_read(triage->folder, &triage->steps, err))
		return -1;
	if (!triage->steps.count)
		return error_set(err, EXIT_USAGE, "%s/steps.jsonl holds no step", triage->folder);
	read_previous(triage);
	if (judge_all(triage, err))
		return -1;
	complete(triage);
	return 0;
}

enum exit_status triage_status(const struct triage *triage)
{
	const size_t *counts = triage->findings.counts;

	if (counts[FINDING_ATTACK] || counts[FINDING_REGRESSION] || counts[FINDING_TEST])
		return EXIT_FINDING;
	return counts[FINDING_MISSING] ? EXIT_ENVIRONMENT : EXIT_GOOD;
}

void triage_free(struct triage *triage)
{
	steps_free(&triage->steps);
	findings_free(&triage->findings);
	json_decref(triage->previous);
	free(triage->commit);
}
