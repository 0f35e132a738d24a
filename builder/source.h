/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profile sources: whatever a policy can be made of, told apart by content and name.
 *
 *	struct sources sources = {0};
 *
 *	if (!sources_read(&sources, path, err) && !sources_add(&sources, &context, profile, &said, err))
 *		profile_emit(profile, ...);
 *	sources_free(&sources);
 *
 * What several sources together mean is in docs/profiles.md ("Several sources"): each of them must
 * allow what is done. Context: one thread at a time for one struct sources.
 */
#ifndef VKERNEL_BUILDER_SOURCE_H
#define VKERNEL_BUILDER_SOURCE_H

#include "builder/builder.h"

enum source_kind {
	SOURCE_UNKNOWN,	 /* for sources_read_as(): to be told from the content and the name */
	SOURCE_SECCOMP,	 /* JSON, in OCI or Docker form */
	SOURCE_APPARMOR, /* an AppArmor profile */
	SOURCE_YAML,	 /* a vKernel profile; builder/yaml_profile.h */
	SOURCE_BLOB,	 /* a policy */
	SOURCE_MODULE,	 /* an instance module with its policy in it */
};

struct yaml_profile;

struct source {
	enum source_kind kind;
	char *name;  /* for messages: the path */
	char *bytes; /* as read, with a zero byte behind them */
	size_t size;
	char *blob; /* of a module: the policy in it; of a blob: bytes */
	size_t blob_size;
	bool roots_alone; /* the file is root's, and nobody else may write it */
	struct yaml_profile *yaml;
	size_t named_by; /* the index of the YAML profile that names this one, plus 1; 0: none */
};

/* All zero: none. A YAML profile is followed by the files that it names. */
struct sources {
	struct source *list;
	size_t count;
};

/* The largest source, in bytes: a module. Profiles that are text end at SOURCE_TEXT_MAX. */
#define SOURCE_MAX	(64u << 20)
#define SOURCE_TEXT_MAX (4u << 20)

/*
 * Reads the source at path ("-": standard input) and the files that it names, and adds them.
 * Returns 0, or -1 with err set: EXIT_USAGE where it is no source or is malformed
 * ("file:line:column: ..."), EXIT_ENVIRONMENT where it cannot be read. A seccomp or AppArmor profile
 * is not looked into before sources_add().
 */
int sources_read(struct sources *sources, const char *path, struct error *err);

/* The same for what is known to be of this kind. */
int sources_read_as(struct sources *sources, const char *path, enum source_kind kind,
		    struct error *err);

/* The same for bytes in memory, which name stands for and which are copied; roots_alone is false. */
int sources_read_bytes(struct sources *sources, const char *name, const void *bytes, size_t size,
		       enum source_kind kind, struct error *err);

void sources_free(struct sources *sources);

/* "a seccomp profile" */
const char *source_kind_words(enum source_kind kind);

/*
 * True if a YAML profile, blob or module among the sources says which capabilities may be used;
 * *capabilities is then what all of them allow, else CAPABILITIES_ALL.
 */
bool sources_capabilities(const struct sources *sources, uint64_t *capabilities);

/*
 * The only source that is a blob or a module, where there is no other source: it can be taken as it
 * is. NULL where there is something to be made.
 */
const struct source *sources_prepared(const struct sources *sources);

/* How the sources are read. All strings are borrowed for the call. */
struct sources_context {
	/*
	 * What the container may hold, for includes and excludes of seccomp profiles; what the
	 * sources say of capabilities is taken away from it first.
	 */
	uint64_t capabilities;
	const char *kernel;	    /* as seccomp_context has it */
	enum clone3_reading clone3; /* a YAML profile may ask for CLONE3_AS_WRITTEN beside */
	bool lenient;		    /* as seccomp_context has it */
	void (*ignored)(void *ignored_context, const char *sentence);
	void *ignored_context;
	const char *apparmor_profile; /* which one, where a file has several; NULL: the only one */
	const char *const *apparmor_folders;
	size_t apparmor_folders_count;
	/* As apparmor_context has it, of all AppArmor profiles. */
	void (*looked)(void *looked_context, const struct apparmor_look *look);
	void *looked_context;
};

/* What the sources said, so that whoever calls can say the rest. */
struct sources_said {
	bool name, log, excess, capabilities;
	bool calls; /* all system calls: the policy takes the place of a bundle's linux.seccomp */
	bool files;
};

/*
 * Adds all sources to profile: capabilities become those that both allow; name, log and excess
 * become what the sources say, if they do. profile may have system calls and file rules already,
 * which count as one more source; masked and read-only paths are for afterwards. Returns 0, or -1
 * with err set; profile is then good for profile_free() only.
 */
int sources_add(const struct sources *sources, const struct sources_context *context,
		struct profile *profile, struct sources_said *said, struct error *err);

#endif
