// SPDX-License-Identifier: GPL-2.0
/* File and access rules made by hand: what a reader refuses, where, and why. */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include <vkernel/policy.h>

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TEXT	   "/\0/etc\0/etc/a\0r"

/* A blob with something of everything; it is accepted as base_blob() makes it. */
struct base {
	struct policy_header header;
	struct policy_section sections[2];
	struct policy_files files;
	struct policy_state states[3];
	__le32 ends[4]; /* one pads */
	struct policy_transition transitions[6];
	struct policy_accept accepts[3];
	__le32 pads;
	__le32 matches[4]; /* one pads */
	struct policy_file_rule rules[2];
	__le32 prefixes[4]; /* one pads */
	char text[16];
	struct policy_access access;
	__le16 types[4];
};

#define AT(field) offsetof(struct base, field)

static_assert(sizeof(struct policy_file_rule) == 12, "two pad to nothing");

/* A path that begins with '/' is in state 1, everything else in state 2. Slashes are class 1. */
static struct base base_blob(void)
{
	struct base base = {
		.header = {.magic = "VKPOLICY", .version = POLICY_VERSION, .sections = 2},
		.sections = {{POLICY_FILES, AT(files), AT(access) - AT(files), 0},
			     {POLICY_ACCESS, AT(access), sizeof(base) - AT(access), 0}},
		.files = {.flags = POLICY_FILES_COMPLAIN,
			  .states = 3,
			  .transitions = 6,
			  .accepts = 3,
			  .matches = 3,
			  .rules = 2,
			  .prefixes = 3,
			  .text_size = sizeof(TEXT),
			  .restricted = POLICY_FILE_ALL},
		.states = {{4, 2}, {0, 1}, {0, 2}},
		.ends = {0, 1, 2},
		.transitions = {[0 ... 4] = {POLICY_NO_STATE, 0}, [5] = {0, 1}},
		.accepts = {{.matches = 0},
			    {{1, 3}, {4, 4}, {8, 0}, 0, 2},
			    {{POLICY_FILE_ALL, 0}, {0}, {0}, 2, 1}},
		.matches = {0, 1, 1},
		.rules = {{14, 0, POLICY_FILE_ALL, 7}, {15, 2, 0, 0}},
		.prefixes = {0, 2, 7},
		.access = {POLICY_ACCESS_ALL, 4},
		.types = {0, POLICY_SOCKET_TYPES, 2, 4},
	};

	base.files.classes['/'] = 1;
	memcpy(base.text, TEXT, sizeof(TEXT));
	return base;
}

static int parse(struct base *blob, struct policy *policy, struct policy_fault *fault)
{
	blob->header.size = htole32(sizeof(*blob));
	blob->header.checksum = htole32(policy_checksum(blob, sizeof(*blob)));
	return policy_parse(blob, sizeof(*blob), policy, fault);
}

static void a_blob_with_everything_is_read(void **state)
{
	struct base blob = base_blob();
	struct policy_fault fault = {0};
	struct policy policy;
	const struct files *files = &policy.files;

	(void)state;
	if (parse(&blob, &policy, &fault))
		fail_msg("offset %zu: %s", fault.offset, fault.reason);
	assert_int_equal(files->states, 3);
	assert_int_equal(files->accepts, 3);
	assert_int_equal(files->rules, 2);
	assert_int_equal(files->prefixes, 3);
	assert_int_equal(files->flags, POLICY_FILES_COMPLAIN);
	assert_int_equal(files->restricted, POLICY_FILE_ALL);
	assert_string_equal(files->text + files->prefix[2], "/etc/a");
	assert_ptr_equal(files_match(files, "/any/path", 9), &blob.accepts[1]);
	assert_ptr_equal(files_match(files, "other", 5), &blob.accepts[2]);
	assert_ptr_equal(files_match(files, "", 0), &blob.accepts[0]);
	assert_int_equal(files_allowed(&blob.accepts[1], POLICY_OWNER), 3);
	assert_true(policy.restricts_access);
	assert_int_equal(policy.access, POLICY_ACCESS_ALL);
	assert_int_equal(policy.socket_types[1], POLICY_SOCKET_TYPES);
	assert_int_equal(policy.socket_types[3], 4);
	assert_int_equal(policy.socket_types[4], 0);
}

/* A word (4 bytes), half a word or a byte that is changed, and what is then said. */
struct change {
	size_t at;
	unsigned int size;
	__u32 value;
	size_t offset;
	const char *reason;
};

#define WORD(field, value, reason)                     \
	{                                              \
		AT(field), 4, value, AT(field), reason \
	}
#define HALF(field, value, reason)                     \
	{                                              \
		AT(field), 2, value, AT(field), reason \
	}
#define BYTE(field, value, reason)                     \
	{                                              \
		AT(field), 1, value, AT(field), reason \
	}

static const struct change changes[] = {
	WORD(files.flags, 2, "unknown flag of file rules"),
	WORD(files.states, 0, "automaton has no states"),
	WORD(files.accepts, 0, "automaton has no accepts"),
	WORD(files.restricted, 0x80, "unknown permission is restricted"),
	WORD(files.restricted, 0x10001, "unknown permission is restricted"),
	WORD(files.reserved[0], 1, "reserved field of file rules is not zero"),
	WORD(files.reserved[2], 1, "reserved field of file rules is not zero"),
	BYTE(files.classes[0], 1, "class of bytes leaves one out"),
	BYTE(files.classes['/'], 2, "class of bytes leaves one out"),
	BYTE(files.classes[255], 255, "class of bytes leaves one out"),

	/* Counts that lead out of the section, also where a multiplication overflows. */
	{AT(files.states), 4, 0x7fffffff, AT(states), "file rules are longer than their section"},
	{AT(files.states), 4, 0x20000001, AT(states), "file rules are longer than their section"},
	{AT(files.transitions), 4, 0xffffffff, AT(transitions),
	 "file rules are longer than their section"},
	{AT(files.accepts), 4, 0x10000001, AT(accepts), "file rules are longer than their section"},
	{AT(files.matches), 4, 0x40000002, AT(matches), "file rules are longer than their section"},
	{AT(files.rules), 4, 0x55555557, AT(rules), "file rules are longer than their section"},
	{AT(files.prefixes), 4, 0x40000003, AT(prefixes),
	 "file rules are longer than their section"},
	{AT(files.text_size), 4, 17, AT(text), "file rules are longer than their section"},
	{AT(files.text_size), 4, 14, AT(text) + 14, "file rules are shorter than their section"},
	{AT(files.text_size), 4, 0, AT(text), "file rules are shorter than their section"},
	WORD(ends[3], 1, "padding is not zero"),
	WORD(pads, 1, "padding is not zero"),
	BYTE(matches[3], 1, "padding is not zero"),
	{AT(prefixes[3]), 4, 0x1000000, AT(prefixes[3]) + 3, "padding is not zero"},
	BYTE(text[15], 'x', "text of file rules does not end with a zero"),

	/* The automaton stays inside itself. */
	WORD(states[0].base, 5, "state's transitions lie outside the automaton"),
	WORD(states[2].base, 0xffffffff, "state's transitions lie outside the automaton"),
	WORD(states[1].otherwise, 3, "state leads out of the automaton"),
	WORD(states[1].otherwise, 0xffffffff, "state leads out of the automaton"),
	WORD(ends[2], 3, "state ends in an accept that is not there"),
	WORD(transitions[5].state, 3, "transition belongs to a state that is not there"),
	WORD(transitions[5].state, 0xfffffffe, "transition belongs to a state that is not there"),
	WORD(transitions[5].next, 3, "transition leads out of the automaton"),
	WORD(transitions[0].next, 1, "transition of no state leads somewhere"),

	HALF(accepts[1].allowed[0], 0x80, "unknown permission"),
	HALF(accepts[1].denied[1], 0x8000, "unknown permission"),
	HALF(accepts[2].audited[1], 0x100, "unknown permission"),
	HALF(accepts[0].allowed[0], 1, "accept 0 says something"),
	HALF(accepts[0].denied[1], 1, "accept 0 says something"),
	WORD(accepts[0].first_match, 1, "accept's matches do not follow the last"),
	WORD(accepts[1].first_match, 1, "accept's matches do not follow the last"),
	WORD(accepts[1].matches, 4, "accept has more matches than there are"),
	WORD(accepts[1].matches, 0xffffffff, "accept has more matches than there are"),
	{AT(accepts[2].matches), 4, 0, AT(matches[2]), "match belongs to no accept"},
	WORD(matches[0], 2, "match names a rule that is not there"),
	WORD(rules[0].text, 16, "rule's text lies outside the text"),
	WORD(rules[1].source, 0xffffffff, "rule's source lies outside the text"),
	HALF(rules[0].permissions, 0x80, "unknown permission of a rule"),
	HALF(rules[1].flags, 8, "unknown flag of a rule"),

	WORD(prefixes[0], 1, "prefix does not follow the last in the text"),
	WORD(prefixes[1], 3, "prefix does not follow the last in the text"),
	WORD(prefixes[2], 0xffffffff, "prefix does not follow the last in the text"),
	BYTE(text[0], 'x', "prefix is not absolute"),
	BYTE(text[2], 0, "prefix is not absolute"),
	{AT(text[5]), 1, '/', AT(text[2]), "prefix ends with a slash"},
	{AT(text[8]), 1, 'a', AT(text[7]), "prefixes are not sorted, or one stands twice"},

	{AT(sections[0].size), 4, 296, AT(files), "file section has a wrong size"},
	{AT(sections[1].size), 4, 4, AT(access), "access section has a wrong size"},
	WORD(access.allowed, POLICY_ACCESS_ALL + 1, "unknown kind of access"),
	WORD(access.families, 65, "more than 64 protocol families"),
	WORD(access.families, 3, "access section has another size than its families need"),
	WORD(access.families, 5, "access section has another size than its families need"),
	HALF(types[0], 1, "unknown type of sockets"),
	HALF(types[3], 0x800, "unknown type of sockets"),
};

static void each_wrong_number_is_refused_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(changes); i++) {
		const struct change *change = &changes[i];
		const __le32 value = htole32(change->value);
		struct base blob = base_blob();
		struct policy_fault fault = {0};
		struct policy policy;
		int ret;

		memcpy((char *)&blob + change->at, &value, change->size);
		ret = parse(&blob, &policy, &fault);
		if (ret != -EINVAL || !fault.reason || fault.offset != change->offset ||
		    strcmp(fault.reason, change->reason))
			fail_msg("row %zu (0x%x at %zu): %d, offset %zu: %s; expected offset %zu: "
				 "%s",
				 i, change->value, change->at, ret, fault.offset,
				 fault.reason ? fault.reason : "-", change->offset, change->reason);
	}
}

static void each_class_has_a_transition(void **state)
{
	struct base blob = base_blob();
	struct policy_fault fault;
	struct policy policy;

	(void)state;
	for (int byte = 0; byte < 8; byte++)
		blob.files.classes[byte] = byte;
	assert_int_equal(parse(&blob, &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "automaton has fewer transitions than classes of bytes");
	assert_int_equal(fault.offset, AT(files.transitions));
}

/* One state, and a prefix longer than any path. */
static void a_prefix_is_a_path_that_can_be(void **state)
{
	struct {
		struct policy_header header;
		struct policy_section section;
		struct policy_files files;
		struct policy_state state;
		__le32 end, pads;
		struct policy_transition transition;
		struct policy_accept accept;
		__le32 also_pads, prefix, too;
		char text[4104];
	} blob = {
		.header = {.magic = "VKPOLICY",
			   .version = POLICY_VERSION,
			   .size = sizeof(blob),
			   .sections = 1},
		.section = {.kind = POLICY_FILES},
		.files = {.states = 1,
			  .transitions = 1,
			  .accepts = 1,
			  .prefixes = 1,
			  .text_size = POLICY_PREFIX_MAX + 2},
		.transition = {POLICY_NO_STATE, 0},
	};
	struct policy_fault fault = {0};
	struct policy policy;

	(void)state;
	blob.section.offset = sizeof(blob.header) + sizeof(blob.section);
	blob.section.size =
		(size_t)((char *)blob.text - (char *)&blob.files) + POLICY_PREFIX_MAX + 2;
	memset(blob.text, '/', POLICY_PREFIX_MAX);
	blob.text[POLICY_PREFIX_MAX] = 'a';
	blob.header.checksum = policy_checksum(&blob, sizeof(blob));
	assert_int_equal(policy_parse(&blob, sizeof(blob), &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "prefix is longer than 4095 bytes");
	assert_int_equal(fault.offset, (char *)blob.text - (char *)&blob);

	blob.text[POLICY_PREFIX_MAX - 1] = 'a';
	blob.text[POLICY_PREFIX_MAX] = 0;
	blob.header.checksum = policy_checksum(&blob, sizeof(blob));
	assert_int_equal(policy_parse(&blob, sizeof(blob), &policy, &fault), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blob_with_everything_is_read),
		cmocka_unit_test(each_wrong_number_is_refused_where_it_stands),
		cmocka_unit_test(each_class_has_a_transition),
		cmocka_unit_test(a_prefix_is_a_path_that_can_be),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
