// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-holder fentry|fexit|fmod_ret FUNCTION: attaches a BPF program that changes nothing to a kernel
 * function, prints "attached", and holds it until its standard input ends. Exit status: 0; 1 the
 * kernel refused to attach it, errno and its name are printed; 2 wrong usage; 3 the program itself
 * cannot be loaded here.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	enum bpf_attach_type type;
} kinds[] = {
	{"fentry", BPF_TRACE_FENTRY},
	{"fexit", BPF_TRACE_FEXIT},
	{"fmod_ret", BPF_MODIFY_RETURN},
};

/* "return 0": for fmod_ret that is to let the function run. */
static const struct bpf_insn nothing[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
	{.code = BPF_JMP | BPF_EXIT},
};

static int function_type(const char *function)
{
	struct btf *kernel = btf__load_vmlinux_btf();
	int type = kernel ? btf__find_by_name_kind(kernel, function, BTF_KIND_FUNC) : -errno;

	btf__free(kernel);
	return type;
}

static int load(const char *function, enum bpf_attach_type type)
{
	static char log[8192];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = type, .log_level = 1,
		    .log_buf = log, .log_size = sizeof(log));
	int target = function_type(function), program;

	if (target < 0) {
		fprintf(stderr, "bpf-holder: the kernel's BTF has no function %s: %s\n", function,
			strerror(-target));
		return -1;
	}
	options.attach_btf_id = target;
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "holder", "GPL", nothing,
				sizeof(nothing) / sizeof(*nothing), &options);
	if (program < 0)
		fprintf(stderr, "bpf-holder: cannot load a program for %s: %s\n%s\n", function,
			strerror(-program), log);
	return program;
}

static int hold(const char *function, enum bpf_attach_type type)
{
	int program = load(function, type), attached;
	char end;

	if (program < 0)
		return 3;
	attached = bpf_raw_tracepoint_open(NULL, program);
	if (attached < 0) {
		printf("refused: %s\n", strerrorname_np(-attached));
		return 1;
	}
	printf("attached\n");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	close(attached);
	close(program);
	return 0;
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strcmp(argv[1], kinds[i].name))
			return hold(argv[2], kinds[i].type);
	}
	fprintf(stderr, "usage: bpf-holder fentry|fexit|fmod_ret FUNCTION\n");
	return 2;
}
