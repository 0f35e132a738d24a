// SPDX-License-Identifier: GPL-2.0
/* A policy and a name are put into a module image; what is no template is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <elf.h>
#include <endian.h>
#include <vkernel/image.h>

#include "runtime/image.h"

/* The smallest file that has what a template must have. */
struct template
{
	Elf64_Ehdr header;
	struct {
		char front[24];
		char name[56];
	} module;
	struct policy_image policy;
	char names[64];
	Elf64_Shdr sections[4];
};

static const char names[] = "\0.gnu.linkonce.this_module\0.vkernel.policy\0.shstrtab";

static struct template sound(void)
{
	struct template t = {
		.header =
			{
				.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					    ELFDATA2LSB, EV_CURRENT},
				.e_type = ET_REL,
				.e_machine = EM_X86_64,
				.e_version = EV_CURRENT,
				.e_shoff = offsetof(struct template, sections),
				.e_ehsize = sizeof(Elf64_Ehdr),
				.e_shentsize = sizeof(Elf64_Shdr),
				.e_shnum = 4,
				.e_shstrndx = 3,
			},
		.module.name = VKI_TEMPLATE_NAME,
		.sections =
			{
				[1] = {.sh_name = 1,
				       .sh_type = SHT_PROGBITS,
				       .sh_offset = offsetof(struct template, module),
				       .sh_size = sizeof(t.module)},
				[2] = {.sh_name = 27,
				       .sh_type = SHT_PROGBITS,
				       .sh_offset = offsetof(struct template, policy),
				       .sh_size = sizeof(t.policy)},
				[3] = {.sh_name = 43,
				       .sh_type = SHT_STRTAB,
				       .sh_offset = offsetof(struct template, names),
				       .sh_size = sizeof(names)},
			},
	};

	memcpy(t.names, names, sizeof(names));
	return t;
}

static int make(const struct template *t, size_t size, const char *name, void **image,
		size_t *image_size, struct error *err)
{
	return image_make(t, size, "blob", 4, name, image, image_size, err);
}

static void the_blob_and_the_name_are_in_the_image(void **state)
{
	const struct template t = sound();
	const struct policy_image *policy;
	const struct template *made;
	size_t size;
	void *image;
	struct error err;

	(void)state;
	assert_int_equal(make(&t, sizeof(t), "vkernel_0123456789ab", &image, &size, &err), 0);
	made = image;
	assert_string_equal(made->module.name, "vkernel_0123456789ab");
	assert_int_equal(made->sections[2].sh_size, sizeof(*policy) + 4);
	assert_true(made->sections[2].sh_offset >= sizeof(t));
	assert_true(made->sections[2].sh_offset + made->sections[2].sh_size <= size);
	policy = (const void *)((const char *)image + made->sections[2].sh_offset);
	assert_int_equal(le64toh(policy->size), 4);
	assert_memory_equal(policy->blob, "blob", 4);
	free(image);
}

static void refused(const struct template *t, size_t size, const char *word)
{
	struct error err;
	size_t image_size;
	void *image;

	assert_int_equal(make(t, size, "vkernel_0123456789ab", &image, &image_size, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, word))
		fail_msg("\"%s\" does not say \"%s\"", err.text, word);
}

static void what_is_no_template_is_refused(void **state)
{
	struct template t = sound();

	(void)state;
	refused(&t, 0, "not an");
	refused(&t, 8, "not an");
	refused(&t, sizeof(t.header) + 8, "");
	t.header.e_machine = EM_AARCH64;
	refused(&t, sizeof(t), "x86-64");
	t = sound();
	t.names[30] = 'x';
	refused(&t, sizeof(t), "section");
	t = sound();
	t.sections[1].sh_offset = sizeof(t) + 100;
	refused(&t, sizeof(t), "damaged");
	t = sound();
	t.sections[1].sh_size = UINT64_MAX;
	refused(&t, sizeof(t), "damaged");
	t = sound();
	memcpy(t.module.name, "other", 6);
	refused(&t, sizeof(t), "struct module");
	memset(t.module.name, 'x', sizeof(t.module.name));
	refused(&t, sizeof(t), "struct module");
}

static void a_name_that_the_kernel_would_choke_on_is_refused(void **state)
{
	const struct template t = sound();
	char name[MODULE_NAME_MAX + 2];
	struct error err;
	size_t size;
	void *image;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[MODULE_NAME_MAX + 1] = '\0';
	assert_int_equal(make(&t, sizeof(t), name, &image, &size, &err), -1);
	name[MODULE_NAME_MAX] = '\0';
	assert_int_equal(make(&t, sizeof(t), name, &image, &size, &err), 0);
	free(image);
}

static void a_policy_comes_out_as_it_went_in(void **state)
{
	const struct template bare = sound();
	struct template t;
	size_t size, blob_size;
	void *image, *blob;
	struct error err;

	(void)state;
	assert_int_equal(image_embed(&bare, sizeof(bare), "blob", 4, &image, &size, &err), 0);
	assert_int_equal(image_policy(image, size, &blob, &blob_size, &err), 0);
	assert_int_equal(blob_size, 4);
	assert_memory_equal(blob, "blob", 4);
	assert_true(image_is_module(image, size));
	free(blob);
	free(image);

	assert_int_equal(image_policy(&bare, sizeof(bare), &blob, &blob_size, &err), -1);
	assert_non_null(strstr(err.text, "no policy"));
	t = bare;
	t.policy.size = htole64(UINT64_MAX);
	assert_int_equal(image_policy(&t, sizeof(t), &blob, &blob_size, &err), -1);
	assert_non_null(strstr(err.text, "cut"));
	assert_int_equal(image_policy("no", 2, &blob, &blob_size, &err), -1);
	assert_false(image_is_module("VKPOLICY", 8));
	assert_false(image_is_module("\177EL", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_blob_and_the_name_are_in_the_image),
		cmocka_unit_test(what_is_no_template_is_refused),
		cmocka_unit_test(a_name_that_the_kernel_would_choke_on_is_refused),
		cmocka_unit_test(a_policy_comes_out_as_it_went_in),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
