/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks in the instruction stream, by which programs in the guest tell the plugin what to count. A
 * mark is one instruction that does nothing, on any processor: a long nop whose displacement, which
 * no compiler emits, says which mark it is. Where no plugin watches, it costs one instruction.
 */
#ifndef VKERNEL_HARNESS_PLUGIN_MARK_H
#define VKERNEL_HARNESS_PLUGIN_MARK_H

#define MARK_MAGIC 0x766b4d00

/* The displacement's last byte. */
enum mark {
	MARK_ARM = 1,	    /* from now on, translate with counting */
	MARK_LAUNCH_BEGIN,  /* count all tasks but this one; what was counted before is dropped */
	MARK_LAUNCH_END,    /* write the record */
	MARK_THREAD_BEGIN,  /* inside a launch: count this thread only, and only up to MARK_END */
	MARK_ELAPSED_BEGIN, /* the same, but all tasks */
	MARK_END,	    /* what was counted since then belongs to the record */
};

/* The bytes of the instruction before its displacement: nopl disp32(%rax,%rax,1). */
#define MARK_OPCODE 0x0f, 0x1f, 0x84, 0x00

#define mark(which)                                                                              \
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00\n\t.long %c0" ::"i"(MARK_MAGIC | (which)) \
			 : "memory")

#endif
