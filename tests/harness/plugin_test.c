// SPDX-License-Identifier: GPL-2.0
/* How the plugin reads a stream of blocks: calls, returns, interrupts, and what is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/plugin/block.h"
#include "harness/plugin/record.h"
#include "harness/plugin/stack.h"

#define KERNEL UINT64_C(0xffffffff81000000)
#define TASK   UINT64_C(0xffff888000001000)

static void endings_are_read_from_the_instruction(void **state)
{
	static const struct {
		const char *what;
		uint8_t bytes[16];
		size_t size;
		enum ending ending;
		uint64_t target; /* of an instruction at 0x1000 */
	} cases[] = {
		{"nop", {0x90}, 1, ENDING_NEXT, 0},
		{"call far ahead", {0xe8, 0x00, 0x01, 0, 0}, 5, ENDING_CALL, 0x1105},
		{"call over two bytes", {0xe8, 0x02, 0, 0, 0}, 5, ENDING_JUMP, 0x1007},
		{"call back", {0xe8, 0xfb, 0xff, 0xff, 0xff}, 5, ENDING_CALL, 0x1000},
		{"call *(%rax)", {0xff, 0x10}, 2, ENDING_CALL, 0},
		{"call *%r11", {0x41, 0xff, 0xd3}, 3, ENDING_CALL, 0},
		{"jmp *%rax", {0xff, 0xe0}, 2, ENDING_JUMP_ANY, 0},
		{"notrack jmp *%rax", {0x3e, 0xff, 0xe0}, 3, ENDING_JUMP_ANY, 0},
		{"inc (%rax)", {0xff, 0x00}, 2, ENDING_NEXT, 0},
		{"jmp short", {0xeb, 0x10}, 2, ENDING_JUMP, 0x1012},
		{"jmp back", {0xe9, 0xf0, 0xff, 0xff, 0xff}, 5, ENDING_JUMP, 0xff5},
		{"je", {0x74, 0xfe}, 2, ENDING_JUMP, 0x1000},
		{"jne near", {0x0f, 0x85, 0x00, 0x02, 0, 0}, 6, ENDING_JUMP, 0x1206},
		{"ret", {0xc3}, 1, ENDING_RETURN, 0},
		{"repz ret", {0xf3, 0xc3}, 2, ENDING_RETURN, 0},
		{"iretq", {0x48, 0xcf}, 2, ENDING_LEAVE, 0},
		{"sysretq", {0x48, 0x0f, 0x07}, 3, ENDING_LEAVE, 0},
		{"syscall", {0x0f, 0x05}, 2, ENDING_ENTER, 0},
		{"int $0x80", {0xcd, 0x80}, 2, ENDING_ENTER, 0},
		{"rep stosq", {0xf3, 0x48, 0xab}, 3, ENDING_JUMP, 0x1000},
		{"stosq", {0x48, 0xab}, 2, ENDING_NEXT, 0},
		{"prefixes alone", {0x66, 0x66}, 2, ENDING_NEXT, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct block block = {0};

		block_decode(&block, 0x1000, cases[i].bytes, cases[i].size);
		if (block.ending != cases[i].ending || block.target != cases[i].target)
			fail_msg("%s: ending %d to %llx", cases[i].what, block.ending,
				 (unsigned long long)block.target);
		assert_int_equal(block.follows, 0x1000 + cases[i].size);
	}
}

/* A block of `count` instructions of 4 bytes. */
static struct block make(uint64_t address, unsigned int count, enum ending ending, uint64_t target)
{
	struct block block = {
		.address = address,
		.page = in_kernel(address) ? 0 : 1,
		.follows = address + 4 * count,
		.target = target,
		.ending = ending,
		.count = count,
	};

	block.offsets = calloc(count, sizeof(*block.offsets));
	assert_non_null(block.offsets);
	for (unsigned int i = 0; i < count; i++)
		block.offsets[i] = 4 * i;
	return block;
}

static struct node *step(struct task *task, const struct block *block)
{
	struct broken broken;

	return stack_step(task, block, &broken);
}

static int reset(void **state)
{
	(void)state;
	stack_reset();
	record_begin();
	return 0;
}

static void a_call_pushes_and_its_return_pops(void **state)
{
	struct task *task = stack_task(TASK);
	struct block outer = make(KERNEL, 2, ENDING_CALL, KERNEL + 0x1000);
	struct block inner = make(KERNEL + 0x1000, 1, ENDING_RETURN, 0);
	struct block rest = make(KERNEL + 8, 1, ENDING_NEXT, 0);
	struct node *caller = step(task, &outer), *callee = step(task, &inner);

	(void)state;
	assert_ptr_equal(callee->parent, caller);
	assert_int_equal(callee->address, KERNEL + 0x1000);
	assert_ptr_equal(step(task, &rest), caller);
}

static void a_return_finds_its_frame_though_others_lie_over_it(void **state)
{
	struct task *task = stack_task(TASK);
	struct block outer = make(KERNEL, 1, ENDING_CALL, KERNEL + 0x1000);
	struct block middle = make(KERNEL + 0x1000, 1, ENDING_CALL, KERNEL + 0x2000);
	struct block inner = make(KERNEL + 0x2000, 1, ENDING_RETURN, 0);
	struct block rest = make(KERNEL + 4, 1, ENDING_NEXT, 0);
	struct node *caller = step(task, &outer);

	(void)state;
	step(task, &middle);
	step(task, &inner);
	assert_ptr_equal(step(task, &rest), caller);
	assert_int_equal(task->depth, 1);
}

static void an_interrupt_lies_over_what_it_came_in(void **state)
{
	struct task *task = stack_task(TASK);
	struct block work = make(KERNEL, 5, ENDING_JUMP, KERNEL);
	struct block handler = make(KERNEL + 0x5000, 1, ENDING_LEAVE, 0);
	struct node *worker = step(task, &work), *interrupted = step(task, &handler);

	(void)state;
	assert_ptr_equal(interrupted->parent, worker);
	assert_ptr_equal(step(task, &work), worker);
	assert_int_equal(task->depth, 1);
}

static void what_a_fault_kept_from_being_executed_is_told(void **state)
{
	struct task *task = stack_task(TASK);
	struct block work = make(KERNEL, 5, ENDING_NEXT, 0);
	struct block handler = make(KERNEL + 0x5000, 1, ENDING_LEAVE, 0);
	struct block rest = make(KERNEL + 8, 3, ENDING_NEXT, 0);
	struct broken broken;
	struct node *worker = stack_step(task, &work, &broken);

	(void)state;
	stack_step(task, &handler, &broken);
	assert_int_equal(broken.instructions, 0);
	assert_ptr_equal(stack_step(task, &rest, &broken), worker);
	assert_ptr_equal(broken.block, &work);
	assert_int_equal(broken.instructions, 3);
}

static void a_program_goes_on_under_its_system_call(void **state)
{
	struct task *task = stack_task(TASK);
	struct block main = make(0x400000, 2, ENDING_CALL, 0x401000);
	struct block wrapper = make(0x401000, 2, ENDING_ENTER, 0);
	struct block entry = make(KERNEL, 2, ENDING_CALL, KERNEL + 0x1000);
	struct block call = make(KERNEL + 0x1000, 2, ENDING_LEAVE, 0);
	struct block rest = make(0x401008, 1, ENDING_RETURN, 0);
	struct node *caller = step(task, &main), *called = step(task, &wrapper);
	struct node *kernel = step(task, &entry);

	(void)state;
	assert_ptr_equal(kernel->parent, called);
	assert_ptr_equal(step(task, &call)->parent, kernel);
	assert_ptr_equal(step(task, &rest), called);
	assert_ptr_equal(called->parent, caller);
}

static void another_program_begins_with_no_callers(void **state)
{
	struct task *task = stack_task(TASK);
	struct block main = make(0x400000, 2, ENDING_CALL, 0x401000);
	struct block execve = make(0x401000, 2, ENDING_ENTER, 0);
	struct block entry = make(KERNEL, 2, ENDING_LEAVE, 0);
	struct block start = make(0x402000, 1, ENDING_NEXT, 0);

	(void)state;
	step(task, &main);
	step(task, &execve);
	step(task, &entry);
	step(task, &start);
	assert_int_equal(task->depth, 1);
}

static void a_jump_by_a_return_takes_the_place_of_what_jumped(void **state)
{
	struct task *task = stack_task(TASK);
	struct block caller = make(KERNEL, 1, ENDING_CALL, KERNEL + 0x1000);
	struct block thunk = make(KERNEL + 0x1000, 1, ENDING_RETURN, 0);
	struct block target = make(KERNEL + 0x2000, 1, ENDING_RETURN, 0);
	struct block rest = make(KERNEL + 4, 1, ENDING_NEXT, 0);
	struct node *below = step(task, &caller), *reached;

	(void)state;
	step(task, &thunk);
	reached = step(task, &target);
	assert_int_equal(reached->address, KERNEL + 0x2000);
	assert_ptr_equal(reached->parent, below);
	assert_ptr_equal(step(task, &rest), below);
}

static void tasks_have_stacks_of_their_own(void **state)
{
	struct task *one = stack_task(TASK), *other = stack_task(TASK + 0x40);
	struct block call = make(KERNEL, 1, ENDING_CALL, KERNEL + 0x1000);
	struct block inner = make(KERNEL + 0x1000, 1, ENDING_NEXT, 0);

	(void)state;
	step(one, &call);
	step(other, &call);
	step(one, &inner);
	assert_int_equal(one->depth, 2);
	assert_int_equal(other->depth, 1);
	assert_ptr_equal(stack_task(TASK), one);
}

/* What record_write() says last. */
static unsigned long long written_total(void)
{
	unsigned long long total = 0;
	char *text = NULL, *end;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(record_write(out), 0);
	fclose(out);
	end = strstr(text, "end ");
	assert_non_null(end);
	assert_int_equal(sscanf(end, "end %llu", &total), 1);
	free(text);
	return total;
}

static void count(struct block *block, unsigned int unexecuted)
{
	const struct broken broken = {block, unexecuted};

	record_count(step(stack_task(TASK), block), block, &broken);
}

static void a_launch_without_spans_is_counted_whole(void **state)
{
	struct block block = make(KERNEL, 7, ENDING_JUMP, KERNEL);

	(void)state;
	count(&block, 0);
	count(&block, 2);
	assert_int_equal(written_total(), 12);
}

static void only_spans_that_end_are_counted(void **state)
{
	struct block block = make(KERNEL, 7, ENDING_JUMP, KERNEL);

	(void)state;
	count(&block, 0); /* of the launch: dropped by the first span */
	record_span(SCOPE_THREAD);
	count(&block, 0); /* of a span that has no end */
	record_span(SCOPE_THREAD);
	count(&block, 0);
	count(&block, 0);
	record_span_end();
	record_span(SCOPE_THREAD);
	count(&block, 0);
	record_span_end();
	record_span(SCOPE_THREAD);
	count(&block, 0); /* no end either */
	assert_int_equal(written_total(), 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endings_are_read_from_the_instruction),
		cmocka_unit_test_setup(a_call_pushes_and_its_return_pops, reset),
		cmocka_unit_test_setup(a_return_finds_its_frame_though_others_lie_over_it, reset),
		cmocka_unit_test_setup(an_interrupt_lies_over_what_it_came_in, reset),
		cmocka_unit_test_setup(what_a_fault_kept_from_being_executed_is_told, reset),
		cmocka_unit_test_setup(a_program_goes_on_under_its_system_call, reset),
		cmocka_unit_test_setup(another_program_begins_with_no_callers, reset),
		cmocka_unit_test_setup(a_jump_by_a_return_takes_the_place_of_what_jumped, reset),
		cmocka_unit_test_setup(tasks_have_stacks_of_their_own, reset),
		cmocka_unit_test_setup(a_launch_without_spans_is_counted_whole, reset),
		cmocka_unit_test_setup(only_spans_that_end_are_counted, reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
