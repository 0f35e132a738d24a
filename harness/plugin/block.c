// SPDX-License-Identifier: GPL-2.0
#include "harness/plugin/block.h"

#include <string.h>

#define OVER 32 /* bytes */

static bool is_prefix(uint8_t byte)
{
	static const uint8_t prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					   0x66, 0x67, 0xf0, 0xf2, 0xf3};

	return memchr(prefixes, byte, sizeof(prefixes)) || (byte & 0xf0) == 0x40;
}

static bool is_string(uint8_t opcode)
{
	return (opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf) ||
	       (opcode >= 0x6c && opcode <= 0x6f);
}

static int64_t displacement(const uint8_t *bytes, size_t size)
{
	int32_t wide = 0;

	if (size == 1)
		return (int8_t)bytes[0];
	if (size >= 4)
		memcpy(&wide, bytes, sizeof(wide));
	return wide;
}

static void decode_far(struct block *block, const uint8_t *bytes, size_t size)
{
	uint8_t opcode = size ? bytes[0] : 0;

	if (opcode == 0x05 || opcode == 0x34)
		block->ending = ENDING_ENTER;
	else if (opcode == 0x07 || opcode == 0x35)
		block->ending = ENDING_LEAVE;
	else if ((opcode & 0xf0) == 0x80) {
		block->ending = ENDING_JUMP;
		block->target = block->follows + displacement(bytes + 1, size - 1);
	}
}

static void decode_indirect(struct block *block, uint8_t operand)
{
	switch (operand >> 3 & 7) {
	case 2:
	case 3:
		block->ending = ENDING_CALL;
		break;
	case 4:
	case 5:
		block->ending = ENDING_JUMP_ANY;
		break;
	}
}

static void decode_direct(struct block *block, enum ending ending, const uint8_t *bytes,
			  size_t size)
{
	block->ending = ending;
	block->target = block->follows + displacement(bytes, size);
}

/* A call over the next few bytes calls nothing: retpolines and what fills return buffers do so. */
static void decode_call(struct block *block, const uint8_t *bytes, size_t size)
{
	decode_direct(block, ENDING_CALL, bytes, size);
	if (block->target - block->follows < OVER)
		block->ending = ENDING_JUMP;
}

void block_decode(struct block *block, uint64_t address, const uint8_t *bytes, size_t size)
{
	size_t at = 0;
	bool repeated = false;
	uint8_t opcode;

	block->ending = ENDING_NEXT;
	block->follows = address + size;
	block->target = 0;
	while (at < size && is_prefix(bytes[at])) {
		repeated |= bytes[at] == 0xf2 || bytes[at] == 0xf3;
		at++;
	}
	if (at == size)
		return;
	opcode = bytes[at++];
	if (opcode == 0x0f)
		decode_far(block, bytes + at, size - at);
	else if (opcode == 0xe8)
		decode_call(block, bytes + at, size - at);
	else if (opcode == 0xe9 || opcode == 0xeb || (opcode & 0xf0) == 0x70 ||
		 (opcode >= 0xe0 && opcode <= 0xe3))
		decode_direct(block, ENDING_JUMP, bytes + at, size - at);
	else if (opcode == 0xff && at < size)
		decode_indirect(block, bytes[at]);
	else if (opcode == 0xc3 || opcode == 0xc2)
		block->ending = ENDING_RETURN;
	else if (opcode == 0xcf)
		block->ending = ENDING_LEAVE;
	else if (opcode == 0xcd || opcode == 0xcc)
		block->ending = ENDING_ENTER;
	else if (repeated && is_string(opcode)) {
		block->ending = ENDING_JUMP;
		block->target = address;
	}
}

unsigned int block_rest(const struct block *block, uint64_t address)
{
	if (address < block->address || address >= block->follows)
		return 0;
	for (unsigned int i = 0; i < block->count; i++)
		if (block->address + block->offsets[i] == address)
			return block->count - i;
	return 0;
}

bool block_leads_to(const struct block *block, uint64_t address)
{
	switch (block->ending) {
	case ENDING_NEXT:
		return address == block->follows;
	case ENDING_JUMP:
		return address == block->follows || address == block->target;
	case ENDING_CALL:
		return !block->target || address == block->target;
	case ENDING_JUMP_ANY:
	case ENDING_RETURN:
	case ENDING_LEAVE:
	case ENDING_ENTER:
		return true;
	}
	return false;
}
