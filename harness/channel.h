/* SPDX-License-Identifier: GPL-2.0 */
/* The host's end of the agent's port: JSON lines with a deadline (harness/guest/protocol.h). */
#ifndef VKERNEL_HARNESS_CHANNEL_H
#define VKERNEL_HARNESS_CHANNEL_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

struct channel {
	int fd;	      /* the socket; owned by whoever owns the channel */
	int peer;     /* pidfd of QEMU: readable when it has ended */
	char *buffer; /* what came and is not yet taken */
	size_t used;
	size_t taken; /* bytes at the buffer's start that belong to messages already handed out */
};

enum channel_event {
	CHANNEL_MESSAGE,
	CHANNEL_TIMEOUT,
	CHANNEL_ENDED, /* QEMU has ended */
};

/* Milliseconds of the host's monotonic clock. */
int64_t now_ms(void);

int channel_open(struct channel *channel, int fd, int peer, struct error *err);
void channel_close(struct channel *channel); /* frees the buffer; fd and peer stay the caller's */

/* Sends message, whose reference it takes, before deadline (as now_ms()). */
int channel_send(struct channel *channel, json_t *message, int64_t deadline, struct error *err);

/*
 * Waits for the next message; with CHANNEL_MESSAGE the caller owns *message. -1 with err set: not
 * the protocol, or vm_interrupt() (EXIT_INTERRUPTED).
 */
int channel_receive(struct channel *channel, int64_t deadline, json_t **message, struct error *err);

#endif
