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
	Elf64_Shdr header;
	size_t header_offset;
};

/* The section header table, or NULL where the image has none or is no x86-64 module. */
static const Elf64_Shdr *section_headers(const void *image, size_t size, Elf64_Ehdr *header,
					 struct error *err)
{
	if (size < sizeof(*header) || !image_is_module(image, size)) {
		error_set(err, EXIT_USAGE, "it is not an ELF file");
		return NULL;
	}
	memcpy(header, image, sizeof(*header));
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 ||
	    header->e_type != ET_REL) {
		error_set(err, EXIT_USAGE, "it is not an x86-64 kernel module");
		return NULL;
	}
	if (header->e_shoff > size || header->e_shoff % sizeof(__u64) ||
	    header->e_shnum > (size - header->e_shoff) / sizeof(Elf64_Shdr) ||
	    header->e_shstrndx >= header->e_shnum) {
		error_set(err, EXIT_USAGE, "it is damaged: its section headers lie outside of it");
		return NULL;
	}
	return (const void *)((const char *)image + header->e_shoff);
}

/* Whether the name at offset of the table of names is this one. */
static bool is_called(const void *image, size_t size, const Elf64_Shdr *names, Elf64_Word offset,
		      const char *name)
{
	const size_t length = strlen(name) + 1;

	return names->sh_offset <= size && names->sh_size <= size - names->sh_offset &&
	       offset < names->sh_size && length <= names->sh_size - offset &&
	       !memcmp((const char *)image + names->sh_offset + offset, name, length);
}

static int find_section(const void *image, size_t size, const char *name, struct section *section,
			struct error *err)
{
	Elf64_Ehdr header;
	const Elf64_Shdr *headers = section_headers(image, size, &header, err);

	if (!headers)
		return -1;
	for (unsigned int i = 0; i < header.e_shnum; i++) {
		if (!is_called(image, size, &headers[header.e_shstrndx], headers[i].sh_name, name))
			continue;
		section->header = headers[i];
		section->header_offset = header.e_shoff + i * sizeof(*headers);
		return 0;
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
	return find_section(image, size, name, section, err) || check_inside(section, size, err)
		       ? -1
		       : 0;
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

size_t image_room(size_t blob_size)
{
	return ALIGNED(1) + sizeof(struct policy_image) + blob_size;
}

int image_embed_here(void *image, size_t *size, const void *blob, size_t blob_size,
		     struct error *err)
{
	const size_t end = ALIGNED(*size);
	struct section section;

	if (locate(image, *size, POLICY_IMAGE_SECTION, &section, err))
		return -1;
	memset((char *)image + *size, 0, end - *size);
	embed(image, end, &section, blob, blob_size);
	*size = end + sizeof(struct policy_image) + blob_size;
	return 0;
}

int image_embed(const void *image, size_t size, const void *blob, size_t blob_size, void **made,
		size_t *made_size, struct error *err)
{
	void *copy = malloc(size + image_room(blob_size));

	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a module image");
	memcpy(copy, image, size);
	if (image_embed_here(copy, &size, blob, blob_size, err)) {
		free(copy);
		return -1;
	}
	*made = copy;
	*made_size = size;
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
