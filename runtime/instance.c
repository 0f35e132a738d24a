// SPDX-License-Identifier: GPL-2.0
#include "runtime/instance.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"
#include "runtime/framework.h"

#define ID_DIGITS	12
#define REMOVE_TRIES	5000 /* of 2 ms each */
#define REMOVE_PAUSE_NS 2000000

static bool is_digit(char character)
{
	return isdigit((unsigned char)character) || (character >= 'a' && character <= 'f');
}

static uint64_t hash(const char *text)
{
	uint64_t value = 0xcbf29ce484222325u; /* FNV-1a's offset basis, then its prime */

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 0x100000001b3u;
	return value;
}

void instance_name(const char *id, char name[INSTANCE_NAME_SIZE])
{
	size_t digits = 0;

	while (digits < ID_DIGITS && is_digit(id[digits]))
		digits++;
	memset(name, 0, INSTANCE_NAME_SIZE);
	if (digits == ID_DIGITS)
		memcpy(stpcpy(name, VKI_NAME_PREFIX), id, ID_DIGITS);
	else
		snprintf(name, INSTANCE_NAME_SIZE, VKI_NAME_PREFIX "%012llx",
			 (unsigned long long)(hash(id) & 0xffffffffffff));
}

/* What the kernel's errno for a refused module means for the one who started the container. */
static const char *load_reason(int number)
{
	switch (number) {
	case ENOEXEC:
		return "the module was built for another kernel";
	case ENOENT:
		return "it lacks a private call that its policy names, or vkm is of another "
		       "release; the kernel's log names it";
	case EEXIST:
		return "a module of this name is loaded already";
	case EOPNOTSUPP:
		return "this kernel cannot enforce the policy; its log names the function";
	case EBUSY:
		return "a livepatch or a BPF program holds a function that must be hooked";
	case EPERM:
		return "loading modules is not permitted: not root, kernel.modules_disabled=1, or "
		       "a kernel that is locked down (/sys/kernel/security/lockdown) and wants a "
		       "signature by a key that it trusts";
	case EKEYREJECTED:
	case ENOKEY:
		return "this kernel wants every module to have a signature by a key that it "
		       "trusts (module.sig_enforce); docs/installing.md says which key instances "
		       "are signed with, and how it is enrolled";
	default:
		return "the kernel's log may say more";
	}
}

int instance_load(const char *name, const void *image, size_t size, struct error *err)
{
	if (!syscall(SYS_init_module, image, size, ""))
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "cannot load the instance module %s: %s (%s)", name,
			 strerror(errno), load_reason(errno));
}

static const char *bind_reason(int number)
{
	switch (number) {
	case ENOENT:
		return "the instance is not loaded";
	case EPROTO:
		return "its program is running already, or vkm was loaded after it was created";
	case EXDEV:
		return "it shares the host's PID namespace";
	case EOPNOTSUPP:
		return "its PID namespace lies inside another one";
	case EALREADY:
	case EBUSY:
		return "an instance is bound already";
	default:
		return "the kernel refused";
	}
}

int instance_bind(const char *name, int pid, struct error *err)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	if (!framework_write(name, "bind", text))
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "cannot bind %s to the container of process %d: %s (%s)", name, pid,
			 strerror(errno), bind_reason(errno));
}

int instance_expect(int session, const char *name, bool hooks, struct error *err)
{
	char text[INSTANCE_NAME_SIZE + sizeof(" hooks")];

	/* Whoever is left by its parent on the way, as crun does it to be detached, comes to us. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot adopt orphans");
	snprintf(text, sizeof(text), "%s%s", name, hooks ? " hooks" : "");
	if (write(session, text, strlen(text)) >= 0)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "cannot tell vkm which container will come: %s (%s)", strerror(errno),
			 framework_reason(errno));
}

/* Where it cannot be told, this process ends soon, which says the same. */
void instance_cancel(int session)
{
	if (write(session, "-", 1) < 0)
		return;
}

void instance_settle(const char *name)
{
	framework_write(name, "bind", "expected");
}

enum instance_fate instance_fate(void)
{
	static const struct {
		const char *state;
		enum instance_fate fate;
	} fates[] = {
		{"gone", INSTANCE_ENDED},
		{"killed", INSTANCE_KILLED},
		{"refused", INSTANCE_REFUSED},
	};
	char state[16];
	size_t i;

	if (framework_read(NULL, "expected", state, sizeof(state)))
		return INSTANCE_UNSEEN;
	for (i = 0; i < sizeof(fates) / sizeof(fates[0]); i++)
		if (!strcmp(state, fates[i].state))
			return fates[i].fate;
	return INSTANCE_UNSEEN;
}

/*
 * Kills the init of a container that its runtime left behind; the kernel ends the others with it.
 * The descriptor is opened before the state is asked: while it is "bound", init has not been
 * reaped, so the number has not been given to another process.
 */
static void kill_container(const char *name)
{
	autoclose int fd = -1;
	char text[16];
	int pid;

	if (framework_read(name, "init", text, sizeof(text)))
		return;
	pid = atoi(text);
	if (pid <= 1)
		return;
	fd = syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0 || framework_read(name, "state", text, sizeof(text)) || strcmp(text, "bound"))
		return;
	syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
}

static void pause_briefly(void)
{
	const struct timespec pause = {.tv_nsec = REMOVE_PAUSE_NS};

	nanosleep(&pause, NULL);
}

/*
 * A container whose runtime was killed is our child (instance_expect()), and there until it is reaped.
 * Whoever calls has waited for its own children.
 */
static void reap_orphans(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static bool is_bound(const char *name, char *state, size_t size)
{
	return !framework_read(name, "state", state, size) && !strcmp(state, "bound");
}

bool instance_is_running(const char *name)
{
	char state[16];

	return is_bound(name, state, sizeof(state));
}

bool instance_is_loaded(const char *name)
{
	char state[16];

	return !framework_read(name, "state", state, sizeof(state));
}

/* The words after the ABI: the state, and where the log begins and ends. */
struct outcome {
	char text[96];
	const char *state, *first, *end;
};

static const char *next_word(char **at)
{
	char *word = *at;

	*at += strcspn(word, " ");
	if (**at)
		*(*at)++ = '\0';
	return word;
}

static bool read_outcome(int session, struct outcome *outcome)
{
	char *at = outcome->text;

	if (framework_read_open(session, outcome->text, sizeof(outcome->text)))
		return false;
	next_word(&at);
	outcome->state = next_word(&at);
	outcome->first = next_word(&at);
	outcome->end = next_word(&at);
	return true;
}

bool instance_was_bound(int session)
{
	struct outcome outcome;

	return read_outcome(session, &outcome) &&
	       (!strcmp(outcome.state, "bound") || !strcmp(outcome.state, "over"));
}

bool instance_end(int session, const char *name, bool *has_log)
{
	static const char release[] = "-release";
	struct outcome outcome;

	if (!read_outcome(session, &outcome) || strcmp(outcome.state, "over") ||
	    strcmp(outcome.first, outcome.end))
		return false;
	*has_log = *outcome.end;
	return write(session, release, strlen(release)) >= 0 &&
	       !syscall(SYS_delete_module, name, O_NONBLOCK);
}

static int refuse_running(const char *name, struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT,
			 "%s belongs to a running container whose id has the same first 12 digits, "
			 "or the same id under another --root; choose another id",
			 name);
}

/* Unloads the module; what is bound to running tasks is ended first, or refused. */
static int take_away(const char *name, bool end_tasks, instance_farewell farewell,
		     struct error *err)
{
	char state[16] = "";
	int tries, number = 0;

	for (tries = 0; tries < REMOVE_TRIES; tries++) {
		bool bound = is_bound(name, state, sizeof(state));

		if (!bound && !*state && errno == ENOENT)
			return 0;
		if (bound && !end_tasks)
			return refuse_running(name, err);
		if (bound)
			kill_container(name);
		else if (!strcmp(state, "over") && !framework_write(name, "release", "1"))
			strcpy(state, "released");
		reap_orphans();
		if (farewell && !strcmp(state, "released")) {
			farewell(name);
			farewell = NULL;
		}
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return 0;
		number = errno;
		if (number == ENOENT)
			return 0;
		if (number != EWOULDBLOCK && number != EBUSY)
			break;
		pause_briefly();
	}
	return error_set(err, EXIT_ENVIRONMENT,
			 "cannot unload %s (its container is \"%s\"): %s; try again with: rmmod %s",
			 name, state, strerror(number), name);
}

int instance_claim(const char *name, instance_farewell farewell, struct error *err)
{
	return take_away(name, false, farewell, err);
}

int instance_remove(const char *name, instance_farewell farewell, struct error *err)
{
	return take_away(name, true, farewell, err);
}
