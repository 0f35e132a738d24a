// SPDX-License-Identifier: GPL-2.0
#include "symbol.h"

#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Says by probe which function is looked for: by its name, or by the table that it stands in. */
static int set_target(const char *name, struct kprobe *probe)
{
	const char *member = strstr(name, "->show");
	const struct seq_operations *table;
	char table_name[32];

	if (!member) {
		probe->symbol_name = name;
		return 0;
	}
	scnprintf(table_name, sizeof(table_name), "%.*s", (int)(member - name), name);
	table = vkm_symbol_address(table_name);
	if (IS_ERR(table))
		return PTR_ERR(table);
	probe->addr = (void *)table->show;
	return 0;
}

static int find(struct vkm_symbol *symbol, struct kprobe *probe)
{
	int error;

	probe->flags = KPROBE_FLAG_DISABLED;
	error = set_target(symbol->name, probe);
	if (!error)
		error = register_kprobe(probe);
	if (error == -ENOMEM)
		return error;
	if (error) {
		pr_err("cannot hook %s: this kernel has no such function, or forbids it (error "
		       "%d); the policy cannot be enforced here\n",
		       symbol->name, error);
		return -EOPNOTSUPP;
	}
	symbol->site = (unsigned long)probe->addr;
	return 0;
}

/* kprobes knows whether its address is one that ftrace can patch. */
static int check_site(const struct vkm_symbol *symbol, const struct kprobe *probe)
{
	if (probe->flags & KPROBE_FLAG_FTRACE)
		return 0;
	pr_err("cannot hook %s: ftrace has no site on it; the policy cannot be enforced here\n",
	       symbol->name);
	return -EOPNOTSUPP;
}

int vkm_symbols_find(struct vkm_symbol *symbols, unsigned int count)
{
	struct kprobe *probes = kvcalloc(count, sizeof(*probes), GFP_KERNEL);
	struct kprobe **registered = kvcalloc(count, sizeof(*registered), GFP_KERNEL);
	unsigned int found = 0;
	int error = -ENOMEM;

	if (!probes || !registered)
		goto free;
	error = 0;
	while (!error && found < count) {
		error = find(&symbols[found], &probes[found]);
		if (error)
			break;
		registered[found] = &probes[found];
		error = check_site(&symbols[found], &probes[found]);
		found++;
	}
	unregister_kprobes(registered, found);
free:
	kvfree(registered);
	kvfree(probes);
	return error;
}

const void *vkm_symbol_address(const char *name)
{
	struct vkm_symbol lookup = {.name = "kallsyms_lookup_name"};
	const int error = vkm_symbols_find(&lookup, 1);
	unsigned long address;

	if (error)
		return ERR_PTR(error);
	address = vkm_call((unsigned long)name, 0, 0, lookup.site);
	if (address)
		return (const void *)address;
	pr_err("cannot find %s: this kernel has no such variable; it is not supported\n", name);
	return ERR_PTR(-EOPNOTSUPP);
}
