// SPDX-License-Identifier: GPL-2.0
#include <sys/socket.h>

#include "builder/apparmor.h"
#include "builder/sockets.h"

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

void aa_allow_all_sockets(__u16 allowed[POLICY_FAMILIES])
{
	for (size_t i = 0; i < POLICY_FAMILIES; i++)
		allowed[i] = POLICY_SOCKET_TYPES;
}

/* What a word behind the family (0: none) asks for. */
static int add_kind(struct aa_reader *reader, const struct aa_token *token, unsigned int family,
		    __u16 allowed[POLICY_FAMILIES])
{
	const unsigned int type = socket_type(token->start, token->size);

	for (size_t i = 1; type && i < POLICY_FAMILIES; i++)
		if (!family || i == family)
			allowed[i] |= 1u << type;
	if (type)
		return 0;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
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
	family = socket_family(items[0].value.start, items[0].value.size);
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
