// SPDX-License-Identifier: GPL-2.0
/*
 * The template of a virtual kernel instance. The runtime puts a policy blob into the section
 * POLICY_IMAGE_SECTION of a copy, renames the copy and loads it: one module for each container.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <vkernel/image.h>
#include <vkernel/vkm.h>

#include "calls.h"
#include "compile.h"

static const struct policy_image image __used __aligned(8) __section(POLICY_IMAGE_SECTION) = {};

static struct vkm_instance *instance;

/* One more than there are, so that none at all is no special case. */
static vkm_private_call *find_calls(const struct policy *policy)
{
	vkm_private_call *calls = kvcalloc(policy->calls_count + 1, sizeof(*calls), GFP_KERNEL);
	unsigned int i;

	if (!calls)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < policy->calls_count; i++) {
		const char *name = policy_call_name(policy, i);

		calls[i] = vki_find_call(name);
		if (calls[i])
			continue;
		pr_err("%s: the policy names the private call %s, which this instance does not "
		       "have: build one with `vkernel build --with`\n",
		       THIS_MODULE->name, name);
		kvfree(calls);
		return ERR_PTR(-ENOENT);
	}
	return calls;
}

static struct vkm_rules *compile(const void *blob, size_t size)
{
	struct policy_fault fault;
	vkm_private_call *calls;
	struct policy policy;
	void *memory;

	if (policy_parse(blob, size, &policy, &fault)) {
		pr_err("%s: the policy is refused at offset %zu: %s\n", THIS_MODULE->name,
		       fault.offset, fault.reason);
		return ERR_PTR(-EINVAL);
	}
	calls = find_calls(&policy);
	if (IS_ERR(calls))
		return ERR_CAST(calls);
	memory = kvzalloc(rules_size(&policy, size), GFP_KERNEL);
	if (memory)
		rules_make(memory, &policy, blob, size, calls);
	kvfree(calls);
	return memory ? memory : ERR_PTR(-ENOMEM);
}

static struct vkm_guard guard = {
	.owner = THIS_MODULE,
	.compile = compile,
};

static struct vkm_rules *compile_image(void)
{
	const struct policy_image *embedded = &image;

	/* The section has grown since this file was compiled. */
	OPTIMIZER_HIDE_VAR(embedded);
	if (!embedded->size) {
		pr_err("%s: no policy is embedded: this is the template, vkernel-runtime loads "
		       "copies of it\n",
		       THIS_MODULE->name);
		return ERR_PTR(-ENODATA);
	}
	return compile(embedded->blob, le64_to_cpu(embedded->size));
}

static int __init vki_start(void)
{
	struct vkm_rules *rules = compile_image();

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	guard.name = THIS_MODULE->name;
	instance = vkm_register(&guard, rules);
	return PTR_ERR_OR_ZERO(instance);
}

static void __exit vki_stop(void)
{
	vkm_unregister(instance);
}

module_init(vki_start);
module_exit(vki_stop);
MODULE_DESCRIPTION("vKernel instance");
MODULE_LICENSE("GPL");
