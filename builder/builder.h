/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From profiles to a policy blob, and from a blob to words.
 *
 * A struct profile collects what a container may do; profile_emit() turns it into the blob that
 * <vkernel/policy.h> describes. Whatever a blob cannot express is refused, never dropped.
 * Context: any thread; a profile belongs to one thread at a time. docs/profiles.md says how
 * profiles are read.
 */
#ifndef VKERNEL_BUILDER_BUILDER_H
#define VKERNEL_BUILDER_BUILDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <vkernel/policy.h>

#include "lib/error.h"

/* Capability sets: bit N is capability N. */
#define CAPABILITIES_ALL  UINT64_MAX
#define CAPABILITIES_NONE UINT64_C(0)

struct profile;

/* An empty profile, which restricts nothing; NULL without memory. The caller frees it. */
struct profile *profile_new(void);

/* NULL is fine. */
void profile_free(struct profile *profile);

/* Printable ASCII, 1 to 255 bytes, copied. Without a name the blob has none. */
int profile_set_name(struct profile *profile, const char *name, struct error *err);

/* The capabilities that may be used; CAPABILITIES_ALL (the state at first) restricts nothing. */
void profile_set_capabilities(struct profile *profile, uint64_t allowed);

/*
 * What the container sees as the kernel's log. size is a private log's, in bytes, rounded up to a power
 * of two within POLICY_LOG_SIZE_MIN and _MAX; 0: POLICY_LOG_SIZE_DEFAULT. Other modes have none.
 */
void profile_set_log(struct profile *profile, enum policy_log_mode mode, __u32 size);

/*
 * Reads "private", "private:SIZE" (bytes, or with K or M behind), "deny" or "host", for
 * profile_set_log(); *size is 0 where it is not said. Returns 0, or -1 with err set (EXIT_USAGE).
 */
int log_mode_parse(const char *text, enum policy_log_mode *mode, __u32 *size, struct error *err);

/* What happens to a program that holds a capability beyond the allowed ones; at first a report. */
void profile_set_excess(struct profile *profile, enum policy_excess excess);

/*
 * How clone3 is read where the profile decides clone by its flags and answers ENOSYS to clone3,
 * because seccomp could not see clone3's: by the same conditions on its flags, or so.
 */
enum clone3_reading {
	CLONE3_AS_CLONE,
	CLONE3_AS_WRITTEN,
};

/* What a seccomp profile is read with. All strings are borrowed for the call. */
struct seccomp_context {
	const char *file; /* names the source in messages */
	const char *text; /* what the JSON was parsed from, for line and column; NULL: not known */
	const char *path; /* where in text the profile stands ("linux.seccomp"); NULL: it is all */
	/*
	 * Where the JSON was made of something else: finds where in it the value at path stands, and
	 * may give path (size bytes) the names that it has there. Returns false if it stands nowhere.
	 */
	bool (*locate)(const void *locate_context, char *path, size_t size, size_t *line,
		       size_t *column);
	const void *locate_context;
	uint64_t capabilities; /* the container's bounding set, for includes and excludes */
	const char *kernel;    /* release for minKernel, as "6.12.3-x"; NULL: the running kernel */
	enum clone3_reading clone3;
	/*
	 * What an OCI runtime has to do: names of calls that nobody knows, and keys that are
	 * unknown, are passed over. Each is told to ignored() (which may be NULL) as a sentence.
	 * Where conditions of entries with different actions overlap, the strictest action counts.
	 */
	bool lenient;
	void (*ignored)(void *ignored_context, const char *sentence);
	void *ignored_context;
};

/*
 * Adds the system-call tables of a seccomp profile in OCI form (linux.seccomp of config.json) or
 * Docker form (archMap, includes, excludes), for an x86-64 kernel. At most once for one profile.
 * Returns 0, or -1 with err set ("file:line:column: syscalls[3].action: ...", EXIT_USAGE); the
 * profile is then good for profile_free() only. json is borrowed for the call.
 */
int profile_add_seccomp(struct profile *profile, const json_t *json,
			const struct seccomp_context *context, struct error *err);

/*
 * True if the profile asks for what only seccomp itself can do: SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, a
 * listener. profile_add_seccomp() refuses such a profile; a runtime leaves it to seccomp and makes
 * a policy without system-call tables. reason (size bytes) is then "file:line:column:
 * syscalls[3].action: SCMP_ACT_NOTIFY hands the call to ...". False also for a malformed profile.
 */
bool profile_needs_seccomp(const json_t *json, const struct seccomp_context *context, char *reason,
			   size_t size);

struct apparmor_look;

/* What an AppArmor profile is read with. All strings are borrowed for the call. */
struct apparmor_context {
	const char *file; /* names the source in messages */
	const char *text;
	size_t size;		    /* of text, bytes */
	const char *profile;	    /* which of the file's profiles; NULL: the only one */
	const char *const *folders; /* searched for included files, before /etc/apparmor.d */
	size_t folders_count;
	/* Told of all that includes found, in order (apparmor_look.h); NULL: nobody wants to know. */
	void (*looked)(void *looked_context, const struct apparmor_look *look);
	void *looked_context;
};

/*
 * Adds what an AppArmor profile says: file rules, capabilities, sockets, signals, ptrace, and
 * system calls that mount. The strictest counts beside what the profile has, so a seccomp profile
 * and the capabilities must be there before; the capabilities become those that both allow. Reads
 * files that the text includes. Returns 0, or -1 with err set
 * ("file:line:column: ...", EXIT_USAGE; EXIT_ENVIRONMENT without memory); the profile is then good
 * for profile_free() only.
 */
int profile_add_apparmor(struct profile *profile, const struct apparmor_context *context,
			 struct error *err);

/* A file rule in AppArmor's language, and where it stands, from 1; the comma behind it may lack. */
struct file_text {
	const char *text;
	size_t line, column;
};

/*
 * Adds file rules that stand alone; file names their source in messages. Where all of them deny,
 * other paths become allowed. To a profile without file rules. Returns 0, or -1 with err set as
 * profile_add_apparmor() does.
 */
int profile_add_file_rules(struct profile *profile, const char *file, const struct file_text *rules,
			   size_t count, struct error *err);

/*
 * Denies a path and all below it, as maskedPaths (everything) and readonlyPaths (writing, creating,
 * linking) of an OCI bundle ask for; path is copied, and is no pattern. On a profile without file
 * rules all other paths become allowed. The rules' source is "maskedPaths[0]" for the first one, and
 * so on. Returns 0, or -1 with err set (EXIT_USAGE: not absolute, or with . or ..).
 */
int profile_add_masked_path(struct profile *profile, const char *path, struct error *err);
int profile_add_readonly_path(struct profile *profile, const char *path, struct error *err);

/* Whether policy has rules of an AppArmor profile, which cannot be taken out of a blob again. */
bool policy_has_apparmor(const struct policy *policy);

/*
 * Adds the rules that profile_add_masked_path() and profile_add_readonly_path() made for policy.
 * Returns 0, or -1 with err set.
 */
int profile_inherit_paths(struct profile *profile, const struct policy *policy, struct error *err);

/* The blob of profile, in *size bytes that the caller frees. Returns 0, or -1 with err set. */
int profile_emit(const struct profile *profile, void **blob, size_t *size, struct error *err);

/*
 * policy_parse() with words: file names the blob in the message. blob must be aligned to 8, as
 * malloc() does, and outlive policy. Returns 0, or -1 with err set (EXIT_USAGE).
 */
int blob_parse(const char *file, const void *blob, size_t size, struct policy *policy,
	       struct error *err);

/* Says what policy enforces. The caller checks stream for errors. */
void words_print(FILE *stream, const struct policy *policy);

/* The number of "CAP_CHOWN", exactly so; -1 if there is none. */
int capability_number(const char *name);

/* The name of a capability, or NULL; static. */
const char *capability_name(unsigned int number);

/*
 * Adds a list to *capabilities: names separated by commas, in either case, with or without CAP_,
 * and the words "default" (the 14 of Docker), "all" and "none". Returns 0, or -1 with err set.
 */
int capability_list(const char *list, uint64_t *capabilities, struct error *err);

#endif
