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

static void print_percent(FILE *out, double ratio)
{
	double percent = (ratio - 1) * 100, size = fabs(percent);

	if (size < 0.005) {
		fputs("0.00 %", out);
		return;
	}
	fprintf(out, "%s%.*f %%", percent < 0 ? "−" : "+", size < 1 ? 2 : 1, size);
}

static void print_times(FILE *out, double ratio)
{
	fprintf(out, "×%.*f", ratio < 10 ? 2 : 1, ratio);
}

void number_change(FILE *out, double ratio)
{
	if (ratio >= 2)
		print_times(out, ratio);
	else
		print_percent(out, ratio);
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

void number_change_range(FILE *out, const struct estimate *ratio)
{
	void (*print)(FILE *, double) = ratio->median >= 2 ? print_times : print_percent;

	print(out, ratio->low);
	fputs(" to ", out);
	print(out, ratio->high);
}

void number_verdict(FILE *out, const struct estimate *ratio, enum change verdict)
{
	number_change(out, ratio->median);
	if (!ratio->spread) {
		fputs(" (interval unknown)", out);
		return;
	}
	fprintf(out, ", %s (95 %%: ", change_name(verdict));
	number_change_range(out, ratio);
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
