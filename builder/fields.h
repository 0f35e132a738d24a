/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading a seccomp profile's JSON values with their places, so that every refusal says where.
 * Functions return 0, or -1 with err set.
 */
#ifndef VKERNEL_BUILDER_FIELDS_H
#define VKERNEL_BUILDER_FIELDS_H

#include "builder/builder.h"
#include "builder/place.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define PATH_STEPS	  8

/* How a refusal goes on that names what is not for a policy. */
#define ONLY_SECCOMP                                                                              \
	"only seccomp itself can do: leave the profile to the container engine; vkernel-runtime " \
	"then has seccomp decide all system calls"

struct reader {
	const struct seccomp_context *context;
	const struct place *root; /* where the profile stands in the text */
	struct profile *profile;
	unsigned int kernel[2]; /* for minKernel */
	struct error *err;
	struct place_memory memory;

	/* root, taken apart */
	struct place steps[PATH_STEPS];
	char keys[256];
};

/* Prepares a reader, which then must not be moved. profile may be NULL for a look only. */
int reader_start(struct reader *reader, const struct seccomp_context *context,
		 struct profile *profile, struct error *err);

/* A key that an object may have; its value is stored at offset in the caller's structure. */
struct field {
	const char *key;
	size_t offset;	/* of a const json_t *, NULL where the key is absent or null */
	json_type type; /* JSON_TRUE stands for any type: the value is of no interest */
};

/* Sets err to "file:line:column: path: text"; returns -1. */
int refuse_at(struct reader *reader, const struct place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Tells of something that is passed over because the context is lenient. */
void tell_ignored(struct reader *reader, const struct place *place, const char *what,
		  const char *name);

/* The line of the profile's entry syscalls[index]; 0 where the text is not known. */
size_t entry_line(struct reader *reader, unsigned int index);

/*
 * Sorts the values of object, which may be NULL, into `into`. Refuses a value of another type
 * than its field's, and a key without a field unless the context is lenient.
 */
int read_fields(struct reader *reader, const struct place *place, const json_t *object,
		const struct field *fields, size_t count, void *into);

/* An integer of 0 to most, or `absent` where value is NULL. */
int read_number(struct reader *reader, const struct place *place, const json_t *value, __u64 most,
		__u64 absent, __u64 *number);

/* An element of an array, which must be a string. */
int read_element(struct reader *reader, const struct place *place, const json_t *value,
		 const char **text);

#endif
