// SPDX-License-Identifier: GPL-2.0
#include "builder/sockets.h"

#include <stddef.h>
#include <string.h>

struct name {
	const char *name;
	unsigned int number;
};

/* AppArmor's names, which are not all the C library's. */
static const struct name families[] = {
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

static const struct name types[] = {
	{"stream", 1}, {"dgram", 2}, {"raw", 3}, {"rdm", 4}, {"seqpacket", 5}, {"packet", 10},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned int number_of(const struct name *names, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i].name) == size && !memcmp(names[i].name, name, size))
			return names[i].number;
	return 0;
}

static const char *name_of(const struct name *names, size_t count, unsigned int number)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

unsigned int socket_family(const char *name, size_t size)
{
	return number_of(families, COUNT(families), name, size);
}

unsigned int socket_type(const char *name, size_t size)
{
	return number_of(types, COUNT(types), name, size);
}

const char *socket_family_name(unsigned int family)
{
	return name_of(families, COUNT(families), family);
}

const char *socket_type_name(unsigned int type)
{
	return name_of(types, COUNT(types), type);
}
