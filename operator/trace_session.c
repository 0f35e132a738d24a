// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_session.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "operator/trace_child.h"
#include "operator/trace_watch.h"

#define POLL_MS 100

/* Whom a daemon starts is known by its control group's name, which has its id in it. */
struct wanted {
	const struct session_request *request;
	char id[TRACE_GROUP_NAME]; /* empty: not known (yet) */
};

static void read_id(struct wanted *wanted)
{
	autofree char *text = NULL;
	struct error unread;
	size_t size;

	if (wanted->request->id)
		snprintf(wanted->id, sizeof(wanted->id), "%s", wanted->request->id);
	else if (wanted->request->id_file &&
		 !file_read(wanted->request->id_file, sizeof(wanted->id) - 1, &text, &size,
			    &unread))
		snprintf(wanted->id, sizeof(wanted->id), "%.*s", (int)strcspn(text, "\n"), text);
}

static bool is_wanted(const struct trace_container *container, void *context)
{
	const struct wanted *wanted = context;

	if (container->family || wanted->request->all)
		return true;
	return *wanted->id && strstr(container->group, wanted->id);
}

/* The namespace directly below the host's that ns is in; the caller closes it. */
static int outermost(int ns, const struct stat *host, struct stat *found, struct error *err)
{
	autoclose int at = ns;

	for (;;) {
		struct stat status;
		int parent;

		if (fstat(at, &status))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot look at a PID namespace");
		if (status.st_ino == host->st_ino)
			return 0;
		*found = status;
		parent = ioctl(at, NS_GET_PARENT);
		if (parent < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot find the parent of a PID namespace");
		close(at);
		at = parent;
	}
}

static int namespace_of(int pid, unsigned int *inode, struct error *err)
{
	struct stat host, found = {0};
	char path[64];
	int ns;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0)
		return error_set_errno(err, errno == ENOENT ? EXIT_USAGE : EXIT_ENVIRONMENT, errno,
				       "cannot look at process %d", pid);
	if (stat("/proc/self/ns/pid", &host)) {
		close(ns);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot look at /proc/self/ns/pid");
	}
	if (outermost(ns, &host, &found, err))
		return -1;
	if (!found.st_ino)
		return error_set(err, EXIT_USAGE,
				 "process %d is in no container: it shares the host's PID "
				 "namespace",
				 pid);
	*inode = found.st_ino;
	return 0;
}

static int wait_for_end(struct watch *watch, struct traced_child *child, struct wanted *wanted,
			struct session_end *end, struct error *err)
{
	unsigned int running;

	for (;;) {
		const bool ended = !child || traced_child_ended(child);

		if (watch_poll(watch, POLL_MS, err))
			return -1;
		if (!ended)
			continue;
		read_id(wanted);
		watch_count(watch, is_wanted, wanted, &end->containers, &running);
		if (!running || traced_interrupted())
			return 0;
	}
}

static int nothing_started(const struct session_request *request, struct error *err)
{
	return error_set(err, EXIT_USAGE,
			 "%s started no container%s: a container has a PID namespace of its own, "
			 "and its program was executed in there",
			 request->argv[0], request->id || request->id_file ? " of that id" : "");
}

static int watch_command(struct watch *watch, struct wanted *wanted, struct recording *recording,
			 struct session_end *end, struct error *err)
{
	const struct session_request *request = wanted->request;
	struct traced_child child;
	int ret = -1;

	if (traced_child_make(&child, request->argv, err))
		return -1;
	traced_signals_catch(&child);
	if (!watch_family(watch, child.pid, err) &&
	    !traced_child_begin(&child, request->argv, err) &&
	    !wait_for_end(watch, &child, wanted, end, err))
		ret = 0;
	traced_child_drop(&child);
	end->status = child.status;
	if (!ret && !end->containers)
		ret = nothing_started(request, err);
	return ret ? ret : watch_collect(watch, is_wanted, wanted, recording, err);
}

static int watch_running(struct watch *watch, unsigned int inode, struct wanted *wanted,
			 struct recording *recording, struct session_end *end, struct error *err)
{
	traced_signals_catch(NULL);
	if (watch_container(watch, inode, err))
		return -1;
	fprintf(stderr, "recording; interrupt (Ctrl-C) to end\n");
	if (wait_for_end(watch, NULL, wanted, end, err))
		return -1;
	return watch_collect(watch, is_wanted, wanted, recording, err);
}

/* What would fail anyway fails before the programs are loaded, which takes a moment. */
static int check_request(const struct session_request *request, unsigned int *inode,
			 struct error *err)
{
	if (!request->argv)
		return namespace_of(request->pid, inode, err);
	if (strchr(request->argv[0], '/') && access(request->argv[0], X_OK))
		return error_set_errno(err, EXIT_USAGE, errno, "cannot run %s", request->argv[0]);
	return 0;
}

int session_run(const struct session_request *request, struct recording *recording,
		struct session_end *end, struct error *err)
{
	struct wanted wanted = {.request = request};
	unsigned int inode = 0;
	struct watch *watch;
	int ret;

	*end = (struct session_end){0};
	if (check_request(request, &inode, err))
		return -1;
	watch = watch_start(request->all || request->id || request->id_file, err);
	if (!watch)
		return -1;
	ret = request->argv ? watch_command(watch, &wanted, recording, end, err)
			    : watch_running(watch, inode, &wanted, recording, end, err);
	watch_end(watch);
	end->interrupted = traced_interrupted();
	if (!ret)
		recording->runs++;
	return ret;
}
