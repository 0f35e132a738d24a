// SPDX-License-Identifier: GPL-2.0
#include "runtime/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vkernel/policy.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/text.h"
#include "runtime/state.h"

#define SUFFIX	      ".log"
#define SUFFIX_SIZE   (sizeof(SUFFIX) - 1)
#define ID_MAX	      (NAME_MAX - SUFFIX_SIZE)
#define READ_SIZE     4096 /* sysfs gives no more at once */
#define HEADER_MAX    (256u << 10)
/* A record's text may grow fourfold, by its control characters, from what it takes in the log. */
#define FILE_SIZE_MAX (4 * POLICY_LOG_SIZE_MAX + HEADER_MAX)

const char *kept_folder = "/var/log/vkernel";

static void cleanup_closedir(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

#define autodir __attribute__((cleanup(cleanup_closedir)))

/* The file's name; false where the id makes none. */
static bool file_name(const char *id, char name[NAME_MAX + 1])
{
	if (!*id || *id == '.' || strchr(id, '/') || strlen(id) > ID_MAX)
		return false;
	text_join(name, NAME_MAX + 1, id, SUFFIX, NULL);
	return true;
}

/* The id that a file is of, in place of its name; false: it is none of ours. */
static bool id_of(char *name)
{
	size_t length = strlen(name);

	if (*name == '.' || length <= SUFFIX_SIZE || strcmp(name + length - SUFFIX_SIZE, SUFFIX))
		return false;
	name[length - SUFFIX_SIZE] = '\0';
	return true;
}

bool kept_is_temporary(const char *name)
{
	const size_t length = strlen(name);

	return *name == '.' && length > SUFFIX_SIZE + 1 &&
	       !strcmp(name + length - SUFFIX_SIZE, SUFFIX);
}

static int open_folder(void)
{
	return open(kept_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		bytes += put;
		size -= put;
	}
	return 0;
}

static int write_header(int fd, const char *instance, const char *id, const char *root,
			time_t since)
{
	json_t *header = json_pack("{s:i, s:s, s:s, s:s, s:I, s:I}", "schema", 1, "container", id,
				   "instance", instance, "root", root, "began", (json_int_t)since,
				   "ended", (json_int_t)time(NULL));
	autofree char *text = header ? json_dumps(header, JSON_COMPACT) : NULL;

	json_decref(header);
	if (text)
		return write_all(fd, text, strlen(text)) || write_all(fd, "\n", 1) ? -1 : 0;
	errno = EILSEQ;
	return -1;
}

/* What of the log there is: positions. */
static int read_range(const char *instance, uint64_t *first, uint64_t *end)
{
	char text[64];

	if (framework_read(instance, "log_range", text, sizeof(text)))
		return -1;
	if (sscanf(text, "%" SCNu64 " %" SCNu64, first, end) == 2)
		return 0;
	errno = EPROTO;
	return -1;
}

/* Nothing is added to the log of a container that is over, so nothing is dropped. */
static int copy_records(int log, int fd, uint64_t position, uint64_t end)
{
	char bytes[READ_SIZE];

	while (position < end) {
		ssize_t got = pread(log, bytes, sizeof(bytes), position);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got;
		if (write_all(fd, bytes, got))
			return -1;
		position += got;
	}
	return 0;
}

/* What is to be kept. */
struct log {
	const char *instance;
	char *id, *root;
	time_t since;
	uint64_t first, end;
};

static int write_file(const struct log *log, int fd)
{
	autoclose int records = framework_open(log->instance, "log", O_RDONLY);

	if (records < 0)
		return -1;
	if (write_header(fd, log->instance, log->id, log->root, log->since))
		return -1;
	return copy_records(records, fd, log->first, log->end);
}

/* The same id under two roots has one name, and may end twice at once: each is written by itself. */
static int write_new(const struct log *log, int folder, const char *name)
{
	char temporary[MODULE_NAME_MAX + 64];
	autoclose int fd = -1;
	struct timespec now;
	int number;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(temporary, sizeof(temporary), ".%.*s.%d.%09ld" SUFFIX, MODULE_NAME_MAX,
		 log->instance, getpid(), now.tv_nsec);
	fd = openat(folder, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (!flock(fd, LOCK_EX | LOCK_NB) && !write_file(log, fd) &&
	    !renameat(folder, temporary, folder, name))
		return 0;
	number = errno;
	unlinkat(folder, temporary, 0);
	errno = number;
	return -1;
}

struct entry {
	char name[NAME_MAX + 1];
	struct timespec written;
};

static int by_age(const void *one, const void *other)
{
	const struct timespec *a = &((const struct entry *)one)->written;
	const struct timespec *b = &((const struct entry *)other)->written;

	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

/* All files, what a killed runtime left half-written with them. Returns their number, or -1. */
static ssize_t read_entries(DIR *folder, struct entry **entries)
{
	struct dirent *found;
	size_t count = 0;

	*entries = NULL;
	while ((found = readdir(folder))) {
		struct stat status;
		void *grown;

		if (!strcmp(found->d_name, ".") || !strcmp(found->d_name, "..") ||
		    fstatat(dirfd(folder), found->d_name, &status, AT_SYMLINK_NOFOLLOW))
			continue;
		grown = reallocarray(*entries, count + 1, sizeof(**entries));
		if (!grown)
			return -1;
		*entries = grown;
		strcpy((*entries)[count].name, found->d_name);
		(*entries)[count++].written = status.st_mtim;
	}
	return count;
}

/* Removes the oldest beyond KEPT_MAX. That it cannot is told by the next one that is too many. */
static void prune(int fd)
{
	autofree struct entry *entries = NULL;
	autodir DIR *folder = fdopendir(dup(fd));
	ssize_t count;

	if (!folder)
		return;
	rewinddir(folder);
	count = read_entries(folder, &entries);
	if (count <= KEPT_MAX)
		return;
	qsort(entries, count, sizeof(*entries), by_age);
	for (ssize_t i = 0; i < count - KEPT_MAX; i++)
		unlinkat(fd, entries[i].name, 0);
}

static int keep(const struct log *log, struct error *err)
{
	autoclose int folder = -1;
	char name[NAME_MAX + 1];

	if (!file_name(log->id, name))
		return error_set(err, EXIT_USAGE, "the container's id makes no file's name");
	if (log->first < log->end && mkdir(kept_folder, 0700) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make the folder %s",
				       kept_folder);
	folder = open_folder();
	if (folder < 0 && errno == ENOENT)
		return 0;
	if (folder < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open the folder %s",
				       kept_folder);
	if (log->first >= log->end) {
		unlinkat(folder, name, 0);
		return 0;
	}
	if (write_new(log, folder, name))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s/%s",
				       kept_folder, name);
	prune(folder);
	return 0;
}

int kept_save(const char *instance, struct error *err)
{
	struct log log = {.instance = instance};
	int ret = -1;

	if (read_range(instance, &log.first, &log.end))
		return errno == ENODATA || errno == ENOENT || errno == ENODEV
			       ? 0
			       : error_set_errno(err, EXIT_ENVIRONMENT, errno,
						 "cannot read the log of %s", instance);
	if (state_owner(instance, &log.id, &log.root, &log.since))
		return error_set(err, EXIT_ENVIRONMENT, "nobody knows whose instance %s was",
				 instance);
	ret = keep(&log, err);
	free(log.id);
	free(log.root);
	return ret;
}

void kept_try(const char *instance)
{
	struct error err;

	if (!kept_save(instance, &err))
		return;
	error_context(&err, "the container's log is lost");
	error_report(&err, "vkernel-runtime");
}

void kept_forget(const char *id)
{
	char name[NAME_MAX + 1], path[PATH_MAX];

	if (file_name(id, name) &&
	    text_join(path, sizeof(path), kept_folder, "/", name, NULL) < sizeof(path))
		unlink(path);
}

/* Copies what the header says; false where it is none. */
static bool parse_header(const char *text, size_t size, struct kept *kept)
{
	json_t *header = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	const char *id, *instance, *root;
	json_int_t began, ended;
	bool good;
	int schema;

	good = !json_unpack(header, "{s:i, s:s, s:s, s:s, s:I, s:I}", "schema", &schema,
			    "container", &id, "instance", &instance, "root", &root, "began", &began,
			    "ended", &ended) &&
	       schema == 1;
	if (good) {
		kept->id = strdup(id);
		kept->root = strdup(root);
		snprintf(kept->instance, sizeof(kept->instance), "%s", instance);
		kept->began = began;
		kept->ended = ended;
		good = kept->id && kept->root;
	}
	json_decref(header);
	return good;
}

int kept_read(const char *id, struct kept *kept, struct error *err)
{
	autofree char *path = NULL;
	char name[NAME_MAX + 1];
	const char *line_end;
	size_t size;

	*kept = (struct kept){.id = NULL};
	if (!file_name(id, name))
		return error_set(err, EXIT_USAGE, "\"%s\" is no container's id", id);
	if (asprintf(&path, "%s/%s", kept_folder, name) < 0) {
		path = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	}
	if (file_read(path, FILE_SIZE_MAX, &kept->text, &size, err))
		return -1;
	line_end = memchr(kept->text, '\n', size);
	if (line_end && parse_header(kept->text, line_end - kept->text, kept)) {
		kept->records = line_end + 1;
		kept->records_size = kept->text + size - kept->records;
		return 0;
	}
	kept_free(kept);
	return error_set(err, EXIT_USAGE, "%s is damaged: its first line is not a kept log's",
			 path);
}

void kept_free(struct kept *kept)
{
	free(kept->id);
	free(kept->root);
	free(kept->text);
	*kept = (struct kept){.id = NULL};
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static int add_id(struct kept_ids *ids, const char *id, struct error *err)
{
	char **grown = reallocarray(ids->list, ids->count + 1, sizeof(*grown));

	if (grown) {
		ids->list = grown;
		grown[ids->count] = strdup(id);
		if (grown[ids->count]) {
			ids->count++;
			return 0;
		}
	}
	return error_set(err, EXIT_ENVIRONMENT, "no memory for %zu kept logs", ids->count + 1);
}

static DIR *open_list(void)
{
	autoclose int fd = open_folder();
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (folder)
		steal_fd(&fd);
	return folder;
}

int kept_list(struct kept_ids *ids, struct error *err)
{
	autodir DIR *folder = open_list();
	struct dirent *entry;

	*ids = (struct kept_ids){.list = NULL};
	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return error_set(err, EXIT_ENVIRONMENT, "cannot read %s: %s", kept_folder,
				 framework_reason(errno));
	while ((entry = readdir(folder))) {
		if (!id_of(entry->d_name) || !add_id(ids, entry->d_name, err))
			continue;
		kept_ids_free(ids);
		return -1;
	}
	if (ids->count)
		qsort(ids->list, ids->count, sizeof(*ids->list), compare);
	return 0;
}

void kept_ids_free(struct kept_ids *ids)
{
	while (ids->count)
		free(ids->list[--ids->count]);
	free(ids->list);
	*ids = (struct kept_ids){.list = NULL};
}
