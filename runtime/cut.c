// SPDX-License-Identifier: GPL-2.0
#include "runtime/cut.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/scan.h"

/* What becomes of a member: ENTER is for an object whose own members have rows. */
enum fate { ENTER, REST_ONLY, APART };

struct row {
	const char *name;
	enum fate fate;
	const struct row *rows; /* of ENTER */
};

static const struct row process_rows[] = {
	{.name = "args", .fate = REST_ONLY},	{.name = "env", .fate = REST_ONLY},
	{.name = "user", .fate = REST_ONLY},	{.name = "cwd", .fate = REST_ONLY},
	{.name = "rlimits", .fate = REST_ONLY}, {.name = NULL},
};

static const struct row linux_rows[] = {
	{.name = "seccomp", .fate = APART},	      {.name = "resources", .fate = REST_ONLY},
	{.name = "devices", .fate = REST_ONLY},	      {.name = "cgroupsPath", .fate = REST_ONLY},
	{.name = "sysctl", .fate = REST_ONLY},	      {.name = "maskedPaths", .fate = REST_ONLY},
	{.name = "readonlyPaths", .fate = REST_ONLY}, {.name = NULL},
};

static const struct row root_rows[] = {
	{.name = "process", .fate = ENTER, .rows = process_rows},
	{.name = "linux", .fate = ENTER, .rows = linux_rows},
	{.name = "mounts", .fate = REST_ONLY},
	{.name = "root", .fate = REST_ONLY},
	{.name = "hostname", .fate = REST_ONLY},
	{.name = "ociVersion", .fate = REST_ONLY},
	{.name = NULL},
};

struct cutter {
	char *rest, *lean;   /* where the next byte goes */
	const char *end;     /* of the text */
	const char *seccomp; /* in the text */
	size_t seccomp_size;
};

static const char *skip_blank(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* Behind the string whose opening quote is at at; NULL: it has no end. */
static const char *skip_string(const char *at)
{
	for (at++;; at += 2) {
		at += strcspn(at, "\"\\");
		if (*at == '"')
			return at + 1;
		if (!at[0] || !at[1])
			return NULL;
	}
}

/* Behind the value at at; NULL: see scan_container(). */
static const char *skip_value(const struct cutter *cutter, const char *at)
{
	if (*at == '"')
		return skip_string(at);
	if (*at != '{' && *at != '[')
		return at + strspn(at, "0123456789+-.eEtrufalsn");
	return scan_container(at, cutter->end);
}

static void put(char **to, const char *from, size_t size)
{
	memcpy(*to, from, size);
	*to += size;
}

/* Before a member: what the last byte is tells whether one stands before it. */
static void put_name(char **to, const char *name, size_t size)
{
	if ((*to)[-1] != '{')
		*(*to)++ = ',';
	put(to, name, size);
	*(*to)++ = ':';
}

static const struct row *find_row(const struct row *rows, const char *name, size_t size)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == size && !memcmp(rows->name, name, size))
			return rows;
	return NULL;
}

static const char *cut_object(struct cutter *cutter, const char *at, const struct row *rows);

/* The value at at of a member whose name is written, or not, as its row says; returns its end. */
static const char *cut_value(struct cutter *cutter, const char *at, const struct row *row)
{
	const char *end;

	if (row && row->fate == ENTER && *at == '{')
		return cut_object(cutter, at, row->rows);
	end = skip_value(cutter, at);
	if (!end || end == at)
		return NULL;
	if (row && row->fate == APART) {
		cutter->seccomp = at;
		cutter->seccomp_size = end - at;
		return end;
	}
	put(&cutter->rest, at, end - at);
	if (!row || row->fate == ENTER)
		put(&cutter->lean, at, end - at);
	return end;
}

/* The member at at; returns its end, or NULL. seen has a bit for each row that there was. */
static const char *cut_member(struct cutter *cutter, const char *at, const struct row *rows,
			      unsigned int *seen)
{
	const char *name = at, *end;
	const struct row *row;

	if (*name != '"')
		return NULL;
	end = name + 1 + strcspn(name + 1, "\"\\");
	if (*end != '"')
		return NULL;
	row = find_row(rows, name + 1, end - name - 1);
	if (row && *seen & 1u << (row - rows))
		return NULL;
	*seen |= row ? 1u << (row - rows) : 0;
	at = skip_blank(end + 1);
	if (*at != ':')
		return NULL;
	at = skip_blank(at + 1);
	if (row && row->fate == APART && *at != '{')
		return NULL;
	if (!row || row->fate != APART)
		put_name(&cutter->rest, name, end + 1 - name);
	if (!row || row->fate == ENTER)
		put_name(&cutter->lean, name, end + 1 - name);
	return cut_value(cutter, at, row);
}

/* The object at at; returns its end, or NULL. */
static const char *cut_object(struct cutter *cutter, const char *at, const struct row *rows)
{
	unsigned int seen = 0;

	put(&cutter->rest, "{", 1);
	put(&cutter->lean, "{", 1);
	at = skip_blank(at + 1);
	if (*at != '}') {
		for (;;) {
			at = cut_member(cutter, at, rows, &seen);
			if (!at)
				return NULL;
			at = skip_blank(at);
			if (*at != ',')
				break;
			at = skip_blank(at + 1);
		}
	}
	if (*at != '}')
		return NULL;
	put(&cutter->rest, "}", 1);
	put(&cutter->lean, "}", 1);
	return at + 1;
}

static bool cut_all(const char *text, size_t size, struct cut *cut)
{
	struct cutter cutter = {.rest = cut->rest, .lean = cut->lean, .end = text + size};
	const char *at = skip_blank(text);

	if (*at != '{')
		return false;
	at = cut_object(&cutter, at, root_rows);
	if (!at || *skip_blank(at))
		return false;
	*cutter.rest = '\0';
	*cutter.lean = '\0';
	cut->lean_size = cutter.lean - cut->lean;
	cut->seccomp = cutter.seccomp;
	cut->seccomp_size = cutter.seccomp_size;
	return true;
}

/* What is written is what was read, without blanks: it is never longer. */
bool cut_config(const char *text, size_t size, struct cut *cut)
{
	*cut = (struct cut){.seccomp = NULL};
	if (strlen(text) != size)
		return false;
	cut->rest = malloc(size + 1);
	cut->lean = malloc(size + 1);
	if (cut->rest && cut->lean && cut_all(text, size, cut))
		return true;
	cut_free(cut);
	return false;
}

void cut_free(struct cut *cut)
{
	free(cut->rest);
	free(cut->lean);
	*cut = (struct cut){.seccomp = NULL};
}
