// SPDX-License-Identifier: GPL-2.0
#include "runtime/signature.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define ENFORCED      "/sys/module/module/parameters/sig_enforce"
#define LOCKDOWN      "/sys/kernel/security/lockdown"
#define SIGNATURE_MAX (64u << 10)
#define MESSAGE_MAX   (64u << 10)

/* What ends a signed module, as the kernel defines it: the signature, this, and these words. */
#define SIGNATURE_MARK	"~Module signature appended~\n"
#define SIGNATURE_PKCS7 2

struct signature_end {
	uint8_t algorithm, hash, kind, signer_size, key_size, padding[3];
	uint32_t size; /* big-endian */
};

struct key {
	const char *private, *certificate;
};

static const struct key keys[] = {
	{"/etc/vkernel/signing.key", "/etc/vkernel/signing.crt"},
	{"/var/lib/dkms/mok.key", "/var/lib/dkms/mok.pub"},
};

static bool file_says(const char *path, const char *word)
{
	autofree char *text = NULL;
	struct error ignored;
	size_t size;

	return !file_read(path, 256, &text, &size, &ignored) && strstr(text, word);
}

static bool find_key(struct key *key)
{
	*key = (struct key){.private = getenv("VKERNEL_SIGNING_KEY"),
			    .certificate = getenv("VKERNEL_SIGNING_CERTIFICATE")};
	if (key->private || key->certificate)
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		*key = keys[i];
		if (!access(key->private, R_OK) && !access(key->certificate, R_OK))
			return true;
	}
	return false;
}

bool signature_wanted(void)
{
	struct key key;

	return find_key(&key) && (file_says(ENFORCED, "Y") || file_says(LOCKDOWN, "[integrity]") ||
				  file_says(LOCKDOWN, "[confidentiality]"));
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		size -= written;
	}
	return 0;
}

/* All that is in the file behind fd, from its beginning. */
static int read_back(int fd, size_t limit, char **bytes, size_t *size, struct error *err)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return file_read(path, limit, bytes, size, err);
}

/* Runs argv with standard error going to fd. Returns its wait status, or -1 with err set. */
static int run(char *const argv[], int messages, struct error *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int number, status;
	pid_t pid;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
	number = posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (number)
		return error_set_errno(err, EXIT_ENVIRONMENT, number,
				       "cannot run %s, which signs instances; install the package "
				       "openssl",
				       argv[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "waiting for %s",
					       argv[0]);
	return status;
}

static int refuse(const struct key *key, int messages, struct error *err)
{
	autofree char *text = NULL;
	struct error ignored;
	size_t size;

	if (read_back(messages, MESSAGE_MAX, &text, &size, &ignored))
		text = NULL;
	return error_set(err, EXIT_ENVIRONMENT,
			 "openssl cannot sign the instance with the key %s and the certificate %s: "
			 "%.1000s",
			 key->private, key->certificate, text ? text : "it does not say why");
}

/* The detached PKCS#7 signature of the file behind module, as the kernel's own sign-file makes it. */
static int sign(const struct key *key, int module, char **signature, size_t *size,
		struct error *err)
{
	autoclose int result = memfd_create("signature", MFD_CLOEXEC);
	autoclose int messages = memfd_create("messages", MFD_CLOEXEC);
	char in[64], out[64];
	char *argv[] = {(char *)"openssl",
			(char *)"cms",
			(char *)"-sign",
			(char *)"-binary",
			(char *)"-noattr",
			(char *)"-nocerts",
			(char *)"-md",
			(char *)"sha256",
			(char *)"-signer",
			(char *)key->certificate,
			(char *)"-inkey",
			(char *)key->private,
			(char *)"-in",
			in,
			(char *)"-out",
			out,
			(char *)"-outform",
			(char *)"DER",
			NULL};
	int status;

	if (result < 0 || messages < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a memory file");
	snprintf(in, sizeof(in), "/proc/%d/fd/%d", getpid(), module);
	snprintf(out, sizeof(out), "/proc/%d/fd/%d", getpid(), result);
	status = run(argv, messages, err);
	if (status < 0)
		return -1;
	if (status)
		return refuse(key, messages, err);
	return read_back(result, SIGNATURE_MAX, signature, size, err);
}

static int append(void **image, size_t *size, const char *signature, size_t signature_size,
		  struct error *err)
{
	const struct signature_end end = {.kind = SIGNATURE_PKCS7, .size = htobe32(signature_size)};
	const size_t mark = sizeof(SIGNATURE_MARK) - 1;
	char *grown = realloc(*image, *size + signature_size + sizeof(end) + mark), *place;

	if (!grown)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a module image");
	place = grown + *size;
	memcpy(place, signature, signature_size);
	memcpy(place + signature_size, &end, sizeof(end));
	memcpy(place + signature_size + sizeof(end), SIGNATURE_MARK, mark);
	*image = grown;
	*size += signature_size + sizeof(end) + mark;
	return 0;
}

int signature_add(void **image, size_t *size, struct error *err)
{
	autoclose int module = memfd_create("module", MFD_CLOEXEC);
	autofree char *signature = NULL;
	size_t signature_size;
	struct key key;

	if (module < 0 || write_all(module, *image, *size))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot write the instance to a memory file");
	if (!find_key(&key))
		return error_set(err, EXIT_ENVIRONMENT, "there is no key to sign instances with");
	if (!key.private || !key.certificate)
		return error_set(err, EXIT_USAGE,
				 "of VKERNEL_SIGNING_KEY and VKERNEL_SIGNING_CERTIFICATE one is "
				 "set; set both or none");
	if (sign(&key, module, &signature, &signature_size, err))
		return -1;
	return append(image, size, signature, signature_size, err);
}
