// SPDX-License-Identifier: GPL-2.0
#include "runtime/owner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/text.h"

#define ID_CHARACTERS                                          \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789_+-."

int owner_check_id(const char *id, struct error *err)
{
	const size_t length = strlen(id), good = strspn(id, ID_CHARACTERS);

	if (!length)
		return error_set(err, EXIT_USAGE, "the container's id is empty");
	if (length > CONTAINER_ID_MAX)
		return error_set(err, EXIT_USAGE,
				 "the container's id \"%.32s...\" has %zu characters; it may have "
				 "%d",
				 id, length, CONTAINER_ID_MAX);
	if (good < length)
		return error_set(err, EXIT_USAGE,
				 "the container's id \"%s\" has a character (0x%02x) that is none "
				 "of a-z A-Z 0-9 _ + - .",
				 id, (unsigned char)id[good]);
	if (*id == '-' || *id == '.')
		return error_set(err, EXIT_USAGE,
				 "the container's id \"%s\" begins with \"%c\"; it must begin with "
				 "a letter, a digit, _ or +",
				 id, *id);
	return 0;
}

/* Takes out, in place, what does not change where an absolute path leads: "//", "/./", "/" last. */
static void shorten(char *path)
{
	char *to = path, *from = path;

	while (*from) {
		if (*from == '/' && (from[1] == '/' || !from[1]))
			from++;
		else if (*from == '/' && from[1] == '.' && (from[2] == '/' || !from[2]))
			from += 2;
		else
			*to++ = *from++;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

/* As crun and runc choose it; the latter does not ask the environment where it is root's. */
static size_t default_root(struct owner *owner, const char *backend)
{
	const char *user = getenv("XDG_RUNTIME_DIR");
	const char *slash = strrchr(backend, '/');
	const char *name = slash ? slash + 1 : backend;

	if (!user || !*user || !strcmp(name, "runc"))
		user = "/run";
	return text_join(owner->root, sizeof(owner->root), user, "/", name, NULL);
}

static size_t given_root(struct owner *owner, const char *root)
{
	autofree char *folder = NULL;

	if (*root == '/')
		return text_join(owner->root, sizeof(owner->root), root, NULL);
	folder = getcwd(NULL, 0);
	return text_join(owner->root, sizeof(owner->root), folder ? folder : "", "/", root, NULL);
}

int owner_set(struct owner *owner, const char *id, const char *root, const char *backend,
	      struct error *err)
{
	const size_t length = root ? given_root(owner, root) : default_root(owner, backend);

	owner->id = id;
	if (length >= sizeof(owner->root))
		return error_set(err, EXIT_USAGE, "the path of --root is too long");
	shorten(owner->root);
	return 0;
}

int owner_record(const struct owner *owner, char **record, size_t *size, struct error *err)
{
	const size_t id = strlen(owner->id) + 1, root = strlen(owner->root) + 1;

	*record = malloc(id + root);
	if (!*record)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a container's id");
	memcpy(*record, owner->id, id);
	memcpy(*record + id, owner->root, root);
	*size = id + root;
	return 0;
}

bool owner_has_container(const struct owner *owner)
{
	char path[PATH_MAX + NAME_MAX];
	struct stat status;

	return text_join(path, sizeof(path), owner->root, "/", owner->id, NULL) >= sizeof(path) ||
	       !lstat(path, &status) || errno != ENOENT;
}
