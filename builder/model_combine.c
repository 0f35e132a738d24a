// SPDX-License-Identifier: GPL-2.0
/* Two answers to one call, the stricter of which counts. */
#include <stdlib.h>
#include <string.h>

#include "builder/model.h"
#include "lib/cleanup.h"

/* The rules that are made, in their order. */
struct draft {
	struct rule *rules;
	size_t count, capacity;
	enum model_result result;
};

static bool stricter(__u32 a, __u32 b)
{
	return model_leniency(a) < model_leniency(b);
}

static __u32 join(struct draft *draft, __u32 a, __u32 b)
{
	if (a != b && POLICY_VERDICT_ACTION(a) == POLICY_PRIVATE &&
	    POLICY_VERDICT_ACTION(b) == POLICY_PRIVATE)
		draft->result = MODEL_TWO_CALLS;
	return stricter(b, a) ? b : a;
}

static bool has_comparison(const struct rule *rule, const struct comparison *c)
{
	for (unsigned int i = 0; i < rule->count; i++) {
		const struct comparison *own = &rule->comparisons[i];

		if (own->argument == c->argument && own->operator_ == c->operator_ &&
		    own->value == c->value && own->mask == c->mask)
			return true;
	}
	return false;
}

/* Whether a rule before holds wherever this one does, so that it is never asked. */
static bool is_shadowed(const struct draft *draft, const struct rule *rule)
{
	for (size_t i = 0; i < draft->count; i++) {
		const struct rule *before = &draft->rules[i];
		unsigned int met = 0;

		while (met < before->count && has_comparison(rule, &before->comparisons[met]))
			met++;
		if (met == before->count)
			return true;
	}
	return false;
}

static void push(struct draft *draft, const struct rule *rule, __u32 verdict)
{
	if (draft->result != MODEL_ADDED || is_shadowed(draft, rule))
		return;
	if (draft->count == CALL_RULES_MAX) {
		draft->result = MODEL_TOO_MANY;
		return;
	}
	if (draft->count == draft->capacity) {
		const size_t capacity = draft->capacity ? 2 * draft->capacity : 16;
		struct rule *grown = reallocarray(draft->rules, capacity, sizeof(*grown));

		if (!grown) {
			draft->result = MODEL_NO_MEMORY;
			return;
		}
		draft->rules = grown;
		draft->capacity = capacity;
	}
	draft->rules[draft->count] = *rule;
	draft->rules[draft->count++].verdict = verdict;
}

/* Where both rules hold. */
static void push_both(struct draft *draft, const struct rule *a, const struct rule *b)
{
	struct rule both = *a;

	if (model_exclude(a, b))
		return;
	for (unsigned int i = 0; i < b->count; i++) {
		if (has_comparison(&both, &b->comparisons[i]))
			continue;
		if (both.count == COMPARISONS) {
			draft->result = MODEL_TOO_MANY;
			return;
		}
		both.comparisons[both.count++] = b->comparisons[i];
	}
	push(draft, &both, join(draft, a->verdict, b->verdict));
}

/* Whether rule's verdict is the answer, whatever the others say. */
static bool dominates(const struct rule *rule, const struct answers *others)
{
	if (stricter(others->otherwise, rule->verdict))
		return false;
	for (size_t i = 0; i < others->count; i++)
		if (stricter(others->rules[i].verdict, rule->verdict))
			return false;
	return model_refuses(rule->verdict);
}

/* How many of a's first rules decide, whatever b says; its order lets no later one go before. */
static size_t count_dominating(const struct answers *a, const struct answers *b)
{
	size_t count = 0;

	while (count < a->count && dominates(&a->rules[count], b))
		count++;
	return count;
}

/*
 * First a's rules that decide alone; then where rules of both hold, in a's order and for each of
 * them in b's; then where only a's do; then where only b's do. So the first of these rules that
 * holds joins the first of a's and the first of b's that hold.
 */
static __u32 multiply(struct draft *draft, const struct answers *a, const struct answers *b)
{
	const __u32 otherwise = join(draft, a->otherwise, b->otherwise);
	const size_t first = count_dominating(a, b);

	if (a->count && b->count && a->rules[0].fields != b->rules[0].fields)
		draft->result = MODEL_MIXED;
	for (size_t i = 0; i < first; i++)
		push(draft, &a->rules[i], a->rules[i].verdict);
	for (size_t i = first; i < a->count && draft->result == MODEL_ADDED; i++)
		for (size_t j = 0; j < b->count; j++)
			push_both(draft, &a->rules[i], &b->rules[j]);
	for (size_t i = first; i < a->count; i++)
		push(draft, &a->rules[i], join(draft, a->rules[i].verdict, b->otherwise));
	for (size_t j = 0; j < b->count; j++)
		push(draft, &b->rules[j], join(draft, a->otherwise, b->rules[j].verdict));
	/* What says at the end what is said anyway need not be asked. */
	while (draft->count && draft->rules[draft->count - 1].verdict == otherwise)
		draft->count--;
	return otherwise;
}

/* The answers of a call, for free() of their rules; NULL rules and a count: no memory. */
static struct answers answers_of(const struct table *table, unsigned int slot)
{
	const struct call *call = &table->calls[slot];
	struct answers answers = {.otherwise = call->decided	     ? call->verdict
					       : call->has_otherwise ? call->otherwise
								     : table->otherwise};
	struct rule *rules;

	for (unsigned int i = call->first; i; i = table->rules[i].next)
		answers.count++;
	if (!answers.count)
		return answers;
	answers.rules = rules = calloc(answers.count, sizeof(*rules));
	for (unsigned int i = call->first; rules && i; i = table->rules[i].next)
		*rules++ = table->rules[i];
	return answers;
}

static int put_rules(struct table *table, struct call *call, const struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		if (model_append(table, call, &draft->rules[i]))
			return -1;
	return 0;
}

static enum model_result put(struct table *table, unsigned int slot, const struct draft *draft,
			     __u32 otherwise)
{
	struct call *call = &table->calls[slot], made = {0};

	if (!draft->count) {
		*call = (struct call){.decided = true, .verdict = otherwise};
		return MODEL_ADDED;
	}
	made.has_otherwise = true;
	made.otherwise = otherwise;
	if (put_rules(table, &made, draft))
		return MODEL_NO_MEMORY;
	*call = made;
	return MODEL_ADDED;
}

enum model_result model_narrow(struct table *table, unsigned int slot,
			       const struct answers *answers)
{
	const struct answers own = answers_of(table, slot);
	struct draft draft = {.result = MODEL_ADDED};
	__u32 otherwise;

	if (own.count && !own.rules)
		return MODEL_NO_MEMORY;
	otherwise = multiply(&draft, &own, answers);
	if (draft.result == MODEL_ADDED)
		draft.result = put(table, slot, &draft, otherwise);
	free((void *)own.rules);
	free(draft.rules);
	return draft.result;
}

int model_refuse(struct table *table, unsigned int slot, __u32 verdict,
		 const struct comparison *where)
{
	struct rule rule = {.verdict = verdict, .count = 1};
	struct answers answers = {.rules = &rule, .otherwise = POLICY_VERDICT(POLICY_ALLOW, 0)};

	if (where)
		rule.comparisons[answers.count++] = *where;
	else
		answers.otherwise = verdict;
	return model_narrow(table, slot, &answers) == MODEL_ADDED ? 0 : -1;
}

static __u32 renumbered(__u32 verdict, const int *private_calls)
{
	if (POLICY_VERDICT_ACTION(verdict) != POLICY_PRIVATE)
		return verdict;
	return POLICY_VERDICT(POLICY_PRIVATE, private_calls[POLICY_VERDICT_VALUE(verdict)]);
}

static enum model_result combine_call(struct table *into, const struct table *other,
				      unsigned int slot, const int *private_calls)
{
	struct answers answers = answers_of(other, slot);
	struct rule *rules = (struct rule *)answers.rules;
	enum model_result result;

	/* If it is the other's default, it is so for the whole table, and changes nothing. */
	if (!answers.count && answers.otherwise == other->otherwise &&
	    answers.otherwise == POLICY_VERDICT(POLICY_ALLOW, 0))
		return MODEL_ADDED;
	if (answers.count && !rules)
		return MODEL_NO_MEMORY;
	answers.otherwise = renumbered(answers.otherwise, private_calls);
	for (size_t i = 0; i < answers.count; i++)
		rules[i].verdict = renumbered(rules[i].verdict, private_calls);
	result = model_narrow(into, slot, &answers);
	free(rules);
	return result;
}

enum model_result model_combine(struct table *into, const struct table *other,
				const int *private_calls, unsigned int *slot)
{
	enum model_result result = MODEL_ADDED;
	struct draft draft = {.result = MODEL_ADDED};
	__u32 otherwise;

	for (*slot = 0; *slot < POLICY_SYSCALL_MAX; ++*slot) {
		result = combine_call(into, other, *slot, private_calls);
		if (result != MODEL_ADDED)
			return result;
	}
	otherwise = join(&draft, into->otherwise, renumbered(other->otherwise, private_calls));
	into->otherwise = otherwise;
	return draft.result;
}
