// SPDX-License-Identifier: GPL-2.0
#include "operator/inforce.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define ATTRIBUTE "policy"

/* A blob is read, as it is written, in pieces: another one may come between two of them. */
#define READ_TRIES    20
#define REPLACE_TRIES 20
#define PAUSE_US      5000

static int read_once(const struct instance *instance, char **blob, size_t *size, struct error *err)
{
	autoclose int fd = framework_open(instance->name, ATTRIBUTE, O_RDONLY);

	if (fd < 0)
		return instance_unreadable(instance, ATTRIBUTE, err);
	return file_read_open(fd, ATTRIBUTE, POLICY_SIZE_MAX, blob, size, err);
}

int policy_in_force(const struct instance *instance, void **blob, struct policy *policy,
		    struct error *err)
{
	for (int tries = READ_TRIES; tries; tries--) {
		autofree char *bytes = NULL;
		size_t size;

		if (read_once(instance, &bytes, &size, err))
			return -1;
		if (!blob_parse("the policy in force", bytes, size, policy, err)) {
			*blob = steal_pointer(bytes);
			return 0;
		}
		usleep(PAUSE_US);
	}
	return error_context(err, "%s", instance->name);
}

static const char *reason(int number)
{
	switch (number) {
	case EINVAL:
		return "the kernel refuses the policy; its log says at which offset and why";
	case ENOENT:
		return "the policy names a private call that this instance does not have; an "
		       "instance gets its calls when its container is created "
		       "(vkernel build --with)";
	case EOPNOTSUPP:
		return "this kernel cannot enforce the policy; its log names the function";
	case EBUSY:
		return "a livepatch or a BPF program holds a function that must be hooked; the "
		       "kernel's log names it";
	case ESTALE:
		return "somebody else keeps writing policies to this instance";
	case ENODEV:
		return "the instance is not there any more";
	default:
		return framework_reason(number);
	}
}

/* Returns 0, or -1 with errno. */
static int write_once(int fd, const char *blob, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t put = pwrite(fd, blob + done, size - done, done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		if (!put) {
			errno = EIO;
			return -1;
		}
		done += put;
	}
	return 0;
}

int policy_replace(const struct instance *instance, int fd, const void *blob, size_t size,
		   struct error *err)
{
	int tries;

	for (tries = REPLACE_TRIES; tries; tries--) {
		if (!write_once(fd, blob, size))
			return 0;
		if (errno != ESTALE)
			break;
		usleep(PAUSE_US);
	}
	return error_set(err, errno == EINVAL ? EXIT_USAGE : EXIT_ENVIRONMENT,
			 "cannot put the policy in force on %s (the one before stays): %s",
			 instance->name, reason(errno));
}
