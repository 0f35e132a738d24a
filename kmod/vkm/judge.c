// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

#include <linux/array_size.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <compat/files.h>

#include "alias.h"
#include "arming.h"
#include "dispatch.h"
#include "instance.h"
#include "memory.h"
#include "path.h"
#include "report.h"

/* What is known of a path, while the rules that said so are in force. */
struct verdict {
	const struct vkm_question *question;
	const struct files *files;
	enum policy_subject subject;
	const char *path; /* not terminated; NULL where it could not be found out: see trouble */
	size_t length;
	const char *trouble;
	const struct policy_accept *accept; /* of the path */
	struct vkm_aliases aliases;
	u16 allowed[POLICY_SUBJECTS];
};

static enum policy_subject subject_of(const struct vkm_question *question)
{
	if (!question->owned || compat_is_owner(question->path.mnt, question->owned))
		return POLICY_OWNER;
	return POLICY_OTHERS;
}

static void allow_nothing(struct verdict *verdict, const char *trouble)
{
	verdict->trouble = trouble;
	verdict->allowed[POLICY_OTHERS] = 0;
	verdict->allowed[POLICY_OWNER] = 0;
}

/* Pipes, sockets, memory: nobody can name these. */
static bool is_nameless(const struct dentry *dentry)
{
	const struct inode *inode = READ_ONCE(dentry->d_inode);

	return dentry->d_sb->s_flags & SB_NOUSER || (inode && IS_PRIVATE(inode));
}

/* A program in memory is executed under the name that its process shows: "/memfd:x (deleted)". */
static const char *name_nameless(const struct dentry *dentry, struct vkm_names *names,
				 size_t *length)
{
	*length = scnprintf(names->path, sizeof(names->path), "/%pd (deleted)", dentry);
	return names->path;
}

static void allow_by_path(struct verdict *verdict)
{
	verdict->allowed[POLICY_OTHERS] = POLICY_FILE_ALL;
	verdict->allowed[POLICY_OWNER] = POLICY_FILE_ALL;
}

static void judge_path(struct verdict *verdict, struct vkm_names *names)
{
	const struct vkm_question *question = verdict->question;
	int subject;

	if (question->behind) {
		allow_by_path(verdict);
		return;
	}
	if (is_nameless(question->path.dentry))
		verdict->path = name_nameless(question->path.dentry, names, &verdict->length);
	else
		verdict->path =
			vkm_path_of(&question->path, question->directory, names, &verdict->length);
	if (IS_ERR(verdict->path)) {
		allow_nothing(verdict, PTR_ERR(verdict->path) == -ENAMETOOLONG
					       ? "its path is too long"
					       : "it cannot be reached by a path");
		verdict->path = NULL;
		return;
	}
	/* The kernel's own mount: the file system works for a file that was asked about. */
	if (!verdict->path) {
		allow_by_path(verdict);
		return;
	}
	verdict->accept = files_match(verdict->files, verdict->path, verdict->length);
	for (subject = 0; subject < POLICY_SUBJECTS; subject++)
		verdict->allowed[subject] = files_allowed(verdict->accept, subject);
}

static void judge_aliases(struct verdict *verdict, struct vkm_instance *instance,
			  struct dentry *real, struct vkm_names *names)
{
	const struct vkm_question *question = verdict->question;
	struct vkm_aliases *aliases = &verdict->aliases;
	int subject;

	aliases->instance = instance;
	aliases->files = verdict->files;
	aliases->subject = verdict->subject;
	aliases->permissions = question->permissions;
	aliases->instead = question->instead;
	if (vkm_alias_ask(aliases, question->path.dentry, real, question->directory, names))
		allow_nothing(verdict, "another path of it is too long");
	for (subject = 0; subject < POLICY_SUBJECTS; subject++)
		verdict->allowed[subject] &= ~aliases->denied[subject];
}

/* What of the question's permissions is missing, where that matters. */
static u16 missing_of(const struct vkm_question *question, u16 allowed)
{
	if (question->instead && !(question->instead & ~allowed))
		return 0;
	return question->permissions & ~allowed;
}

static void judge(struct verdict *verdict, struct vkm_instance *instance,
		  const struct vkm_question *question, const struct files *files,
		  struct dentry *real, struct vkm_names *names)
{
	*verdict = (struct verdict){
		.question = question,
		.files = files,
		.subject = subject_of(question),
	};
	judge_path(verdict, names);
	if (!verdict->trouble && !missing_of(question, verdict->allowed[verdict->subject]))
		judge_aliases(verdict, instance, real, names);
}

static bool is_about(const struct policy_file_rule *rule, const struct verdict *verdict,
		     u16 permissions, u16 flags)
{
	const u16 has = files_le16(rule->flags);

	if (has & POLICY_FILE_RULE_OWNER && verdict->subject != POLICY_OWNER)
		return false;
	return (has & flags) == flags && files_le16(rule->permissions) & permissions;
}

/* The rule among those that accept knows which has flags and is about permissions, or NULL. */
static const struct policy_file_rule *find_rule(const struct verdict *verdict,
						const struct policy_accept *accept, u16 permissions,
						u16 flags)
{
	u32 i = accept ? files_le32(accept->first_match) : 0;
	const u32 end = accept ? i + files_le32(accept->matches) : 0;

	for (; i < end; i++) {
		const struct policy_file_rule *rule =
			&verdict->files->rule[files_le32(verdict->files->match[i])];

		if (is_about(rule, verdict, permissions, flags))
			return rule;
	}
	return NULL;
}

/* Bytes of a path that stand in a line of the log, which has room for about a thousand. */
#define SHOWN 200

static int shown(size_t length)
{
	return min_t(size_t, length, SHOWN);
}

#define LETTERS_SIZE 8

static const char *letters(u16 permissions, char text[LETTERS_SIZE])
{
	static const char all[] = "rwaxmlk"; /* by bit */
	unsigned int bit, at = 0;

	for (bit = 0; bit < ARRAY_SIZE(all) - 1; bit++)
		if (permissions & BIT(bit))
			text[at++] = all[bit];
	text[at] = '\0';
	return text;
}

static void tell(struct vkm_instance *instance, const struct verdict *verdict, u16 permissions,
		 const char *answer, const struct policy_file_rule *rule)
{
	const struct vkm_aliases *aliases = &verdict->aliases;
	const char *path = verdict->path ? verdict->path : "";
	char text[LETTERS_SIZE];

	vkm_tell(instance, "%s (%s) of \"%*pE\"%s%*pE%s by %*pE[%d]: %s: %s%s%s%s",
		 verdict->question->operation, letters(permissions, text),
		 shown(verdict->path ? verdict->length : 0), path,
		 aliases->accept ? ", which is \"" : "", shown(aliases->length),
		 aliases->accept ? aliases->name : "", aliases->accept ? "\"," : "",
		 (int)strnlen(current->comm, TASK_COMM_LEN), current->comm, task_pid_nr(current),
		 answer,
		 verdict->trouble ? verdict->trouble
		 : rule		  ? verdict->files->text + files_le32(rule->text)
				  : "no rule allows it",
		 rule ? " (" : "", rule ? verdict->files->text + files_le32(rule->source) : "",
		 rule ? ")" : "");
}

static long refuse(struct vkm_instance *instance, const struct verdict *verdict, u16 missing)
{
	const struct policy_accept *accept = verdict->aliases.accept ?: verdict->accept;
	const bool complains = verdict->files->flags & POLICY_FILES_COMPLAIN;
	const struct vkm_denial denial = {
		.class = VKM_FILE,
		.number = -1,
		.verdict = POLICY_VERDICT(POLICY_ERRNO, EACCES),
	};

	if (vkm_is_entering(current))
		return VKM_PASS;
	tell(instance, verdict, missing, complains ? "would be refused" : "refused",
	     find_rule(verdict, accept, missing, POLICY_FILE_RULE_DENY));
	if (complains) {
		vkm_count(instance, VKM_LOGGED);
		return VKM_PASS;
	}
	vkm_report(instance, &denial);
	return -EACCES;
}

/* Rules that do not speak of files took the place of others that did. */
static void allow_all(struct vkm_instance *instance, const struct vkm_question *question, u64 stamp)
{
	static const u16 all[POLICY_SUBJECTS] = {POLICY_FILE_ALL, POLICY_FILE_ALL};

	if (question->owned && question->owned == d_inode(question->path.dentry))
		vkm_remember(instance->memory, &question->path, question->owned, stamp, all);
}

static u16 audited(const struct verdict *verdict)
{
	u16 both = 0;

	if (verdict->accept)
		both = files_le16(verdict->accept->audited[POLICY_OTHERS]) |
		       files_le16(verdict->accept->audited[POLICY_OWNER]);
	return both;
}

static void tell_audited(struct vkm_instance *instance, const struct verdict *verdict)
{
	u16 permissions = verdict->question->permissions;

	/* A program is asked about once more, and then told of. */
	if (!verdict->accept || verdict->question->instead)
		return;
	permissions &= files_le16(verdict->accept->audited[verdict->subject]);
	if (!permissions || vkm_is_entering(current))
		return;
	vkm_count(instance, VKM_LOGGED);
	tell(instance, verdict, permissions, "allowed",
	     find_rule(verdict, verdict->accept, permissions, POLICY_FILE_RULE_AUDIT));
}

static long answer(struct vkm_instance *instance, const struct verdict *verdict, u64 stamp)
{
	const struct vkm_question *question = verdict->question;
	const u16 missing = missing_of(question, verdict->allowed[verdict->subject]);
	const u16 silent = ~audited(verdict);
	const u16 allowed[POLICY_SUBJECTS] = {
		[POLICY_OTHERS] = verdict->allowed[POLICY_OTHERS] & silent,
		[POLICY_OWNER] = verdict->allowed[POLICY_OWNER] & silent,
	};

	if (missing)
		return refuse(instance, verdict, missing);
	tell_audited(instance, verdict);
	if (question->behind)
		return VKM_PASS;
	if (question->owned && question->owned == d_inode(question->path.dentry))
		vkm_remember(instance->memory, &question->path, question->owned, stamp, allowed);
	return VKM_PASS;
}

/* After the last thing that sleeps: from here on the rules stay (instance.h). */
static const struct files *files_of(const struct vkm_instance *instance)
{
	const struct files *files = &vkm_rules_of(instance)->files;

	return files->states ? files : NULL;
}

long vkm_judge(struct vkm_instance *instance, const struct vkm_question *question, gfp_t gfp)
{
	struct dentry *real;
	struct vkm_names *names;
	const struct files *files;
	struct verdict verdict;
	u64 stamp;
	long result = VKM_PASS;

	if (is_nameless(question->path.dentry) && !(question->permissions & POLICY_FILE_EXECUTE))
		return VKM_PASS;
	real = compat_real_dentry(question->path.dentry);
	names = kmalloc(sizeof(*names), gfp);
	if (!names)
		return -ENOMEM;
	stamp = vkm_stamp_of(question->path.dentry);
	files = files_of(instance);
	if (files) {
		judge(&verdict, instance, question, files, real, names);
		result = answer(instance, &verdict, stamp);
	} else {
		allow_all(instance, question, stamp);
	}
	kfree(names);
	return result;
}

static long answer_link(struct vkm_instance *instance, const struct verdict *from,
			const struct verdict *to)
{
	const u16 allowed = to->allowed[to->subject];
	const u16 missing = POLICY_FILE_LINK & ~allowed;
	const u16 gained = allowed & ~(from->allowed[from->subject] | POLICY_FILE_LINK);

	if (missing)
		return refuse(instance, to, missing);
	if (gained)
		return refuse(instance, from, gained);
	tell_audited(instance, to);
	return VKM_PASS;
}

/* One verdict after the other with one set of rules; the first one's path stands in its names. */
static long judge_both(struct vkm_instance *instance, const struct vkm_question *from,
		       const struct vkm_question *to, struct dentry *real,
		       struct vkm_names names[2])
{
	const struct files *files = files_of(instance);
	struct verdict verdicts[2];

	if (!files)
		return VKM_PASS;
	judge(&verdicts[0], instance, from, files, real, &names[0]);
	judge(&verdicts[1], instance, to, files, to->path.dentry, &names[1]);
	return answer_link(instance, &verdicts[0], &verdicts[1]);
}

long vkm_judge_link(struct vkm_instance *instance, const struct vkm_question *from,
		    const struct vkm_question *to, gfp_t gfp)
{
	struct dentry *real;
	struct vkm_names *names;
	long result;

	if (is_nameless(from->path.dentry))
		return VKM_PASS;
	real = compat_real_dentry(from->path.dentry);
	names = kmalloc_array(2, sizeof(*names), gfp);
	if (!names)
		return -ENOMEM;
	result = judge_both(instance, from, to, real, names);
	kfree(names);
	return result;
}
