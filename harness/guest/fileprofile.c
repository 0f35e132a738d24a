// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/fileprofile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define FOLDER	"/run/vkernel-profiles"
#define SUFFIX	".apparmor"
#define PARSER	"/usr/sbin/apparmor_parser"
#define BUILDER "/vkernel/bin/vkernel"
#define LIMIT	(1u << 20) /* bytes of a profile */

/* Folders and files of many services, each with rules of every kind; a number stands between. */
static const struct {
	const char *before, *after;
} shapes[] = {
	{"/srv/site", "/content/** r"},
	{"/srv/site", "/{cache,upload}/*.[a-f0-9][a-f0-9] rw"},
	{"owner /srv/site", "/sessions/sess_* rwk"},
	{"deny /srv/site", "/content/.git/** rwklx"},
	{"/opt/tool", "/bin/tool rix"},
	{"/opt/tool", "/lib/lib*.so{,.[0-9]*} rm"},
	{"deny /opt/tool", "/etc/key?.pem rwl"},
	{"/var/log/service", "/*.log a"},
};

int fileprofile_fill(FILE *out, const char *text, unsigned int more, struct error *err)
{
	const size_t kinds = sizeof(shapes) / sizeof(shapes[0]);
	size_t end = strlen(text);

	while (end && isspace((unsigned char)text[end - 1]))
		end--;
	if (end < 2 || text[end - 1] != '}' || text[end - 2] != '\n')
		return error_set(err, EXIT_USAGE, "the profile does not end with the line \"}\"");
	fwrite(text, 1, end - 1, out);
	for (unsigned int i = 0; i < more; i++)
		fprintf(out, "  %s%zu%s,\n", shapes[i % kinds].before, i / kinds,
			shapes[i % kinds].after);
	fputs("}\n", out);
	return 0;
}

/* The profile as it is, or filled up: its path is the caller's. */
static int source(const char *path, unsigned int rules, const char *name, char **result,
		  struct error *err)
{
	autofree char *text = NULL, *filled = NULL;
	size_t size;
	FILE *out;
	int status;

	if (!rules) {
		*result = strdup(path);
		return *result ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	}
	if (file_read(path, LIMIT, &text, &size, err))
		return -1;
	if (asprintf(result, FOLDER "/%s-%u" SUFFIX, name, rules) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	out = open_memstream(&filled, &size);
	if (!out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", *result);
	status = fileprofile_fill(out, text, rules, err);
	if (fclose(out) && !status)
		status = error_set(err, EXIT_ENVIRONMENT, "no memory for %s", *result);
	if (status)
		return error_context(err, "%s", path);
	return file_write(*result, filled, strlen(filled), err);
}

/* Runs argv with its output in a file, whose last line is in the message where it fails. */
static int run(const char *const argv[], struct error *err)
{
	static const char log[] = FOLDER "/output";
	int fd = open(log, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char said[512] = "";
	int status = -1;
	pid_t pid;

	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", log);
	pid = fork();
	if (!pid) {
		if (dup2(fd, STDOUT_FILENO) >= 0 && dup2(fd, STDERR_FILENO) >= 0)
			execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status && pread(fd, said, sizeof(said) - 1, 0) < 0)
		said[0] = '\0';
	close(fd);
	if (!status)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "%s %s failed: %s", argv[0], argv[1],
			 *said ? said : "it could not be run");
}

static int load(const char *path, struct error *err)
{
	const char *argv[] = {PARSER, "--replace", "--skip-cache", path, NULL};

	return run(argv, err);
}

/* Its seccomp rules in a file, and its capabilities as the builder takes them; the caller's. */
static int write_request(const struct bundle_request *request, char **path, char **capabilities,
			 struct error *err)
{
	autofree char *text = json_dumps(request->seccomp, JSON_COMPACT);
	size_t size;
	FILE *list = open_memstream(capabilities, &size);

	for (const char *const *name = request->capabilities; list && *name; name++)
		fprintf(list, "%s%s", name == request->capabilities ? "" : ",", *name);
	if (!list || fclose(list) || !text || asprintf(path, FOLDER "/%s.json", request->id) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a policy's rules");
	return file_write(*path, text, strlen(text), err);
}

/* With the container's other rules: a policy for this launch alone. */
static int build_all(const struct bundle_request *request, const char *path, const char *policy,
		     struct error *err)
{
	autofree char *seccomp = NULL, *capabilities = NULL;
	int result;

	if (write_request(request, &seccomp, &capabilities, err))
		return -1;
	result = run((const char *const[]){BUILDER, "build", "--apparmor", path, "--seccomp",
					   seccomp, "--ignore-unknown", "--capabilities",
					   capabilities, "-o", policy, NULL},
		     err);
	unlink(seccomp);
	return result;
}

static int build_alone(const char *path, const char *policy, struct error *err)
{
	return run((const char *const[]){BUILDER, "build", "--apparmor", path, "--capabilities",
					 "all", "--log", "host", "-o", policy, NULL},
		   err);
}

/* Was it made in this boot? */
static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static int give_to_apparmor(const char *path, unsigned int rules, const char *name,
			    struct fileprofile *made, struct error *err)
{
	autofree char *text = NULL, *marker = NULL;

	if (asprintf(&marker, FOLDER "/%s.loaded", name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (!is_there(marker) && (source(path, rules, name, &text, err) || load(text, err) ||
				  file_write(marker, "", 0, err)))
		return -1;
	made->apparmor = strdup(name);
	return made->apparmor ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
}

static int give_to_builder(const struct bundle_request *request, const char *path,
			   unsigned int rules, const char *name, struct fileprofile *made,
			   struct error *err)
{
	const char *whose = request->seccomp ? request->id : "alone";
	autofree char *text = NULL;

	if (asprintf(&made->policy, FOLDER "/%s-%u-%.12s.policy", name, rules, whose) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (is_there(made->policy))
		return 0;
	if (source(path, rules, name, &text, err))
		return -1;
	return request->seccomp ? build_all(request, text, made->policy, err)
				: build_alone(text, made->policy, err);
}

/* The profile's name, which is the file's without its ending; the caller's. */
static char *name_of(const char *path)
{
	autofree char *copy = strdup(path);
	char *name = copy ? strdup(basename(copy)) : NULL;
	char *end = name ? strstr(name, SUFFIX) : NULL;

	if (end)
		*end = '\0';
	return name;
}

int fileprofile_prepare(const struct configuration *configuration,
			const struct launch_options *options, const struct bundle_request *request,
			struct fileprofile *made, struct error *err)
{
	const char *path = options->files ? options->files : configuration->files;
	unsigned int rules = options->files ? 0 : configuration->rules;
	autofree char *name = NULL;
	int result;

	*made = (struct fileprofile){0};
	if (!path && configuration->framework)
		made->rules = configuration->profile;
	if (!path && configuration->apparmor)
		path = configuration->profile;
	if (!path || (!configuration->framework && !configuration->apparmor))
		return 0;
	name = name_of(path);
	if (!name)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile's name");
	if (mkdir(FOLDER, 0700) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder " FOLDER);
	result = configuration->framework ? give_to_builder(request, path, rules, name, made, err)
					  : give_to_apparmor(path, rules, name, made, err);
	if (!result)
		return 0;
	fileprofile_free(made);
	return error_context(err, "file rules for %s", configuration->name);
}

void fileprofile_free(struct fileprofile *made)
{
	free(made->apparmor);
	free(made->policy);
	*made = (struct fileprofile){0};
}
