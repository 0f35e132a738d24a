// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/apparmor.h"
#include "builder/apparmor_look.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define FOLDER "/etc/apparmor.d"

/* An include: what it names, and what reads it. */
struct including {
	struct aa_token name;
	bool optional;
	int (*read)(struct aa_reader *reader, void *context);
	void *context;
};

int aa_add_text(struct aa_reader *reader, struct aa_texts *texts, const char *bytes, size_t size)
{
	struct aa_text *grown = texts->texts;
	char *copy = strndup(bytes, size);

	/* Grown to the next power of two. */
	if (copy && !(texts->count & (texts->count - 1)))
		grown = realloc(grown, (texts->count ? texts->count * 2 : 1) * sizeof(*grown));
	if (!copy || !grown) {
		free(copy);
		return aa_no_memory(reader);
	}
	texts->texts = grown;
	texts->texts[texts->count++] = (struct aa_text){.bytes = copy, .size = strlen(copy)};
	return 0;
}

void aa_free_texts(struct aa_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->texts[i].bytes);
	free(texts->texts);
	*texts = (struct aa_texts){0};
}

static int open_at(struct aa_reader *reader, struct aa_source *source, size_t line, size_t column)
{
	struct aa_input *input = calloc(1, sizeof(*input));

	if (!input)
		return aa_no_memory(reader);
	*input = (struct aa_input){
		.outer = reader->input,
		.source = source,
		.at = source->start,
		.line = line,
		.line_start = source->start,
		.indent = column - 1,
	};
	reader->input = input;
	return aa_advance(reader);
}

static int open_source(struct aa_reader *reader, struct aa_source *source)
{
	return open_at(reader, source, 1, 1);
}

static struct aa_source *new_source(struct aa_reader *reader, const char *name)
{
	struct aa_source *source = calloc(1, sizeof(*source));

	if (source)
		source->name = strdup(name);
	if (!source || !source->name) {
		free(source);
		aa_no_memory(reader);
		return NULL;
	}
	source->next = reader->sources;
	reader->sources = source;
	return source;
}

int aa_open_text(struct aa_reader *reader, const char *name, const char *text, size_t size)
{
	struct aa_source *source;
	struct stat status;

	if (size > AA_SIZE_MAX)
		return error_set(reader->err, EXIT_USAGE,
				 "%s has %zu bytes; a profile may have %u, with all that it "
				 "includes",
				 name, size, AA_SIZE_MAX);
	source = new_source(reader, name);
	if (!source)
		return -1;
	reader->total += size;
	source->start = text;
	source->end = text + size;
	if (!stat(name, &status) && S_ISREG(status.st_mode)) {
		source->device = status.st_dev;
		source->inode = status.st_ino;
	}
	return open_source(reader, source);
}

int aa_open_piece(struct aa_reader *reader, const char *name, const char *text, size_t size,
		  size_t line, size_t column)
{
	struct aa_source *source = new_source(reader, name);

	if (!source)
		return -1;
	source->start = text;
	source->end = text + size;
	return open_at(reader, source, line, column);
}

void aa_close(struct aa_reader *reader)
{
	struct aa_input *input = reader->input;

	reader->input = input->outer;
	free(input);
}

static void tell(const struct aa_reader *reader, const char *path, enum apparmor_found found,
		 const char *bytes, size_t size)
{
	const struct apparmor_look look = {
		.path = path, .found = found, .bytes = bytes, .size = size};

	if (reader->context->looked)
		reader->context->looked(reader->context->looked_context, &look);
}

static int check_stack(struct aa_reader *reader, const struct including *including,
		       const struct stat *status)
{
	unsigned int depth = 0;

	for (const struct aa_input *input = reader->input; input; input = input->outer) {
		if (input->source->inode == status->st_ino &&
		    input->source->device == status->st_dev)
			return aa_refuse(reader, &including->name,
					 "%s includes itself, by way of this line",
					 input->source->name);
		if (++depth > AA_DEPTH_MAX)
			return aa_refuse(reader, &including->name,
					 "files include each other more than %d deep",
					 AA_DEPTH_MAX);
	}
	return 0;
}

/* As apparmor_parser does since 3.0: a profile takes a file once. */
static bool taken(const struct aa_reader *reader, const char *path)
{
	for (size_t i = 0; i < reader->included.count; i++)
		if (!strcmp(reader->included.texts[i].bytes, path))
			return true;
	return false;
}

static int load(struct aa_reader *reader, const struct including *including, const char *path,
		const char *name, const struct stat *status)
{
	struct aa_source *source;
	size_t size;

	if (reader->total + status->st_size > AA_SIZE_MAX)
		return aa_refuse(reader, &including->name,
				 "with %s the profile has %zu bytes; it may have %u, with all that "
				 "it includes",
				 name, reader->total + (size_t)status->st_size, AA_SIZE_MAX);
	source = new_source(reader, name);
	if (!source)
		return -1;
	if (file_read(path, AA_SIZE_MAX - reader->total, &source->text, &size, reader->err))
		return error_context(reader->err, "%s:%zu:%zu", including->name.source->name,
				     including->name.line, including->name.column);
	tell(reader, path, APPARMOR_FILE, source->text, size);
	source->start = source->text;
	source->end = source->text + size;
	source->device = status->st_dev;
	source->inode = status->st_ino;
	reader->total += size;
	return open_source(reader, source);
}

/* The token behind the include is read again where the included file has ended. */
static int include_file(struct aa_reader *reader, const struct including *including,
			const char *path, const char *name, const struct stat *status)
{
	if (check_stack(reader, including, status))
		return -1;
	if (taken(reader, path)) {
		tell(reader, path, APPARMOR_FILE, NULL, 0);
		return 0;
	}
	if (aa_add_text(reader, &reader->included, path, strlen(path)) ||
	    load(reader, including, path, name, status) ||
	    including->read(reader, including->context))
		return -1;
	if (reader->token.kind != AA_END)
		return aa_expected(reader, "a rule");
	aa_close(reader);
	return 0;
}

static int include_entry(struct aa_reader *reader, const struct including *including,
			 const char *folder, const char *name, const char *entry)
{
	autofree char *path = NULL, *shown = NULL;
	struct stat status;

	if (asprintf(&path, "%s/%s", folder, entry) < 0 ||
	    asprintf(&shown, "%s/%s", name, entry) < 0)
		return aa_no_memory(reader);
	if (stat(path, &status))
		return aa_refuse(reader, &including->name, "cannot read %s: %s", path,
				 strerror(errno));
	if (S_ISREG(status.st_mode))
		return include_file(reader, including, path, shown, &status);
	tell(reader, path, S_ISDIR(status.st_mode) ? APPARMOR_FOLDER : APPARMOR_OTHER, NULL, 0);
	return 0;
}

static int include_folder(struct aa_reader *reader, const struct including *including,
			  const char *folder, const char *name)
{
	autofree char *names = NULL;
	const char *entry;
	size_t size;

	if (apparmor_names(folder, &names, &size))
		return aa_refuse(reader, &including->name, "cannot read the folder %s: %s", folder,
				 strerror(errno));
	tell(reader, folder, APPARMOR_FOLDER, names, size);
	for (entry = names; entry < names + size; entry += strlen(entry) + 1)
		if (include_entry(reader, including, folder, name, entry))
			return -1;
	return 0;
}

/* Returns 1 where nothing is at path. */
static int try_path(struct aa_reader *reader, const struct including *including, const char *path,
		    const char *name)
{
	struct stat status;

	if (stat(path, &status)) {
		if (errno == ENOENT || errno == ENOTDIR) {
			tell(reader, path, APPARMOR_NOTHING, NULL, 0);
			return 1;
		}
		return aa_refuse(reader, &including->name, "cannot read %s: %s", path,
				 strerror(errno));
	}
	if (S_ISDIR(status.st_mode))
		return include_folder(reader, including, path, name);
	if (!S_ISREG(status.st_mode))
		return aa_refuse(reader, &including->name, "%s is neither a file nor a folder",
				 path);
	return include_file(reader, including, path, name, &status);
}

static int search(struct aa_reader *reader, const struct including *including, const char *name)
{
	const struct apparmor_context *context = reader->context;

	for (size_t i = 0; i <= context->folders_count; i++) {
		const char *folder = i < context->folders_count ? context->folders[i] : FOLDER;
		autofree char *path = NULL;
		int ret;

		if (asprintf(&path, "%s/%s", folder, name) < 0)
			return aa_no_memory(reader);
		ret = try_path(reader, including, path, name);
		if (ret <= 0)
			return ret;
	}
	return 1;
}

static int find(struct aa_reader *reader, const struct including *including)
{
	autofree char *name = strndup(including->name.start, including->name.size);
	const bool quoted = including->name.kind == AA_QUOTED;
	int ret;

	if (!name)
		return aa_no_memory(reader);
	if (!*name)
		return aa_refuse(reader, &including->name, "an include names no file");
	ret = quoted ? try_path(reader, including, name, name) : search(reader, including, name);
	if (ret <= 0 || including->optional)
		return ret < 0 ? -1 : 0;
	if (quoted)
		return aa_refuse(reader, &including->name, "there is no %s", name);
	return aa_refuse(reader, &including->name,
			 "no %s in " FOLDER "%s; install what has it, or name its folder with "
			 "--apparmor-include",
			 name, reader->context->folders_count ? " or the folders named" : "");
}

bool aa_at_include(const struct aa_reader *reader)
{
	return reader->token.kind == AA_INCLUDE ||
	       (reader->token.kind == AA_WORD && aa_is(&reader->token, "include"));
}

static int read_if_exists(struct aa_reader *reader, bool *optional)
{
	*optional = reader->token.kind == AA_WORD && aa_is(&reader->token, "if");
	if (!*optional)
		return 0;
	if (aa_advance(reader))
		return -1;
	if (reader->token.kind != AA_WORD || !aa_is(&reader->token, "exists"))
		return aa_expected(reader, "\"exists\"");
	return aa_advance(reader);
}

int aa_include(struct aa_reader *reader, int (*read)(struct aa_reader *reader, void *context),
	       void *context)
{
	struct including including = {.read = read, .context = context};

	if (aa_advance(reader) || read_if_exists(reader, &including.optional))
		return -1;
	if (reader->token.kind != AA_ANGLE && reader->token.kind != AA_QUOTED)
		return aa_expected(reader, "<file> or \"file\"");
	including.name = reader->token;
	if (find(reader, &including))
		return -1;
	return aa_advance(reader);
}
