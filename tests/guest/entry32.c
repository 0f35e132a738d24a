// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: a 32-bit program that makes the same calls through each of a 32-bit program's ways
 * into the kernel. Prints "WAY NAME=RESULT..."; where the processor does not know the instruction,
 * "WAY signal=N". Built without a C library, which the build machine may not have for 32 bits.
 */
#include <stddef.h>

enum {
	CALL_EXIT = 1,
	CALL_FORK = 2,
	CALL_WRITE = 4,
	CALL_WAITPID = 7,
	CALL_SCHED_YIELD = 158,
	CALL_SCHED_GET_PRIORITY_MAX = 159,
	CALL_SCHED_GET_PRIORITY_MIN = 160,
	CALL_FUTEX = 240,
};

/* Of the auxiliary vector. */
enum { END = 0, SYSINFO = 32 };

enum { WAKE_BITSET_PRIVATE = 10 | 128 };

void entry32_start(const unsigned long *stack);

/* The program's first instructions: the initial stack pointer becomes the argument. */
asm(".globl _start\n"
    "_start:\n\t"
    "mov %esp, %eax\n\t"
    "and $-16, %esp\n\t"
    "sub $12, %esp\n\t"
    "push %eax\n\t"
    "call entry32_start\n");

/*
 * Stubs as the vDSO has them. For the two fast instructions the kernel takes the sixth argument
 * from the stack and comes back in the vDSO, behind its own copy of that instruction: there the
 * three registers are popped that were pushed here.
 */
asm("by_int80:\n\t"
    "int $0x80\n\t"
    "ret\n"
    "by_sysenter:\n\t"
    "push %ecx\n\tpush %edx\n\tpush %ebp\n\t"
    "mov %esp, %ebp\n\t"
    "sysenter\n"
    "by_syscall:\n\t"
    "push %ecx\n\tpush %edx\n\tpush %ebp\n\t"
    "mov %ecx, %ebp\n\t"
    "syscall\n");

/*
 * Far jumps into the kernel's 64-bit code segment and back: the call is made as a 64-bit program
 * makes it, with its numbers and registers.
 */
asm("by_gate:\n\t"
    "ljmp $0x33, $gate\n"
    ".code64\n"
    "gate:\n\t"
    "mov %ebx, %edi\n\t"
    "mov %ecx, %esi\n\t"
    "mov %ebp, %r9d\n\t"
    "xor %edx, %edx\n\t"
    "xor %r10d, %r10d\n\t"
    "xor %r8d, %r8d\n\t"
    "syscall\n\t"
    "mov $gate_back, %ebx\n\t"
    "ljmpl *(%rbx)\n"
    ".code32\n"
    "gate_left:\n\t"
    "ret\n"
    "gate_back:\n\t"
    ".long gate_left\n\t"
    ".word 0x23\n");

/* long call(stub, number, arguments): all six registers are filled, ebp last. */
asm("call:\n\t"
    "push %ebp\n\tpush %ebx\n\tpush %esi\n\tpush %edi\n\t"
    "mov 28(%esp), %ebp\n\t"
    "mov 24(%esp), %eax\n\t"
    "push 20(%esp)\n\t"
    "mov (%ebp), %ebx\n\t"
    "mov 4(%ebp), %ecx\n\t"
    "mov 8(%ebp), %edx\n\t"
    "mov 12(%ebp), %esi\n\t"
    "mov 16(%ebp), %edi\n\t"
    "mov 20(%ebp), %ebp\n\t"
    "call *(%esp)\n\t"
    "add $4, %esp\n\t"
    "pop %edi\n\tpop %esi\n\tpop %ebx\n\tpop %ebp\n\t"
    "ret\n");

long call(const void *stub, long number, const unsigned long arguments[6]);
void by_int80(void);
void by_sysenter(void);
void by_syscall(void);
void by_gate(void);

static const unsigned char *vdso_entry; /* __kernel_vsyscall, from the auxiliary vector */

static long simple(long number, unsigned long a, unsigned long b, unsigned long c)
{
	const unsigned long arguments[6] = {a, b, c};

	return call(by_int80, number, arguments);
}

static const struct probe {
	const char *name;
	long number, number_64;
	unsigned long arguments[6];
} probes[] = {
	{"whole", CALL_SCHED_GET_PRIORITY_MAX, 146, {1}},
	{"bare", CALL_SCHED_YIELD, 24, {0}},
	{"value", CALL_SCHED_GET_PRIORITY_MIN, 147, {1}},
	{"other", CALL_SCHED_GET_PRIORITY_MIN, 147, {2}},
	{"sixth", CALL_FUTEX, 202, {0, WAKE_BITSET_PRIVATE, 0, 0, 0, 0x5a5a5a5a}},
};

static void say(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	simple(CALL_WRITE, 1, (unsigned long)text, length);
}

static void say_number(long number)
{
	char digits[12];
	char *at = digits + sizeof(digits) - 1;
	unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;

	*at = '\0';
	do
		*--at = '0' + rest % 10;
	while (rest /= 10);
	if (number < 0)
		*--at = '-';
	say(at);
}

static void make_all(const void *stub)
{
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		const long number = stub == by_gate ? probes[i].number_64 : probes[i].number;
		const long result = call(stub, number, probes[i].arguments);

		say(" ");
		say(probes[i].name);
		say("=");
		say_number(result);
	}
}

static void try_way(const char *name, const void *stub)
{
	unsigned long status = 0;
	long pid;

	say(name);
	pid = simple(CALL_FORK, 0, 0, 0);
	if (!pid) {
		make_all(stub);
		simple(CALL_EXIT, 0, 0, 0);
	}
	simple(CALL_WAITPID, pid, (unsigned long)&status, 0);
	if (status & 0x7f) {
		say(" signal=");
		say_number(status & 0x7f);
	}
	say("\n");
}

/* Which instruction the vDSO uses on this processor; its first bytes only push and move. */
static const char *vdso_kind(void)
{
	for (int i = 0; i < 16; i++) {
		if (vdso_entry[i] == 0x0f && vdso_entry[i + 1] == 0x34)
			return "# the vDSO uses sysenter\n";
		if (vdso_entry[i] == 0x0f && vdso_entry[i + 1] == 0x05)
			return "# the vDSO uses syscall\n";
	}
	return "# the vDSO uses int $0x80\n";
}

static void find_vdso(const unsigned long *stack)
{
	stack += 1 + stack[0] + 1; /* argc, argv, NULL */
	while (*stack)
		stack++;
	for (stack++; stack[0] != END; stack += 2)
		if (stack[0] == SYSINFO)
			vdso_entry = (const void *)stack[1];
}

void entry32_start(const unsigned long *stack)
{
	find_vdso(stack);
	try_way("32.int80", by_int80);
	if (vdso_entry) {
		say(vdso_kind());
		try_way("32.vdso", vdso_entry);
	}
	try_way("32.sysenter", by_sysenter);
	try_way("32.syscall", by_syscall);
	try_way("32.gate", by_gate);
	simple(CALL_EXIT, 0, 0, 0);
}
