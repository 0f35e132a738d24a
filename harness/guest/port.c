// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/port.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/guest/protocol.h"
#include "lib/cleanup.h"

#define PORTS_FOLDER "/sys/class/virtio-ports"

static bool port_has_name(const char *entry, const char *wanted)
{
	char path[512], name[64];
	autofclose FILE *file = NULL;

	snprintf(path, sizeof(path), PORTS_FOLDER "/%s/name", entry);
	file = fopen(path, "re");
	if (!file || !fgets(name, sizeof(name), file))
		return false;
	name[strcspn(name, "\n")] = 0;
	return strcmp(name, wanted) == 0;
}

/* There is no udev, so no /dev/virtio-ports/<name>: the device is found by what sysfs says. */
static int find_device(char *path, size_t size)
{
	DIR *folder = opendir(PORTS_FOLDER);
	struct dirent *entry;
	int found = -1;

	if (!folder)
		return -1;
	while (found < 0 && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || !port_has_name(entry->d_name, PROTOCOL_PORT))
			continue;
		snprintf(path, size, "/dev/%s", entry->d_name);
		found = 0;
	}
	closedir(folder);
	return found;
}

int port_open(struct port *port, struct error *err)
{
	char path[300];

	for (int try = 0; find_device(path, sizeof(path)) < 0; try++) {
		if (try == 500)
			return error_set(err, EXIT_ENVIRONMENT, "no virtio port is named %s",
					 PROTOCOL_PORT);
		usleep(10000);
	}
	port->used = 0;
	port->buffer = malloc(PROTOCOL_MESSAGE_MAX);
	if (!port->buffer)
		return error_set_errno(err, EXIT_ENVIRONMENT, ENOMEM, "opening %s", path);
	port->fd = open(path, O_RDWR | O_CLOEXEC);
	if (port->fd < 0) {
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "opening %s", path);
		free(port->buffer);
		return -1;
	}
	return 0;
}

int port_send(struct port *port, json_t *message, struct error *err)
{
	autofree char *text = json_dumps(message, JSON_COMPACT);
	size_t length, done = 0;

	json_decref(message);
	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "a message could not be made into text");
	length = strlen(text);
	text[length++] = '\n'; /* over the terminating zero */
	while (done < length) {
		ssize_t count = write(port->fd, text + done, length - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "writing to the host");
		done += (size_t)count;
	}
	return 0;
}

int port_read(struct port *port, struct error *err)
{
	ssize_t count;

	if (port->used == PROTOCOL_MESSAGE_MAX)
		return error_set(err, EXIT_USAGE, "a message of the host exceeds %d bytes",
				 PROTOCOL_MESSAGE_MAX);
	count = read(port->fd, port->buffer + port->used, PROTOCOL_MESSAGE_MAX - port->used);
	if (count == 0)
		return error_set(err, EXIT_ENVIRONMENT, "the host closed the port");
	if (count < 0 && errno != EINTR && errno != EAGAIN)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "reading from the host");
	port->used += count > 0 ? (size_t)count : 0;
	return 0;
}

int port_next(struct port *port, json_t **message, struct error *err)
{
	char *newline = memchr(port->buffer, '\n', port->used);
	json_error_t why;
	size_t length;

	if (!newline)
		return 0;
	length = (size_t)(newline - port->buffer);
	*message = json_loadb(port->buffer, length, 0, &why);
	port->used -= length + 1;
	memmove(port->buffer, newline + 1, port->used);
	if (!json_is_object(*message)) {
		json_decref(*message);
		return error_set(err, EXIT_USAGE, "a message of the host is no JSON object: %s",
				 why.text);
	}
	return 1;
}
