// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/difference.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

static int by_name(const struct share *a, const struct share *b)
{
	int image = strcmp(a->image, b->image);

	return image ? image : strcmp(a->symbol, b->symbol);
}

static int compare_shares(const void *left, const void *right)
{
	return by_name(*(const struct share *const *)left, *(const struct share *const *)right);
}

static int compare(const void *left, const void *right)
{
	const struct difference *a = left, *b = right;
	double first = fabs(a->after - a->before), second = fabs(b->after - b->before);

	if (first != second)
		return first > second ? -1 : 1;
	return strcmp(a->symbol, b->symbol);
}

/* The shares by name; NULL without memory. */
static const struct share **sorted(const struct profile *profile)
{
	const struct share **shares = malloc((profile->share_count + 1) * sizeof(*shares));

	for (size_t i = 0; shares && i < profile->share_count; i++)
		shares[i] = &profile->shares[i];
	if (shares && profile->share_count)
		qsort(shares, profile->share_count, sizeof(*shares), compare_shares);
	return shares;
}

static double each(const struct share *share, const struct profile *profile)
{
	return (double)share->instructions / profile->operations;
}

/* Walks both lists, which are sorted by name. */
static size_t join(const struct profile *before, const struct share **first,
		   const struct profile *after, const struct share **second,
		   struct difference *differences)
{
	size_t count = 0, i = 0, j = 0;

	while (i < before->share_count || j < after->share_count) {
		int order = i == before->share_count  ? 1
			    : j == after->share_count ? -1
						      : by_name(first[i], second[j]);
		const struct share *share = order > 0 ? second[j] : first[i];
		struct difference *difference = &differences[count++];

		*difference = (struct difference){.image = share->image, .symbol = share->symbol};
		if (order <= 0)
			difference->before = each(first[i++], before);
		if (order >= 0)
			difference->after = each(second[j++], after);
	}
	return count;
}

int difference_make(const struct profile *before, const struct profile *after,
		    struct difference **differences, size_t *count, struct error *err)
{
	autofree const struct share **first = sorted(before), **second = sorted(after);

	*differences =
		malloc((before->share_count + after->share_count + 1) * sizeof(**differences));
	if (!first || !second || !*differences) {
		free(*differences);
		*differences = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison");
	}
	*count = join(before, first, after, second, *differences);
	if (*count)
		qsort(*differences, *count, sizeof(**differences), compare);
	return 0;
}

static void print_row(FILE *out, double before, double after, const char *image, const char *symbol)
{
	fprintf(out, "%14.1f %14.1f %+14.1f  %-12s %s\n", before, after, after - before, image,
		symbol);
}

int difference_print(FILE *out, const struct profile *before, const struct profile *after,
		     size_t most, struct error *err)
{
	struct difference rest = {0}, all = {0};
	autofree struct difference *rows = NULL;
	size_t count;

	if (difference_make(before, after, &rows, &count, err))
		return -1;
	fprintf(out, "%s: instructions for each operation\n\n", before->workload);
	fprintf(out, "%14s %14s %14s  %-12s %s\n", before->configuration, after->configuration,
		"difference", "image", "symbol");
	for (size_t i = 0; i < count; i++) {
		bool shown = !most || i < most;
		struct difference *sum = shown ? &all : &rest;

		sum->before += rows[i].before;
		sum->after += rows[i].after;
		if (shown)
			print_row(out, rows[i].before, rows[i].after, rows[i].image,
				  rows[i].symbol);
	}
	if (most && count > most)
		print_row(out, rest.before, rest.after, "", "(others)");
	print_row(out, all.before + rest.before, all.after + rest.after, "", "(all)");
	return 0;
}
