/* SPDX-License-Identifier: GPL-2.0 */
/* Names of socket families and types, as AppArmor has them. Context: any thread. */
#ifndef VKERNEL_BUILDER_SOCKETS_H
#define VKERNEL_BUILDER_SOCKETS_H

#include <stddef.h>

/* AF_* and SOCK_* of a name of size bytes; 0: there is none. */
unsigned int socket_family(const char *name, size_t size);
unsigned int socket_type(const char *name, size_t size);

/* NULL: it has no name; static. */
const char *socket_family_name(unsigned int family);
const char *socket_type_name(unsigned int type);

#endif
