// SPDX-License-Identifier: GPL-2.0
/*
 * Mount rules become verdicts of the system calls: EACCES, as AppArmor answers, where nothing
 * stricter is there already.
 *
 * mount(2) is not the only way. fsopen, fspick, fsconfig and fsmount make and change a mount that
 * stands nowhere yet, whose files are reached by its descriptor; open_tree with OPEN_TREE_CLONE
 * (without it, it opens a path) and open_tree_attr copy one; move_mount puts it somewhere;
 * mount_setattr changes it. Whoever may not mount may have none of them.
 */
#include <errno.h>
#include <linux/mount.h>
#include <string.h>

#include "builder/apparmor.h"

#define REFUSED	    POLICY_VERDICT(POLICY_ERRNO, EACCES)
#define MOUNT_FLAGS 3 /* the argument of mount(2) */

struct refused_call {
	const char *name;
	unsigned int mounts; /* refused where any of these is refused */
	bool is_mount;	     /* mount(2), whose flags tell remounting */
	bool masked;	     /* only where argument & mask == value */
	__u32 argument;
	__u64 mask, value;
};

static const struct refused_call calls[] = {
	{.name = "mount", .mounts = AA_MOUNT | AA_REMOUNT, .is_mount = true},
	{.name = "fsopen", .mounts = AA_MOUNT},
	{.name = "fspick", .mounts = AA_REMOUNT},
	{.name = "fsconfig", .mounts = AA_MOUNT | AA_REMOUNT},
	{.name = "fsmount", .mounts = AA_MOUNT},
	{.name = "move_mount", .mounts = AA_MOUNT},
	{.name = "mount_setattr", .mounts = AA_MOUNT | AA_REMOUNT},
	{.name = "open_tree_attr", .mounts = AA_MOUNT | AA_REMOUNT},
	{.name = "open_tree",
	 .mounts = AA_MOUNT,
	 .masked = true,
	 .argument = 2,
	 .mask = OPEN_TREE_CLONE,
	 .value = OPEN_TREE_CLONE},
	{.name = "umount", .mounts = AA_UMOUNT},
	{.name = "umount2", .mounts = AA_UMOUNT},
	{.name = "pivot_root", .mounts = AA_PIVOT_ROOT},
};

int aa_mount_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		  const struct aa_token *rule)
{
	static const struct {
		const char *name;
		unsigned int mounts;
	} rules[] = {
		{.name = "mount", .mounts = AA_MOUNT | AA_REMOUNT},
		{.name = "remount", .mounts = AA_REMOUNT},
		{.name = "umount", .mounts = AA_UMOUNT},
		{.name = "unmount", .mounts = AA_UMOUNT},
		{.name = "pivot_root", .mounts = AA_PIVOT_ROOT},
	};

	if (reader->token.kind != AA_COMMA)
		return aa_refuse(
			reader, &reader->token,
			"%.*s rules with conditions cannot be enforced; write \"%.*s,\" or "
			"\"deny %.*s,\"",
			(int)rule->size, rule->start, (int)rule->size, rule->start, (int)rule->size,
			rule->start);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (aa_is(rule, rules[i].name))
			*(qualifiers->deny ? &reader->denied_mounts : &reader->mounts) |=
				rules[i].mounts;
	return aa_advance(reader);
}

/* What of a call is refused: all of it (then argument is ARGUMENTS), or where the mask says so. */
static struct comparison condition_of(const struct refused_call *call, unsigned int refused)
{
	struct comparison where = {.argument = ARGUMENTS, .operator_ = POLICY_MASKED_EQ};

	if (call->masked) {
		where.argument = call->argument;
		where.mask = call->mask;
		where.value = call->value;
	} else if (call->is_mount &&
		   (refused & (AA_MOUNT | AA_REMOUNT)) != (AA_MOUNT | AA_REMOUNT)) {
		where.argument = MOUNT_FLAGS;
		where.mask = MS_REMOUNT;
		where.value = refused & AA_REMOUNT ? MS_REMOUNT : 0;
	}
	return where;
}

static int refuse_call(struct aa_reader *reader, const struct refused_call *call,
		       unsigned int refused)
{
	const struct comparison where = condition_of(call, refused);
	const struct call_numbers *numbers = number_find(call->name);

	if (!numbers)
		return error_set(reader->err, EXIT_ENVIRONMENT,
				 "the tables of this build have no number of %s", call->name);
	for (size_t i = 0; i < POLICY_TABLES; i++)
		if (numbers->numbers[i] != NUMBER_NONE &&
		    model_refuse(&reader->profile->tables[i], numbers->numbers[i], REFUSED,
				 where.argument == ARGUMENTS ? NULL : &where))
			return aa_no_memory(reader);
	return 0;
}

/* A profile without system-call tables gets some that allow everything else. */
static void open_tables(struct profile *profile)
{
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		if (profile->tables[i].present)
			continue;
		profile->partial_calls = true;
		profile->tables[i].present = true;
		profile->tables[i].otherwise = POLICY_VERDICT(POLICY_ALLOW, 0);
	}
}

int aa_apply_mounts(struct aa_reader *reader)
{
	const unsigned int refused = AA_MOUNT_ALL & ~(reader->mounts & ~reader->denied_mounts);

	if (!refused || reader->complain)
		return 0;
	open_tables(reader->profile);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].mounts & refused && refuse_call(reader, &calls[i], refused))
			return -1;
	return 0;
}
