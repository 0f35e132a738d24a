// SPDX-License-Identifier: GPL-2.0
/*
 * The one reader of policy blobs: in the instance module, the builder, the runtime, the fuzzer.
 * Every number in a blob is hostile until it has been compared with what is left of the blob.
 */
#include "parser.h"

#define NAME_SIZE_MAX	255
#define CHECKSUM_OFFSET offsetof(struct policy_header, checksum)

int parser_refuse(const struct parser *parser, size_t offset, const char *reason)
{
	parser->fault->offset = offset;
	parser->fault->reason = reason;
	return -EINVAL;
}

int parser_check_zero(const struct parser *parser, size_t from, size_t to)
{
	for (; from < to; from++)
		if (parser->blob.bytes[from])
			return parser_refuse(parser, from, "padding is not zero");
	return 0;
}

/*
 * The division keeps a count from the blob out of the arithmetic until it is known to be small.
 */
const void *parser_take(struct span *left, __u32 count, size_t element)
{
	const void *taken = left->bytes;
	size_t size;

	if (count > left->size / element)
		return NULL;
	size = padded(count * element);
	if (size > left->size)
		return NULL;
	left->bytes += size;
	left->offset += size;
	left->size -= size;
	return taken;
}

#ifdef __KERNEL__
static __u32 crc_update(__u32 crc, const __u8 *bytes, size_t size)
{
	return crc32_le(crc, bytes, size);
}
#else
static __u32 crc_update(__u32 crc, const __u8 *bytes, size_t size)
{
	static const __u32 nibbles[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	while (size--) {
		crc ^= *bytes++;
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return crc;
}
#endif

__u32 policy_checksum(const void *blob, size_t size)
{
	static const __u8 zero[sizeof(__le32)];
	const size_t after = CHECKSUM_OFFSET + sizeof(zero);
	__u32 crc = ~0u;

	if (size < after)
		return 0;
	crc = crc_update(crc, blob, CHECKSUM_OFFSET);
	crc = crc_update(crc, zero, sizeof(zero));
	crc = crc_update(crc, (const __u8 *)blob + after, size - after);
	return ~crc;
}

static int parse_name(struct parser *parser, const struct span *section)
{
	size_t i;

	if (!section->size || section->size > NAME_SIZE_MAX)
		return parser_refuse(parser, section->offset, "name is not 1 to 255 bytes long");
	for (i = 0; i < section->size; i++)
		if (section->bytes[i] < ' ' || section->bytes[i] > '~')
			return parser_refuse(parser, section->offset + i,
					     "name has a byte that is not printable ASCII");
	parser->policy->name = (const char *)section->bytes;
	parser->policy->name_size = section->size;
	return 0;
}

static int parse_capabilities(struct parser *parser, const struct span *section)
{
	const struct policy_capabilities *capabilities = (const void *)section->bytes;

	if (section->size != sizeof(*capabilities))
		return parser_refuse(parser, section->offset,
				     "capability section has a wrong size");
	if (le32_to_cpu(capabilities->excess) > POLICY_EXCESS_KILL)
		return parser_refuse(parser,
				     section->offset + offsetof(struct policy_capabilities, excess),
				     "unknown reaction to an excess of capabilities");
	if (capabilities->reserved)
		return parser_refuse(
			parser, section->offset + offsetof(struct policy_capabilities, reserved),
			"capability section's reserved field is not zero");
	parser->policy->restricts_capabilities = true;
	parser->policy->capabilities = le64_to_cpu(capabilities->allowed);
	parser->policy->excess = le32_to_cpu(capabilities->excess);
	return 0;
}

static bool is_log_size(__u32 size)
{
	return size >= POLICY_LOG_SIZE_MIN && size <= POLICY_LOG_SIZE_MAX && !(size & (size - 1));
}

static int parse_log(struct parser *parser, const struct span *section)
{
	const struct policy_log *log = (const void *)section->bytes;
	const size_t size_at = section->offset + offsetof(struct policy_log, size);

	if (section->size != sizeof(*log))
		return parser_refuse(parser, section->offset, "log section has a wrong size");
	if (le32_to_cpu(log->mode) > POLICY_LOG_PRIVATE)
		return parser_refuse(parser, section->offset, "unknown log mode");
	if (le32_to_cpu(log->mode) != POLICY_LOG_PRIVATE && log->size)
		return parser_refuse(parser, size_at, "log that is not private has a size");
	if (le32_to_cpu(log->mode) == POLICY_LOG_PRIVATE && !is_log_size(le32_to_cpu(log->size)))
		return parser_refuse(parser, size_at,
				     "log's size is not a power of two from 4 KiB to 16 MiB");
	parser->policy->log = le32_to_cpu(log->mode);
	parser->policy->log_size = le32_to_cpu(log->size);
	return 0;
}

static int parse_access(struct parser *parser, const struct span *section)
{
	const struct policy_access *access = (const void *)section->bytes;
	__u32 families, i;

	if (section->size < sizeof(*access))
		return parser_refuse(parser, section->offset, "access section has a wrong size");
	if (le32_to_cpu(access->allowed) & ~POLICY_ACCESS_ALL)
		return parser_refuse(parser, section->offset, "unknown kind of access");
	families = le32_to_cpu(access->families);
	if (families > POLICY_FAMILIES)
		return parser_refuse(parser,
				     section->offset + offsetof(struct policy_access, families),
				     "more than 64 protocol families");
	if (section->size != sizeof(*access) + families * sizeof(access->types[0]))
		return parser_refuse(parser,
				     section->offset + offsetof(struct policy_access, families),
				     "access section has another size than its families need");
	for (i = 0; i < families; i++) {
		if (le16_to_cpu(access->types[i]) & ~POLICY_SOCKET_TYPES)
			return parser_refuse(parser,
					     section->offset + sizeof(*access) +
						     i * sizeof(access->types[0]),
					     "unknown type of sockets");
		parser->policy->socket_types[i] = le16_to_cpu(access->types[i]);
	}
	parser->policy->restricts_access = true;
	parser->policy->access = le32_to_cpu(access->allowed);
	return 0;
}

/* The length of the name at the beginning of `left`; 0 if what stands there is none. */
static size_t call_name_size(const struct span *left)
{
	size_t i;

	for (i = 0; i < left->size && i <= POLICY_CALL_NAME_MAX; i++) {
		const __u8 byte = left->bytes[i];

		if (!byte)
			return i;
		if (byte != '_' && (byte < '0' || byte > '9') && (byte < 'a' || byte > 'z'))
			break;
	}
	return 0;
}

/* All names are terminated inside the section, so that a step from one to the next stays there. */
static const char *next_name(const char *name)
{
	return name + strlen(name) + 1;
}

static int parse_calls(struct parser *parser, const struct span *section)
{
	const char *const names = (const char *)section->bytes;
	const char *name = names, *other;
	struct span left = *section;
	unsigned int count = 0;
	size_t size;

	while (left.size) {
		if (count++ == POLICY_CALLS_MAX)
			return parser_refuse(parser, left.offset, "more than 256 private calls");
		size = call_name_size(&left);
		if (!size)
			return parser_refuse(
				parser, left.offset,
				"private call's name is not 1 to 63 of a-z, 0-9, _ and a "
				"zero");
		for (other = names; other < name; other = next_name(other))
			if (!strcmp(other, name))
				return parser_refuse(parser, left.offset,
						     "private call's name stands twice");
		name = next_name(name);
		left.bytes += size + 1;
		left.offset += size + 1;
		left.size -= size + 1;
	}
	if (!count)
		return parser_refuse(parser, section->offset, "section of private calls is empty");
	parser->policy->calls = names;
	parser->policy->calls_count = count;
	return 0;
}

const char *policy_call_name(const struct policy *policy, unsigned int index)
{
	const char *name = policy->calls;

	while (index--)
		name = next_name(name);
	return name;
}

/* Verdicts and names of private calls against each other, when both are known. */
static int check_private(const struct parser *parser)
{
	const unsigned int count = parser->policy->calls_count;
	unsigned int i;

	if (parser->private_end > count)
		return parser_refuse(parser, parser->private_end_at,
				     "verdict names a private call that is not there");
	for (i = 0; i < count; i++)
		if (!(parser->private[i / 32] >> i % 32 & 1))
			return parser_refuse(parser,
					     (const __u8 *)policy_call_name(parser->policy, i) -
						     parser->blob.bytes,
					     "private call is named by no verdict");
	return 0;
}

static int parse_section(struct parser *parser, __u32 kind, const struct span *section)
{
	switch (kind) {
	case POLICY_NAME:
		return parse_name(parser, section);
	case POLICY_SYSCALLS:
		return parser_table(parser, section);
	case POLICY_CAPABILITIES:
		return parse_capabilities(parser, section);
	case POLICY_LOG:
		return parse_log(parser, section);
	case POLICY_FILES:
		return parser_files(parser, section);
	case POLICY_ACCESS:
		return parse_access(parser, section);
	}
	return parse_calls(parser, section);
}

/* Checks an entry of the section table whose bytes should begin at next, and are at most left. */
static int check_entry(struct parser *parser, const struct policy_section *entry, size_t next,
		       size_t left)
{
	const size_t at = (const __u8 *)entry - parser->blob.bytes;
	const __u32 kind = le32_to_cpu(entry->kind);
	const __u32 size = le32_to_cpu(entry->size);

	if (kind < POLICY_NAME || kind > POLICY_ACCESS)
		return parser_refuse(parser, at, "unknown kind of section");
	if (kind != POLICY_SYSCALLS && parser->kinds & 1u << kind)
		return parser_refuse(parser, at, "kind of section stands twice");
	parser->kinds |= 1u << kind;
	if (le32_to_cpu(entry->offset) != next)
		return parser_refuse(parser, at + offsetof(struct policy_section, offset),
				     "section does not begin where the one before it ends");
	if (size > left || padded(size) > left)
		return parser_refuse(parser, at + offsetof(struct policy_section, size),
				     "section is longer than what is left of the blob");
	if (entry->reserved)
		return parser_refuse(parser, at + offsetof(struct policy_section, reserved),
				     "section's reserved field is not zero");
	return 0;
}

static int parse_sections(struct parser *parser)
{
	const struct span *blob = &parser->blob;
	const struct policy_header *header = (const void *)blob->bytes;
	const struct policy_section *entry = (const void *)(header + 1);
	__u32 count = le32_to_cpu(header->sections);
	size_t next = sizeof(*header) + (size_t)count * sizeof(*entry);
	int ret;

	if (count > (blob->size - sizeof(*header)) / sizeof(*entry))
		return parser_refuse(parser, offsetof(struct policy_header, sections),
				     "more sections than there is room for");
	for (; count; count--, entry++) {
		const struct span section = {
			.bytes = blob->bytes + next,
			.offset = next,
			.size = le32_to_cpu(entry->size),
		};

		ret = check_entry(parser, entry, next, blob->size - next);
		if (!ret)
			ret = parse_section(parser, le32_to_cpu(entry->kind), &section);
		next += padded(section.size);
		if (!ret)
			ret = parser_check_zero(parser, section.offset + section.size, next);
		if (ret)
			return ret;
	}
	if (next != blob->size)
		return parser_refuse(parser, next, "bytes after the last section");
	return check_private(parser);
}

static int check_header(const struct parser *parser)
{
	const struct span *blob = &parser->blob;
	const struct policy_header *header = (const void *)blob->bytes;

	if ((unsigned long)blob->bytes % ALIGNMENT)
		return parser_refuse(parser, 0, "blob is not aligned to 8 bytes in memory");
	if (blob->size < sizeof(*header))
		return parser_refuse(parser, blob->size, "blob ends inside its header");
	if (memcmp(header->magic, POLICY_MAGIC, sizeof(header->magic)))
		return parser_refuse(parser, 0,
				     "not a policy blob: its first 8 bytes are not VKPOLICY");
	if (le32_to_cpu(header->version) != POLICY_VERSION)
		return parser_refuse(parser, offsetof(struct policy_header, version),
				     "blob is of another version than this reader");
	if (blob->size > POLICY_SIZE_MAX)
		return parser_refuse(parser, POLICY_SIZE_MAX, "blob is larger than 8 MiB");
	if (le32_to_cpu(header->size) > blob->size)
		return parser_refuse(parser, blob->size,
				     "blob ends before the size that its header names");
	if (le32_to_cpu(header->size) < blob->size)
		return parser_refuse(parser, offsetof(struct policy_header, size),
				     "blob goes on after the size that its header names");
	if (le32_to_cpu(header->checksum) != policy_checksum(blob->bytes, blob->size))
		return parser_refuse(parser, CHECKSUM_OFFSET,
				     "checksum does not match: the blob is damaged");
	return 0;
}

int policy_parse(const void *blob, size_t size, struct policy *policy, struct policy_fault *fault)
{
	struct parser parser = {
		.blob = {.bytes = blob, .offset = 0, .size = size},
		.policy = policy,
		.fault = fault,
	};
	int ret = check_header(&parser);

	if (ret)
		return ret;
	memset(policy, 0, sizeof(*policy));
	policy->capabilities = ~0ull;
	policy->excess = POLICY_EXCESS_REPORT;
	policy->log = POLICY_LOG_HOST;
	return parse_sections(&parser);
}
