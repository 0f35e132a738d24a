// SPDX-License-Identifier: GPL-2.0
/* Colours of drawings, alone and within the page. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/markup.h"
#include "harness/report/plot.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define SVG_MAX ((size_t)16 << 20)

/* Colours as they are drawn, and what they become in the page. */
static const struct {
	unsigned int drawn;
	const char *themed;
} themes[] = {
	{0x000000, "var(--ink)"},  {0x1a1c1f, "var(--ink)"},  {0x565b61, "var(--soft)"},
	{0xdcdcd5, "var(--line)"}, {0xb9b9b0, "var(--rule)"}, {0xffffff, "none"},
	{0x6b7076, "var(--s0)"},   {0x0b6fa8, "var(--s1)"},   {0xb2500e, "var(--s2)"},
	{0x00785a, "var(--s3)"},   {0x8a4bb0, "var(--s4)"},   {0xa8326b, "var(--s5)"},
	{0x76680b, "var(--s6)"},   {0x4d5bc4, "var(--s7)"},   {0xa03c3c, "var(--s8)"},
	{0x3f7318, "var(--s9)"},
};

static const struct {
	const char *configuration, *colour;
} colours[] = {
	{"crun", "#6b7076"},	      {"vkernel", "#0b6fa8"}, {"crun-secure", "#b2500e"},
	{"kata", "#00785a"},	      {"gvisor", "#8a4bb0"},  {"runc-secure", "#a8326b"},
	{"native", "#76680b"},	      {"runc", "#4d5bc4"},    {"crun-apparmor", "#a03c3c"},
	{"vkernel-files", "#3f7318"},
};

const char *plot_colour(const char *configuration)
{
	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (!strcmp(colours[i].configuration, configuration))
			return colours[i].colour;
	return "#3f7318";
}

/* Gnuplot writes colours in three ways. Returns whether text, up to its quote, is one. */
static bool parse_colour(const char *text, unsigned int *colour)
{
	unsigned int red, green, blue;

	*colour = 0;
	if (!strncmp(text, "black", 5))
		return true;
	if (sscanf(text, "#%06x", colour) == 1)
		return true;
	if (sscanf(text, "rgb(%u,%u,%u)", &red, &green, &blue) != 3)
		return false;
	*colour = red << 16 | green << 8 | blue;
	return true;
}

/* The quoted colour that begins at svg, written for the page; returns its length, or 0. */
static size_t print_theme(const char *svg, FILE *out)
{
	const char *end = *svg == '"' || *svg == '\'' ? strchr(svg + 1, *svg) : NULL;
	unsigned int colour;

	if (!end || !parse_colour(svg + 1, &colour))
		return 0;
	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++) {
		if (themes[i].drawn != colour)
			continue;
		fprintf(out, "\"%s\"", themes[i].themed);
		return end - svg + 1;
	}
	return 0;
}

/* Names within a drawing become names within the page. */
static size_t print_name(const char *svg, const char *name, FILE *out)
{
	static const char *const starts[] = {"id=\"", "id='", "xlink:href=\"#", "xlink:href='#",
					     "url(#"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t length = strlen(starts[i]);

		if (strncmp(svg, starts[i], length))
			continue;
		fwrite(svg, 1, length, out);
		fprintf(out, "%s-", name);
		return length;
	}
	return 0;
}

static void print_drawing(const char *svg, const char *name, FILE *out)
{
	while (*svg) {
		size_t length = print_theme(svg, out);

		if (!length)
			length = print_name(svg, name, out);
		if (!length)
			fputc(*svg, out);
		svg += length ? length : 1;
	}
}

/* What stands between two marks, or NULL. */
static char *after(char *text, const char *mark)
{
	char *at = strstr(text, mark);

	return at ? at + strlen(mark) : NULL;
}

int plot_inline(const struct report *report, const struct drawing *drawing, FILE *out,
		struct error *err)
{
	autofree char *path = NULL, *svg = NULL;
	char *body;
	size_t size;

	if (asprintf(&path, "%s/plots/%s.svg", report->folder, drawing->name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (file_read(path, SVG_MAX, &svg, &size, err))
		return -1;
	body = after(svg, "<svg");
	if (!body)
		return error_set(err, EXIT_ENVIRONMENT, "%s is no drawing", path);
	html(out, "<svg role=\"img\" aria-label=\"%s\"", drawing->title);
	print_drawing(body, drawing->name, out);
	return 0;
}

void plot_ratio_ticks(char axis, double low, double high, FILE *out)
{
	static const double near[] = {0.9, 1, 1.1, 1.2, 1.3}, wider[] = {0.6, 0.8, 1, 1.2, 1.5, 2};
	const char *separator = "";
	/* Far apart, each tick is four or sixteen times the one before, so that labels do not meet. */
	double step = high / low > 4096 ? 16 : high / low > 64 ? 4 : 2;

	if (!(low > 0) || !isfinite(high / low))
		return;
	fprintf(out, "set %ctics (", axis);
	if (high / low < 2.1) {
		for (size_t i = 0; i < (high / low < 1.45 ? 5 : 6); i++) {
			double at = high / low < 1.45 ? near[i] : wider[i];

			if (at < low || at > high)
				continue;
			fprintf(out, "%s\"×%g\" %g", separator, at, at);
			separator = ", ";
		}
	} else {
		for (double at = pow(step, ceil(log(low) / log(step) - 1e-9)); at <= high * 1.001;
		     at *= step) {
			if (at < 1)
				fprintf(out, "%s\"×1/%g\" %g", separator, 1 / at, at);
			else
				fprintf(out, "%s\"×%g\" %g", separator, at, at);
			separator = ", ";
		}
	}
	fputs(")\n", out);
}
