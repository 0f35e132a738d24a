// SPDX-License-Identifier: GPL-2.0
#include "builder/files.h"

#include <stdlib.h>
#include <string.h>

static void free_rule(struct file_rule *rule)
{
	free(rule->pattern);
	free(rule->text);
	free(rule->source);
}

/* Room for one more, doubled whenever the count is a power of two. */
static int make_room(struct file_rules *rules)
{
	const size_t capacity = rules->count ? 2 * rules->count : 16;
	struct file_rule *grown;

	if (rules->count && (rules->count < 16 || rules->count & (rules->count - 1)))
		return 0;
	grown = reallocarray(rules->rules, capacity, sizeof(*grown));
	if (!grown)
		return -1;
	rules->rules = grown;
	return 0;
}

int file_rules_add(struct file_rules *rules, const struct file_rule *rule)
{
	struct file_rule copy = *rule;

	copy.pattern = strdup(rule->pattern);
	copy.text = strdup(rule->text);
	copy.source = strdup(rule->source);
	if (!copy.pattern || !copy.text || !copy.source || make_room(rules)) {
		free_rule(&copy);
		return -1;
	}
	rules->rules[rules->count++] = copy;
	return 0;
}

void file_rules_free(struct file_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		free_rule(&rules->rules[i]);
	free(rules->rules);
	*rules = (struct file_rules){0};
}
