// SPDX-License-Identifier: GPL-2.0
#include "runtime/derive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "runtime/cache.h"
#include "runtime/includes.h"

/* What is cached beside the blob. */
struct remembered {
	uint32_t takes_seccomp, own_name; /* own_name: where in the blob the name stands, or 0 */
	uint32_t includes, reserved;	  /* includes: bytes of their list behind the blob */
	char notice[sizeof(((struct container_policy *)0)->notice)];
};

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

int add_bundle_seccomp(const struct wishes *wishes, struct profile *profile, bool *added,
		       struct container_policy *made, struct error *err)
{
	const struct seccomp_context context = {
		.file = "config.json", .capabilities = wishes->capabilities, .lenient = true};
	char reason[512];

	*added = false;
	if (!wishes->seccomp)
		return 0;
	if (profile_needs_seccomp(wishes->seccomp, &context, reason, sizeof(reason))) {
		snprintf(made->notice, sizeof(made->notice),
			 "%s; the seccomp filter is left to the runtime below, and the instance "
			 "restricts no system calls by it",
			 reason);
		return 0;
	}
	*added = true;
	return profile_add_seccomp(profile, wishes->seccomp, &context, err);
}

static void set_log(struct profile *profile, const char *text)
{
	enum policy_log_mode mode = POLICY_LOG_PRIVATE;
	struct error err; /* it was read before */
	__u32 size = 0;

	if (text)
		log_mode_parse(text, &mode, &size, &err);
	profile_set_log(profile, mode, size);
}

static int check_said(const struct wishes *wishes, const struct sources_said *said,
		      struct error *err)
{
	const char *name = wishes->own_log && said->log		? ANNOTATION_LOG
			   : wishes->own_excess && said->excess ? ANNOTATION_EXCESS
								: NULL;

	if (!name)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "annotation %s: the profile that is taken says this itself; take one of "
			 "the two out",
			 name);
}

static int add_sources(const struct wishes *wishes, struct profile *profile,
		       struct sources_said *said, struct includes *includes, struct error *err)
{
	const struct sources_context context = {.capabilities = wishes->capabilities,
						.lenient = true,
						.looked = includes_note,
						.looked_context = includes};

	*said = (struct sources_said){.name = false};
	if (!wishes->sources->count)
		return 0;
	if (sources_add(wishes->sources, &context, profile, said, err))
		return -1;
	return check_said(wishes, said, err);
}

typedef int (*add_path)(struct profile *profile, const char *path, struct error *err);

static int add_paths(const struct wishes *wishes, const char *name, add_path add,
		     struct profile *profile, struct error *err)
{
	const json_t *list = json_object_get(json_object_get(wishes->request->root, "linux"), name);
	json_t *entry;
	size_t index;

	if (list && !json_is_array(list) && !json_is_null(list))
		return error_set(err, EXIT_USAGE, "linux.%s is no list", name);
	json_array_foreach(list, index, entry) {
		const char *path = json_string_value(entry);

		if (!path)
			return error_set(err, EXIT_USAGE, "linux.%s[%zu] is no string", name,
					 index);
		if (add(profile, path, err))
			return error_context(err, "linux");
	}
	return 0;
}

static int replace_paths(const struct wishes *wishes, struct profile *profile, struct error *err)
{
	if (!wishes->replace_paths)
		return 0;
	if (add_paths(wishes, "maskedPaths", profile_add_masked_path, profile, err))
		return -1;
	return add_paths(wishes, "readonlyPaths", profile_add_readonly_path, profile, err);
}

static int emit(const struct profile *profile, struct container_policy *made, struct error *err)
{
	struct policy policy;

	if (profile_emit(profile, &made->blob, &made->size, err) ||
	    blob_parse("the policy", made->blob, made->size, &policy, err))
		return -1;
	return check_private_calls(&policy, err);
}

/* Sets *own_name where the blob has the container's id for a name. */
static int build(const struct wishes *wishes, const char *name, struct container_policy *made,
		 bool *own_name, struct includes *includes, struct error *err)
{
	__attribute__((cleanup(cleanup_profile))) struct profile *profile = profile_new();
	struct sources_said said;

	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (profile_set_name(profile, name, err))
		return -1;
	set_log(profile, wishes->log);
	profile_set_excess(profile, wishes->excess && !strcmp(wishes->excess, "kill")
					    ? POLICY_EXCESS_KILL
					    : POLICY_EXCESS_REPORT);
	profile_set_capabilities(profile, wishes->capabilities);
	if (add_bundle_seccomp(wishes, profile, &made->takes_seccomp, made, err) ||
	    add_sources(wishes, profile, &said, includes, err) ||
	    replace_paths(wishes, profile, err))
		return -1;
	*own_name = !said.name;
	return emit(profile, made, err);
}

static int hash_piece(const char *bytes, size_t size, void *key)
{
	sha256_update(&((struct cache_key *)key)->hash, size, (const uint8_t *)bytes);
	return 0;
}

/* The text goes through the same hash, between a label and a length that cannot be part of it. */
static void add_json(struct cache_key *key, const char *label, const json_t *json)
{
	cache_key_add(key, label, NULL, 0);
	if (json)
		json_dump_callback(json, hash_piece, key, JSON_COMPACT | JSON_ENCODE_ANY);
	cache_key_add(key, "end", NULL, 0);
}

static void add_text(struct cache_key *key, const char *label, const char *text)
{
	if (text)
		cache_key_add(key, label, text, strlen(text));
}

/*
 * All that build() looks at, but for what AppArmor profiles include. False: not all of it can be told,
 * so nothing is cached.
 */
static bool make_key(const struct wishes *wishes, size_t name_length, struct cache_key *key)
{
	const json_t *linux_ = json_object_get(wishes->request->root, "linux");

	if (!cache_key_begin(key))
		return false;
	cache_key_add(key, "name", &name_length, sizeof(name_length));
	add_text(key, "log", wishes->log);
	add_text(key, wishes->own_log ? "own log" : "default log", "");
	add_text(key, "excess", wishes->excess);
	add_text(key, wishes->own_excess ? "own excess" : "default excess", "");
	cache_key_add(key, "capabilities", &wishes->capabilities, sizeof(wishes->capabilities));
	if (wishes->request->seccomp)
		cache_key_add_text(key, "seccomp text", wishes->request->cache,
				   wishes->request->seccomp, wishes->request->seccomp_size);
	else
		add_json(key, "seccomp", wishes->seccomp);
	if (wishes->replace_paths) {
		add_json(key, "masked", json_object_get(linux_, "maskedPaths"));
		add_json(key, "read-only", json_object_get(linux_, "readonlyPaths"));
	}
	for (size_t i = 0; i < wishes->sources->count; i++) {
		const struct source *source = &wishes->sources->list[i];

		cache_key_add(key, "kind", &source->kind, sizeof(source->kind));
		cache_key_add(key, "by", &source->named_by, sizeof(source->named_by));
		add_text(key, "file", source->name);
		cache_key_add(key, "source", source->bytes, source->size);
	}
	cache_key_end(key);
	return true;
}

/* Where the name stands in the blob. */
static uint32_t place_of_name(const struct container_policy *made)
{
	struct policy policy;
	struct error err;

	return blob_parse("the policy", made->blob, made->size, &policy, &err)
		       ? 0
		       : policy.name - (const char *)made->blob;
}

/* Takes the list of includes off what was cached. Whether it was there, and they are the same. */
static bool take_includes(struct container_policy *made, size_t size)
{
	if (size > made->size)
		return false;
	made->size -= size;
	return includes_hold((const char *)made->blob + made->size, size);
}

/* Whether it was there, and good. */
static bool find(const struct wishes *wishes, const struct cache_key *key,
		 struct container_policy *made)
{
	struct remembered remembered;

	if (!cache_read(wishes->request->cache, key, &remembered, sizeof(remembered), &made->blob,
			&made->size))
		return false;
	made->name_at = remembered.own_name;
	if (!take_includes(made, remembered.includes) ||
	    !policy_rename(made, wishes->request->id)) {
		free(made->blob);
		made->blob = NULL;
		return false;
	}
	made->takes_seccomp = remembered.takes_seccomp;
	memcpy(made->notice, remembered.notice, sizeof(made->notice));
	made->notice[sizeof(made->notice) - 1] = '\0';
	return true;
}

/* The next container under the same key comes after these includes, or makes all anew. */
static void remember(const struct wishes *wishes, const struct cache_key *key,
		     const struct container_policy *made, const struct includes *includes)
{
	struct remembered remembered = {.takes_seccomp = made->takes_seccomp,
					.own_name = made->name_at,
					.includes = includes->size};
	autofree char *body = malloc(made->size + includes->size);

	if (!body || includes->lost)
		return;
	memcpy(body, made->blob, made->size);
	if (includes->size)
		memcpy(body + made->size, includes->list, includes->size);
	strcpy(remembered.notice, made->notice);
	cache_write(wishes->request->cache, key, &remembered, sizeof(remembered), body,
		    made->size + includes->size);
}

static int build_and_remember(const struct wishes *wishes, const char *name,
			      const struct cache_key *key, struct container_policy *made,
			      struct error *err)
{
	struct includes includes = {.list = NULL};
	bool own_name = false;
	int ret = build(wishes, name, made, &own_name, &includes, err);

	if (!ret)
		made->name_at = own_name ? place_of_name(made) : 0;
	if (!ret && key)
		remember(wishes, key, made, &includes);
	free(includes.list);
	return ret;
}

int derive(const struct wishes *wishes, struct container_policy *made, struct error *err)
{
	struct cache_key key;
	char name[POLICY_ID_SHOWN + 1];
	bool cached;

	if (wishes->replace_paths && !wishes->request->whole) {
		made->wants_all = true;
		return 0;
	}
	snprintf(name, sizeof(name), "%s", wishes->request->id);
	cached = make_key(wishes, strlen(name), &key);
	if (!cached || !find(wishes, &key, made)) {
		if (wishes_lack_seccomp(wishes)) {
			made->wants_all = true;
			return 0;
		}
		if (build_and_remember(wishes, name, cached ? &key : NULL, made, err))
			return -1;
	}
	made->plain = wishes->request->lean && cached && !wishes->sources->count &&
		      !wishes->replace_paths;
	made->takes_paths = wishes->replace_paths;
	made->takes_apparmor = wishes->apparmor;
	return 0;
}
