// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/call.h"

static long make_64(const struct call *call)
{
	const unsigned long *a = call->arguments;
	register unsigned long r10 asm("r10") = a[3];
	register unsigned long r8 asm("r8") = a[4];
	register unsigned long r9 asm("r9") = a[5];
	long result = call->number;

	asm volatile("syscall"
		     : "+a"(result)
		     : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory", "cc");
	return result;
}

/* The sixth argument travels in ebp, which may be the frame pointer: saved below the red zone. */
static long make_80(const struct call *call)
{
	const unsigned long *a = call->arguments;
	long result = call->number;

	asm volatile("lea -128(%%rsp), %%rsp\n\t"
		     "push %%rbp\n\t"
		     "mov %[sixth], %%rbp\n\t"
		     "int $0x80\n\t"
		     "pop %%rbp\n\t"
		     "lea 128(%%rsp), %%rsp"
		     : "+a"(result)
		     : "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]), [sixth] "r"(a[5])
		     : "r8", "r9", "r10", "r11", "memory", "cc");
	return (int)result;
}

long call_make(const struct call *call)
{
	return call->entry == ENTRY_80 ? make_80(call) : make_64(call);
}
