// SPDX-License-Identifier: GPL-2.0
#include "runtime/container.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/backend.h"
#include "runtime/bundle.h"
#include "runtime/cache.h"
#include "runtime/child.h"
#include "runtime/claim.h"
#include "runtime/framework.h"
#include "runtime/image.h"
#include "runtime/instance.h"
#include "runtime/kept.h"
#include "runtime/policy.h"
#include "runtime/rootless.h"
#include "runtime/signature.h"
#include "runtime/spelling.h"
#include "runtime/state.h"
#include "runtime/template.h"

/* The image of the instance for a policy that is no module by itself, to be signed. */
static int make_image(const struct container_policy *policy, void **image, size_t *size,
		      struct error *err)
{
	autofree char *made = NULL;
	char path[PATH_MAX];

	if (template_path(NULL, path, err))
		return -1;
	if (file_read_room(path, TEMPLATE_SIZE_MAX, image_room(policy->size), &made, size, err))
		return error_context(err, "cannot read the instance template");
	if (image_embed_here(made, size, policy->blob, policy->size, err))
		return error_context(err, "cannot use the instance template %s", path);
	*image = steal_pointer(made);
	return 0;
}

/* The module that the policy is made into, in memory that nobody else wrote to, is not kept. */
static int load_blob(const char *name, const struct container_policy *policy, struct error *err)
{
	struct template_map template;
	char path[PATH_MAX];
	int ret;

	if (template_path(NULL, path, err))
		return -1;
	if (template_map(path, image_room(policy->size), &template, err))
		return error_context(err, "cannot read the instance template");
	ret = image_embed_here(template.image, &template.size, policy->blob, policy->size, err) ||
			      image_rename(template.image, template.size, name, err)
		      ? error_context(err, "cannot use the instance template %s", path)
		      : instance_load(name, template.image, template.size, err);
	template_unmap(&template);
	return ret;
}

static int load(const char *name, struct container_policy *policy, struct error *err)
{
	const bool sign = signature_wanted();

	if (!policy->module && !sign)
		return load_blob(name, policy, err);
	if (!policy->module && make_image(policy, &policy->module, &policy->module_size, err))
		return -1;
	if (image_rename(policy->module, policy->module_size, name, err))
		return error_context(err, "cannot use the instance module");
	if (sign && signature_add(&policy->module, &policy->module_size, err))
		return -1;
	return instance_load(name, policy->module, policy->module_size, err);
}

/* A container in the making: who it is, and what is made for it. */
struct making {
	const struct arguments *arguments;
	const struct settings *settings;
	char name[INSTANCE_NAME_SIZE];
	struct owner owner;
	bool taken; /* the runtime below had a container of this id already: it is not ours to end */
	int session; /* framework_begin()'s */
};

static int rewrite_config(const struct making *making, struct bundle *bundle,
			  const struct container_policy *policy, char **path, struct error *err)
{
	const struct bundle_drop drop = {
		.seccomp = policy->takes_seccomp,
		.paths = policy->takes_paths,
		.apparmor = policy->takes_apparmor,
	};

	if (bundle_restore(bundle, err) ||
	    (!backend_takes_config() && spelling_check(bundle->root, err)))
		return -1;
	bundle_rewrite(bundle->root, &drop);
	if (!backend_takes_config() && bundle_detach(bundle->root, making->arguments->bundle, err))
		return -1;
	return state_write_config(making->name, bundle->root, path, err);
}

/*
 * A runtime whose daemon makes the container is found out only when that is there: until then, what the
 * bundle asks of it has to guard.
 */
static void keep_bundle(struct container_policy *policy)
{
	if (policy->takes_seccomp || policy->takes_paths || policy->takes_apparmor)
		snprintf(
			policy->notice, sizeof(policy->notice),
			"%s is neither crun nor runc by its name; what the bundle asks of it stays "
			"beside the instance",
			backend());
	policy->takes_seccomp = policy->takes_paths = policy->takes_apparmor = false;
}

/*
 * The configuration that the underlying runtime reads. Where only linux.seccomp is to go, it is what
 * was cut.
 */
static int write_config(const struct making *making, struct bundle *bundle,
			const struct container_policy *policy, char **path, struct error *err)
{
	if (bundle->rest && policy->takes_seccomp == !!bundle->seccomp && !policy->takes_paths &&
	    !policy->takes_apparmor && backend_takes_config())
		return state_write_text(making->name, bundle->rest, path, err);
	return rewrite_config(making, bundle, policy, path, err);
}

static void discard(const struct making *making)
{
	bool has_log = false;
	struct error err;

	if (!instance_end(making->session, making->name, &has_log)) {
		if (instance_remove(making->name, kept_try, &err))
			error_report(&err, "vkernel-runtime");
	} else if (has_log) {
		kept_forget(making->owner.id);
	}
	state_remove_own(making->name);
}

/*
 * The command line with the configuration at config, or, for others than crun, with its folder as the
 * bundle.
 */
static char **command_line(const struct making *making, char *config)
{
	if (backend_takes_config())
		return arguments_for(making->arguments, backend(), "--config", config);
	return arguments_for(making->arguments, backend(), "--bundle", dirname(config));
}

/* Whether the container is meant to outlive this process. */
static bool lives_on(const struct arguments *arguments)
{
	return arguments->detach || !strcmp(arguments_command(arguments), "create");
}

/* The container that the runtime below has made, or has made half. */
static void delete_made(const struct making *making)
{
	if (!making->taken)
		backend_delete(making->arguments);
}

/*
 * The child makes the container while the module is loaded. The container's program waits in the
 * kernel for its instance, and is killed where there will be none.
 */
static int start_and_load(const struct making *making, const struct bundle *bundle, char *config,
			  struct container_policy *policy, int *status, struct error *err)
{
	autofree char **argv = command_line(making, config);
	pid_t pid;
	int loaded;

	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	if (instance_expect(making->session, making->name, bundle->hooks, err))
		return -1;
	pid = child_start(argv, err);
	if (pid < 0)
		return -1;
	loaded = load(making->name, policy, err);
	if (loaded)
		instance_cancel(making->session);
	*status = child_wait(pid);
	if (loaded && lives_on(making->arguments))
		delete_made(making);
	return loaded;
}

/* Why a container that the runtime below has made has no instance; NULL: it has made none. */
static const char *unbound_reason(void)
{
	switch (instance_fate()) {
	case INSTANCE_KILLED:
		return "it was killed while it waited for its instance, by a signal or for lack of "
		       "memory, and its program has not run";
	case INSTANCE_ENDED:
		return "it ended before it executed its program";
	case INSTANCE_REFUSED:
		return "the kernel could not bind its instance, as its log says, and ended it "
		       "before its program ran";
	case INSTANCE_UNSEEN:
		break;
	}
	return NULL;
}

/* The runtime below succeeded, and its container has no instance. */
static int refuse_unbound(struct error *err)
{
	const char *reason = unbound_reason();

	if (reason)
		return error_set(err, EXIT_ENVIRONMENT, "the container did not start: %s", reason);
	return error_set(err, EXIT_ENVIRONMENT,
			 "%s did not make the container by itself or by its children: the "
			 "container was not guarded, and is deleted; use a runtime that "
			 "does, as crun",
			 backend());
}

static void tell_unbound(int status)
{
	const char *reason = unbound_reason();

	fprintf(stderr, "vkernel-runtime: %s ended with status %d, and no instance was bound%s%s\n",
		backend(), status, reason ? ": " : "", reason ? reason : "");
}

/*
 * What comes of a runtime that lets others make the container, or whose container ends early. Where it
 * succeeded, that is an error; else it may have failed before there was a container, and has said why.
 */
static int check_bound(const struct making *making, int status, struct error *err)
{
	if (!status && lives_on(making->arguments))
		instance_settle(making->name);
	if (instance_was_bound(making->session))
		return status;
	if (!status) {
		refuse_unbound(err);
		backend_delete(making->arguments);
		return -1;
	}
	tell_unbound(status);
	return status;
}

static void tell(const char *notice)
{
	fputs("vkernel-runtime: ", stderr);
	print_plain(stderr, notice);
	fputc('\n', stderr);
}

static struct policy_request request_for(const struct making *making, const struct bundle *bundle)
{
	return (struct policy_request){
		.root = bundle->root,
		.seccomp = bundle->seccomp,
		.seccomp_size = bundle->seccomp_size,
		.lean = bundle->lean,
		.lean_size = bundle->lean_size,
		.whole = !bundle->rest,
		.id = making->arguments->id,
		.settings = making->settings,
		.cache = cache_folder(making->arguments->cache),
	};
}

static int find_policy(const struct making *making, const struct bundle *bundle,
		       struct container_policy *policy, struct error *err)
{
	const struct policy_request request = request_for(making, bundle);

	if (policy_for(&request, policy, err))
		return -1;
	if (!policy->wants_all && !bundle->hooks)
		policy_remember(&request, policy);
	return 0;
}

/* All of the bundle is parsed only where the cache has no policy that was made of it. */
static int make_policy(const struct making *making, struct bundle *bundle,
		       struct container_policy *policy, struct error *err)
{
	if (find_policy(making, bundle, policy, err))
		return -1;
	if (!policy->wants_all)
		return 0;
	container_policy_free(policy);
	return bundle_restore(bundle, err) || find_policy(making, bundle, policy, err) ? -1 : 0;
}

/* Of another runtime it is not known that what it executes in the container are hooks. */
static int check_hooks(const struct bundle *bundle, struct error *err)
{
	if (!bundle->hooks || backend_is_known())
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"hooks.createContainer is supported with crun or runc as the runtime below; "
		"by its name, %s is neither",
		backend());
}

/*
 * And none of it where the same words were parsed for another container. Those of a bundle with hooks
 * are not remembered.
 */
static int know_policy(const struct making *making, struct bundle *bundle,
		       struct container_policy *policy, struct error *err)
{
	const struct policy_request request = request_for(making, bundle);

	if (policy_known(&request, policy))
		return 0;
	return bundle_parse(bundle, err) || check_hooks(bundle, err) ||
			       make_policy(making, bundle, policy, err)
		       ? -1
		       : 0;
}

static int create(const struct making *making, struct bundle *bundle, struct error *err)
{
	__attribute__((cleanup(container_policy_free))) struct container_policy policy = {
		.blob = NULL};
	autofree char *config = NULL;
	int status = 0;

	if (know_policy(making, bundle, &policy, err))
		return -1;
	if (!backend_is_known())
		keep_bundle(&policy);
	if (policy.notice[0])
		tell(policy.notice);
	if (write_config(making, bundle, &policy, &config, err))
		return -1;
	if (start_and_load(making, bundle, config, &policy, &status, err))
		return -1;
	if (WIFSIGNALED(status))
		delete_made(making);
	return check_bound(making, child_exit_status(status), err);
}

static int create_alone(const struct arguments *arguments, const struct settings *settings,
			struct error *err)
{
	struct making making = {.arguments = arguments, .settings = settings};
	__attribute__((cleanup(bundle_free))) struct bundle bundle = {.root = NULL};
	autoclose int session = -1, lock = -1;
	int status;

	if (owner_check_id(arguments->id, err) || rootless_check(arguments, err) ||
	    backend_check(err))
		return -1;
	making.session = session = framework_begin(err);
	if (session < 0 || bundle_read(arguments->bundle, arguments->config, &bundle, err) ||
	    owner_set(&making.owner, arguments->id, arguments->root, backend(), err))
		return -1;
	lock = claim_take(&making.owner, making.name, kept_try, err);
	if (lock < 0)
		return -1;
	making.taken = owner_has_container(&making.owner);
	status = create(&making, &bundle, err);
	if (status || !lives_on(arguments))
		discard(&making);
	return status;
}

/*
 * The first namespace that a descendant of this process makes counts as the container. What this process
 * had started before it became this program would be such a descendant: then a child does all of it.
 */
int container_create(const struct arguments *arguments, const struct settings *settings,
		     struct error *err)
{
	const pid_t pid = child_was_left() ? child_fork(err) : 0;

	if (pid < 0)
		return -1;
	if (pid)
		return child_exit_status(child_wait(pid));
	return create_alone(arguments, settings, err);
}
