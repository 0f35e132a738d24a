// SPDX-License-Identifier: GPL-2.0
/*
 * Rules with peers: signal, ptrace, unix. Who is not in the container, is not asked (the host may
 * always signal and trace), and nobody in a container can name who is not in it. So only what tasks
 * of the container may do to each other is left, whose label is the profile's own name.
 */
#include <string.h>
#include <sys/socket.h>

#include "builder/apparmor.h"

enum peer {
	PEER_ANY,
	PEER_OWN,
	PEER_HOST, /* "unconfined" */
	PEER_OTHER,
};

struct access_name {
	const char *name;
	unsigned int access;
};

static const struct access_name signal_names[] = {
	{"send", AA_SEND},
	{"receive", AA_RECEIVE},
	{"w", AA_SEND},
	{"r", AA_RECEIVE},
	{"write", AA_SEND},
	{"read", AA_RECEIVE},
	{"rw", AA_SEND | AA_RECEIVE},
	{"wr", AA_SEND | AA_RECEIVE},
	{0},
};

static const struct access_name ptrace_names[] = {
	{"trace", AA_TRACE},
	{"tracedby", AA_TRACED_BY},
	{"read", AA_READ},
	{"readby", AA_READ_BY},
	{"r", AA_READ},
	{"w", AA_TRACE},
	{"rw", AA_READ | AA_TRACE},
	{"wr", AA_READ | AA_TRACE},
	{0},
};

/* What differs between signal and ptrace. */
struct peer_rules {
	const struct access_name *names;
	const char *listed;
	unsigned int all, passive; /* passive: what others do to the container's tasks */
	bool has_set;
};

static const struct peer_rules signal_rules = {
	.names = signal_names,
	.listed = "send and receive",
	.all = AA_SEND | AA_RECEIVE,
	.passive = AA_RECEIVE,
	.has_set = true,
};

static const struct peer_rules ptrace_rules = {
	.names = ptrace_names,
	.listed = "trace, read, tracedby and readby",
	.all = AA_TRACE | AA_TRACED_BY | AA_READ | AA_READ_BY,
	.passive = AA_TRACED_BY | AA_READ_BY,
};

/* A rule, as its parts say. */
struct peer_rule {
	unsigned int access; /* 0: not said */
	enum peer peer;
	struct aa_token peer_at, set_at;
	bool some; /* for some signals only */
	bool none; /* for "exists" (signal 0) only, which is always allowed */
};

static int classify(struct aa_reader *reader, const struct aa_token *label, enum peer *peer)
{
	struct aa_texts names = {0};
	int ret = aa_expand(reader, label, &names);

	if (!ret) {
		*peer = PEER_OWN;
		for (size_t i = 0; i < names.count; i++)
			if (strcmp(names.texts[i].bytes, reader->name))
				*peer = PEER_OTHER;
		if (names.count == 1 && !strcmp(names.texts[0].bytes, "unconfined"))
			*peer = PEER_HOST;
	}
	aa_free_texts(&names);
	return ret;
}

static int add_access(struct aa_reader *reader, const struct access_name *names, const char *listed,
		      const struct aa_token *word, unsigned int *access)
{
	for (; names->name; names++)
		if (aa_is(word, names->name)) {
			*access |= names->access;
			return 0;
		}
	return aa_refuse(reader, word, "unknown access \"%.*s\"; there are %s",
			 word->size > 64 ? 64 : (int)word->size, word->start, listed);
}

static int read_item(struct aa_reader *reader, const struct peer_rules *rules,
		     const struct aa_item *item, struct peer_rule *rule)
{
	if (item->value.kind == AA_ARROW || item->inner.kind != AA_END)
		return aa_refuse(reader, item->inner.kind == AA_END ? &item->value : &item->inner,
				 "has no place in this rule");
	if (item->key.kind == AA_END)
		return add_access(reader, rules->names, rules->listed, &item->value, &rule->access);
	if (aa_is(&item->key, "peer") && rule->peer_at.kind != AA_END)
		return aa_refuse(reader, &item->key, "a second peer in one rule");
	if (aa_is(&item->key, "peer")) {
		rule->peer_at = item->key;
		return classify(reader, &item->value, &rule->peer);
	}
	if (!aa_is(&item->key, "set") || !rules->has_set)
		return aa_refuse(reader, &item->key, "unknown condition \"%.*s\"",
				 item->key.size > 64 ? 64 : (int)item->key.size, item->key.start);
	rule->set_at = item->key;
	rule->some |= !aa_is(&item->value, "exists");
	rule->none = !rule->some;
	return 0;
}

static int deny(struct aa_reader *reader, const struct peer_rules *rules,
		const struct peer_rule *rule, struct aa_kind_of_access *access)
{
	if (rule->set_at.kind != AA_END)
		return aa_refuse(
			reader, &rule->set_at,
			"some signals cannot be denied here: deny all, or refuse them by a "
			"seccomp profile, which sees the number");
	if (rule->peer == PEER_HOST && rule->access & rules->passive)
		return aa_refuse(reader, &rule->peer_at,
				 "the host cannot be denied anything here: leave the rule out");
	if (rule->peer == PEER_OTHER)
		return aa_refuse(reader, &rule->peer_at,
				 "peers are this profile, which is the container, and unconfined, "
				 "which is the host; another cannot be told apart");
	if (rule->peer != PEER_HOST)
		access->denied |= rule->access;
	return 0;
}

static int allow(const struct peer_rules *rules, const struct peer_rule *rule,
		 struct aa_kind_of_access *access)
{
	const bool others = rule->peer == PEER_OTHER && rule->access & ~rules->passive;

	if (rule->none || rule->peer == PEER_HOST || (rule->peer == PEER_OTHER && !others))
		return 0;
	if (!rule->some && !others) {
		access->allowed |= rule->access;
		return 0;
	}
	if (access->narrow.kind == AA_END)
		access->narrow = rule->some ? rule->set_at : rule->peer_at;
	return 0;
}

static int peer_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		     const struct peer_rules *rules, struct aa_kind_of_access *access)
{
	struct aa_item items[AA_ITEMS_MAX];
	struct peer_rule rule = {0};
	size_t count;

	if (aa_items(reader, items, &count))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (read_item(reader, rules, &items[i], &rule))
			return -1;
	if (!rule.access)
		rule.access = rules->all;
	return qualifiers->deny ? deny(reader, rules, &rule, access) : allow(rules, &rule, access);
}

int aa_signal_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		   const struct aa_token *rule)
{
	(void)rule;
	return peer_rule(reader, qualifiers, &signal_rules, &reader->signal);
}

int aa_ptrace_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		   const struct aa_token *rule)
{
	(void)rule;
	return peer_rule(reader, qualifiers, &ptrace_rules, &reader->ptrace);
}

/*
 * unix rules say more than the kernels' AppArmor itself asks for (until 6.16 a rule that allows
 * anything of a unix socket is read as `network unix`): here what makes a socket counts, and peers
 * within the container. The rest of the accesses come with a socket that was made.
 */
#define UNIX_CREATE 1u

static const struct access_name unix_names[] = {
	{"create", UNIX_CREATE},
	{"bind", 0},
	{"listen", 0},
	{"accept", 0},
	{"connect", 0},
	{"shutdown", 0},
	{"getattr", 0},
	{"setattr", 0},
	{"getopt", 0},
	{"setopt", 0},
	{"send", 0},
	{"receive", 0},
	{"read", 0},
	{"write", 0},
	{"r", 0},
	{"w", 0},
	{"rw", 0},
	{"wr", 0},
	{0},
};

struct unix_rule {
	bool said; /* accesses */
	unsigned int access;
	__u16 types; /* 0: all */
	struct aa_token narrow;
};

static int unix_type(struct aa_reader *reader, const struct aa_token *value, __u16 *types)
{
	static const struct access_name names[] = {
		{"stream", 1u << SOCK_STREAM},
		{"dgram", 1u << SOCK_DGRAM},
		{"seqpacket", 1u << SOCK_SEQPACKET},
		{0},
	};
	unsigned int type = 0;

	if (add_access(reader, names, "stream, dgram and seqpacket", value, &type))
		return -1;
	*types |= type;
	return 0;
}

static int unix_item(struct aa_reader *reader, const struct aa_item *item, struct unix_rule *rule)
{
	enum peer peer = PEER_OTHER;

	if (item->value.kind == AA_ARROW)
		return aa_refuse(reader, &item->value, "has no place in this rule");
	if (item->key.kind == AA_END && item->inner.kind == AA_END) {
		rule->said = true;
		return add_access(reader, unix_names, "create, bind, listen, ..., send, receive",
				  &item->value, &rule->access);
	}
	if (aa_is(&item->key, "type"))
		return unix_type(reader, &item->value, &rule->types);
	if (aa_is(&item->key, "peer") && aa_is(&item->inner, "label") &&
	    classify(reader, &item->value, &peer))
		return -1;
	if (peer == PEER_OTHER && rule->narrow.kind == AA_END)
		rule->narrow = item->key.kind == AA_END ? item->inner : item->key;
	return 0;
}

int aa_unix_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		 const struct aa_token *at)
{
	struct aa_item items[AA_ITEMS_MAX];
	struct unix_rule rule = {0};
	size_t count;

	if (aa_items(reader, items, &count))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (unix_item(reader, &items[i], &rule))
			return -1;
	if (qualifiers->deny &&
	    (rule.narrow.kind != AA_END || (rule.said && !(rule.access & UNIX_CREATE))))
		return aa_refuse(reader, rule.narrow.kind != AA_END ? &rule.narrow : at,
				 "of unix sockets only their making can be denied: write \"deny "
				 "unix,\" or \"deny unix type=...,\"");
	if (rule.narrow.kind != AA_END) {
		if (reader->narrow_unix.kind == AA_END)
			reader->narrow_unix = rule.narrow;
		return 0;
	}
	if (!rule.said || rule.access & UNIX_CREATE)
		(qualifiers->deny ? reader->denied_types : reader->types)[AF_UNIX] |=
			rule.types ? rule.types : AA_TYPES_ALL;
	return 0;
}

/* abstractions have dbus rules; the bus asks AppArmor about them, and no policy. */
int aa_dbus_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		 const struct aa_token *rule)
{
	struct aa_item items[AA_ITEMS_MAX];
	size_t count;

	if (qualifiers->deny)
		return aa_refuse(reader, rule,
				 "messages on a bus cannot be denied here: keep its socket out of "
				 "the container");
	return aa_items(reader, items, &count);
}

static bool covers(const struct aa_kind_of_access *access, unsigned int wanted)
{
	return (access->allowed & ~access->denied & wanted) == wanted;
}

static int check_narrow(struct aa_reader *reader)
{
	if (reader->signal.narrow.kind != AA_END && !covers(&reader->signal, signal_rules.all))
		return aa_refuse(reader, &reader->signal.narrow,
				 "allowing some signals, or some peers, cannot be enforced: peers "
				 "are this profile, which is the container, and unconfined, which "
				 "is the host");
	if (reader->ptrace.narrow.kind != AA_END && !covers(&reader->ptrace, ptrace_rules.all))
		return aa_refuse(reader, &reader->ptrace.narrow,
				 "peers are this profile, which is the container, and unconfined, "
				 "which is the host; another cannot be told apart");
	if (reader->narrow_unix.kind != AA_END && ~reader->types[AF_UNIX] & AA_TYPES_ALL)
		return aa_refuse(reader, &reader->narrow_unix,
				 "conditions on unix sockets cannot be enforced: allow them whole "
				 "(\"network unix,\") or not at all");
	return 0;
}

int aa_apply_access(struct aa_reader *reader)
{
	struct profile *profile = reader->profile;

	for (size_t i = 0; i < POLICY_FAMILIES; i++)
		reader->types[i] &= ~reader->denied_types[i];
	if (check_narrow(reader))
		return -1;
	if (reader->complain)
		return 0;
	profile->restricts_access = true;
	profile->access = 0;
	if (covers(&reader->signal, AA_SEND | AA_RECEIVE))
		profile->access |= POLICY_ACCESS_SIGNAL;
	if (covers(&reader->ptrace, AA_TRACE | AA_TRACED_BY))
		profile->access |= POLICY_ACCESS_PTRACE;
	if (covers(&reader->ptrace, AA_READ | AA_READ_BY))
		profile->access |= POLICY_ACCESS_READ;
	memcpy(profile->socket_types, reader->types, sizeof(profile->socket_types));
	return 0;
}
