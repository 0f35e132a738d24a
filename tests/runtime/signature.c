// SPDX-License-Identifier: GPL-2.0
/* The signature is one that openssl takes for that of the module, in the form that the kernel reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/signature.h"

#define MARK	"~Module signature appended~\n"
#define TRAILER 12 /* struct module_signature */

static char folder[] = "/tmp/vkernel-signature-XXXXXX";

static int shell(const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && { %s; } >>log 2>&1", folder, command);
	return system(line);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	return shell("openssl req -new -x509 -nodes -newkey rsa:2048 -subj /CN=test -days 2 "
		     "-keyout key -outform DER -out certificate");
}

static int tear_down(void **state)
{
	char line[64];

	(void)state;
	snprintf(line, sizeof(line), "rm -rf %s", folder);
	return system(line);
}

static void use_key(const char *key, const char *certificate)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, key);
	setenv("VKERNEL_SIGNING_KEY", path, 1);
	snprintf(path, sizeof(path), "%s/%s", folder, certificate);
	setenv("VKERNEL_SIGNING_CERTIFICATE", path, 1);
}

static void *module(size_t size)
{
	unsigned char *bytes = malloc(size);

	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = i * 7 + (i >> 8);
	return bytes;
}

static void keep(const char *name, const void *bytes, size_t size)
{
	char path[64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, bytes, size, &err), 0);
}

static void the_kernel_finds_the_signature_behind_the_module(void **state)
{
	const size_t size = 70001;
	autofree void *before = module(size), *image = module(size);
	const unsigned char *bytes, *trailer;
	size_t made = size;
	struct error err;
	uint32_t length;

	(void)state;
	use_key("key", "certificate");
	if (signature_add(&image, &made, &err))
		fail_msg("%s", err.text);
	bytes = image;
	assert_memory_equal(bytes, before, size);
	assert_memory_equal(bytes + made - strlen(MARK), MARK, strlen(MARK));
	trailer = bytes + made - strlen(MARK) - TRAILER;
	assert_memory_equal(trailer, "\0\0\2\0\0\0\0\0", 8);
	memcpy(&length, trailer + 8, sizeof(length));
	assert_int_equal(be32toh(length), made - size - TRAILER - strlen(MARK));
	keep("module", before, size);
	keep("signature", bytes + size, be32toh(length));
	((char *)before)[size / 2] ^= 1;
	keep("changed", before, size);
#define VERIFY                                                                                \
	"openssl cms -verify -inform DER -binary -noverify -in signature -certfile pem -out " \
	"/dev/null -content "
	assert_int_equal(shell("openssl x509 -inform DER -in certificate -out pem"), 0);
	assert_int_equal(shell(VERIFY "module"), 0);
	assert_int_not_equal(shell(VERIFY "changed"), 0);
}

static void refused(const char *word)
{
	const size_t size = 100;
	autofree void *before = module(size), *image = module(size);
	size_t made = size;
	struct error err;

	assert_int_equal(signature_add(&image, &made, &err), -1);
	assert_int_equal(made, size);
	assert_memory_equal(image, before, size);
	if (!strstr(err.text, word))
		fail_msg("\"%s\" is not in: %s", word, err.text);
}

static void without_a_good_key_the_module_stays_as_it_was(void **state)
{
	(void)state;
	use_key("none", "certificate");
	refused("/none");
	use_key("certificate", "key");
	refused("openssl cannot sign the instance");
	unsetenv("VKERNEL_SIGNING_KEY");
	refused("set both or none");
}

static void a_key_and_a_certificate_must_belong_together(void **state)
{
	(void)state;
	assert_int_equal(shell("openssl genrsa -out other 2048"), 0);
	use_key("other", "certificate");
	refused("openssl cannot sign the instance");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_finds_the_signature_behind_the_module),
		cmocka_unit_test(without_a_good_key_the_module_stays_as_it_was),
		cmocka_unit_test(a_key_and_a_certificate_must_belong_together),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (system("openssl version >/dev/null 2>&1")) {
		puts("1..1\nok 1 - signatures # SKIP openssl is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
