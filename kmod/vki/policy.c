// SPDX-License-Identifier: GPL-2.0
/*
 * The one reader of policy blobs: in the instance module, the builder, the runtime, the fuzzer.
 * Every number in a blob is hostile until it has been compared with what is left of the blob.
 */
#ifdef __KERNEL__
#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>
#else
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#define le32_to_cpu le32toh
#define le64_to_cpu le64toh
#endif

#include <vkernel/policy.h>

#define ALIGNMENT	8
#define NAME_SIZE_MAX	255
#define ERRNO_MAX	4095
#define CHECKSUM_OFFSET offsetof(struct policy_header, checksum)

/* A part of the blob: bytes that are known to exist. */
struct span {
	const __u8 *bytes;
	size_t offset; /* in the blob, for faults */
	size_t size;
};

static int refuse(struct policy_fault *fault, size_t offset, const char *reason)
{
	fault->offset = offset;
	fault->reason = reason;
	return -EINVAL;
}

/* Sizes are at most POLICY_SIZE_MAX, far from any overflow. */
static size_t padded(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static int check_zero(const struct span *blob, size_t from, size_t to, struct policy_fault *fault)
{
	for (; from < to; from++)
		if (blob->bytes[from])
			return refuse(fault, from, "padding is not zero");
	return 0;
}

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

static int parse_name(const struct span *section, struct policy *policy, struct policy_fault *fault)
{
	size_t i;

	if (!section->size || section->size > NAME_SIZE_MAX)
		return refuse(fault, section->offset, "name is not 1 to 255 bytes long");
	for (i = 0; i < section->size; i++)
		if (section->bytes[i] < ' ' || section->bytes[i] > '~')
			return refuse(fault, section->offset + i,
				      "name has a byte that is not printable ASCII");
	policy->name = (const char *)section->bytes;
	policy->name_size = section->size;
	return 0;
}

static int parse_capabilities(const struct span *section, struct policy *policy,
			      struct policy_fault *fault)
{
	const struct policy_capabilities *capabilities = (const void *)section->bytes;

	if (section->size != sizeof(*capabilities))
		return refuse(fault, section->offset, "capability section has a wrong size");
	policy->restricts_capabilities = true;
	policy->capabilities = le64_to_cpu(capabilities->allowed);
	return 0;
}

static int parse_log(const struct span *section, struct policy *policy, struct policy_fault *fault)
{
	const struct policy_log *log = (const void *)section->bytes;

	if (section->size != sizeof(*log))
		return refuse(fault, section->offset, "log section has a wrong size");
	if (log->reserved)
		return refuse(fault, section->offset + offsetof(struct policy_log, reserved),
			      "log section's reserved field is not zero");
	if (le32_to_cpu(log->mode) > POLICY_LOG_DENY)
		return refuse(fault, section->offset, "unknown log mode");
	policy->log = le32_to_cpu(log->mode);
	return 0;
}

/* What is wrong with a verdict that is not a filter; NULL if nothing is. */
static const char *check_verdict(__u32 verdict)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ALLOW:
		return POLICY_VERDICT_VALUE(verdict) ? "verdict allows with a value" : NULL;
	case POLICY_ERRNO:
		return POLICY_VERDICT_VALUE(verdict) > ERRNO_MAX
			       ? "verdict's errno is larger than 4095"
			       : NULL;
	case POLICY_FILTER:
		return "verdict names a filter where none may stand";
	}
	return "unknown verdict action";
}

static int check_verdicts(const struct policy_table *table, size_t offset,
			  struct policy_fault *fault)
{
	const __u32 count = le32_to_cpu(table->header->verdicts);
	const __u32 filters = le32_to_cpu(table->header->filters);
	__u32 i, verdict, named = 0;
	const char *reason;

	for (i = 0; i < count; i++) {
		verdict = le32_to_cpu(table->verdicts[i]);
		reason = NULL;
		if (POLICY_VERDICT_ACTION(verdict) != POLICY_FILTER)
			reason = check_verdict(verdict);
		else if (POLICY_VERDICT_VALUE(verdict) >= filters)
			reason = "verdict names a filter that is not there";
		else if (POLICY_VERDICT_VALUE(verdict) > named)
			reason = "filters are not in the order in which verdicts name them";
		else if (POLICY_VERDICT_VALUE(verdict) == named)
			named++;
		if (reason)
			return refuse(fault, offset + i * sizeof(__le32), reason);
	}
	if (named != filters)
		return refuse(fault, offset, "a filter is named by no verdict");
	return 0;
}

/* Filters own rules as rules own conditions, in the same layout. */
static_assert(sizeof(struct policy_filter) == sizeof(struct policy_rule), "same layout");

/* Checks count filters or rules, which own all of `owned` elements one after the other. */
static int check_owners(const struct policy_rule *owner, __u32 count, __u32 owned, size_t offset,
			struct policy_fault *fault)
{
	__u32 own, next = 0;

	for (; count; count--, owner++, offset += sizeof(*owner)) {
		const char *reason = check_verdict(le32_to_cpu(owner->verdict));

		own = le32_to_cpu(owner->conditions);
		if (le32_to_cpu(owner->first_condition) != next)
			return refuse(fault, offset, "filter or rule does not follow the last");
		if (!own || own > owned - next)
			return refuse(fault, offset + offsetof(struct policy_rule, conditions),
				      "filter or rule has nothing or more than there is");
		if (reason)
			return refuse(fault, offset + offsetof(struct policy_rule, verdict),
				      reason);
		if (owner->reserved)
			return refuse(fault, offset + offsetof(struct policy_rule, reserved),
				      "filter's or rule's reserved field is not zero");
		next += own;
	}
	if (next != owned)
		return refuse(fault, offset, "a rule or condition belongs to nothing");
	return 0;
}

static int check_conditions(const struct policy_table *table, size_t offset,
			    struct policy_fault *fault)
{
	const __u32 count = le32_to_cpu(table->header->conditions);
	__u32 i, operator_;

	for (i = 0; i < count; i++, offset += sizeof(struct policy_condition)) {
		const struct policy_condition *condition = &table->conditions[i];

		operator_ = le32_to_cpu(condition->operator_);
		if (le32_to_cpu(condition->argument) > 5)
			return refuse(fault, offset, "condition's argument is larger than 5");
		if (operator_ < POLICY_NE || operator_ > POLICY_MASKED_EQ)
			return refuse(fault, offset + offsetof(struct policy_condition, operator_),
				      "unknown comparison operator");
		if (condition->mask && operator_ != POLICY_MASKED_EQ)
			return refuse(fault, offset + offsetof(struct policy_condition, mask),
				      "condition has a mask that its operator does not use");
	}
	return 0;
}

/*
 * Takes count elements of element bytes from what is left, where that much is left. The division
 * keeps a count from the blob out of the arithmetic until it is known to be small.
 */
static const void *take(struct span *left, __u32 count, size_t element)
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

static int table_index(__u32 arch)
{
	switch (arch) {
	case POLICY_ARCH_X86_64:
		return POLICY_TABLE_X86_64;
	case POLICY_ARCH_I386:
		return POLICY_TABLE_I386;
	}
	return -1;
}

static int check_table(const struct policy_table *table, const struct span *blob, size_t start,
		       struct policy_fault *fault)
{
	const struct policy_syscalls *header = table->header;
	const size_t verdicts = start + sizeof(*header);
	const size_t end = verdicts + le32_to_cpu(header->verdicts) * sizeof(__le32);
	const char *reason = check_verdict(le32_to_cpu(header->otherwise));
	int ret;

	if (reason)
		return refuse(fault, start + offsetof(struct policy_syscalls, otherwise), reason);
	ret = check_zero(blob, end, padded(end), fault);
	if (!ret)
		ret = check_verdicts(table, verdicts, fault);
	if (!ret)
		ret = check_owners((const void *)table->filters, le32_to_cpu(header->filters),
				   le32_to_cpu(header->rules),
				   (const __u8 *)table->filters - blob->bytes, fault);
	if (!ret)
		ret = check_owners(table->rules, le32_to_cpu(header->rules),
				   le32_to_cpu(header->conditions),
				   (const __u8 *)table->rules - blob->bytes, fault);
	if (!ret)
		ret = check_conditions(table, (const __u8 *)table->conditions - blob->bytes, fault);
	return ret;
}

static int parse_syscalls(const struct span *blob, const struct span *section,
			  struct policy *policy, struct policy_fault *fault)
{
	const struct policy_syscalls *header;
	struct policy_table *table;
	struct span left = *section;
	int index;

	header = take(&left, 1, sizeof(*header));
	if (!header)
		return refuse(fault, section->offset, "system-call section has a wrong size");
	index = table_index(le32_to_cpu(header->arch));
	if (index < 0)
		return refuse(fault, section->offset, "unknown architecture");
	table = &policy->tables[index];
	if (table->header)
		return refuse(fault, section->offset, "architecture has a second table");
	if (le32_to_cpu(header->verdicts) > POLICY_SYSCALL_MAX)
		return refuse(fault, section->offset + offsetof(struct policy_syscalls, verdicts),
			      "table has more than 1024 verdicts");

	table->header = header;
	table->verdicts = take(&left, le32_to_cpu(header->verdicts), sizeof(*table->verdicts));
	if (table->verdicts)
		table->filters = take(&left, le32_to_cpu(header->filters), sizeof(*table->filters));
	if (table->filters)
		table->rules = take(&left, le32_to_cpu(header->rules), sizeof(*table->rules));
	if (table->rules)
		table->conditions =
			take(&left, le32_to_cpu(header->conditions), sizeof(*table->conditions));
	if (!table->conditions)
		return refuse(fault, left.offset, "table is longer than its section");
	if (left.size)
		return refuse(fault, left.offset, "table is shorter than its section");
	return check_table(table, blob, section->offset, fault);
}

static int parse_section(const struct span *blob, __u32 kind, const struct span *section,
			 struct policy *policy, struct policy_fault *fault)
{
	switch (kind) {
	case POLICY_NAME:
		return parse_name(section, policy, fault);
	case POLICY_SYSCALLS:
		return parse_syscalls(blob, section, policy, fault);
	case POLICY_CAPABILITIES:
		return parse_capabilities(section, policy, fault);
	}
	return parse_log(section, policy, fault);
}

/* Checks an entry of the section table whose bytes should begin at next; seen has a bit a kind. */
static int check_entry(const struct policy_section *entry, size_t at, size_t next, size_t left,
		       __u32 *seen, struct policy_fault *fault)
{
	const __u32 kind = le32_to_cpu(entry->kind);
	const __u32 size = le32_to_cpu(entry->size);

	if (kind < POLICY_NAME || kind > POLICY_LOG)
		return refuse(fault, at, "unknown kind of section");
	if (kind != POLICY_SYSCALLS && *seen & 1u << kind)
		return refuse(fault, at, "kind of section stands twice");
	*seen |= 1u << kind;
	if (le32_to_cpu(entry->offset) != next)
		return refuse(fault, at + offsetof(struct policy_section, offset),
			      "section does not begin where the one before it ends");
	if (size > left || padded(size) > left)
		return refuse(fault, at + offsetof(struct policy_section, size),
			      "section is longer than what is left of the blob");
	if (entry->reserved)
		return refuse(fault, at + offsetof(struct policy_section, reserved),
			      "section's reserved field is not zero");
	return 0;
}

static int parse_sections(const struct span *blob, struct policy *policy,
			  struct policy_fault *fault)
{
	const struct policy_header *header = (const void *)blob->bytes;
	const struct policy_section *entry = (const void *)(header + 1);
	__u32 count = le32_to_cpu(header->sections), seen = 0;
	size_t next = sizeof(*header) + (size_t)count * sizeof(*entry);
	int ret;

	if (count > (blob->size - sizeof(*header)) / sizeof(*entry))
		return refuse(fault, offsetof(struct policy_header, sections),
			      "more sections than there is room for");
	for (; count; count--, entry++) {
		const struct span section = {
			.bytes = blob->bytes + next,
			.offset = next,
			.size = le32_to_cpu(entry->size),
		};

		ret = check_entry(entry, (const __u8 *)entry - blob->bytes, next, blob->size - next,
				  &seen, fault);
		if (!ret)
			ret = parse_section(blob, le32_to_cpu(entry->kind), &section, policy,
					    fault);
		next += padded(section.size);
		if (!ret)
			ret = check_zero(blob, section.offset + section.size, next, fault);
		if (ret)
			return ret;
	}
	if (next != blob->size)
		return refuse(fault, next, "bytes after the last section");
	return 0;
}

static int check_header(const struct span *blob, struct policy_fault *fault)
{
	const struct policy_header *header = (const void *)blob->bytes;

	if ((unsigned long)blob->bytes % ALIGNMENT)
		return refuse(fault, 0, "blob is not aligned to 8 bytes in memory");
	if (blob->size < sizeof(*header))
		return refuse(fault, blob->size, "blob ends inside its header");
	if (memcmp(header->magic, POLICY_MAGIC, sizeof(header->magic)))
		return refuse(fault, 0, "not a policy blob: its first 8 bytes are not VKPOLICY");
	if (le32_to_cpu(header->version) != POLICY_VERSION)
		return refuse(fault, offsetof(struct policy_header, version),
			      "blob is of another version than this reader");
	if (blob->size > POLICY_SIZE_MAX)
		return refuse(fault, POLICY_SIZE_MAX, "blob is larger than 1 MiB");
	if (le32_to_cpu(header->size) > blob->size)
		return refuse(fault, blob->size, "blob ends before the size that its header names");
	if (le32_to_cpu(header->size) < blob->size)
		return refuse(fault, offsetof(struct policy_header, size),
			      "blob goes on after the size that its header names");
	if (le32_to_cpu(header->checksum) != policy_checksum(blob->bytes, blob->size))
		return refuse(fault, CHECKSUM_OFFSET,
			      "checksum does not match: the blob is damaged");
	return 0;
}

int policy_parse(const void *blob, size_t size, struct policy *policy, struct policy_fault *fault)
{
	const struct span whole = {.bytes = blob, .offset = 0, .size = size};
	int ret = check_header(&whole, fault);

	if (ret)
		return ret;
	memset(policy, 0, sizeof(*policy));
	policy->capabilities = ~0ull;
	policy->log = POLICY_LOG_HOST;
	return parse_sections(&whole, policy, fault);
}

static bool holds(const struct policy_condition *condition, const __u64 arguments[6])
{
	const __u64 argument = arguments[le32_to_cpu(condition->argument)];
	const __u64 value = le64_to_cpu(condition->value);

	switch (le32_to_cpu(condition->operator_)) {
	case POLICY_NE:
		return argument != value;
	case POLICY_LT:
		return argument < value;
	case POLICY_LE:
		return argument <= value;
	case POLICY_EQ:
		return argument == value;
	case POLICY_GE:
		return argument >= value;
	case POLICY_GT:
		return argument > value;
	case POLICY_MASKED_EQ:
		return (argument & le64_to_cpu(condition->mask)) == value;
	}
	return false;
}

static bool all_hold(const struct policy_table *table, const struct policy_rule *rule,
		     const __u64 arguments[6])
{
	const struct policy_condition *condition =
		&table->conditions[le32_to_cpu(rule->first_condition)];
	__u32 left = le32_to_cpu(rule->conditions);

	for (; left; left--, condition++)
		if (!holds(condition, arguments))
			return false;
	return true;
}

__u32 policy_decide(const struct policy_table *table, unsigned int number, const __u64 arguments[6])
{
	const struct policy_filter *filter;
	const struct policy_rule *rule;
	__u32 verdict, left;

	if (!table->header)
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	if (number >= le32_to_cpu(table->header->verdicts))
		return le32_to_cpu(table->header->otherwise);
	verdict = le32_to_cpu(table->verdicts[number]);
	if (POLICY_VERDICT_ACTION(verdict) != POLICY_FILTER)
		return verdict;

	filter = &table->filters[POLICY_VERDICT_VALUE(verdict)];
	rule = &table->rules[le32_to_cpu(filter->first_rule)];
	for (left = le32_to_cpu(filter->rules); left; left--, rule++)
		if (all_hold(table, rule, arguments))
			return le32_to_cpu(rule->verdict);
	return le32_to_cpu(filter->otherwise);
}
