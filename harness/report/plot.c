// SPDX-License-Identifier: GPL-2.0
#include "harness/report/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define SCRIPT	"plots.gp"
#define MADE	".new" /* what gnuplot writes until all is there */
#define FOLDER	"plots"
#define SVG_MAX ((size_t)16 << 20)

/* In the order of the page. */
static int (*const plots[])(const struct report *report, struct drawings *drawings) = {
	plot_costs, plot_startup, plot_delays, plot_containers, plot_history,
};

static const char common[] = "set border 1 lc rgb \"" RULE "\"\n"
			     "set tics textcolor rgb \"" SOFT "\" nomirror scale 0.5\n"
			     "set xlabel textcolor rgb \"" SOFT "\" offset 0,0.5\n"
			     "set ylabel textcolor rgb \"" SOFT "\"\n"
			     "set grid xtics lc rgb \"" LINE "\" lt 1 lw 1\n"
			     "set key off\n"
			     "set bars small\n";

/* Gnuplot gives what stands between grave accents to a shell, within quotes too. */
void plot_text(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(strchr("\"\\`", *text) || (unsigned char)*text < ' ' ? '\'' : *text, out);
}

int drawing_begin(struct drawings *drawings, unsigned int height, const char *name,
		  const char *title, const char *caption)
{
	struct drawing *larger = realloc(drawings->rows, (drawings->count + 1) * sizeof(*larger));
	struct drawing *row;

	if (!larger)
		return -1;
	drawings->rows = larger;
	row = &larger[drawings->count];
	*row = (struct drawing){
		.name = strdup(name),
		.title = strdup(title),
		.caption = strdup(caption),
	};
	drawings->count++;
	if (!row->name || !row->title || !row->caption)
		return -1;
	fprintf(drawings->script,
		"reset\nset terminal svg size %d,%u dynamic font \"sans-serif,12\" noenhanced "
		"background \"#ffffff\" name \"drawing%zu\"\nset output \"%s.svg" MADE "\"\n"
		"set bmargin at screen %.4f\nset tmargin at screen %.4f\n%s",
		PLOT_WIDTH, height, drawings->count, name, (double)PLOT_BOTTOM / height,
		1 - (double)PLOT_TOP / height, common);
	return 0;
}

static int run_gnuplot(const char *folder, struct error *err)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for gnuplot");
	if (!child) {
		if (chdir(folder))
			_exit(126);
		execlp("gnuplot", "gnuplot", SCRIPT, (char *)NULL);
		_exit(127);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot wait for gnuplot");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(err, EXIT_ENVIRONMENT,
				 "gnuplot is not there; install the package gnuplot-nox");
	if (status)
		return error_set(err, EXIT_ENVIRONMENT, "gnuplot failed on %s/" SCRIPT, folder);
	return 0;
}

static int make_script(struct report *report, char **text, size_t *size)
{
	struct drawings *drawings = &report->drawings;
	int failed = 0;

	drawings->script = open_memstream(text, size);
	if (!drawings->script)
		return -1;
	for (size_t i = 0; i < sizeof(plots) / sizeof(plots[0]) && !failed; i++)
		failed = plots[i](report, drawings);
	fputs("set output\n", drawings->script);
	failed |= fclose(drawings->script);
	drawings->script = NULL;
	return failed ? -1 : 0;
}

/* All drawings get their names when gnuplot has made the last one. */
static int publish(const struct report *report, struct error *err)
{
	for (size_t i = 0; i < report->drawings.count; i++) {
		autofree char *made = NULL, *path = NULL;

		if (asprintf(&path, "%s/" FOLDER "/%s.svg", report->folder,
			     report->drawings.rows[i].name) < 0 ||
		    asprintf(&made, "%s" MADE, path) < 0)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
		if (rename(made, path))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s",
					       path);
	}
	return 0;
}

int plot_write(struct report *report, struct error *err)
{
	autofree char *folder = NULL, *path = NULL, *text = NULL;
	size_t size;

	if (make_script(report, &text, &size) ||
	    asprintf(&folder, "%s/" FOLDER, report->folder) < 0 ||
	    asprintf(&path, "%s/" SCRIPT, folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the plots");
	if (!report->drawings.count)
		return 0;
	if (mkdir(folder, 0755) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", folder);
	return file_write(path, text, size, err) || run_gnuplot(folder, err) || publish(report, err)
		       ? -1
		       : 0;
}

void drawings_release(struct drawings *drawings)
{
	for (size_t i = 0; i < drawings->count; i++) {
		free(drawings->rows[i].name);
		free(drawings->rows[i].title);
		free(drawings->rows[i].caption);
	}
	free(drawings->rows);
	*drawings = (struct drawings){0};
}
