// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "harness/guest/command.h"
#include "harness/guest/port.h"
#include "harness/guest/protocol.h"
#include "harness/guest/utf8.h"
#include "lib/cleanup.h"

struct agent {
	struct port port;
	struct command command;
	json_int_t request; /* the one that command answers */
	bool running;	    /* command is valid */
	bool leaving;	    /* power-off was asked for */
	struct error err;   /* why the port is of no more use */
	bool lost;
};

static void send_or_lose(struct agent *agent, json_t *message)
{
	if (!agent->lost && port_send(&agent->port, message, &agent->err) < 0)
		agent->lost = true;
}

static void say_hello(struct agent *agent)
{
	struct utsname system;
	struct timespec now;

	uname(&system);
	clock_gettime(CLOCK_MONOTONIC, &now);
	send_or_lose(agent, json_pack("{s:s, s:i, s:s, s:I}", "event", "hello", "schema",
				      PROTOCOL_SCHEMA, "kernel", system.release, "monotonic_ns",
				      (json_int_t)now.tv_sec * 1000000000 + now.tv_nsec));
}

static void say_error(struct agent *agent, json_int_t request, const char *text)
{
	send_or_lose(agent, json_pack("{s:I, s:s, s:s}", "request", request, "event", "error",
				      "text", text));
}

static int say_line(void *context, int stream, const char *bytes, size_t length)
{
	struct agent *agent = context;
	autofree char *text = utf8_clean(bytes, length);

	if (text)
		send_or_lose(agent, json_pack("{s:I, s:s, s:i, s:s}", "request", agent->request,
					      "event", "output", "stream", stream, "text", text));
	return agent->lost ? -1 : 0;
}

/* The strings of a JSON array, NULL-terminated, or NULL; they live as long as the array. */
static char **strings_of(const json_t *array)
{
	size_t count = json_array_size(array), index;
	char **strings = calloc(count + 1, sizeof(*strings));
	json_t *item;

	if (!strings)
		return NULL;
	json_array_foreach(array, index, item) {
		strings[index] = (char *)json_string_value(item);
		if (!strings[index]) {
			free(strings);
			return NULL;
		}
	}
	return strings;
}

static void serve_exec(struct agent *agent, json_int_t request, const json_t *message)
{
	autofree char **argv = strings_of(json_object_get(message, "argv"));
	struct error err;

	if (agent->running) {
		say_error(agent, request, "another command is running");
		return;
	}
	if (!argv || !argv[0]) {
		say_error(agent, request, "argv is not a list of one string or more");
		return;
	}
	if (command_start(&agent->command, argv, &err) < 0) {
		say_error(agent, request, err.text);
		return;
	}
	agent->request = request;
	agent->running = true;
}

static void serve_cancel(struct agent *agent, json_int_t request, const json_t *message)
{
	(void)message;
	if (agent->running && agent->request == request)
		command_kill(&agent->command);
}

static void serve_poweroff(struct agent *agent, json_int_t request, const json_t *message)
{
	(void)request;
	(void)message;
	agent->leaving = true;
}

static const struct {
	const char *op;
	void (*serve)(struct agent *agent, json_int_t request, const json_t *message);
} operations[] = {
	{"exec", serve_exec},
	{"cancel", serve_cancel},
	{"poweroff", serve_poweroff},
};

static void serve(struct agent *agent, const json_t *message)
{
	const json_t *request = json_object_get(message, "request");
	const char *op = json_string_value(json_object_get(message, "op"));

	for (size_t i = 0; op && i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (strcmp(op, operations[i].op) == 0) {
			operations[i].serve(agent, json_integer_value(request), message);
			return;
		}
	}
	say_error(agent, json_integer_value(request), "there is no such operation");
}

static void read_requests(struct agent *agent)
{
	json_t *message;
	int found;

	if (port_read(&agent->port, &agent->err) < 0) {
		agent->lost = true;
		return;
	}
	while (!agent->lost && (found = port_next(&agent->port, &message, &agent->err))) {
		if (found < 0) {
			agent->lost = true;
			return;
		}
		serve(agent, message);
		json_decref(message);
	}
}

static void end_command(struct agent *agent)
{
	int status = command_end(&agent->command, say_line, agent);

	agent->running = false;
	send_or_lose(agent, json_pack("{s:I, s:s, s:i}", "request", agent->request, "event", "done",
				      "status", status));
}

enum source { SOURCE_PORT, SOURCE_END, SOURCE_OUTPUT, SOURCE_ERROR, SOURCES };

static void wait_and_act(struct agent *agent)
{
	struct command *command = &agent->command;
	struct pollfd sources[SOURCES] = {
		[SOURCE_PORT] = {.fd = agent->port.fd, .events = POLLIN},
		[SOURCE_END] = {.fd = agent->running ? command->pidfd : -1, .events = POLLIN},
		[SOURCE_OUTPUT] = {.fd = agent->running ? command->stream[0] : -1,
				   .events = POLLIN},
		[SOURCE_ERROR] = {.fd = agent->running ? command->stream[1] : -1, .events = POLLIN},
	};

	if (poll(sources, SOURCES, -1) < 0)
		return;
	if (sources[SOURCE_OUTPUT].revents)
		command_read(command, 0, say_line, agent);
	if (sources[SOURCE_ERROR].revents)
		command_read(command, 1, say_line, agent);
	if (sources[SOURCE_END].revents)
		end_command(agent);
	if (sources[SOURCE_PORT].revents)
		read_requests(agent);
}

int agent_main(void)
{
	static struct agent agent; /* its line buffers are large */

	if (port_open(&agent.port, &agent.err) < 0)
		return error_report(&agent.err, "agent");
	say_hello(&agent);
	while (!agent.lost && !agent.leaving)
		wait_and_act(&agent);
	if (agent.running)
		command_kill(&agent.command);
	return agent.lost ? error_report(&agent.err, "agent") : EXIT_GOOD;
}
