/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader of AppArmor profiles, for its own files: apparmor.c (profiles), apparmor_lexer.c
 * (tokens), apparmor_include.c (files), apparmor_variable.c, apparmor_rule.c (which rule it is),
 * apparmor_file.c, apparmor_capability.c, apparmor_network.c, apparmor_peer.c (signal, ptrace,
 * unix), apparmor_mount.c and apparmor_inline.c (rules without a profile).
 *
 * Every function that can fail returns -1 with reader->err set, which names the token's place.
 * Context: one thread at a time for one reader.
 */
#ifndef VKERNEL_BUILDER_APPARMOR_H
#define VKERNEL_BUILDER_APPARMOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "builder/model.h"

#define AA_SIZE_MAX	 (4u << 20) /* bytes of a profile with all that it includes */
#define AA_DEPTH_MAX	 32	    /* of includes, and of variables in variables */
#define AA_VARIABLES_MAX 4096	    /* and values of one of them */
#define AA_EXPANSION_MAX 1024	    /* texts that one text with variables may become */
#define AA_REPLACED_MAX	 (1u << 19) /* variables replaced in all of a profile */
#define AA_PATTERN_MAX	 8192	    /* bytes of one of them */
#define AA_EXPANDED_MAX	 (8u << 20) /* bytes of all of a profile */
#define AA_ITEMS_MAX	 64

enum aa_kind {
	AA_END, /* of the file */
	AA_WORD,
	AA_PATH, /* begins with / or with a variable */
	AA_QUOTED,
	AA_ANGLE,   /* <...> */
	AA_INCLUDE, /* #include; without the # it is a word */
	AA_COMMA,
	AA_EQUAL,
	AA_PLUS_EQUAL,
	AA_ARROW,
	AA_OPEN,
	AA_CLOSE,
	AA_PARENTHESIS,
	AA_PARENTHESIS_END,
};

/* A file's text; lives as long as the reader, as tokens lead into it. */
struct aa_source {
	struct aa_source *next;
	char *name; /* for messages */
	char *text; /* NULL: borrowed from the context */
	const char *start, *end;
	dev_t device;
	ino_t inode; /* 0: not a file */
};

struct aa_token {
	enum aa_kind kind;
	const struct aa_source *source;
	size_t line, column; /* from 1; columns are bytes */
	const char *start;   /* of a quoted one and of <...> behind the first mark */
	size_t size;	     /* without the marks */
};

/* The file that is being read, and those that include it. */
struct aa_input {
	struct aa_input *outer; /* NULL: the profile's file */
	struct aa_source *source;
	const char *at;
	size_t line;
	const char *line_start;
	size_t indent;		  /* columns before line_start */
	unsigned int parentheses; /* open ones */
};

struct aa_text {
	char *bytes; /* terminated */
	size_t size;
};

struct aa_texts {
	struct aa_text *texts;
	size_t count;
};

struct aa_variable {
	struct aa_variable *next;
	struct aa_text name; /* without @{} */
	struct aa_token *values;
	size_t count;
};

struct aa_qualifiers {
	bool audit, deny, owner;
	struct aa_token start; /* the rule's first token */
};

/*
 * What signal or ptrace rules say of tasks of the container among themselves. A rule that cannot be
 * enforced as it stands is good only if the others allow everything anyway.
 */
struct aa_kind_of_access {
	unsigned int allowed, denied; /* enum aa_access */
	struct aa_token narrow;	      /* the first such rule; kind AA_END: none */
};

enum aa_access {
	AA_SEND = 1,
	AA_RECEIVE = 2,
	AA_TRACE = 1,
	AA_TRACED_BY = 2,
	AA_READ = 4,
	AA_READ_BY = 8,
};

/* SOCK_STREAM, _DGRAM, _RAW, _RDM, _SEQPACKET and _PACKET: the types that AppArmor knows. */
#define AA_TYPES_ALL 0x043e

enum aa_mount {
	AA_MOUNT = 1,
	AA_REMOUNT = 2,
	AA_UMOUNT = 4,
	AA_PIVOT_ROOT = 8,
	AA_MOUNT_ALL = 15,
};

struct aa_reader {
	const struct apparmor_context *context;
	struct profile *profile;
	struct error *err;
	struct aa_source *sources;
	struct aa_input *input;
	struct aa_token token; /* the next one */
	size_t total;	       /* bytes read */
	struct aa_texts included;
	struct aa_variable *variables;
	size_t variables_count;
	struct aa_token header;	 /* the name of the profile that was read; AA_END: none yet */
	struct aa_token skipped; /* the last one that was not asked for, likewise */
	char *name;		 /* of the profile that is being read */
	bool complain, audits;
	bool files_alone; /* rules of other kinds are refused */
	struct file_rules files;
	size_t expanded;       /* bytes of patterns */
	unsigned int replaced; /* variables */
	uint64_t capabilities, denied_capabilities;
	__u16 types[POLICY_FAMILIES], denied_types[POLICY_FAMILIES];
	struct aa_kind_of_access signal, ptrace;
	struct aa_token narrow_unix;	    /* as aa_kind_of_access has it */
	unsigned int mounts, denied_mounts; /* enum aa_mount */
};

/* Part of a rule that is not about files: `value`, `key=value` or `key=(inner=value ...)`. */
struct aa_item {
	struct aa_token key, inner; /* kind AA_END: none */
	struct aa_token value;
	bool listed; /* stands in parentheses */
};

/* apparmor_lexer.c: reads the next token into reader->token. */
int aa_advance(struct aa_reader *reader);

/* The rest of the line as values of a variable; reader->token is then the first behind the line. */
int aa_values(struct aa_reader *reader, struct aa_variable *variable);

/* Where reader->token is an opening brace, reads it and what follows as a word: "{a,b}". */
void aa_take_braces(struct aa_reader *reader);

/* Whether the token behind reader->token is a path. */
bool aa_path_follows(const struct aa_reader *reader);

bool aa_is(const struct aa_token *token, const char *text);
bool aa_is_text(const struct aa_token *token); /* a word, path or quoted */

/* "file:line:column: ", then the format; offset in bytes from the first of its text. Returns -1. */
int aa_refuse(struct aa_reader *reader, const struct aa_token *token, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int aa_refuse_at(struct aa_reader *reader, const struct aa_token *token, size_t offset,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
int aa_no_memory(struct aa_reader *reader);

/* Refuses reader->token where something else was expected; what: "a comma". */
int aa_expected(struct aa_reader *reader, const char *what);

/* Takes the comma that ends a rule. */
int aa_end_of_rule(struct aa_reader *reader);

/* The rest of a rule with its comma. */
int aa_items(struct aa_reader *reader, struct aa_item items[AA_ITEMS_MAX], size_t *count);

/* apparmor_include.c: true if reader->token begins an include. */
bool aa_at_include(const struct aa_reader *reader);

/* Calls read() for each file that the include at reader->token names; read() goes on to AA_END. */
int aa_include(struct aa_reader *reader, int (*read)(struct aa_reader *reader, void *context),
	       void *context);
int aa_open_text(struct aa_reader *reader, const char *name, const char *text, size_t size);

/* The same for a text of another kind's file, where it stands at line and column, from 1. */
int aa_open_piece(struct aa_reader *reader, const char *name, const char *text, size_t size,
		  size_t line, size_t column);
void aa_close(struct aa_reader *reader);

/* apparmor.c: frees what reader holds. */
void aa_end_reader(struct aa_reader *reader);
void aa_free_texts(struct aa_texts *texts);

/* Adds a copy of size bytes. */
int aa_add_text(struct aa_reader *reader, struct aa_texts *texts, const char *bytes, size_t size);

/* apparmor_variable.c */
bool aa_at_assignment(const struct aa_reader *reader);
int aa_assign(struct aa_reader *reader);

/* The texts that token becomes when its variables are replaced, at least one. */
int aa_expand(struct aa_reader *reader, const struct aa_token *token, struct aa_texts *texts);
bool aa_has_variables(const struct aa_token *token);

/* apparmor_rule.c: the rules up to the closing brace or the end of an included file. */
int aa_read_rules(struct aa_reader *reader, const struct aa_qualifiers *outer);

/* Each kind of rule, from the token behind its keyword, which rule is, to its comma. */
int aa_file_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers);
int aa_bare_file_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		      const struct aa_token *rule);
int aa_capability_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		       const struct aa_token *rule);
int aa_network_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		    const struct aa_token *rule);
int aa_signal_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		   const struct aa_token *rule);
int aa_ptrace_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		   const struct aa_token *rule);
int aa_unix_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		 const struct aa_token *rule);
int aa_mount_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		  const struct aa_token *rule);
int aa_dbus_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		 const struct aa_token *rule);
int aa_all_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		const struct aa_token *rule);

/* The families of `network`, all or one: types that exist for it. */
void aa_allow_all_sockets(__u16 types[POLICY_FAMILIES]);

/* What follows from all rules together, into the profile. */
int aa_apply_access(struct aa_reader *reader);
int aa_apply_mounts(struct aa_reader *reader);

#endif
