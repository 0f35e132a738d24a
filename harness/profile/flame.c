// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/flame.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "harness/profile/difference.h"
#include "harness/profile/tree.h"
#include "lib/cleanup.h"

#define WIDTH	  1200.0
#define MARGIN	  10.0
#define ROW	  17.0
#define HEAD	  64.0
#define LETTER	  6.7 /* width of a letter at the size that is used */
#define NARROWEST 0.4
#define LEVELS	  5
#define LISTED	  8
/* What differs by less than this part of the whole is grey. */
#define NOTHING	  0.0002

struct drawing {
	FILE *out;
	double scale;	 /* pixels for an instruction */
	double greatest; /* difference of any box */
	double whole;	 /* instructions, before */
	double bottom;	 /* of the lowest row */
};

static const char style[] =
	"<style>\n"
	"text{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1b1b1b}\n"
	".h{font:600 15px system-ui,sans-serif}.s{font:12px system-ui,sans-serif;fill:#555}\n"
	"rect{stroke:#fff;stroke-width:.5}#b{fill:#fff;stroke:none}\n"
	".n{fill:#e3e3e0}.m1{fill:#fbe0d8}.m2{fill:#f6bda9}.m3{fill:#ee957a}.m4{fill:#e36a4b}"
	".m5{fill:#d14124}\n"
	".l1{fill:#dbe7f6}.l2{fill:#b5cfec}.l3{fill:#8ab3e0}.l4{fill:#5c94d2}.l5{fill:#3474bd}\n"
	"g:hover>rect{stroke:#000;stroke-width:1.2}\n"
	"@media(prefers-color-scheme:dark){text{fill:#ececec}.s{fill:#aaa}"
	"rect{stroke:#16181c}#b{fill:#16181c}.n{fill:#3a3d42}\n"
	".m1{fill:#4d332c}.m2{fill:#6e3a2c}.m3{fill:#90402b}.m4{fill:#b24428}.m5{fill:#d14924}\n"
	".l1{fill:#2b3a4d}.l2{fill:#2c4a70}.l3{fill:#2c5a94}.l4{fill:#2c6ab8}.l5{fill:#3a7ed2}\n"
	"g:hover>rect{stroke:#fff}}\n"
	"</style>\n";

/* Names come from programs: whatever is in them must not become markup. */
static void put(FILE *out, const char *text, size_t length)
{
	for (; *text && length; text++, length--) {
		unsigned char letter = *text;

		if (letter == '<')
			fputs("&lt;", out);
		else if (letter == '>')
			fputs("&gt;", out);
		else if (letter == '&')
			fputs("&amp;", out);
		else if (letter == '"')
			fputs("&quot;", out);
		else
			fputc(letter < 0x20 || letter > 0x7e ? '?' : letter, out);
	}
}

static void find_greatest(const struct call_node *node, double *greatest)
{
	*greatest = fmax(*greatest, fabs(node->after - node->before));
	for (const struct call_node *each = node->children; each; each = each->next)
		find_greatest(each, greatest);
}

/* Rows that are wide enough to be drawn, the node's own included. */
static unsigned int rows_of(const struct call_node *node, double scale)
{
	unsigned int most = 0;

	if (node->weight * scale < NARROWEST)
		return 0;
	for (const struct call_node *each = node->children; each; each = each->next) {
		unsigned int rows = rows_of(each, scale);

		most = rows > most ? rows : most;
	}
	return most + 1;
}

static void put_class(const struct drawing *drawing, const struct call_node *node)
{
	double difference = node->after - node->before;
	int level;

	if (fabs(difference) <= NOTHING * drawing->whole || !(drawing->greatest > 0)) {
		fputs("n", drawing->out);
		return;
	}
	level = (int)ceil(LEVELS * sqrt(fabs(difference) / drawing->greatest));
	fprintf(drawing->out, "%c%d", difference > 0 ? 'm' : 'l',
		level < 1	 ? 1
		: level > LEVELS ? LEVELS
				 : level);
}

static void draw_box(const struct drawing *drawing, const struct call_node *node, double x,
		     double y, double width)
{
	FILE *out = drawing->out;
	size_t letters = (size_t)((width - 4) / LETTER);

	fputs("<g><title>", out);
	put(out, node->name, 400);
	fprintf(out, ": %.1f, then %.1f (%+.1f)</title><rect class=\"", node->before, node->after,
		node->after - node->before);
	put_class(drawing, node);
	fprintf(out, "\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>", x, y, width,
		ROW - 1);
	if (width > 4 + 3 * LETTER) {
		fprintf(out, "<text x=\"%.2f\" y=\"%.1f\">", x + 3, y + ROW - 5);
		put(out, node->name, letters);
		fputs("</text>", out);
	}
	fputs("</g>\n", out);
}

static void draw(const struct drawing *drawing, const struct call_node *node, double x, double y)
{
	for (const struct call_node *each = node->children; each; each = each->next) {
		double width = each->weight * drawing->scale;

		if (width >= NARROWEST) {
			draw_box(drawing, each, x, y, width);
			draw(drawing, each, x, y - ROW);
		}
		x += width;
	}
}

static void draw_head(FILE *out, const struct profile *before, const struct profile *after,
		      const struct call_node *root)
{
	fprintf(out, "<text class=\"h\" x=\"%.0f\" y=\"24\">", MARGIN);
	put(out, before->workload, 200);
	fputs(": ", out);
	put(out, after->configuration, 200);
	fputs(" over ", out);
	put(out, before->configuration, 200);
	fprintf(out,
		"</text>\n<text class=\"s\" x=\"%.0f\" y=\"42\">%.1f instructions for each "
		"operation, then %.1f (%+.1f); a box is as wide as what it takes in either"
		"</text>\n",
		MARGIN, root->before, root->after, root->after - root->before);
	fprintf(out,
		"<rect class=\"m4\" x=\"%.0f\" y=\"49\" width=\"10\" height=\"10\"/>"
		"<text class=\"s\" x=\"%.0f\" y=\"58\">more</text>"
		"<rect class=\"l4\" x=\"%.0f\" y=\"49\" width=\"10\" height=\"10\"/>"
		"<text class=\"s\" x=\"%.0f\" y=\"58\">less</text>"
		"<rect class=\"n\" x=\"%.0f\" y=\"49\" width=\"10\" height=\"10\"/>"
		"<text class=\"s\" x=\"%.0f\" y=\"58\">the same</text>\n",
		MARGIN, MARGIN + 15, MARGIN + 55, MARGIN + 70, MARGIN + 105, MARGIN + 120);
}

/* Most of what differs is narrow, so that it is listed as well. */
static int draw_list(const struct drawing *drawing, const struct profile *before,
		     const struct profile *after, struct error *err)
{
	autofree struct difference *rows = NULL;
	double y = drawing->bottom + ROW;
	size_t count;

	if (difference_make(before, after, &rows, &count, err))
		return -1;
	for (size_t i = 0; i < count && i < LISTED; i++) {
		y += ROW;
		fprintf(drawing->out, "<text x=\"%.0f\" y=\"%.1f\">%+.1f in ", MARGIN, y,
			rows[i].after - rows[i].before);
		put(drawing->out, rows[i].symbol, 120);
		fputs(" of ", drawing->out);
		put(drawing->out, rows[i].image, 60);
		fputs("</text>\n", drawing->out);
	}
	return 0;
}

static int draw_all(FILE *out, const struct profile *before, const struct profile *after,
		    const struct call_node *root, struct error *err)
{
	struct drawing drawing = {.out = out, .whole = root->before};
	double height;

	if (!(root->weight > 0))
		return error_set(err, EXIT_USAGE, "there is nothing to draw: no stacks");
	drawing.scale = (WIDTH - 2 * MARGIN) / root->weight;
	find_greatest(root, &drawing.greatest);
	drawing.bottom = HEAD + ROW * rows_of(root, drawing.scale);
	height = drawing.bottom + ROW * (LISTED + 2);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"role=\"img\">\n<title>",
		WIDTH, height);
	put(out, before->workload, 200);
	fputs(": where ", out);
	put(out, after->configuration, 200);
	fputs(" executes more or less than ", out);
	put(out, before->configuration, 200);
	fprintf(out, "</title>\n%s<rect id=\"b\" width=\"%.0f\" height=\"%.0f\"/>\n", style, WIDTH,
		height);
	draw_head(out, before, after, root);
	draw(&drawing, root, MARGIN, drawing.bottom - ROW);
	if (draw_list(&drawing, before, after, err))
		return -1;
	fputs("</svg>\n", out);
	return fflush(out) || ferror(out)
		       ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write the picture")
		       : 0;
}

int flame_write(FILE *out, const struct profile *before, const struct profile *after,
		struct error *err)
{
	struct call_node *root = tree_make(before, after, err);
	int result;

	if (!root)
		return -1;
	result = draw_all(out, before, after, root, err);
	tree_free(root);
	return result;
}
