// SPDX-License-Identifier: GPL-2.0
/* Programs, and what is executed without being one: interpreters and libraries. */
#include "tests/guest/file-probe.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS	       0x10000000
#define INTERPRETER_AT 0x200

/* exit(0) */
static const unsigned char code[] = {0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05};

struct tiny {
	Elf64_Ehdr header;
	Elf64_Phdr load, interpreter;
	unsigned char code[sizeof(code)];
};

/* A program that does nothing: no C library, one segment. */
int op_tiny(char **a) /* path[, interpreter] */
{
	const char *interpreter = a[1] ? a[1] : "";
	char image[4096] = {0};
	struct tiny *tiny = (struct tiny *)image;
	const int fd = open(a[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	tiny->header = (Elf64_Ehdr){
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			    EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		/* Two of them in one process lie beside each other. */
		.e_entry = ADDRESS * (a[1] ? 2 : 1) + offsetof(struct tiny, code),
		.e_phoff = offsetof(struct tiny, load),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = a[1] ? 2 : 1,
	};
	tiny->load = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = ADDRESS * (a[1] ? 2 : 1),
		.p_filesz = sizeof(image),
		.p_memsz = sizeof(image),
		.p_align = sizeof(image),
	};
	tiny->interpreter = (Elf64_Phdr){
		.p_type = PT_INTERP,
		.p_offset = INTERPRETER_AT,
		.p_filesz = strlen(interpreter) + 1,
	};
	memcpy(tiny->code, code, sizeof(code));
	strncpy(image + INTERPRETER_AT, interpreter, sizeof(image) - INTERPRETER_AT - 1);
	if (fd < 0)
		return -errno;
	const int answer = result(write(fd, image, sizeof(image)));

	close(fd);
	return answer;
}

/* Of a child, whose program says nothing. */
int op_exec(char **a)
{
	int fds[2], error = 0, status;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	const pid_t child = fork();

	if (!child) {
		freopen("/dev/null", "w", stdout);
		execl(a[0], a[0], (char *)NULL);
		error = -errno;
		write(fds[1], &error, sizeof(error));
		_exit(1);
	}
	close(fds[1]);
	if (read(fds[0], &error, sizeof(error)) < 0)
		error = -errno;
	close(fds[0]);
	waitpid(child, &status, 0);
	return error;
}

/* A copy of this program in memory. */
int op_memfd(char **)
{
	const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const int fd = memfd_create("copy", MFD_CLOEXEC);
	char fd_path[32];
	struct stat stat;
	int answer = -errno;

	if (from >= 0 && fd >= 0 && !fstat(from, &stat) &&
	    sendfile(fd, from, NULL, stat.st_size) == stat.st_size) {
		snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d", fd);
		answer = op_exec((char *[]){fd_path});
	}
	close(from);
	close(fd);
	return answer;
}

static int uselib_i386(const char *name)
{
	const long number = 86;
	char *path = mmap(NULL, PATH_MAX, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long answer;

	if (path == MAP_FAILED)
		return errno;
	strncpy(path, name, PATH_MAX - 1);
	__asm__ volatile("int $0x80"
			 : "=a"(answer)
			 : "0"(number), "b"(path)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)-answer;
}

/*
 * A library in the manner of 1993, which kernels up to 6.12 load, by the i386 entry alone; in a child,
 * because all that op_tiny() makes lie at one address.
 */
int op_uselib(char **a)
{
	const pid_t child = fork();
	int status;

	if (!child)
		_exit(uselib_i386(a[0]));
	if (waitpid(child, &status, 0) != child)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}
