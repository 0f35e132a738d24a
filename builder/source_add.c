// SPDX-License-Identifier: GPL-2.0
/* From sources to one profile: each is read by itself, then the stricter of two counts. */
#include <string.h>

#include "builder/combine.h"
#include "builder/source.h"
#include "builder/yaml_profile.h"

/* What is made, and of what it is made so far. */
struct work {
	const struct sources *sources;
	const struct sources_context *context;
	uint64_t capabilities; /* for includes and excludes */
	struct profile *profile;
	const char *first; /* the source whose rules are there; NULL: none yet */
	const char *log;   /* the source that said which log; NULL: none yet */
	struct sources_said *said;
	struct error *err;
};

static int read_json(const struct source *source, json_t **json, struct error *err)
{
	json_error_t fault;

	*json = json_loadb(source->bytes, source->size, JSON_REJECT_DUPLICATES, &fault);
	if (!*json)
		return error_set(err, EXIT_USAGE, "%s:%d:%d: not JSON: %s", source->name,
				 fault.line, fault.column, fault.text);
	if (!json_object_get(*json, "ociVersion"))
		return 0;
	json_decref(*json);
	return error_set(
		err, EXIT_USAGE,
		"%s is a bundle's config.json; what \"seccomp\" in its \"linux\" holds is a "
		"seccomp profile",
		source->name);
}

static struct seccomp_context seccomp_context(const struct work *work)
{
	return (struct seccomp_context){
		.capabilities = work->capabilities,
		.kernel = work->context->kernel,
		.clone3 = work->context->clone3,
		.lenient = work->context->lenient,
		.ignored = work->context->ignored,
		.ignored_context = work->context->ignored_context,
	};
}

static int add_seccomp(struct work *work, const struct source *source, struct profile *part)
{
	struct seccomp_context context = seccomp_context(work);
	const struct yaml_profile *by =
		source->named_by ? work->sources->list[source->named_by - 1].yaml : NULL;
	json_t *json;
	int ret;

	context.file = source->name;
	context.text = source->bytes;
	if (by && by->keys->clone3 && *by->keys->clone3 == CLONE3_AS_WRITTEN)
		context.clone3 = CLONE3_AS_WRITTEN;
	if (read_json(source, &json, work->err))
		return -1;
	ret = profile_add_seccomp(part, json, &context, work->err);
	json_decref(json);
	return ret;
}

static int add_apparmor(struct work *work, const struct source *source, struct profile *part)
{
	const struct yaml_profile *by =
		source->named_by ? work->sources->list[source->named_by - 1].yaml : NULL;
	const struct apparmor_context context = {
		.file = source->name,
		.text = source->bytes,
		.size = source->size,
		.profile = by ? by->keys->apparmor_profile : work->context->apparmor_profile,
		.folders = work->context->apparmor_folders,
		.folders_count = work->context->apparmor_folders_count,
		.looked = work->context->looked,
		.looked_context = work->context->looked_context,
	};

	return profile_add_apparmor(part, &context, work->err);
}

static int set_log(struct work *work, const struct source *source, enum policy_log_mode mode,
		   __u32 size)
{
	static const unsigned int strictness[] = {
		[POLICY_LOG_HOST] = 0, [POLICY_LOG_PRIVATE] = 1, [POLICY_LOG_DENY] = 2};
	const struct profile *profile = work->profile;

	if (!work->log || strictness[mode] > strictness[profile->log]) {
		profile_set_log(work->profile, mode, size);
		work->log = source->name;
	} else if (mode == POLICY_LOG_PRIVATE && profile->log == mode) {
		const __u32 before = profile->log_size;

		profile_set_log(work->profile, mode, size);
		if (profile->log_size != before)
			return error_set(work->err, EXIT_USAGE,
					 "%s and %s want private kernel logs of %u and %u bytes: "
					 "say the size in one of them",
					 work->log, source->name, before, profile->log_size);
	}
	work->said->log = true;
	return 0;
}

static void set_excess(struct work *work, enum policy_excess excess)
{
	/* What the caller has set counts only where no source says it. */
	if (!work->said->excess || excess == POLICY_EXCESS_KILL)
		profile_set_excess(work->profile, excess);
	work->said->excess = true;
}

static int set_name(struct work *work, const char *name)
{
	if (!name || !*name || work->said->name)
		return 0;
	work->said->name = true;
	return profile_set_name(work->profile, name, work->err);
}

static int add_yaml(struct work *work, const struct source *source, struct profile *part)
{
	const struct yaml_profile *yaml = source->yaml;
	const struct yaml_keys *keys = yaml->keys;
	const struct seccomp_context context = seccomp_context(work);

	if (set_name(work, keys->name) ||
	    (keys->log && set_log(work, source, keys->log->mode, yaml->log_size)))
		return -1;
	if (keys->excess)
		set_excess(work, *keys->excess);
	profile_set_capabilities(part, yaml->capabilities);
	if (yaml_profile_has_calls(yaml) && yaml_profile_add_calls(yaml, &context, part, work->err))
		return -1;
	part->partial_calls = yaml_profile_has_calls(yaml) && !yaml_profile_decides_calls(yaml);
	return keys->files_count ? yaml_profile_add_files(yaml, part, work->err) : 0;
}

static int add_blob(struct work *work, const struct source *source, struct profile *part)
{
	struct policy policy;

	if (blob_parse(source->name, source->blob, source->blob_size, &policy, work->err) ||
	    profile_from_policy(part, &policy, source->blob, work->err) ||
	    set_name(work, part->name) || set_log(work, source, policy.log, policy.log_size))
		return -1;
	if (policy.restricts_capabilities)
		set_excess(work, policy.excess);
	return 0;
}

static int add_part(struct work *work, const struct source *source, struct profile *part)
{
	switch (source->kind) {
	case SOURCE_SECCOMP:
		return add_seccomp(work, source, part);
	case SOURCE_APPARMOR:
		return add_apparmor(work, source, part);
	case SOURCE_YAML:
		return add_yaml(work, source, part);
	case SOURCE_BLOB:
	case SOURCE_MODULE:
		return add_blob(work, source, part);
	case SOURCE_UNKNOWN:
		break;
	}
	return 0;
}

static int add(struct work *work, const struct source *source)
{
	struct profile *part = profile_new();
	int ret;

	if (!part)
		return error_set(work->err, EXIT_ENVIRONMENT, "no memory for a profile");
	ret = add_part(work, source, part);
	if (!ret && profile_combine(work->profile, part, work->err))
		ret = error_context(work->err, "%s and %s",
				    work->first ? work->first : "what is there", source->name);
	if (!work->first)
		work->first = source->name;
	profile_free(part);
	return ret;
}

/* AppArmor's mount rules answer EACCES beside a seccomp profile's errno, which is to stand. */
static int add_all(struct work *work)
{
	const struct sources *sources = work->sources;

	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].kind != SOURCE_APPARMOR && add(work, &sources->list[i]))
			return -1;
	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].kind == SOURCE_APPARMOR && add(work, &sources->list[i]))
			return -1;
	return 0;
}

static bool blob_capabilities(const struct source *source, uint64_t *capabilities)
{
	struct policy policy;
	struct error err;

	/* Of what is malformed add_blob() says so. */
	if (!source->blob ||
	    blob_parse(source->name, source->blob, source->blob_size, &policy, &err))
		return false;
	*capabilities &= policy.capabilities;
	return true;
}

bool sources_capabilities(const struct sources *sources, uint64_t *capabilities)
{
	bool stated = false;

	*capabilities = CAPABILITIES_ALL;
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];

		if (source->yaml && source->yaml->states_capabilities) {
			*capabilities &= source->yaml->capabilities;
			stated = true;
		}
		stated |= blob_capabilities(source, capabilities);
	}
	return stated;
}

int sources_add(const struct sources *sources, const struct sources_context *context,
		struct profile *profile, struct sources_said *said, struct error *err)
{
	const struct table *table = &profile->tables[POLICY_TABLE_X86_64];
	struct work work = {.sources = sources,
			    .context = context,
			    .profile = profile,
			    .said = said,
			    .err = err};

	*said = (struct sources_said){0};
	said->capabilities = sources_capabilities(sources, &work.capabilities);
	work.capabilities &= context->capabilities;
	if (add_all(&work))
		return -1;
	said->calls = table->present && !profile->partial_calls;
	said->files = profile->restricts_files;
	return 0;
}
