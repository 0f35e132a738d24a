// SPDX-License-Identifier: GPL-2.0
#include "runtime/image.h"

#include <endian.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"

/* Where struct module keeps its name, on every supported kernel: state, list, name. */
#define MODULE_SECTION	   ".gnu.linkonce.this_module"
#define MODULE_NAME_OFFSET 24

#define ALIGNED(size) (((size) + 7) & ~(size_t)7)

/* A section's header, and where that header lies in the file. */
struct section {
	GElf_Shdr header;
	size_t header_offset;
};

static int find_section(Elf *elf, const char *name, struct section *section, struct error *err)
{
	Elf_Scn *scan = NULL;
	GElf_Ehdr header;
	size_t names;

	if (!gelf_getehdr(elf, &header) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_machine != EM_X86_64 || header.e_type != ET_REL)
		return error_set(err, EXIT_USAGE, "it is not an x86-64 kernel module");
	if (elf_getshdrstrndx(elf, &names))
		return error_set(err, EXIT_USAGE, "it is damaged: %s", elf_errmsg(-1));
	while ((scan = elf_nextscn(elf, scan))) {
		const char *found;

		if (!gelf_getshdr(scan, &section->header))
			break;
		found = elf_strptr(elf, names, section->header.sh_name);
		if (found && !strcmp(found, name)) {
			section->header_offset =
				header.e_shoff + elf_ndxscn(scan) * sizeof(Elf64_Shdr);
			return 0;
		}
	}
	return error_set(err, EXIT_USAGE, "it has no section %s, so it is not a vKI template",
			 name);
}

static int check_inside(const struct section *section, size_t size, struct error *err)
{
	if (section->header.sh_offset > size ||
	    section->header.sh_size > size - section->header.sh_offset ||
	    section->header_offset > size - sizeof(Elf64_Shdr))
		return error_set(err, EXIT_USAGE, "it is damaged: a section lies outside of it");
	return 0;
}

static void cleanup_elf(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}

#define autoelf __attribute__((cleanup(cleanup_elf)))

/* libelf takes bytes that it may change; reading changes none. */
static Elf *open_elf(const void *image, size_t size, struct error *err)
{
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)image, size);
	if (!elf)
		error_set(err, EXIT_USAGE, "it is not an ELF file: %s", elf_errmsg(-1));
	return elf;
}

static int locate(const void *image, size_t size, const char *name, struct section *section,
		  struct error *err)
{
	autoelf Elf *elf = open_elf(image, size, err);

	if (!elf || find_section(elf, name, section, err))
		return -1;
	return check_inside(section, size, err);
}

int image_rename(void *image, size_t size, const char *name, struct error *err)
{
	struct section section;
	char *place;

	if (strlen(name) > MODULE_NAME_MAX)
		return error_set(err, EXIT_USAGE, "the module name %s is longer than %d characters",
				 name, MODULE_NAME_MAX);
	if (locate(image, size, MODULE_SECTION, &section, err))
		return -1;
	place = (char *)image + section.header.sh_offset + MODULE_NAME_OFFSET;
	if (section.header.sh_size < MODULE_NAME_OFFSET + MODULE_NAME_MAX + 1 ||
	    strcmp(place, VKI_TEMPLATE_NAME))
		return error_set(err, EXIT_USAGE,
				 "its struct module does not name \"" VKI_TEMPLATE_NAME
				 "\" where this program expects the name");
	memset(place, 0, MODULE_NAME_MAX + 1);
	memcpy(place, name, strlen(name));
	return 0;
}

/* The section moves to the end of the file, where there is room. */
static void embed(char *image, size_t end, const struct section *section, const void *blob,
		  size_t blob_size)
{
	Elf64_Shdr *header = (Elf64_Shdr *)(image + section->header_offset);
	struct policy_image *policy = (struct policy_image *)(image + end);

	policy->size = htole64(blob_size);
	memcpy(policy->blob, blob, blob_size);
	header->sh_offset = end;
	header->sh_size = sizeof(*policy) + blob_size;
}

int image_embed(const void *image, size_t size, const void *blob, size_t blob_size, void **made,
		size_t *made_size, struct error *err)
{
	const size_t end = ALIGNED(size);
	struct section section;
	char *copy;

	if (locate(image, size, POLICY_IMAGE_SECTION, &section, err))
		return -1;
	copy = calloc(1, end + ALIGNED(sizeof(struct policy_image) + blob_size));
	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a module image");
	memcpy(copy, image, size);
	embed(copy, end, &section, blob, blob_size);
	*made = copy;
	*made_size = end + sizeof(struct policy_image) + blob_size;
	return 0;
}

int image_make(const void *template, size_t template_size, const void *blob, size_t blob_size,
	       const char *name, void **image, size_t *image_size, struct error *err)
{
	if (image_embed(template, template_size, blob, blob_size, image, image_size, err))
		return -1;
	if (!image_rename(*image, *image_size, name, err))
		return 0;
	free(*image);
	return -1;
}

int image_policy(const void *image, size_t size, void **blob, size_t *blob_size, struct error *err)
{
	struct policy_image header;
	struct section section;
	uint64_t length;

	if (locate(image, size, POLICY_IMAGE_SECTION, &section, err))
		return -1;
	if (section.header.sh_size < sizeof(header))
		return error_set(err, EXIT_USAGE, "its section " POLICY_IMAGE_SECTION " is cut");
	memcpy(&header, (const char *)image + section.header.sh_offset, sizeof(header));
	length = le64toh(header.size);
	if (!length)
		return error_set(err, EXIT_USAGE, "no policy is embedded in it");
	if (length > section.header.sh_size - sizeof(header))
		return error_set(err, EXIT_USAGE, "its section " POLICY_IMAGE_SECTION " is cut");
	*blob = malloc(length);
	if (!*blob)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a policy");
	memcpy(*blob, (const char *)image + section.header.sh_offset + sizeof(header), length);
	*blob_size = length;
	return 0;
}

/* .modinfo is strings one after the other; vermagic begins with the kernel's release. */
int image_release(const void *image, size_t size, char release[128], struct error *err)
{
	static const char key[] = "vermagic=";
	struct section section;
	const char *at, *end;

	if (locate(image, size, ".modinfo", &section, err))
		return -1;
	at = (const char *)image + section.header.sh_offset;
	end = at + section.header.sh_size;
	while (at < end) {
		const size_t length = strnlen(at, end - at);

		if (length > strlen(key) && !memcmp(at, key, strlen(key))) {
			const char *value = at + strlen(key);
			const char *space = memchr(value, ' ', at + length - value);

			snprintf(release, 128, "%.*s", (int)((space ? space : at + length) - value),
				 value);
			return 0;
		}
		at += length + 1;
	}
	return error_set(err, EXIT_USAGE, "it does not say for which kernel it is");
}

bool image_is_module(const void *bytes, size_t size)
{
	return size >= SELFMAG && !memcmp(bytes, ELFMAG, SELFMAG);
}

static Elf_Data *find_symbols(Elf *elf, GElf_Shdr *header)
{
	Elf_Scn *scan = NULL;

	while ((scan = elf_nextscn(elf, scan)))
		if (gelf_getshdr(scan, header) && header->sh_type == SHT_SYMTAB)
			return elf_getdata(scan, NULL);
	return NULL;
}

static void print_call(FILE *stream, const char *symbol)
{
	const size_t prefix = strlen(PRIVATE_CALL_SYMBOL);

	if (symbol && !strncmp(symbol, PRIVATE_CALL_SYMBOL, prefix))
		fwrite(symbol + prefix, 1, strlen(symbol + prefix) + 1, stream);
}

int image_calls(const void *image, size_t size, char **names, struct error *err)
{
	autoelf Elf *elf = open_elf(image, size, err);
	Elf_Data *symbols;
	GElf_Shdr header;
	GElf_Sym symbol;
	FILE *stream;
	size_t length;

	if (!elf)
		return -1;
	symbols = find_symbols(elf, &header);
	if (!symbols)
		return error_set(err, EXIT_USAGE, "its symbols are missing");
	stream = open_memstream(names, &length);
	if (!stream)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for names");
	for (int i = 0; gelf_getsym(symbols, i, &symbol); i++)
		print_call(stream, elf_strptr(elf, header.sh_link, symbol.st_name));
	fputc('\0', stream);
	if (!fclose(stream))
		return 0;
	free(*names);
	return error_set(err, EXIT_ENVIRONMENT, "no memory for names");
}
