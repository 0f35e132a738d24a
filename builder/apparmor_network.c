// SPDX-License-Identifier: GPL-2.0
#include <sys/socket.h>

#include "builder/apparmor.h"

/* AppArmor's names, which are not all the C library's; 64 bytes of families are enough for all. */
static const struct {
	const char *name;
	unsigned int family;
} families[] = {
	{"unix", 1},	 {"inet", 2},	  {"ax25", 3},	    {"ipx", 4},	     {"appletalk", 5},
	{"netrom", 6},	 {"bridge", 7},	  {"atmpvc", 8},    {"x25", 9},	     {"inet6", 10},
	{"rose", 11},	 {"netbeui", 13}, {"security", 14}, {"key", 15},     {"netlink", 16},
	{"packet", 17},	 {"ash", 18},	  {"econet", 19},   {"atmsvc", 20},  {"rds", 21},
	{"sna", 22},	 {"irda", 23},	  {"pppox", 24},    {"wanpipe", 25}, {"llc", 26},
	{"ib", 27},	 {"mpls", 28},	  {"can", 29},	    {"tipc", 30},    {"bluetooth", 31},
	{"iucv", 32},	 {"rxrpc", 33},	  {"isdn", 34},	    {"phonet", 35},  {"ieee802154", 36},
	{"caif", 37},	 {"alg", 38},	  {"nfc", 39},	    {"vsock", 40},   {"kcm", 41},
	{"qipcrtr", 42}, {"smc", 43},	  {"xdp", 44},	    {"mctp", 45},
};

static const struct {
	const char *name;
	unsigned int type;
} types[] = {
	{"stream", 1}, {"dgram", 2}, {"raw", 3}, {"rdm", 4}, {"seqpacket", 5}, {"packet", 10},
};

/* A protocol is a type of some families: the kernel's hook is asked when a socket is made. */
static const struct {
	const char *name;
	unsigned int type;
	bool inet6;
} protocols[] = {
	{.name = "tcp", .type = 1, .inet6 = true},
	{.name = "udp", .type = 2, .inet6 = true},
	{.name = "icmp", .type = 3},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void aa_allow_all_sockets(__u16 allowed[POLICY_FAMILIES])
{
	for (size_t i = 0; i < POLICY_FAMILIES; i++)
		allowed[i] = 0x07fe;
}

static unsigned int family_of(const struct aa_token *token)
{
	for (size_t i = 0; i < COUNT(families); i++)
		if (aa_is(token, families[i].name))
			return families[i].family;
	return 0;
}

static unsigned int type_of(const struct aa_token *token)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (aa_is(token, types[i].name))
			return types[i].type;
	return 0;
}

/* What a word behind the family (0: none) asks for. */
static int add_kind(struct aa_reader *reader, const struct aa_token *token, unsigned int family,
		    __u16 allowed[POLICY_FAMILIES])
{
	const unsigned int type = type_of(token);

	for (size_t i = 1; type && i < POLICY_FAMILIES; i++)
		if (!family || i == family)
			allowed[i] |= 1u << type;
	if (type)
		return 0;
	for (size_t i = 0; i < COUNT(protocols); i++) {
		if (!aa_is(token, protocols[i].name))
			continue;
		if (family && family != AF_INET && !(family == AF_INET6 && protocols[i].inet6))
			break;
		if (family != AF_INET6)
			allowed[AF_INET] |= 1u << protocols[i].type;
		if (family != AF_INET && protocols[i].inet6)
			allowed[AF_INET6] |= 1u << protocols[i].type;
		return 0;
	}
	return aa_refuse(reader, token,
			 "\"%.*s\" is no %s; types are stream, dgram, seqpacket, rdm, raw, packet, "
			 "protocols tcp, udp and (inet) icmp",
			 token->size > 64 ? 64 : (int)token->size, token->start,
			 family ? "socket type or protocol of this family"
				: "socket family, type or protocol");
}

int aa_network_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		    const struct aa_token *rule)
{
	__u16 *allowed = qualifiers->deny ? reader->denied_types : reader->types;
	struct aa_item items[AA_ITEMS_MAX];
	unsigned int family;
	size_t count;

	(void)rule;
	if (aa_items(reader, items, &count))
		return -1;
	if (!count) {
		aa_allow_all_sockets(allowed);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		if (items[i].key.kind != AA_END || items[i].listed ||
		    items[i].value.kind != AA_WORD)
			return aa_refuse(reader,
					 items[i].key.kind == AA_END ? &items[i].value
								     : &items[i].key,
					 "network rules with accesses, addresses or peers cannot "
					 "be enforced; name a family and a type or protocol");
	if (count > 2)
		return aa_refuse(reader, &items[2].value,
				 "a network rule names a family, and a type or a protocol");
	/* "packet" alone is the family, as in AppArmor. */
	family = family_of(&items[0].value);
	if (!family)
		return count == 1
			       ? add_kind(reader, &items[0].value, 0, allowed)
			       : aa_refuse(reader, &items[0].value, "\"%.*s\" is no socket family",
					   items[0].value.size > 64 ? 64 : (int)items[0].value.size,
					   items[0].value.start);
	if (count == 1) {
		/* As AppArmor has it, whose list of types ends here. */
		allowed[family] |= AA_TYPES_ALL;
		return 0;
	}
	return add_kind(reader, &items[1].value, family, allowed);
}
