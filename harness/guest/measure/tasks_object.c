// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/tasks.h"

/* TASKS_OBJECT is the path that the Makefile gives. */
__asm__(".pushsection .rodata\n"
	".balign 16\n"
	".global tasks_object\n"
	"tasks_object:\n"
	".incbin \"" TASKS_OBJECT "\"\n"
	".global tasks_object_end\n"
	"tasks_object_end:\n"
	".popsection\n");
