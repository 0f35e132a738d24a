// SPDX-License-Identifier: GPL-2.0
/*
 * A rule over openat2's structure, which seccomp cannot state: files may be opened only beneath the
 * folder that is named (RESOLVE_BENEATH), and only for reading. The nearest that a filter on
 * registers can say without refusing what has to work is to allow openat2.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "scenarios/entry.h"
#include "scenarios/scenario.h"

#define I386_OPENAT2 437
#define FILE_NAME    "vkernel-probe-openat2"
#define PAGE	     4096

static const struct row {
	const char *name;
	bool allowed;
	unsigned long long flags, resolve;
} rows[] = {
	{"read, RESOLVE_BENEATH", true, O_RDONLY, RESOLVE_BENEATH},
	{"read, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS", true, O_RDONLY,
	 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS},
	{"read, O_CLOEXEC", true, O_CLOEXEC, RESOLVE_BENEATH},
	{"read, without RESOLVE_BENEATH", false, O_RDONLY, 0},
	{"read, RESOLVE_IN_ROOT", false, O_RDONLY, RESOLVE_IN_ROOT},
	{"write", false, O_WRONLY, RESOLVE_BENEATH},
	{"read and write", false, O_RDWR, RESOLVE_BENEATH},
	{"create", false, O_CREAT, RESOLVE_BENEATH},
	{"truncate", false, O_TRUNC, RESOLVE_BENEATH},
};

static const struct way {
	const char *name;
	enum entry entry;
	size_t size;
} ways[] = {
	{"openat2", ENTRY_X86_64, sizeof(struct open_how)},
	{"openat2 of a later size", ENTRY_X86_64, 64},
	{"openat2, int $0x80", ENTRY_I386, sizeof(struct open_how)},
};

/* memory is a page below 4 GiB: the structure, then the path. */
static int open_by(const struct way *way, const struct row *row, char *memory, int folder)
{
	unsigned int number = way->entry == ENTRY_I386 ? I386_OPENAT2 : SYS_openat2;
	char *path = memory + PAGE / 2;
	long result;

	*(struct open_how *)memory = (struct open_how){.flags = row->flags,
						       .mode = row->flags & O_CREAT ? 0600 : 0,
						       .resolve = row->resolve};
	sprintf(path, "%s", FILE_NAME);
	result = entry_call(
		way->entry, number,
		(unsigned long[6]){folder, (unsigned long)path, (unsigned long)memory, way->size});
	if (result < 0)
		return -result;
	close(result);
	return 0;
}

static void try_all(int folder, char *memory, struct tries *tries)
{
	char label[96];

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++) {
			int number = open_by(&ways[i], &rows[k], memory, folder);

			snprintf(label, sizeof(label), "%s: %s", ways[i].name, rows[k].name);
			if (rows[k].allowed)
				tries_add_must(tries, label, number);
			else
				tries_add_errno(tries, label, number, 0);
		}
	}
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	autoclose int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autoclose int file =
		openat(folder, FILE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	(void)nonce;
	(void)argument;
	if (file < 0 || memory == MAP_FAILED)
		tries_add(tries, "a file of the probe's own", OUTCOME_BROKEN, "%s",
			  errno_name(errno));
	else
		try_all(folder, memory, tries);
	unlinkat(folder, FILE_NAME, 0);
}

/* 00001103 in octal, 579: O_ACCMODE | O_CREAT | O_TRUNC; 8 is RESOLVE_BENEATH. */
#define READING "{\"field\":\"flags\",\"value\":579,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define BENEATH "{\"field\":\"resolve\",\"value\":8,\"valueTwo\":8,\"op\":\"SCMP_CMP_MASKED_EQ\"}"

_Static_assert((O_ACCMODE | O_CREAT | O_TRUNC) == 579 && RESOLVE_BENEATH == 8, "as in the rule");

const struct scenario openat2_resolve = {
	.name = "openat2-resolve",
	.group = "system calls",
	.summary = "open a file with openat2 in a way that a rule over its structure forbids",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.seccomp = "[{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\"}]",
		    .fields = "[{\"names\":[\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\","
			      "\"args\":[" READING "," BENEATH "]}]"},
	.probe = probe,
};
