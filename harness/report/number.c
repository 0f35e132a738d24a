// SPDX-License-Identifier: GPL-2.0
#include "harness/report/number.h"

#include <math.h>
#include <string.h>

static void print_grouped(FILE *out, double value)
{
	char digits[64];
	int length = snprintf(digits, sizeof(digits), "%.0f", value);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			fputc(',', out);
		fputc(digits[i], out);
	}
}

void number_print(FILE *out, double value)
{
	if (value >= 1e12)
		fprintf(out, "%.4g", value);
	else if (value >= 9999.5)
		print_grouped(out, value);
	else if (value >= 100)
		fprintf(out, "%.1f", value);
	else if (value >= 1)
		fprintf(out, "%.2f", value);
	else
		fprintf(out, "%.3g", value);
}

void number_change(FILE *out, double ratio)
{
	double percent = (ratio - 1) * 100, size = fabs(percent);

	if (ratio >= 2)
		fprintf(out, "×%.*f", ratio < 10 ? 2 : 1, ratio);
	else
		fprintf(out, "%s%.*f %%", percent < 0 ? "−" : "+", size < 1 ? 2 : 1, size);
}

void number_interval(FILE *out, const struct estimate *estimate)
{
	if (!estimate->spread) {
		fputs("unknown", out);
		return;
	}
	number_print(out, estimate->low);
	fputs(" to ", out);
	number_print(out, estimate->high);
}

static const char *judge(const struct estimate *ratio, enum better better)
{
	if (ratio->low <= 1 && ratio->high >= 1)
		return "within noise";
	return (ratio->median < 1) == (better == BETTER_LOWER) ? "better" : "worse";
}

void number_verdict(FILE *out, const struct estimate *ratio, enum better better)
{
	number_change(out, ratio->median);
	if (!ratio->spread) {
		fputs(" (interval unknown)", out);
		return;
	}
	fprintf(out, ", %s (95 %%: ", judge(ratio, better));
	number_change(out, ratio->low);
	fputs(" to ", out);
	number_change(out, ratio->high);
	fputc(')', out);
}

void number_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("|<>&*_`[]\\", *text))
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}
