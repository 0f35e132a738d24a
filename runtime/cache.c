// SPDX-License-Identifier: GPL-2.0
#include "runtime/cache.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/cleanup.h"
#include "lib/text.h"

#define MAGIC	       "VKCACHE1"
#define BODY_MAX       (1u << 20) /* what is larger is made anew each time */
#define NAME_LENGTH    (2 * SHA256_DIGEST_SIZE)
#define NOTE_NAME_SIZE 4 /* "GNU" and its end */

/* The file's first bytes; then come head and body. The machine that reads it has written it. */
struct header {
	char magic[8];
	char key[NAME_LENGTH]; /* the file's own name, whatever it is called now */
	uint64_t head_size, body_size;
	uint32_t checksum; /* CRC-32 of head and body */
	uint32_t reserved;
};

const char *cache_folder(const char *option)
{
	const char *chosen = getenv("VKERNEL_CACHE_DIR");

	if (option)
		return option;
	return chosen && *chosen ? chosen : CACHE_FOLDER;
}

/* Where the build ID is among the notes of a segment. */
static bool find_note(struct cache_program *program, const char *notes, size_t size)
{
	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)notes;
		const size_t name = (note->n_namesz + 3) & ~3u, text = (note->n_descsz + 3) & ~3u;
		const size_t all = sizeof(*note) + name + text;

		if (all > size)
			return false;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == NOTE_NAME_SIZE &&
		    !memcmp(note + 1, "GNU", NOTE_NAME_SIZE)) {
			program->id = notes + sizeof(*note) + name;
			program->id_size = note->n_descsz;
			return true;
		}
		notes += all;
		size -= all;
	}
	return false;
}

/* The program is the first object; returns 1 where it has a build ID. */
static int find_program(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_NOTE &&
		    find_note(context, (const char *)info->dlpi_addr + segment->p_vaddr,
			      segment->p_memsz))
			return 1;
	}
	return -1;
}

bool cache_maker(struct cache_maker *maker)
{
	return !uname(&maker->kernel) && dl_iterate_phdr(find_program, &maker->program) == 1;
}

bool cache_key_begin(struct cache_key *key)
{
	struct cache_maker maker;

	sha256_init(&key->hash);
	if (!cache_maker(&maker))
		return false;
	cache_key_add(key, "program", maker.program.id, maker.program.id_size);
	cache_key_add(key, "kernel", maker.kernel.release, strlen(maker.kernel.release));
	return true;
}

/* Label and length in front, so that no two lists of pieces are the same bytes. */
void cache_key_add(struct cache_key *key, const char *label, const void *bytes, size_t size)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%s %zu\n", label, size);

	sha256_update(&key->hash, length, (const uint8_t *)text);
	sha256_update(&key->hash, size, bytes);
}

static char hexadecimal(unsigned int digit)
{
	return "0123456789abcdef"[digit];
}

uint64_t cache_hash(uint64_t hash, const void *bytes, size_t size)
{
	uint64_t word;
	size_t at;

	hash ^= size;
	for (at = 0; at + sizeof(word) <= size; at += sizeof(word)) {
		memcpy(&word, (const char *)bytes + at, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, (const char *)bytes + at, size - at);
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

void cache_key_hash(struct cache_key *key, uint64_t hash)
{
	for (size_t i = 0; i < NAME_LENGTH; i++, hash >>= 4)
		key->name[NAME_LENGTH - 1 - i] = hexadecimal(hash & 15);
	key->name[NAME_LENGTH] = '\0';
}

/* The digest of text is the head of its entry, the text the body. */
void cache_key_add_text(struct cache_key *key, const char *label, const char *folder,
			const char *text, size_t size)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	autofree void *known = NULL;
	struct sha256_ctx hash;
	struct cache_key entry;
	size_t known_size;

	cache_key_hash(&entry, cache_hash(0, text, size));
	if (!cache_read(folder, &entry, digest, sizeof(digest), &known, &known_size) ||
	    known_size != size || memcmp(known, text, size)) {
		sha256_init(&hash);
		sha256_update(&hash, size, (const uint8_t *)text);
		sha256_digest(&hash, sizeof(digest), digest);
		cache_write(folder, &entry, digest, sizeof(digest), text, size);
	}
	cache_key_add(key, label, digest, sizeof(digest));
}

void cache_key_end(struct cache_key *key)
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&key->hash, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		key->name[2 * i] = hexadecimal(digest[i] >> 4);
		key->name[2 * i + 1] = hexadecimal(digest[i] & 15);
	}
	key->name[NAME_LENGTH] = '\0';
}

static bool is_own_status(const struct stat *status, mode_t kind)
{
	return (status->st_mode & S_IFMT) == kind && status->st_uid == geteuid() &&
	       !(status->st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_own(int fd, mode_t kind)
{
	struct stat status;

	return !fstat(fd, &status) && is_own_status(&status, kind);
}

/* Returns a descriptor, or -1: not there, or others may write it. */
static int open_folder(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && is_own(fd, S_IFDIR) ? steal_fd(&fd) : -1;
}

static uint32_t checksum(const void *head, size_t head_size, const void *body, size_t body_size)
{
	return crc32_z(crc32_z(0, head, head_size), body, body_size);
}

static bool read_exactly(int fd, void *bytes, size_t size)
{
	while (size) {
		ssize_t got = read(fd, bytes, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes = (char *)bytes + got;
		size -= got;
	}
	return true;
}

static bool read_entry(int fd, const struct cache_key *key, void *head, size_t head_size,
		       void **body, size_t *body_size)
{
	autofree void *bytes = NULL;
	struct header header;
	char rest;

	if (!read_exactly(fd, &header, sizeof(header)) ||
	    memcmp(header.magic, MAGIC, sizeof(header.magic)) ||
	    memcmp(header.key, key->name, NAME_LENGTH) || header.head_size != head_size ||
	    header.body_size > BODY_MAX)
		return false;
	bytes = malloc(header.body_size + 1);
	if (!bytes || !read_exactly(fd, head, head_size) ||
	    !read_exactly(fd, bytes, header.body_size) || read(fd, &rest, 1) ||
	    header.checksum != checksum(head, head_size, bytes, header.body_size))
		return false;
	*body = steal_pointer(bytes);
	*body_size = header.body_size;
	return true;
}

bool cache_read(const char *folder, const struct cache_key *key, void *head, size_t head_size,
		void **body, size_t *body_size)
{
	autoclose int at = open_folder(folder);
	autoclose int fd =
		at < 0 ? -1 : openat(at, key->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && is_own(fd, S_IFREG) &&
	       read_entry(fd, key, head, head_size, body, body_size);
}

/* Whether nobody else could have put a file in the folder. */
static bool is_own_folder(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && is_own_status(&status, S_IFDIR);
}

static bool check_mapped(const struct cache_file *file, const struct cache_key *key,
			 size_t head_size)
{
	const struct header *header = file->memory;

	return file->size >= sizeof(*header) + head_size &&
	       !memcmp(header->magic, MAGIC, sizeof(header->magic)) &&
	       !memcmp(header->key, key->name, NAME_LENGTH) && header->head_size == head_size &&
	       header->body_size == file->size - sizeof(*header) - head_size;
}

bool cache_map(const char *folder, const struct cache_key *key, size_t head_size,
	       struct cache_file *file)
{
	char path[PATH_MAX];
	autoclose int fd = -1;
	struct stat status;

	if (!is_own_folder(folder) ||
	    text_join(path, sizeof(path), folder, "/", key->name, NULL) >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) || !is_own_status(&status, S_IFREG) ||
	    status.st_size > 2 * (off_t)BODY_MAX || !status.st_size)
		return false;
	file->size = status.st_size;
	file->memory = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file->memory == MAP_FAILED)
		return false;
	file->head = (const char *)file->memory + sizeof(struct header);
	file->body = (const char *)file->head + head_size;
	file->body_size = file->size - sizeof(struct header) - head_size;
	if (check_mapped(file, key, head_size))
		return true;
	cache_unmap(file);
	return false;
}

void cache_unmap(struct cache_file *file)
{
	munmap(file->memory, file->size);
}

static bool write_entry(int fd, const struct cache_key *key, const void *head, size_t head_size,
			const void *body, size_t body_size)
{
	struct header header = {
		.magic = MAGIC,
		.head_size = head_size,
		.body_size = body_size,
		.checksum = checksum(head, head_size, body, body_size),
	};
	const struct iovec pieces[] = {
		{&header, sizeof(header)},
		{(void *)head, head_size},
		{(void *)body, body_size},
	};
	const size_t all = sizeof(header) + head_size + body_size;

	memcpy(header.key, key->name, NAME_LENGTH);
	return !flock(fd, LOCK_EX | LOCK_NB) && writev(fd, pieces, 3) == (ssize_t)all;
}

struct oldest {
	char name[NAME_LENGTH + 1];
	struct timespec written;
	size_t count;
};

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

static void look_at(int folder, const char *name, struct oldest *oldest)
{
	struct stat status;

	if (strlen(name) != NAME_LENGTH || fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW))
		return;
	if (oldest->count++ && !is_older(&status.st_mtim, &oldest->written))
		return;
	strcpy(oldest->name, name);
	oldest->written = status.st_mtim;
}

/* One comes, one goes: there are never many more. */
static void prune(int at)
{
	struct oldest oldest = {.count = 0};
	DIR *folder = fdopendir(dup(at));
	struct dirent *entry;

	if (!folder)
		return;
	rewinddir(folder);
	while ((entry = readdir(folder)))
		look_at(at, entry->d_name, &oldest);
	closedir(folder);
	if (oldest.count > CACHE_MAX)
		unlinkat(at, oldest.name, 0);
}

void cache_write(const char *folder, const struct cache_key *key, const void *head,
		 size_t head_size, const void *body, size_t body_size)
{
	char temporary[NAME_LENGTH + 32];
	autoclose int at = -1, fd = -1;
	struct timespec now;

	if (body_size > BODY_MAX || (mkdir(folder, 0700) && errno != EEXIST))
		return;
	at = open_folder(folder);
	if (at < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(temporary, sizeof(temporary), ".%s.%d.%ld", key->name, getpid(), now.tv_nsec);
	fd = openat(at, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (!write_entry(fd, key, head, head_size, body, body_size) ||
	    renameat(at, temporary, at, key->name))
		unlinkat(at, temporary, 0);
	else
		prune(at);
}

bool cache_is_temporary(const char *name)
{
	return *name == '.' && strlen(name) > NAME_LENGTH + 2 && name[NAME_LENGTH + 1] == '.' &&
	       strspn(name + 1, "0123456789abcdef") == NAME_LENGTH;
}
