// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/profile/elf.h"
#include "harness/profile/table.h"
#include "harness/plugin/page.h"

#define PAGE_BUCKETS 16384u
#define UNKNOWN	     ((struct symbol){"unknown", "[unknown]"})

struct program {
	struct program *next;
	char *name;
	struct table table;
};

/* Where a page of code is in its program. */
struct page {
	struct page *next;
	uint64_t hash, address;
	struct program *program;
};

struct symbols {
	struct table kernel, modules;
	struct program *programs;
	struct page *pages[PAGE_BUCKETS];
	char **images; /* names of modules */
	size_t image_count;
	uint64_t *starts;
};

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for symbols");
}

struct symbols *symbols_new(void)
{
	return calloc(1, sizeof(struct symbols));
}

static void free_programs(struct symbols *symbols)
{
	for (struct program *program = symbols->programs, *next; program; program = next) {
		next = program->next;
		table_clear(&program->table);
		free(program->name);
		free(program);
	}
}

static void free_pages(struct symbols *symbols)
{
	for (size_t i = 0; i < PAGE_BUCKETS; i++) {
		for (struct page *page = symbols->pages[i], *next; page; page = next) {
			next = page->next;
			free(page);
		}
	}
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	table_clear(&symbols->kernel);
	table_clear(&symbols->modules);
	free_programs(symbols);
	free_pages(symbols);
	for (size_t i = 0; i < symbols->image_count; i++)
		free(symbols->images[i]);
	free(symbols->images);
	free(symbols->starts);
	free(symbols);
}

/* A copy of name that lives as long as symbols do, the same for the same name; NULL without memory. */
static const char *image_name(struct symbols *symbols, const char *name)
{
	char **larger;

	for (size_t i = 0; i < symbols->image_count; i++)
		if (!strcmp(symbols->images[i], name))
			return symbols->images[i];
	larger = realloc(symbols->images, (symbols->image_count + 1) * sizeof(*larger));
	if (!larger)
		return NULL;
	symbols->images = larger;
	larger[symbols->image_count] = strdup(name);
	return larger[symbols->image_count] ? larger[symbols->image_count++] : NULL;
}

static bool is_ours(const char *module)
{
	return !strcmp(module, "vkm") || !strncmp(module, "vkernel_", 8);
}

int symbols_add_line(struct symbols *symbols, const char *line, struct error *err)
{
	char type, name[512], module[64] = "kernel";
	const char *image;
	unsigned long long address;

	if (sscanf(line, "%llx %c %511s [%63[^]]]", &address, &type, name, module) < 3)
		return error_set(err, EXIT_ENVIRONMENT, "not a line of /proc/kallsyms: \"%.100s\"",
				 line);
	if (!strchr("tTwW", type) || is_ours(module) || !strncmp(name, "__pfx_", 6))
		return 0;
	if (!address)
		return error_set(err, EXIT_ENVIRONMENT,
				 "the guest's kernel hides the addresses of its symbols");
	image = image_name(symbols, module);
	if (!image || table_add(&symbols->kernel, address, 0, image, name))
		return no_memory(err);
	return 0;
}

const uint64_t *symbols_starts(struct symbols *symbols, size_t *count)
{
	struct table *table = &symbols->kernel;

	table_sort(table);
	free(symbols->starts);
	symbols->starts = malloc((table->count + 1) * sizeof(*symbols->starts));
	*count = 0;
	for (size_t i = 0; symbols->starts && i < table->count; i++)
		if (!strcmp(table->entries[i].image, "kernel"))
			symbols->starts[(*count)++] = table->entries[i].address;
	return symbols->starts;
}

void symbols_forget_modules(struct symbols *symbols)
{
	table_clear(&symbols->modules);
}

struct addition {
	struct symbols *symbols;
	const char *image;
	struct program *program;
	uint64_t base;
};

static int add_module_function(void *context, uint64_t address, uint64_t size, const char *name)
{
	struct addition *addition = context;

	return table_add(&addition->symbols->modules, addition->base + address, size,
			 addition->image, name);
}

int symbols_add_module(struct symbols *symbols, const char *image, const char *file,
		       const char *section, uint64_t address, struct error *err)
{
	struct addition addition = {.symbols = symbols, .base = address};
	const struct elf_visitor visitor = {.section = section, .function = add_module_function};

	addition.image = image_name(symbols, image);
	if (!addition.image)
		return no_memory(err);
	return elf_visit(file, &visitor, &addition, err);
}

static struct page **find_page(struct symbols *symbols, uint64_t hash)
{
	struct page **page = &symbols->pages[hash % PAGE_BUCKETS];

	while (*page && (*page)->hash != hash)
		page = &(*page)->next;
	return page;
}

static int add_page(void *context, uint64_t address, const void *bytes)
{
	struct addition *addition = context;
	uint64_t hash = page_hash(bytes);
	struct page **place = find_page(addition->symbols, hash), *page;

	if (*place)
		return 0;
	page = malloc(sizeof(*page));
	if (!page)
		return -1;
	*page = (struct page){.hash = hash, .address = address, .program = addition->program};
	*place = page;
	return 0;
}

static int add_function(void *context, uint64_t address, uint64_t size, const char *name)
{
	struct addition *addition = context;

	return table_add(&addition->program->table, address, size, addition->program->name, name);
}

int symbols_add_program(struct symbols *symbols, const char *file, struct error *err)
{
	static const struct elf_visitor visitor = {.page = add_page, .function = add_function};
	const char *slash = strrchr(file, '/');
	struct program *program = calloc(1, sizeof(*program));
	struct addition addition = {.symbols = symbols, .program = program};

	if (!program)
		return no_memory(err);
	program->name = strdup(slash ? slash + 1 : file);
	program->next = symbols->programs;
	symbols->programs = program;
	if (!program->name)
		return no_memory(err);
	return elf_visit(file, &visitor, &addition, err);
}

static struct symbol find_in_program(struct symbols *symbols, uint64_t address, uint64_t hash)
{
	const struct page *page = *find_page(symbols, hash);
	const struct entry *entry;

	if (!page)
		return UNKNOWN;
	entry = table_find(&page->program->table, page->address + address % PAGE_BYTES);
	return (struct symbol){page->program->name, entry ? entry->name : "[unknown]"};
}

struct symbol symbols_find(struct symbols *symbols, uint64_t address, uint64_t page)
{
	const struct entry *entry;

	if (page)
		return find_in_program(symbols, address, page);
	entry = table_find(&symbols->modules, address);
	if (!entry)
		entry = table_find(&symbols->kernel, address);
	if (entry)
		return (struct symbol){entry->image, entry->name};
	/* Code that the kernel makes: filters of seccomp, ftrace's trampolines. */
	return address >> 63 ? (struct symbol){"kernel", "[generated code]"} : UNKNOWN;
}
