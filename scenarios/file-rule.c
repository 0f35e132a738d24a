// SPDX-License-Identifier: GPL-2.0
/*
 * Deny rules for a few files, and every other way to them: other names, other mounts, no name. The
 * files are on the guest's own file system, or on an overlay, where writing changes the inode. Where
 * a configuration has nobody to enforce file rules, all is reached.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "scenarios/file-reach.h"
#include "scenarios/scenario.h"

#define PROFILE	  "/vkernel/share/vkernel-file-rule.apparmor"
#define LAYERS	  "/run/vkernel-scenario"
#define TOOL	  "/usr/bin/true"
#define OTHERWISE 200 /* exit status: it read something else than the nonce */

/* seccomp does not see a ring's operations: the default profile closes it. */
#define RINGS                                                                            \
	"[{\"names\": [\"io_uring_setup\", \"io_uring_enter\", \"io_uring_register\"], " \
	"\"action\": "                                                                   \
	"\"SCMP_ACT_ALLOW\"}]"

static pid_t giver;

static int holds(int fd, const char *nonce)
{
	char text[128] = "";

	return read(fd, text, sizeof(text) - 1) > 0 && strstr(text, nonce);
}

static void try_reach(const struct reach *reach, const char *nonce, struct tries *tries)
{
	int status, number, fd = -1;
	pid_t child = fork();

	if (!child) {
		number = reach->go(&fd);
		if (!number && !reach->alters && !holds(fd, nonce))
			number = OTHERWISE;
		_exit(number);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		tries_add(tries, reach->name, OUTCOME_BROKEN, "%s", errno_name(errno));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) == OTHERWISE)
		tries_add(tries, reach->name, OUTCOME_BROKEN, "read something else");
	else if (WEXITSTATUS(status) == EXDEV || WEXITSTATUS(status) == EOPNOTSUPP)
		tries_add(tries, reach->name, OUTCOME_MISSING, "%s",
			  errno_name(WEXITSTATUS(status))); /* not on this file system */
	else
		tries_add_errno(tries, reach->name, WEXITSTATUS(status), EACCES);
}

/* What no rule is for has to work: else all could be refused. */
static void try_allowed(struct tries *tries)
{
	const char *path = REACH_BOX "/free";
	autoclose int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	tries_add_must(tries, "a file beside them", fd < 0 ? errno : 0);
	tries_add_must(tries, "reading the program", access(REACH_TOOL, R_OK) ? errno : 0);
	tries_add_must(tries, "removing what was made", unlink(path) ? errno : 0);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)argument;
	for (const struct reach *reach = reaches; reach->name; reach++)
		try_reach(reach, nonce, tries);
	try_allowed(tries);
}

/* Hands a descriptor of the secret to each that connects, until it is ended. */
static void give(int listener, int secret)
{
	char byte = '!', control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	*head = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
				 .cmsg_type = SCM_RIGHTS,
				 .cmsg_len = CMSG_LEN(sizeof(int))};
	memcpy(CMSG_DATA(head), &secret, sizeof(int));
	for (;;) {
		int connection = accept(listener, NULL, NULL);

		if (connection < 0)
			_exit(0);
		sendmsg(connection, &message, MSG_NOSIGNAL);
		close(connection);
	}
}

static int start_giver(struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = REACH_SOCKET};
	autoclose int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	autoclose int secret = open(REACH_SECRET, O_RDONLY | O_CLOEXEC);

	if (listener < 0 || secret < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 4))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot listen on %s",
				       REACH_SOCKET);
	giver = fork();
	if (!giver)
		give(listener, secret);
	return giver > 0 ? 0 : error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork");
}

static int make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder %s", path);
	return 0;
}

static int copy_tool(const char *folder, struct error *err)
{
	autofree char *bytes = NULL, *path = NULL;
	size_t size;

	if (asprintf(&path, "%s/tool", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (file_read(TOOL, 1 << 20, &bytes, &size, err) || file_write(path, bytes, size, err))
		return -1;
	return chmod(path, 0755) ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "chmod %s", path)
				 : 0;
}

static int fill(const char *folder, const char *nonce, struct error *err)
{
	autofree char *box = NULL, *secret = NULL, *ledger = NULL;

	if (asprintf(&box, "%s/box", folder) < 0 || asprintf(&secret, "%s/secret", box) < 0 ||
	    asprintf(&ledger, "%s/ledger", box) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (make_folder(folder, err) || make_folder(box, err) ||
	    file_write(secret, nonce, strlen(nonce), err) ||
	    file_write(ledger, nonce, strlen(nonce), err))
		return -1;
	return copy_tool(box, err);
}

static int arrange(struct scene *scene, struct error *err)
{
	if (fill(REACH_FOLDER, scene->nonce, err))
		return -1;
	return start_giver(err);
}

static int arrange_overlay(struct scene *scene, struct error *err)
{
	if (make_folder(LAYERS, err) || fill(LAYERS "/lower", scene->nonce, err) ||
	    make_folder(LAYERS "/upper", err) || make_folder(LAYERS "/work", err) ||
	    make_folder(REACH_FOLDER, err))
		return -1;
	if (mount("overlay", REACH_FOLDER, "overlay", 0,
		  "lowerdir=" LAYERS "/lower,upperdir=" LAYERS "/upper,workdir=" LAYERS
		  "/work,redirect_dir=on"))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot mount an overlay");
	return start_giver(err);
}

static void restore(struct scene *scene)
{
	(void)scene;
	if (giver > 0) {
		kill(giver, SIGKILL);
		waitpid(giver, NULL, 0);
	}
	giver = 0;
	umount2(REACH_FOLDER, MNT_DETACH);
	scratch_remove(REACH_FOLDER);
	scratch_remove(LAYERS);
}

static const char *const capable[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
				      "CAP_SYS_ADMIN", "CAP_DAC_READ_SEARCH", NULL};

const struct scenario file_rule = {
	.name = "file-rule",
	.group = "files",
	.summary = "get at a file in spite of a deny rule, under another name or none",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.directory = REACH_FOLDER, .files = PROFILE, .seccomp = RINGS},
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};

const struct scenario file_rule_capable = {
	.name = "file-rule-capable",
	.group = "files",
	.summary = "the same in a container that may mount and open by handle",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.directory = REACH_FOLDER,
		    .files = PROFILE,
		    .seccomp = RINGS,
		    .capabilities = capable},
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};

const struct scenario file_rule_overlay = {
	.name = "file-rule-overlay",
	.group = "files",
	.summary = "the same where the files are on an overlay and their inodes change",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.directory = REACH_FOLDER,
		    .files = PROFILE,
		    .seccomp = RINGS,
		    .capabilities = capable},
	.arrange = arrange_overlay,
	.probe = probe,
	.restore = restore,
};
