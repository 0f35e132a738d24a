// SPDX-License-Identifier: GPL-2.0
#include <linux/capability.h>
#include <string.h>
#include <strings.h>

#include "builder/builder.h"

#define BIT(number) (UINT64_C(1) << (number))

static const char *const names[] = {
	[CAP_CHOWN] = "CAP_CHOWN",
	[CAP_DAC_OVERRIDE] = "CAP_DAC_OVERRIDE",
	[CAP_DAC_READ_SEARCH] = "CAP_DAC_READ_SEARCH",
	[CAP_FOWNER] = "CAP_FOWNER",
	[CAP_FSETID] = "CAP_FSETID",
	[CAP_KILL] = "CAP_KILL",
	[CAP_SETGID] = "CAP_SETGID",
	[CAP_SETUID] = "CAP_SETUID",
	[CAP_SETPCAP] = "CAP_SETPCAP",
	[CAP_LINUX_IMMUTABLE] = "CAP_LINUX_IMMUTABLE",
	[CAP_NET_BIND_SERVICE] = "CAP_NET_BIND_SERVICE",
	[CAP_NET_BROADCAST] = "CAP_NET_BROADCAST",
	[CAP_NET_ADMIN] = "CAP_NET_ADMIN",
	[CAP_NET_RAW] = "CAP_NET_RAW",
	[CAP_IPC_LOCK] = "CAP_IPC_LOCK",
	[CAP_IPC_OWNER] = "CAP_IPC_OWNER",
	[CAP_SYS_MODULE] = "CAP_SYS_MODULE",
	[CAP_SYS_RAWIO] = "CAP_SYS_RAWIO",
	[CAP_SYS_CHROOT] = "CAP_SYS_CHROOT",
	[CAP_SYS_PTRACE] = "CAP_SYS_PTRACE",
	[CAP_SYS_PACCT] = "CAP_SYS_PACCT",
	[CAP_SYS_ADMIN] = "CAP_SYS_ADMIN",
	[CAP_SYS_BOOT] = "CAP_SYS_BOOT",
	[CAP_SYS_NICE] = "CAP_SYS_NICE",
	[CAP_SYS_RESOURCE] = "CAP_SYS_RESOURCE",
	[CAP_SYS_TIME] = "CAP_SYS_TIME",
	[CAP_SYS_TTY_CONFIG] = "CAP_SYS_TTY_CONFIG",
	[CAP_MKNOD] = "CAP_MKNOD",
	[CAP_LEASE] = "CAP_LEASE",
	[CAP_AUDIT_WRITE] = "CAP_AUDIT_WRITE",
	[CAP_AUDIT_CONTROL] = "CAP_AUDIT_CONTROL",
	[CAP_SETFCAP] = "CAP_SETFCAP",
	[CAP_MAC_OVERRIDE] = "CAP_MAC_OVERRIDE",
	[CAP_MAC_ADMIN] = "CAP_MAC_ADMIN",
	[CAP_SYSLOG] = "CAP_SYSLOG",
	[CAP_WAKE_ALARM] = "CAP_WAKE_ALARM",
	[CAP_BLOCK_SUSPEND] = "CAP_BLOCK_SUSPEND",
	[CAP_AUDIT_READ] = "CAP_AUDIT_READ",
	[CAP_PERFMON] = "CAP_PERFMON",
	[CAP_BPF] = "CAP_BPF",
	[CAP_CHECKPOINT_RESTORE] = "CAP_CHECKPOINT_RESTORE",
};

#define COUNT (sizeof(names) / sizeof(names[0]))

static const struct {
	const char *word;
	uint64_t capabilities;
} sets[] = {
	{.word = "all", .capabilities = CAPABILITIES_ALL},
	{.word = "none", .capabilities = CAPABILITIES_NONE},
	{.word = "default",
	 .capabilities = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FSETID) |
			 BIT(CAP_FOWNER) | BIT(CAP_MKNOD) | BIT(CAP_NET_RAW) | BIT(CAP_SETGID) |
			 BIT(CAP_SETUID) | BIT(CAP_SETFCAP) | BIT(CAP_SETPCAP) |
			 BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SYS_CHROOT) | BIT(CAP_KILL) |
			 BIT(CAP_AUDIT_WRITE)},
};

int capability_number(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

const char *capability_name(unsigned int number)
{
	return number < COUNT ? names[number] : NULL;
}

static bool same_word(const char *word, const char *token, size_t size)
{
	return strlen(word) == size && !strncasecmp(word, token, size);
}

static int add_token(const char *token, size_t size, uint64_t *capabilities)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (same_word(sets[i].word, token, size)) {
			*capabilities |= sets[i].capabilities;
			return 0;
		}
	for (size_t i = 0; i < COUNT; i++)
		if (same_word(names[i], token, size) ||
		    same_word(names[i] + strlen("CAP_"), token, size)) {
			*capabilities |= BIT(i);
			return 0;
		}
	return -1;
}

int capability_list(const char *list, uint64_t *capabilities, struct error *err)
{
	for (const char *token = list;; token++) {
		size_t size = strcspn(token, ",");

		if (add_token(token, size, capabilities))
			return error_set(err, EXIT_USAGE,
					 "capability list \"%s\": \"%.*s\" is no capability; names "
					 "are as in capabilities(7), or all, none, default",
					 list, (int)size, token);
		token += size;
		if (!*token)
			return 0;
	}
}
