// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU: attributes the instructions that a guest executes to functions and to the
 * functions that called them. `-plugin FILE,out=RECORDS,functions=STARTS`; STARTS, read when the
 * guest executes MARK_ARM, holds where the kernel's functions begin, as sorted words of 8 bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plugin/api.h"
#include "harness/plugin/block.h"
#include "harness/plugin/functions.h"
#include "harness/plugin/mark.h"
#include "harness/plugin/memory.h"
#include "harness/plugin/page.h"
#include "harness/plugin/record.h"
#include "harness/plugin/stack.h"

#define BUCKETS 65536u

int qemu_plugin_version = PLUGIN_VERSION;

static uint64_t plugin;
static FILE *out;
static const char *functions_path;
static struct block *blocks[BUCKETS];
static bool armed, launched;
static enum scope scope;     /* what is counted now; SCOPE_NONE: nothing */
static uint64_t now_task;    /* address of the running task's structure; 0 until it is known */
static uint64_t owner;	     /* who made the mark that scope is from */
static struct task *task;    /* the running one's stack; NULL: to be looked up */
static uint64_t switch_load; /* address of the instruction that loads it; 0 until it was seen */
static uint32_t switch_offset;

static bool counts(void)
{
	switch (scope) {
	case SCOPE_LAUNCH:
		return now_task != owner;
	case SCOPE_THREAD:
		return now_task == owner;
	case SCOPE_ELAPSED:
		return true;
	case SCOPE_NONE:
		break;
	}
	return false;
}

static void on_block(unsigned int vcpu, void *data)
{
	struct block *block = data;
	struct broken broken;
	struct node *node;

	(void)vcpu;
	if (!launched)
		return;
	if (!task)
		task = stack_task(now_task);
	node = stack_step(task, block, &broken);
	if (counts())
		record_count(node, block, &broken);
}

/* A load of the next task's stack pointer, which lies `data` bytes behind the task's beginning. */
static void on_switch(unsigned int vcpu, uint32_t info, uint64_t address, void *data)
{
	(void)vcpu;
	(void)info;
	now_task = address - (uintptr_t)data;
	task = NULL;
}

static void die(const char *what)
{
	fprintf(stderr, "vkernel-attribute: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void begin_launch(void)
{
	stack_reset();
	record_begin();
	task = NULL;
	launched = true;
	scope = SCOPE_LAUNCH;
	owner = now_task;
}

static void end_launch(void)
{
	if (!launched)
		return;
	launched = false;
	scope = SCOPE_NONE;
	if (record_write(out))
		die("writing the record");
}

static void begin_span(enum scope wanted)
{
	if (!launched)
		return;
	record_span(wanted);
	scope = wanted;
	owner = now_task;
}

static void on_translated(uint64_t id, struct qemu_plugin_tb *tb);

static void on_reset(uint64_t id)
{
	armed = true;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
}

static void arm(void)
{
	if (armed)
		return;
	if (functions_path && functions_load(functions_path))
		die(functions_path);
	qemu_plugin_reset(plugin, on_reset);
}

static void on_mark(unsigned int vcpu, void *data)
{
	(void)vcpu;
	switch ((enum mark)(uintptr_t)data) {
	case MARK_ARM:
		arm();
		break;
	case MARK_LAUNCH_BEGIN:
		begin_launch();
		break;
	case MARK_LAUNCH_END:
		end_launch();
		break;
	case MARK_THREAD_BEGIN:
		begin_span(SCOPE_THREAD);
		break;
	case MARK_ELAPSED_BEGIN:
		begin_span(SCOPE_ELAPSED);
		break;
	case MARK_END:
		if (scope == SCOPE_THREAD || scope == SCOPE_ELAPSED) {
			record_span_end();
			scope = SCOPE_NONE;
		}
		break;
	}
}

static void watch_mark(struct qemu_plugin_insn *insn)
{
	static const uint8_t opcode[] = {MARK_OPCODE};
	const uint8_t *bytes = qemu_plugin_insn_data(insn);
	uint32_t displacement;

	if (qemu_plugin_insn_size(insn) != sizeof(opcode) + sizeof(displacement) ||
	    memcmp(bytes, opcode, sizeof(opcode)))
		return;
	memcpy(&displacement, bytes + sizeof(opcode), sizeof(displacement));
	if ((displacement & ~0xffu) == MARK_MAGIC)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, PLUGIN_NO_REGISTERS,
						       (void *)(uintptr_t)(displacement & 0xff));
}

/*
 * The kernel switches tasks where it stores the stack pointer in one task's structure and loads it
 * from the other's, at the same offset: mov %rsp,N(%rdi); mov N(%rsi),%rsp. Where the clock ends a
 * block between the two, the load comes alone; it has been seen before.
 */
static void learn_switch(struct qemu_plugin_insn *insn, const uint8_t *before)
{
	static const uint8_t store[] = {0x48, 0x89, 0xa7}, load[] = {0x48, 0x8b, 0xa6};
	const uint8_t *bytes = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != 7 || memcmp(bytes, load, 3) ||
	    memcmp(before, store, 3) || memcmp(bytes + 3, before + 3, 4))
		return;
	switch_load = qemu_plugin_insn_vaddr(insn);
	memcpy(&switch_offset, bytes + 3, sizeof(switch_offset));
}

static void watch_switch(struct qemu_plugin_insn *insn, const uint8_t *before)
{
	learn_switch(insn, before);
	/* It only reads, but QEMU 7.2 takes reads for writes here. */
	if (armed && qemu_plugin_insn_vaddr(insn) == switch_load)
		qemu_plugin_register_vcpu_mem_cb(insn, on_switch, PLUGIN_NO_REGISTERS,
						 PLUGIN_READ_WRITE,
						 (void *)(uintptr_t)switch_offset);
}

static void watch(struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	bool kernel = in_kernel(qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0)));
	uint8_t before[7] = {0};

	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		size_t size = qemu_plugin_insn_size(insn);

		if (!kernel)
			watch_mark(insn);
		else
			watch_switch(insn, before);
		memset(before, 0, sizeof(before));
		if (size == sizeof(before))
			memcpy(before, qemu_plugin_insn_data(insn), sizeof(before));
	}
}

static uint64_t page_of(struct qemu_plugin_insn *insn)
{
	uintptr_t where = (uintptr_t)qemu_plugin_insn_haddr(insn);

	return where ? page_hash((void *)(where & ~(uintptr_t)(PAGE_BYTES - 1))) : 0;
}

static struct block *make_block(struct qemu_plugin_tb *tb, uint64_t address, uint64_t page)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, count - 1);
	struct block *block = allocate(sizeof(*block));

	block->address = address;
	block->page = page;
	block->count = count;
	block->offsets = allocate(count * sizeof(*block->offsets));
	for (size_t i = 0; i < count; i++)
		block->offsets[i] =
			qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, i)) - address;
	block->function = in_kernel(address) ? functions_find(address) : 0;
	block_decode(block, qemu_plugin_insn_vaddr(last), qemu_plugin_insn_data(last),
		     qemu_plugin_insn_size(last));
	return block;
}

/* Code may change under an address: a module's, or where the kernel patches itself. */
static bool is_same(const struct block *block, const struct block *other)
{
	return block->address == other->address && block->page == other->page &&
	       block->count == other->count && block->follows == other->follows &&
	       block->ending == other->ending && block->target == other->target;
}

static struct block *block_for(struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
	uint64_t address = qemu_plugin_insn_vaddr(first);
	struct block *made = make_block(tb, address, in_kernel(address) ? 0 : page_of(first));
	struct block **bucket = &blocks[(address ^ address >> 16 ^ made->page) % BUCKETS], *block;

	for (block = *bucket; block; block = block->next)
		if (is_same(block, made)) {
			free(made->offsets);
			free(made);
			return block;
		}
	made->next = *bucket;
	*bucket = made;
	return made;
}

static void on_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	watch(tb);
	if (armed)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, PLUGIN_NO_REGISTERS,
						     block_for(tb));
}

static int read_arguments(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "we");
		else if (!strncmp(argv[i], "functions=", 10))
			functions_path = argv[i] + 10;
		else
			return -1;
	}
	return out ? 0 : -1;
}

int qemu_plugin_install(uint64_t id, const struct plugin_info *info, int argc, char **argv)
{
	plugin = id;
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") ||
	    info->max_vcpus != 1) {
		fputs("vkernel-attribute: only for an x86-64 machine with one processor\n", stderr);
		return -1;
	}
	if (read_arguments(argc, argv)) {
		fputs("vkernel-attribute: out=FILE is needed, which can be written, and "
		      "functions=FILE allowed\n",
		      stderr);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
	return 0;
}
