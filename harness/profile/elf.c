// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/elf.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <string.h>

#include "harness/plugin/page.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define FILE_MOST (512u << 20)

static Elf_Scn *find_section(Elf *elf, GElf_Word type, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, header) && header->sh_type == type)
			return section;
	return NULL;
}

/* Index of the section called name, or 0. */
static size_t section_index(Elf *elf, const char *name)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return 0;
	while ((section = elf_nextscn(elf, section))) {
		const char *other = gelf_getshdr(section, &header)
					    ? elf_strptr(elf, names, header.sh_name)
					    : NULL;

		if (other && !strcmp(other, name))
			return elf_ndxscn(section);
	}
	return 0;
}

static bool is_code(const GElf_Sym *symbol, size_t wanted)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	if (wanted)
		return symbol->st_shndx == wanted && (type == STT_FUNC || type == STT_NOTYPE);
	return symbol->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_GNU_IFUNC);
}

static int visit_functions(Elf *elf, const struct elf_visitor *visitor, void *context)
{
	GElf_Shdr header;
	Elf_Scn *section = find_section(elf, SHT_SYMTAB, &header);
	size_t wanted = visitor->section ? section_index(elf, visitor->section) : 0;
	Elf_Data *data;

	if (visitor->section && !wanted)
		return 0;
	if (!section)
		section = find_section(elf, SHT_DYNSYM, &header);
	data = section ? elf_getdata(section, NULL) : NULL;
	for (size_t i = 0; data && i < header.sh_size / header.sh_entsize; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || !is_code(&symbol, wanted))
			continue;
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (name && *name &&
		    visitor->function(context, symbol.st_value, symbol.st_size, name))
			return -1;
	}
	return 0;
}

/* A page of the segment as it is in memory: what the file has there, which is the whole page. */
static int visit_segment(const GElf_Phdr *segment, const char *file, size_t size,
			 const struct elf_visitor *visitor, void *context)
{
	uint64_t first = segment->p_offset & ~(uint64_t)(PAGE_BYTES - 1);
	uint64_t end = segment->p_offset + segment->p_filesz;
	uint64_t shift = segment->p_vaddr - segment->p_offset;

	for (uint64_t at = first; at < end && at < size; at += PAGE_BYTES) {
		char page[PAGE_BYTES] = {0};
		size_t there = size - at < PAGE_BYTES ? size - at : PAGE_BYTES;

		memcpy(page, file + at, there);
		if (visitor->page(context, at + shift, page))
			return -1;
	}
	return 0;
}

static int visit_pages(Elf *elf, const char *file, size_t size, const struct elf_visitor *visitor,
		       void *context)
{
	size_t count;

	if (!visitor->page || elf_getphdrnum(elf, &count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_LOAD &&
		    segment.p_flags & PF_X && visit_segment(&segment, file, size, visitor, context))
			return -1;
	}
	return 0;
}

int elf_visit(const char *file, const struct elf_visitor *visitor, void *context, struct error *err)
{
	autofree char *contents = NULL;
	size_t size;
	Elf *elf;
	int result = 0;

	elf_version(EV_CURRENT);
	if (file_read(file, FILE_MOST, &contents, &size, err))
		return -1;
	elf = elf_memory(contents, size);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		result = visit_pages(elf, contents, size, visitor, context) ||
			 visit_functions(elf, visitor, context);
	if (elf)
		elf_end(elf);
	return result ? error_set(err, EXIT_ENVIRONMENT, "no memory for the symbols of %.500s",
				  file)
		      : 0;
}
