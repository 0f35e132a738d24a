// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in the guest: prints the programs and libraries that have a page of code with one of the
 * hashes in the file that is named, one in hexadecimal a line.
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/plugin/page.h"
#include "lib/cleanup.h"
#include "lib/error.h"

static const char *const folders[] = {"/usr/bin",   "/usr/sbin",    "/usr/lib/x86_64-linux-gnu",
				      "/usr/lib64", "/usr/libexec", "/usr/lib"};

static uint64_t *wanted;
static size_t count;

static int read_wanted(const char *path, struct error *err)
{
	autofclose FILE *in = fopen(path, "re");
	uint64_t hash;

	if (!in)
		return error_set_errno(err, EXIT_USAGE, errno, "opening %s", path);
	while (fscanf(in, "%" SCNx64, &hash) == 1) {
		uint64_t *larger = realloc(wanted, (count + 1) * sizeof(*wanted));

		if (!larger)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for the pages");
		wanted = larger;
		wanted[count++] = hash;
	}
	return 0;
}

static bool is_wanted(uint64_t hash)
{
	for (size_t i = 0; i < count; i++)
		if (wanted[i] == hash)
			return true;
	return false;
}

static bool segment_has(const char *file, size_t size, const Elf64_Phdr *segment)
{
	uint64_t at = segment->p_offset & ~(uint64_t)(PAGE_BYTES - 1);
	char last[PAGE_BYTES] = {0};

	if (segment->p_filesz > size || segment->p_offset > size - segment->p_filesz)
		return false;
	for (; at < segment->p_offset + segment->p_filesz; at += PAGE_BYTES) {
		const char *page = file + at;

		if (size - at < PAGE_BYTES)
			page = memcpy(last, page, size - at);
		if (is_wanted(page_hash(page)))
			return true;
	}
	return false;
}

static bool file_has(const char *file, size_t size)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file;

	if (size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr) ||
	    header->e_phoff > size || size - header->e_phoff < header->e_phnum * sizeof(Elf64_Phdr))
		return false;
	for (unsigned int i = 0; i < header->e_phnum; i++) {
		const Elf64_Phdr *segment = (const Elf64_Phdr *)(file + header->e_phoff) + i;

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X &&
		    segment_has(file, size, segment))
			return true;
	}
	return false;
}

static void look_at(const char *folder, const char *name)
{
	char path[PATH_MAX];
	autoclose int fd = -1;
	struct stat status;
	void *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode) || !status.st_size)
		return;
	file = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return;
	if (file_has(file, status.st_size))
		puts(path);
	munmap(file, status.st_size);
}

int main(int argc, char **argv)
{
	struct error err;

	if (argc != 2) {
		error_set(&err, EXIT_USAGE, "usage: vkpages FILE");
		return error_report(&err, "vkpages");
	}
	if (read_wanted(argv[1], &err))
		return error_report(&err, "vkpages");
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		DIR *folder = opendir(folders[i]);

		for (struct dirent *entry; folder && (entry = readdir(folder));)
			look_at(folders[i], entry->d_name);
		if (folder)
			closedir(folder);
	}
	return EXIT_GOOD;
}
