// SPDX-License-Identifier: GPL-2.0
/* From the plugin's records to names, stacks, differences and a picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/plugin/page.h"
#include "harness/profile/difference.h"
#include "harness/profile/flame.h"
#include "harness/profile/same_build.h"
#include "harness/profile/store.h"
#include "lib/file.h"
#include "lib/scratch.h"

static struct symbols *some_symbols(void)
{
	static const char *const lines[] = {
		"ffffffff81000000 T _stext",
		"ffffffff81000000 T first_function",
		"ffffffff81000100 t second_function",
		"ffffffff810001f0 t __pfx_third_function",
		"ffffffff81000200 T third_function",
		"ffffffff82000000 D some_data",
		"ffffffffc0000000 t in_a_module	[virtio_blk]",
		"ffffffffc0100000 t moves	[vkm]",
	};
	struct symbols *symbols = symbols_new();
	struct error err;

	assert_non_null(symbols);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(symbols_add_line(symbols, lines[i], &err), 0);
	return symbols;
}

static void assert_symbol(struct symbols *symbols, uint64_t address, const char *image,
			  const char *name)
{
	struct symbol symbol = symbols_find(symbols, address, 0);

	assert_string_equal(symbol.image, image);
	assert_string_equal(symbol.name, name);
}

static void addresses_of_the_kernel_get_names(void **state)
{
	struct symbols *symbols = some_symbols();
	const uint64_t *starts;
	size_t count;

	(void)state;
	assert_symbol(symbols, 0xffffffff81000000, "kernel", "first_function");
	assert_symbol(symbols, 0xffffffff810000ff, "kernel", "first_function");
	assert_symbol(symbols, 0xffffffff81000100, "kernel", "second_function");
	assert_symbol(symbols, 0xffffffff810001f8, "kernel", "second_function");
	assert_symbol(symbols, 0xffffffffc0000010, "virtio_blk", "in_a_module");
	assert_symbol(symbols, 0xffffffffc0100000, "kernel", "[generated code]");
	assert_symbol(symbols, 0xfffffffe00000000, "kernel", "[generated code]");
	assert_symbol(symbols, 0x400000, "unknown", "[unknown]");
	starts = symbols_starts(symbols, &count);
	assert_int_equal(count, 3);
	assert_true(starts[0] == 0xffffffff81000000 && starts[2] == 0xffffffff81000200);
	symbols_free(symbols);
}

static void what_is_no_line_of_symbols_is_refused(void **state)
{
	struct symbols *symbols = symbols_new();
	struct error err;

	(void)state;
	assert_int_equal(symbols_add_line(symbols, "no symbol at all", &err), -1);
	assert_int_equal(symbols_add_line(symbols, "", &err), -1);
	/* Addresses that the kernel hides. */
	assert_int_equal(symbols_add_line(symbols, "0000000000000000 T start_kernel", &err), -1);
	symbols_free(symbols);
}

/* This program is one whose pages can be known. */
static void pages_of_programs_get_names(void **state)
{
	struct symbols *symbols = symbols_new();
	uintptr_t here = (uintptr_t)pages_of_programs_get_names;
	uint64_t page = page_hash((void *)(here & ~(uintptr_t)(PAGE_BYTES - 1)));
	struct symbol symbol;
	struct error err;

	(void)state;
	assert_int_equal(symbols_add_program(symbols, "/proc/self/exe", &err), 0);
	symbol = symbols_find(symbols, here, page);
	assert_string_equal(symbol.image, "exe");
	assert_string_equal(symbol.name, "pages_of_programs_get_names");
	/* The same place of another page, which is nobody's. */
	assert_string_equal(symbols_find(symbols, here, page ^ 1).image, "unknown");
	symbols_free(symbols);
}

static void what_is_no_program_is_passed_over(void **state)
{
	struct symbols *symbols = symbols_new();
	struct error err;

	(void)state;
	assert_int_equal(symbols_add_program(symbols, "Makefile", &err), 0);
	assert_int_equal(symbols_add_program(symbols, "no/such/file", &err), -1);
	symbols_free(symbols);
}

static int read_record(const char *text, struct profile *profile, struct error *err)
{
	struct symbols *symbols = some_symbols();
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	int result;

	assert_non_null(in);
	*profile = (struct profile){0};
	result = profile_read_record(in, symbols, profile, err);
	fclose(in);
	symbols_free(symbols);
	return result;
}

static const char record[] = "launch thread 2\n"
			     "node 1 0 ffffffff81000000 0\n"
			     "node 4 1 ffffffff81000100 0\n"
			     "count 1 ffffffff81000000 0 600\n"
			     "count 1 ffffffff81000010 0 100\n"
			     "count 4 ffffffff81000110 0 200\n"
			     /* A jump into another function: its own frame over the caller's. */
			     "count 4 ffffffff81000210 0 100\n"
			     "end 1000\n";

static const struct share *find_share(const struct profile *profile, const char *symbol)
{
	for (size_t i = 0; i < profile->share_count; i++)
		if (!strcmp(profile->shares[i].symbol, symbol))
			return &profile->shares[i];
	fail_msg("no share of %s", symbol);
	return NULL;
}

static uint64_t stack_of(const struct profile *profile, const char *frames)
{
	for (size_t i = 0; i < profile->stack_count; i++)
		if (!strcmp(profile->stacks[i].frames, frames))
			return profile->stacks[i].instructions;
	return 0;
}

static void a_record_becomes_shares_and_stacks(void **state)
{
	struct profile profile;
	struct error err;

	(void)state;
	assert_int_equal(read_record(record, &profile, &err), 0);
	assert_string_equal(profile.scope, "thread");
	assert_int_equal(profile.instructions, 1000);
	assert_int_equal(profile.share_count, 3);
	assert_int_equal(find_share(&profile, "first_function")->instructions, 700);
	assert_int_equal(find_share(&profile, "third_function")->instructions, 100);
	assert_int_equal(profile.stack_count, 3);
	assert_int_equal(stack_of(&profile, "first_function"), 700);
	assert_int_equal(stack_of(&profile, "first_function;second_function"), 200);
	assert_int_equal(stack_of(&profile, "first_function;second_function;third_function"), 100);
	profile_clear(&profile);
}

static void thin_stacks_count_for_their_callers(void **state)
{
	static const char text[] = "launch launch 1\n"
				   "node 1 0 ffffffff81000000 0\n"
				   "node 2 1 ffffffff81000100 0\n"
				   "count 1 ffffffff81000000 0 999990\n"
				   "count 2 ffffffff81000100 0 10\n"
				   "end 1000000\n";
	struct profile profile;
	struct error err;

	(void)state;
	assert_int_equal(read_record(text, &profile, &err), 0);
	assert_int_equal(profile.stack_count, 1);
	assert_int_equal(stack_of(&profile, "first_function"), 1000000);
	assert_int_equal(find_share(&profile, "second_function")->instructions, 10);
	profile_clear(&profile);
}

static void what_is_no_whole_record_is_refused(void **state)
{
	static const char *const texts[] = {
		"launch thread 1\n",
		"launch thread 1\nnode 1 0 ffffffff81000000 0\ncount 1 ffffffff81000000 0 5\n",
		"launch thread 1\nnode 1 0 ffffffff81000000 0\ncount 1 ffffffff81000000 0 5\nend "
		"6\n",
		"launch thread 1\ncount 3 ffffffff81000000 0 5\nend 5\n",
		"launch thread 1\nnode 2 5 ffffffff81000000 0\nend 0\n",
		"launch thread 1\nnode 4000000000 0 ffffffff81000000 0\nend 0\n",
		"something else\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct profile profile;
		struct error err;

		assert_int_equal(read_record(texts[i], &profile, &err), -1);
		profile_clear(&profile);
	}
}

/* A profile of one workload, from lines of a record. */
static struct profile make_profile(const char *configuration, const char *text)
{
	struct profile profile;
	struct error err;

	assert_int_equal(read_record(text, &profile, &err), 0);
	profile.run = strdup("run");
	profile.workload = strdup("open<close>&\"");
	profile.configuration = strdup(configuration);
	profile.boot = 1;
	profile.operations = 10;
	profile.elapsed_ns = 1001;
	return profile;
}

static const char other[] = "launch thread 1\n"
			    "node 1 0 ffffffff81000000 0\n"
			    "node 2 1 ffffffffc0000000 0\n"
			    "count 1 ffffffff81000000 0 700\n"
			    "count 2 ffffffffc0000000 0 500\n"
			    "end 1200\n";

static void differences_are_for_each_operation_and_the_largest_first(void **state)
{
	struct profile before = make_profile("a", record), after = make_profile("b", other);
	struct difference *rows;
	struct error err;
	size_t count;

	(void)state;
	assert_int_equal(difference_make(&before, &after, &rows, &count, &err), 0);
	assert_int_equal(count, 4);
	assert_string_equal(rows[0].symbol, "in_a_module");
	assert_true(rows[0].before == 0 && rows[0].after == 50);
	assert_string_equal(rows[1].symbol, "second_function");
	assert_true(rows[1].before == 20 && rows[1].after == 0);
	assert_string_equal(rows[3].symbol, "first_function");
	assert_true(rows[3].before == 70 && rows[3].after == 70);
	free(rows);
	profile_clear(&before);
	profile_clear(&after);
}

static void a_file_of_attributions_reads_back(void **state)
{
	char path[] = "/tmp/attribution-XXXXXX";
	struct profiles written = {0}, found;
	struct profile profile = make_profile("b", other), again = make_profile("b", record);
	struct error err;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(profiles_put(&written, &profile, &err), 0);
	assert_int_equal(profiles_write(path, &written, &err), 0);
	assert_int_equal(profiles_read(path, false, &found, &err), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.rows[0].instructions, 1200);
	assert_int_equal(found.rows[0].share_count, 2);
	assert_int_equal(stack_of(&found.rows[0], "first_function;in_a_module"), 500);
	/* A later one of the same cell takes its place. */
	assert_int_equal(profiles_put(&found, &again, &err), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.rows[0].instructions, 1000);
	profiles_clear(&found);
	profiles_clear(&written);
	unlink(path);
}

static void what_is_no_attribution_is_refused_with_its_line(void **state)
{
	static const char *const texts[] = {
		"nonsense\n",
		"{}\n",
		"{\"schema\":2,\"run\":\"r\",\"boot\":1,\"workload\":\"w\",\"configuration\":\"c\","
		"\"operations\":1}\n",
		"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"workload\":\"w\",\"configuration\":\"c\","
		"\"operations\":0}\n",
		"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"workload\":\"w\",\"configuration\":\"c\","
		"\"operations\":1,\"symbols\":[{\"image\":\"kernel\"}]}\n",
		"{\"schema\":1,\"run\":\"r\",\"boot\":1,\"workload\":\"w\",\"configuration\":\"c\","
		"\"operations\":1,\"stacks\":[[\"a\",-1]]}\n",
	};
	char path[] = "/tmp/attribution-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *out = fopen(path, "w");
		struct profiles profiles;
		struct error err;

		assert_non_null(out);
		fputs(texts[i], out);
		fclose(out);
		assert_int_equal(profiles_read(path, true, &profiles, &err), -1);
		assert_non_null(strstr(err.text, "line 1"));
	}
	unlink(path);
}

/* Every element is closed in its order, and every & begins an entity. */
static void assert_well_formed(const char *text)
{
	char open[64][16];
	int depth = 0;

	for (const char *at = text; *at; at++) {
		if (*at == '&')
			assert_true(!strncmp(at, "&lt;", 4) || !strncmp(at, "&gt;", 4) ||
				    !strncmp(at, "&amp;", 5) || !strncmp(at, "&quot;", 6));
		if (*at != '<')
			continue;
		if (at[1] == '/') {
			size_t length = strcspn(at + 2, ">");

			assert_true(depth > 0);
			depth--;
			assert_int_equal(strlen(open[depth]), length);
			assert_memory_equal(open[depth], at + 2, length);
			continue;
		}
		assert_true(depth < 64);
		assert_int_equal(sscanf(at + 1, "%15[a-z]", open[depth]), 1);
		at += strcspn(at, ">");
		if (at[-1] != '/')
			depth++;
	}
	assert_int_equal(depth, 0);
}

static char *draw(const struct profile *before, const struct profile *after)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct error err;

	assert_non_null(out);
	assert_int_equal(flame_write(out, before, after, &err), 0);
	fclose(out);
	return text;
}

static void the_picture_is_well_formed_and_says_what_differs(void **state)
{
	struct profile before = make_profile("a", record), after = make_profile("b", other);
	char *text;

	(void)state;
	/* A name that would be markup. */
	free(after.stacks[1].frames);
	after.stacks[1].frames = strdup("first_function;<script>\"&\x01\xff");
	text = draw(&before, &after);
	assert_well_formed(text);
	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "&lt;script&gt;&quot;&amp;??: 0.0, then 50.0 (+50.0)"));
	assert_non_null(strstr(text, "first_function: 100.0, then 120.0 (+20.0)"));
	assert_non_null(strstr(text, "second_function: 30.0, then 0.0 (-30.0)"));
	assert_non_null(strstr(text, "+50.0 in in_a_module of virtio_blk"));
	assert_non_null(strstr(text, "prefers-color-scheme:dark"));
	assert_null(strstr(text, "http://www.w3.org/1999/xlink"));
	free(text);
	profile_clear(&before);
	profile_clear(&after);
}

static void what_is_the_same_is_grey(void **state)
{
	struct profile before = make_profile("a", record), after = make_profile("b", record);
	char *text = draw(&before, &after);

	(void)state;
	assert_null(strstr(text, "class=\"m1\""));
	assert_null(strstr(text, "class=\"m5\""));
	assert_null(strstr(text, "class=\"l5\""));
	assert_non_null(strstr(text, "class=\"n\""));
	free(text);
	profile_clear(&before);
	profile_clear(&after);
}

static void write_in(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

/* The digest is of "abc", as FIPS 180 has it. */
static void a_run_of_another_build_takes_no_attribution(void **state)
{
	static const char *const digests[] = {
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"0000000000000000000000000000000000000000000000000000000000000000",
	};
	char folder[PATH_MAX], kmod[PATH_MAX + 8], text[512];
	struct error err;

	(void)state;
	assert_int_equal(scratch_make(folder, &err), 0);
	snprintf(kmod, sizeof(kmod), "%s/kmod", folder);
	assert_int_equal(mkdir(kmod, 0755), 0);
	write_in(kmod, "vkm.ko", "abc");
	assert_int_equal(same_build(folder, folder, &err), 0);
	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "{\"schema\":1,\"modules\":{\"vkm.ko\":\"%s\"}}",
			 digests[i]);
		write_in(folder, "env.json", text);
		assert_int_equal(same_build(folder, folder, &err), -i);
	}
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(
		strstr(err.text, "its digest of vkm.ko is 000000000000, here it is ba7816bf"));
	write_in(folder, "env.json", "{\"schema\":1,\"modules\":{\"gone.ko\":\"00\"}}");
	assert_int_equal(same_build(folder, folder, &err), -1);
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_the_kernel_get_names),
		cmocka_unit_test(what_is_no_line_of_symbols_is_refused),
		cmocka_unit_test(pages_of_programs_get_names),
		cmocka_unit_test(what_is_no_program_is_passed_over),
		cmocka_unit_test(a_record_becomes_shares_and_stacks),
		cmocka_unit_test(thin_stacks_count_for_their_callers),
		cmocka_unit_test(what_is_no_whole_record_is_refused),
		cmocka_unit_test(differences_are_for_each_operation_and_the_largest_first),
		cmocka_unit_test(a_file_of_attributions_reads_back),
		cmocka_unit_test(what_is_no_attribution_is_refused_with_its_line),
		cmocka_unit_test(a_run_of_another_build_takes_no_attribution),
		cmocka_unit_test(the_picture_is_well_formed_and_says_what_differs),
		cmocka_unit_test(what_is_the_same_is_grey),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
