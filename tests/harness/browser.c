// SPDX-License-Identifier: GPL-2.0
#include "tests/harness/browser.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/base64.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"

#define PROGRAM	 "/usr/bin/chromium"
#define PATIENCE 60000 /* ms for one answer: a busy machine starts a browser slowly */

/* Where the protocol finds its pipes. */
#define FD_COMMANDS 3
#define FD_ANSWERS  4

bool browser_installed(void)
{
	return !access(PROGRAM, X_OK);
}

static void become_browser(const char *profile, int commands, int answers)
{
	char data[PATH_MAX + 32];
	int nothing = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	snprintf(data, sizeof(data), "--user-data-dir=%s", profile);
	/* Out of the way of the numbers that they get. */
	commands = fcntl(commands, F_DUPFD, 10);
	answers = fcntl(answers, F_DUPFD, 10);
	dup2(nothing, 0);
	dup2(nothing, 1);
	dup2(nothing, 2);
	dup2(commands, FD_COMMANDS);
	dup2(answers, FD_ANSWERS);
	close(commands);
	close(answers);
	execl(PROGRAM, PROGRAM, "--headless", "--no-sandbox", "--disable-gpu",
	      "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking",
	      "--disable-dev-shm-usage", "--hide-scrollbars", data, "about:blank", (char *)NULL);
	_exit(127);
}

static int launch(struct browser *browser, struct error *err)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	browser->pid = fork();
	if (browser->pid < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork");
	if (!browser->pid)
		become_browser(browser->profile, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	browser->commands = to[1];
	browser->answers = from[0];
	return 0;
}

static int send_text(struct browser *browser, const char *text, struct error *err)
{
	size_t size = strlen(text) + 1;

	while (size) {
		ssize_t written = write(browser->commands, text, size);

		if (written < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot write to the browser");
		text += written;
		size -= written;
	}
	return 0;
}

/* One message, which ends with a zero byte. */
static json_t *receive(struct browser *browser, struct error *err)
{
	struct pollfd wait = {.fd = browser->answers, .events = POLLIN};
	char *end;
	json_t *message;

	while (!browser->used || !(end = memchr(browser->input, '\0', browser->used))) {
		ssize_t got;

		browser->input = realloc(browser->input, browser->used + 65536);
		if (!browser->input)
			abort();
		got = poll(&wait, 1, PATIENCE) == 1
			      ? read(browser->answers, browser->input + browser->used, 65536)
			      : -1;
		if (got <= 0) {
			error_set(err, EXIT_ENVIRONMENT, "the browser %s",
				  got ? "does not answer" : "ended");
			return NULL;
		}
		browser->used += got;
	}
	message = json_loads(browser->input, 0, NULL);
	browser->used -= end + 1 - browser->input;
	memmove(browser->input, end + 1, browser->used);
	if (!message)
		error_set(err, EXIT_ENVIRONMENT, "the browser says what is no JSON");
	return message;
}

static void keep(json_t *list, const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY);

	json_array_append_new(list, json_string(text ? text : "?"));
	free(text);
}

static void note(struct browser *browser, const json_t *event)
{
	const char *method = json_string_value(json_object_get(event, "method"));
	const json_t *parameters = json_object_get(event, "params");
	const char *address =
		json_string_value(json_object_get(json_object_get(parameters, "request"), "url"));
	const char *kind = json_string_value(json_object_get(parameters, "type"));

	if (!method)
		return;
	if (!strcmp(method, "Page.loadEventFired"))
		browser->loaded = true;
	else if (!strcmp(method, "Runtime.exceptionThrown") ||
		 !strcmp(method, "Runtime.consoleAPICalled") || !strcmp(method, "Log.entryAdded"))
		keep(browser->complaints, parameters);
	else if (!strcmp(method, "Network.requestWillBeSent") && address && kind &&
		 strcmp(kind, "Document") && strncmp(address, "data:", 5))
		json_array_append_new(browser->requests, json_string(address));
}

/* Takes parameters. Returns the result, which the caller owns, or NULL with err set. */
static json_t *command(struct browser *browser, const char *method, json_t *parameters,
		       struct error *err)
{
	int number = ++browser->last;
	json_t *request = json_pack("{s:i, s:s, s:o}", "id", number, "method", method, "params",
				    parameters ? parameters : json_object());
	autofree char *text = NULL;

	if (browser->session)
		json_object_set_new(request, "sessionId", json_string(browser->session));
	text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	if (!text || send_text(browser, text, err))
		return NULL;
	for (;;) {
		json_t *message = receive(browser, err), *result;

		if (!message)
			return NULL;
		if (json_integer_value(json_object_get(message, "id")) != number) {
			note(browser, message);
			json_decref(message);
			continue;
		}
		result = json_incref(json_object_get(message, "result"));
		if (!result)
			error_set(err, EXIT_ENVIRONMENT, "%s: %s", method,
				  json_string_value(json_object_get(
					  json_object_get(message, "error"), "message")));
		json_decref(message);
		return result;
	}
}

static int order(struct browser *browser, const char *method, json_t *parameters, struct error *err)
{
	json_t *result = command(browser, method, parameters, err);

	json_decref(result);
	return result ? 0 : -1;
}

static int attach(struct browser *browser, struct error *err)
{
	json_t *target = command(browser, "Target.createTarget",
				 json_pack("{s:s}", "url", "about:blank"), err);
	json_t *session;
	const char *name;

	if (!target)
		return -1;
	session = command(browser, "Target.attachToTarget",
			  json_pack("{s:O, s:b}", "targetId", json_object_get(target, "targetId"),
				    "flatten", 1),
			  err);
	json_decref(target);
	name = json_string_value(json_object_get(session, "sessionId"));
	browser->session = name ? strdup(name) : NULL;
	json_decref(session);
	if (!browser->session)
		return -1;
	return order(browser, "Page.enable", NULL, err) ||
			       order(browser, "Runtime.enable", NULL, err) ||
			       order(browser, "Log.enable", NULL, err) ||
			       order(browser, "Network.enable", NULL, err)
		       ? -1
		       : 0;
}

int browser_start(struct browser *browser, struct error *err)
{
	*browser = (struct browser){.commands = -1, .answers = -1};
	signal(SIGPIPE, SIG_IGN);
	if (scratch_make(browser->profile, err))
		return -1;
	browser->complaints = json_array();
	browser->requests = json_array();
	if (!launch(browser, err) && !attach(browser, err))
		return 0;
	browser_stop(browser);
	return -1;
}

void browser_stop(struct browser *browser)
{
	if (browser->pid > 0) {
		kill(-browser->pid, SIGKILL);
		kill(browser->pid, SIGKILL);
		waitpid(browser->pid, NULL, 0);
	}
	if (browser->commands >= 0)
		close(browser->commands);
	if (browser->answers >= 0)
		close(browser->answers);
	json_decref(browser->complaints);
	json_decref(browser->requests);
	free(browser->session);
	free(browser->input);
	if (*browser->profile)
		scratch_remove(browser->profile);
	*browser = (struct browser){0};
}

static int show(struct browser *browser, const struct viewport *viewport, struct error *err)
{
	return order(browser, "Emulation.setDeviceMetricsOverride",
		     json_pack("{s:i, s:i, s:i, s:b}", "width", viewport->width, "height",
			       viewport->height, "deviceScaleFactor", 1, "mobile",
			       viewport->width < 600),
		     err) || order(browser, "Emulation.setEmulatedMedia",
				   json_pack("{s:[{s:s, s:s}]}", "features", "name",
					     "prefers-color-scheme", "value",
					     viewport->dark ? "dark" : "light"),
				   err)
		       ? -1
		       : 0;
}

int browser_open(struct browser *browser, const char *path, const struct viewport *viewport,
		 struct error *err)
{
	autofree char *address = NULL;

	json_array_clear(browser->complaints);
	json_array_clear(browser->requests);
	browser->loaded = false;
	if (asprintf(&address, "file://%s", path) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for an address");
	if (show(browser, viewport, err) ||
	    order(browser, "Page.navigate", json_pack("{s:s}", "url", address), err))
		return -1;
	while (!browser->loaded) {
		json_t *event = receive(browser, err);

		if (!event)
			return -1;
		note(browser, event);
		json_decref(event);
	}
	return 0;
}

json_t *browser_evaluate(struct browser *browser, const char *script, struct error *err)
{
	json_t *result = command(browser, "Runtime.evaluate",
				 json_pack("{s:s, s:b, s:b}", "expression", script, "returnByValue",
					   1, "awaitPromise", 1),
				 err);
	json_t *fault = json_object_get(result, "exceptionDetails");
	json_t *value = json_incref(json_object_get(json_object_get(result, "result"), "value"));

	if (fault) {
		autofree char *text = json_dumps(fault, JSON_COMPACT);

		error_set(err, EXIT_ENVIRONMENT, "the script failed: %.1500s", text ? text : "?");
		json_decref(value);
		value = NULL;
	} else if (result && !value) {
		error_set(err, EXIT_ENVIRONMENT, "the script has no value");
	}
	json_decref(result);
	return value;
}

int browser_picture(struct browser *browser, const char *path, struct error *err)
{
	json_t *result =
		command(browser, "Page.captureScreenshot",
			json_pack("{s:s, s:b}", "format", "png", "captureBeyondViewport", 1), err);
	const char *text = json_string_value(json_object_get(result, "data"));
	size_t length = text ? strlen(text) : 0, size = BASE64_DECODE_LENGTH(length);
	autofree uint8_t *image = malloc(size + 1);
	struct base64_decode_ctx context;
	int failed = !text || !image;

	if (!failed) {
		base64_decode_init(&context);
		failed = !base64_decode_update(&context, &size, image, length, text) ||
			 file_write(path, image, size, err);
	}
	json_decref(result);
	return failed ? -1 : 0;
}
