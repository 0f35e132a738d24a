// SPDX-License-Identifier: GPL-2.0
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define SVG_MAX ((size_t)16 << 20)

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<title>vKernel: what it costs</title>\n"
	"<style>\n"
	":root { --ink: #1c1e21; --paper: #fff; --line: #d5d9de; --shade: #f3f5f7; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"  :root { --ink: #dfe3e8; --paper: #15181c; --line: #383e46; --shade: #1f242a; }\n"
	"}\n"
	"body { margin: 0 auto; max-width: 64rem; padding: 1rem; color: var(--ink);\n"
	"  background: var(--paper); font: 16px/1.5 system-ui, sans-serif;\n"
	"  overflow-wrap: anywhere; }\n"
	"h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; }\n"
	".wide { overflow-x: auto; overflow-wrap: normal; }\n"
	"table { border-collapse: collapse; font-size: .875rem;\n"
	"  font-variant-numeric: tabular-nums; }\n"
	"th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;\n"
	"  vertical-align: top; min-width: 4.5rem; }\n"
	"th { background: var(--shade); }\n"
	"svg { display: block; width: 100%; min-width: 30rem; max-width: 44rem; height: auto; }\n"
	"svg [fill=\"black\"] { fill: var(--ink); } svg [stroke=\"black\"] { stroke: var(--ink); "
	"}\n"
	"svg [color=\"black\"] { color: var(--ink); } svg [fill=\"#ffffff\"] { fill: none; }\n"
	"</style>\n"
	"</head>\n"
	"<body>\n";

static const char tail[] = "</body>\n</html>\n";

static char *render(const char *markdown)
{
	cmark_parser *parser;
	cmark_node *document;
	char *body;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
	cmark_parser_feed(parser, markdown, strlen(markdown));
	document = cmark_parser_finish(parser);
	body = cmark_render_html(document, CMARK_OPT_DEFAULT,
				 cmark_parser_get_syntax_extensions(parser));
	cmark_node_free(document);
	cmark_parser_free(parser);
	return body;
}

/* The drawing itself, without what comes before <svg. */
static void print_drawing(const char *svg, FILE *out)
{
	const char *start = strstr(svg, "<svg");

	fprintf(out, "<div class=\"wide\">%s</div>", start ? start : "");
}

/* Tables scroll by themselves on a narrow screen; the image becomes the drawing. */
static void print_body(const char *body, const char *svg, FILE *out)
{
	static const char image[] = "<img src=\"" PLOT_PATH "\"";

	while (*body) {
		if (!strncmp(body, "<table>", 7)) {
			fputs("<div class=\"wide\"><table>", out);
			body += 7;
		} else if (!strncmp(body, "</table>", 8)) {
			fputs("</table></div>", out);
			body += 8;
		} else if (svg && !strncmp(body, image, sizeof(image) - 1)) {
			print_drawing(svg, out);
			body += strcspn(body, ">");
			body += *body == '>';
		} else {
			fputc(*body++, out);
		}
	}
}

static int load_drawing(const struct report *report, char **svg, struct error *err)
{
	autofree char *path = NULL;
	size_t size;

	if (!plot_possible(report))
		return 0;
	if (asprintf(&path, "%s/" PLOT_PATH, report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.html");
	return file_read(path, SVG_MAX, svg, &size, err);
}

int html_write(const struct report *report, const char *markdown, struct error *err)
{
	autofree char *svg = NULL, *body = NULL, *text = NULL, *path = NULL;
	size_t size;
	FILE *out;

	if (load_drawing(report, &svg, err))
		return -1;
	body = render(markdown);
	out = open_memstream(&text, &size);
	if (!body || !out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.html");
	fputs(head, out);
	print_body(body, svg, out);
	fputs(tail, out);
	if (fclose(out) || asprintf(&path, "%s/report.html", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.html");
	return file_write(path, text, size, err);
}
