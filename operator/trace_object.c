// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_object.h"

/* BPF_OBJECT is the path that the Makefile gives. */
__asm__(".pushsection .rodata\n"
	".balign 16\n"
	".global trace_object\n"
	"trace_object:\n"
	".incbin \"" BPF_OBJECT "\"\n"
	".global trace_object_end\n"
	"trace_object_end:\n"
	".popsection\n");
