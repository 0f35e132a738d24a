// SPDX-License-Identifier: GPL-2.0
#include "runtime/image.h"

#include <endian.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"

/* Where struct module keeps its name, on every supported kernel: state, list, name. */
#define MODULE_SECTION	   ".gnu.linkonce.this_module"
#define MODULE_NAME_OFFSET 24

#define ALIGNED(size) (((size) + 7) & ~(size_t)7)

static void cleanup_elf(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}

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

/* image is a copy of the template, long enough for what is appended at end. */
static int rename_module(char *image, const struct section *section, const char *name,
			 struct error *err)
{
	char *place = image + section->header.sh_offset + MODULE_NAME_OFFSET;

	if (section->header.sh_size < MODULE_NAME_OFFSET + MODULE_NAME_MAX + 1 ||
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

int image_make(const void *template, size_t template_size, const void *blob, size_t blob_size,
	       const char *name, void **image, size_t *image_size, struct error *err)
{
	const size_t end = ALIGNED(template_size);
	__attribute__((cleanup(cleanup_elf))) Elf *elf = NULL;
	struct section policy, module;
	autofree char *copy = NULL;

	if (strlen(name) > MODULE_NAME_MAX)
		return error_set(err, EXIT_USAGE, "the module name %s is longer than %d characters",
				 name, MODULE_NAME_MAX);
	copy = calloc(1, end + ALIGNED(sizeof(struct policy_image) + blob_size));
	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a module image");
	memcpy(copy, template, template_size);
	elf_version(EV_CURRENT);
	elf = elf_memory(copy, template_size);
	if (!elf)
		return error_set(err, EXIT_USAGE, "it is not an ELF file: %s", elf_errmsg(-1));
	if (find_section(elf, POLICY_IMAGE_SECTION, &policy, err) ||
	    find_section(elf, MODULE_SECTION, &module, err) ||
	    check_inside(&policy, template_size, err) ||
	    check_inside(&module, template_size, err) || rename_module(copy, &module, name, err))
		return -1;
	embed(copy, end, &policy, blob, blob_size);
	*image = steal_pointer(copy);
	*image_size = end + sizeof(struct policy_image) + blob_size;
	return 0;
}
