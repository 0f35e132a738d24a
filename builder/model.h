/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one form between the profiles that are read and the blob that is written: what each entry
 * path's table answers to each call.
 *
 * A call is decided without conditions, or by rules, the first of which whose conditions all hold
 * decides; those of one source stand in the order of strictness, so that the strictest of those
 * that hold decides.
 * Context: one thread at a time for one profile.
 */
#ifndef VKERNEL_BUILDER_MODEL_H
#define VKERNEL_BUILDER_MODEL_H

#include "builder/builder.h"
#include "builder/files.h"
#include "builder/number.h"

#define ARGUMENTS     6
#define COMPARISONS   24 /* of a rule; one source makes at most ARGUMENTS, several together more */
#define NAME_SIZE_MAX 255

/*
 * Rules of one call, at most. Beyond these it costs the container more than anybody wants to pay, and
 * seccomp's own filters are full long before.
 */
#define CALL_RULES_MAX 2048

/*
 * Behind the numbers of a table stand slots for what is said of calls that i386 makes through
 * socketcall(2) and ipc(2).
 */
#define SUBCALL_MAX	32
#define SOCKETCALL_SLOT POLICY_SYSCALL_MAX
#define IPC_SLOT	(SOCKETCALL_SLOT + SUBCALL_MAX)
#define SLOTS		(IPC_SLOT + SUBCALL_MAX)

struct comparison {
	__u32 argument; /* or field, see struct rule */
	enum policy_operator operator_;
	__u64 value;
	__u64 mask; /* POLICY_MASKED_EQ only, else 0 */
};

struct rule {
	__u32 verdict;
	unsigned int origin; /* the profile's entry, for messages */
	unsigned int next;   /* index of the call's next rule; 0: none */
	bool fields; /* asks for fields of what the call's pointer leads to; all of a call's rules do */
	unsigned int count; /* of comparisons, from 1; they hold together */
	struct comparison comparisons[COMPARISONS];
};

struct call {
	bool decided; /* without conditions; there are no rules then */
	__u32 verdict;
	unsigned int origin;
	unsigned int first, last; /* rules; 0: none */
	__u32 otherwise;	  /* where no rule holds, if has_otherwise; else the table's */
	bool has_otherwise;
};

struct table {
	bool present;	  /* else the entry is not restricted */
	bool overlaps;	  /* rules with different verdicts need not exclude each other */
	bool registers32; /* comparisons see 32 bits */
	__u32 otherwise;
	struct rule *rules; /* index 0 is not used */
	size_t count, capacity;
	struct call calls[SLOTS];
};

struct profile {
	char name[NAME_SIZE_MAX + 1];
	uint64_t capabilities;
	enum policy_excess excess;
	enum policy_log_mode log;
	bool restricts_files; /* else there are no file rules; without any, nothing is allowed */
	bool opens_files;     /* the first file rule allows everything, because nobody said else */
	bool has_apparmor;
	struct file_rules files;
	struct file_section files_ready; /* of a blob, in place of rules; bytes NULL: none */
	unsigned int masked_paths, readonly_paths; /* how many there were, for their names */
	bool restricts_access;
	__u32 access;			     /* POLICY_ACCESS_* */
	__u16 socket_types[POLICY_FAMILIES]; /* as struct policy_access has them */
	__u32 log_size;
	bool logs_verdicts; /* POLICY_SYSCALLS_LOG */
	bool partial_calls; /* POLICY_SYSCALLS_PARTIAL */
	struct table tables[POLICY_TABLES];
	/* POLICY_PRIVATE verdicts name these; those that none names do not reach the blob. */
	char calls[POLICY_CALLS_MAX][POLICY_CALL_NAME_MAX + 1];
	unsigned int calls_count;
};

/* What an entry said that contradicts the one that is being added. */
struct conflict {
	unsigned int origin;
	__u32 verdict;
	bool conditional;
	bool fields; /* the conditions ask for fields */
};

enum model_result {
	MODEL_ADDED,	/* or already so */
	MODEL_CONFLICT, /* conflict is filled, the table as before */
	MODEL_MIXED,	/* the same: rules would ask for arguments and for fields */
	MODEL_NO_MEMORY,
	MODEL_TOO_MANY,	 /* a call would need more rules or comparisons than there may be */
	MODEL_TWO_CALLS, /* it would be two private calls at once */
};

/*
 * Decides slot without conditions, whatever rules say. Of two such decisions the first stands.
 * Rules that libseccomp does not know, with fields or private calls, must agree with it.
 */
enum model_result model_decide(struct table *table, unsigned int slot, __u32 verdict,
			       unsigned int origin, struct conflict *conflict);

/* Adds a copy of rule (whose next does not count) to slot, unless that is decided. */
enum model_result model_add_rule(struct table *table, unsigned int slot, const struct rule *rule,
				 struct conflict *conflict);

/* Adds a rule behind call's others, whatever they say. Returns 0, or -1 without memory. */
int model_append(struct table *table, struct call *call, const struct rule *rule);

/* The same, behind the last rule that is not more lenient. */
int model_insert(struct table *table, struct call *call, const struct rule *rule);

/* Lower is stricter: seccomp's precedence among filters. */
unsigned int model_leniency(__u32 verdict);

/* What a call answers: the verdict of the first rule that holds, else otherwise. */
struct answers {
	const struct rule *rules; /* next does not count */
	size_t count;
	__u32 otherwise;
};

/*
 * Makes slot answer the stricter of what it answers and of what answers say; of two refusals that
 * are equally strict the present one stays. Private calls are those of slot's profile. To be called
 * when the table is complete. Where it is not MODEL_ADDED, the call is as before.
 */
enum model_result model_narrow(struct table *table, unsigned int slot,
			       const struct answers *answers);

/*
 * The same with one verdict: everywhere, or where a comparison holds. Returns 0, or -1 without
 * memory.
 */
int model_refuse(struct table *table, unsigned int slot, __u32 verdict,
		 const struct comparison *where);

/*
 * Makes into, which is complete, answer the stricter of what both answer. private_calls: the number
 * in into's profile for each private call of other's. *slot is the call where it is not MODEL_ADDED;
 * into is then good for nothing.
 */
enum model_result model_combine(struct table *into, const struct table *other,
				const int *private_calls, unsigned int *slot);

/*
 * Makes socketcall(2) and ipc(2) answer as the calls that they make, unless the profile decides
 * them themselves without conditions. To be called once, when the table is complete.
 */
enum model_result model_add_multiplexed(struct table *table);

/*
 * Where table decides clone by masks over its flags and answers ENOSYS to clone3, gives clone3 the
 * same conditions on its flags. To be called once, when the table (of entry path index) is complete.
 */
enum model_result model_clone3_as_clone(struct table *table, enum policy_table_index index);

/* The number of the private call `name` (which fits), added if it is new; -1: there are too many. */
int model_private_call(struct profile *profile, const char *name);

/* True if a verdict keeps the call from being made as it is. */
bool model_refuses(__u32 verdict);

/* True if no arguments exist for which both rules hold. */
bool model_exclude(const struct rule *a, const struct rule *b);

#endif
