// SPDX-License-Identifier: GPL-2.0
#include "harness/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "harness/guest/protocol.h"
#include "harness/interrupt.h"
#include "lib/cleanup.h"

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int channel_open(struct channel *channel, int fd, int peer, struct error *err)
{
	*channel = (struct channel){.fd = fd, .peer = peer};
	channel->buffer = malloc(PROTOCOL_MESSAGE_MAX);
	if (!channel->buffer)
		return error_set_errno(err, EXIT_ENVIRONMENT, ENOMEM, "opening the agent's port");
	return 0;
}

void channel_close(struct channel *channel)
{
	free(channel->buffer);
	channel->buffer = NULL;
}

/* Waits for events on the socket: CHANNEL_MESSAGE here means that it is ready. */
static int wait_for(struct channel *channel, short events, int64_t deadline, struct error *err)
{
	struct pollfd sources[] = {
		{.fd = channel->fd, .events = events},
		{.fd = channel->peer, .events = POLLIN},
		{.fd = interrupt_fd(err), .events = POLLIN},
	};

	if (sources[2].fd < 0)
		return -1;
	for (;;) {
		int64_t left = deadline - now_ms();

		if (interrupted())
			return interrupt_error(err);
		if (left <= 0)
			return CHANNEL_TIMEOUT;
		if (poll(sources, 3, left < 3600000 ? (int)left : 3600000) <= 0)
			continue;
		if (sources[0].revents & events)
			return CHANNEL_MESSAGE;
		if (sources[1].revents)
			return CHANNEL_ENDED;
		if (sources[0].revents) /* the socket was closed: QEMU is about to end */
			sources[0].fd = -1;
	}
}

static int send_some(struct channel *channel, const char *text, size_t length, int64_t deadline,
		     struct error *err)
{
	ssize_t count;

	switch (wait_for(channel, POLLOUT, deadline, err)) {
	case CHANNEL_MESSAGE:
		break;
	case CHANNEL_TIMEOUT:
		return error_set(err, EXIT_ENVIRONMENT, "the guest does not read its requests");
	case CHANNEL_ENDED:
		return error_set(err, EXIT_ENVIRONMENT, "the guest has ended");
	default:
		return -1;
	}
	count = send(channel->fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (count < 0 && errno != EAGAIN && errno != EINTR)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "sending to the guest");
	return count < 0 ? 0 : (int)count;
}

int channel_send(struct channel *channel, json_t *message, int64_t deadline, struct error *err)
{
	autofree char *text = json_dumps(message, JSON_COMPACT);
	size_t length, done = 0;

	json_decref(message);
	if (!text)
		return error_set(err, EXIT_USAGE, "a request that is not UTF-8 text");
	length = strlen(text);
	if (length >= PROTOCOL_MESSAGE_MAX)
		return error_set(err, EXIT_USAGE, "a request of %zu bytes; at most %d are possible",
				 length, PROTOCOL_MESSAGE_MAX - 1);
	text[length++] = '\n'; /* over the terminating zero */
	while (done < length) {
		int count = send_some(channel, text + done, length - done, deadline, err);

		if (count < 0)
			return -1;
		done += (size_t)count;
	}
	return 0;
}

static int parse(const char *line, size_t length, json_t **message, struct error *err)
{
	json_error_t why;

	*message = json_loadb(line, length, 0, &why);
	if (json_is_object(*message))
		return CHANNEL_MESSAGE;
	json_decref(*message);
	return error_set(err, EXIT_ENVIRONMENT, "the agent sent no JSON object but '%.*s'",
			 (int)(length < 200 ? length : 200), line);
}

static void forget_taken(struct channel *channel)
{
	channel->used -= channel->taken;
	memmove(channel->buffer, channel->buffer + channel->taken, channel->used);
	channel->taken = 0;
}

/* Reads what is there; 0 also if there was nothing after all. */
static int fill(struct channel *channel, struct error *err)
{
	ssize_t count;

	forget_taken(channel);
	if (channel->used == PROTOCOL_MESSAGE_MAX)
		return error_set(err, EXIT_ENVIRONMENT, "a message of the agent exceeds %d bytes",
				 PROTOCOL_MESSAGE_MAX);
	count = recv(channel->fd, channel->buffer + channel->used,
		     PROTOCOL_MESSAGE_MAX - channel->used, MSG_DONTWAIT);
	if (count < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNRESET)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "reading from the guest");
	channel->used += count > 0 ? (size_t)count : 0;
	return count == 0 ? CHANNEL_ENDED : 0;
}

int channel_receive(struct channel *channel, int64_t deadline, json_t **message, struct error *err)
{
	for (;;) {
		char *start = channel->buffer + channel->taken;
		char *newline = memchr(start, '\n', channel->used - channel->taken);
		int event;

		if (newline) {
			channel->taken += (size_t)(newline - start) + 1;
			return parse(start, (size_t)(newline - start), message, err);
		}
		event = wait_for(channel, POLLIN, deadline, err);
		if (event != CHANNEL_MESSAGE)
			return event;
		event = fill(channel, err);
		if (event != 0)
			return event;
	}
}
