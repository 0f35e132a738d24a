// SPDX-License-Identifier: GPL-2.0
#include "tests/operator/fake.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "runtime/framework.h"
#include "runtime/state.h"

#define WORDS_MAX 16

char fake_output[65536], fake_error[2048];

static char folder[PATH_MAX], framework[PATH_MAX + 16], state[PATH_MAX + 16];

static void put(const char *path, const void *bytes, size_t size)
{
	struct error err;

	if (file_write(path, bytes, size, &err))
		fail_msg("%s", err.text);
}

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

void fake_begin(const char *abi)
{
	char path[PATH_MAX + 64];
	struct error err;

	assert_int_equal(scratch_make(folder, &err), 0);
	snprintf(framework, sizeof(framework), "%s/sys", folder);
	snprintf(state, sizeof(state), "%s/run", folder);
	make_folder(framework);
	make_folder(state);
	snprintf(path, sizeof(path), "%s/instances", framework);
	make_folder(path);
	snprintf(path, sizeof(path), "%s/abi", framework);
	put(path, abi, strlen(abi));
	framework_folder = framework;
	state_folder = state;
}

void fake_end(void)
{
	scratch_remove(folder);
}

static void instance_path(char path[PATH_MAX], const char *instance, const char *file)
{
	snprintf(path, PATH_MAX, "%.3000s/instances/%.60s/%.60s", framework, instance, file);
}

void fake_write(const char *instance, const char *file, const void *bytes, size_t size)
{
	char path[PATH_MAX];

	instance_path(path, instance, file);
	put(path, bytes, size);
}

size_t fake_read(const char *instance, const char *file, void *bytes, size_t size)
{
	autofclose FILE *stream = NULL;
	char path[PATH_MAX];

	instance_path(path, instance, file);
	stream = fopen(path, "r");
	assert_non_null(stream);
	return fread(bytes, 1, size, stream);
}

void fake_count(const char *instance, unsigned int table, unsigned int number, uint64_t count)
{
	uint64_t counts[POLICY_TABLES][POLICY_SYSCALL_MAX];

	assert_int_equal(fake_read(instance, "calls", counts, sizeof(counts)), sizeof(counts));
	counts[table][number] = count;
	fake_write(instance, "calls", counts, sizeof(counts));
}

static void write_owner(const char *name, const char *id, const char *root)
{
	autofree char *record = NULL;
	char path[PATH_MAX];
	int size;

	snprintf(path, sizeof(path), "%.3000s/%.60s", state, name);
	make_folder(path);
	snprintf(path, sizeof(path), "%.3000s/%.60s/lock", state, name);
	size = asprintf(&record, "%s%c%s", id, '\0', root);
	assert_true(size > 0);
	put(path, record, size + 1);
}

void fake_instance(const char *name, const char *id, const char *root)
{
	static const uint64_t counts[POLICY_TABLES][POLICY_SYSCALL_MAX];
	static const char denied[] = "syscall 3\nclone 0\nopen 0\nio_uring 0\ncapability 4\n"
				     "excess 100\nlog 0\nptrace 0\nlogged 200\nkilled 300\n";
	autofree void *blob = NULL;
	char path[PATH_MAX];
	size_t size;

	instance_path(path, name, "");
	make_folder(path);
	fake_write(name, "state", "bound\n", 6);
	fake_write(name, "init", "4711\n", 5);
	fake_write(name, "denied", denied, strlen(denied));
	fake_write(name, "calls", counts, sizeof(counts));
	blob = fake_blob("first", 1, &size);
	fake_write(name, "policy", blob, size);
	if (id)
		write_owner(name, id, root);
}

const char *fake_file(const char *name, const char *text)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.3000s/%.60s", folder, name);
	put(path, text, strlen(text));
	return path;
}

void *fake_blob(const char *name, int number, size_t *size)
{
	const struct seccomp_context context = {.file = "profile"};
	struct profile *profile = profile_new();
	json_t *json = json_pack("{s:s, s:i, s:[s]}", "defaultAction", "SCMP_ACT_ERRNO",
				 "defaultErrnoRet", number, "architectures", "SCMP_ARCH_X86_64");
	struct error err;
	void *blob;

	if (profile_add_seccomp(profile, json, &context, &err) ||
	    profile_set_name(profile, name, &err))
		fail_msg("%s", err.text);
	profile_set_capabilities(profile, 1 << 5);
	profile_set_excess(profile, POLICY_EXCESS_KILL);
	if (profile_emit(profile, &blob, size, &err))
		fail_msg("%s", err.text);
	json_decref(json);
	profile_free(profile);
	return blob;
}

int fake_run(int (*command)(int argc, char **argv, struct error *err), const char *const words[])
{
	char *argv[WORDS_MAX] = {(char *)"vkernel test"};
	struct error err = {.text = ""};
	int argc = 1, kept = dup(STDOUT_FILENO), fd, ret;
	FILE *captured = tmpfile();
	size_t size;

	while (words[argc - 1]) {
		argv[argc] = (char *)words[argc - 1];
		argc++;
	}
	fflush(stdout);
	assert_non_null(captured);
	fd = dup2(fileno(captured), STDOUT_FILENO);
	assert_int_equal(fd, STDOUT_FILENO);
	ret = command(argc, argv, &err);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(captured);
	size = fread(fake_output, 1, sizeof(fake_output) - 1, captured);
	fake_output[size] = '\0';
	fclose(captured);
	strcpy(fake_error, err.text);
	return ret ? (int)err.status : 0;
}
