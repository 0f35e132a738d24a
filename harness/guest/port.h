/* SPDX-License-Identifier: GPL-2.0 */
/* The virtio-serial port to the host, and JSON lines through it. */
#ifndef VKERNEL_HARNESS_GUEST_PORT_H
#define VKERNEL_HARNESS_GUEST_PORT_H

#include <jansson.h>
#include <stddef.h>

#include "lib/error.h"

struct port {
	int fd;
	char *buffer; /* what came and is not yet taken, up to PROTOCOL_MESSAGE_MAX */
	size_t used;
};

/* Finds the port named PROTOCOL_PORT and opens it; waits up to five seconds for it to appear. */
int port_open(struct port *port, struct error *err);

/* Sends message, whose reference it takes. Sleeps until the host has room. */
int port_send(struct port *port, json_t *message, struct error *err);

/* Reads what is there (poll() first: it sleeps if nothing is). */
int port_read(struct port *port, struct error *err);

/*
 * Takes the next whole message out of the buffer: 1 with *message owned by the caller, 0 if there
 * is none yet, -1 with err set if the line is not a JSON object.
 */
int port_next(struct port *port, json_t **message, struct error *err);

#endif
