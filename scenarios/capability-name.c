// SPDX-License-Identifier: GPL-2.0
#include "scenarios/capability-name.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
	"CHOWN",
	"DAC_OVERRIDE",
	"DAC_READ_SEARCH",
	"FOWNER",
	"FSETID",
	"KILL",
	"SETGID",
	"SETUID",
	"SETPCAP",
	"LINUX_IMMUTABLE",
	"NET_BIND_SERVICE",
	"NET_BROADCAST",
	"NET_ADMIN",
	"NET_RAW",
	"IPC_LOCK",
	"IPC_OWNER",
	"SYS_MODULE",
	"SYS_RAWIO",
	"SYS_CHROOT",
	"SYS_PTRACE",
	"SYS_PACCT",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_NICE",
	"SYS_RESOURCE",
	"SYS_TIME",
	"SYS_TTY_CONFIG",
	"MKNOD",
	"LEASE",
	"AUDIT_WRITE",
	"AUDIT_CONTROL",
	"SETFCAP",
	"MAC_OVERRIDE",
	"MAC_ADMIN",
	"SYSLOG",
	"WAKE_ALARM",
	"BLOCK_SUSPEND",
	"AUDIT_READ",
	"PERFMON",
	"BPF",
	"CHECKPOINT_RESTORE",
};

#define NAMES (int)(sizeof(names) / sizeof(*names))

void capability_name(int capability, char name[40])
{
	if (capability < NAMES)
		snprintf(name, 40, "CAP_%s", names[capability]);
	else
		snprintf(name, 40, "CAP_%d", capability);
}

bool capability_listed(int capability, const char *const *list)
{
	char name[40];

	capability_name(capability, name);
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}
