// SPDX-License-Identifier: GPL-2.0
#include "need.h"

#include <linux/array_size.h>
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <asm/unistd.h>
#include <compat/files.h>
#include <vkernel/rules.h>

#include "dispatch.h"

/* The same numbers on both entry paths. */
#define IO_URING_SETUP 425
#define IO_URING_ENTER 426

/* SOCK_STREAM to SOCK_DCCP, SOCK_PACKET */
#define SOCKET_TYPES 0x47e

/* A runtime's tasks are protected whatever the policy is. */
static bool always(const struct vkm_rules *rules)
{
	return true;
}

static bool restricts_log(const struct vkm_rules *rules)
{
	return rules->log != POLICY_LOG_HOST;
}

static bool has_private_log(const struct vkm_rules *rules)
{
	return rules->log == POLICY_LOG_PRIVATE;
}

static bool restricts_capabilities(const struct vkm_rules *rules)
{
	return rules->capabilities != ~0ull;
}

static bool withholds(const struct vkm_rules *rules, int capability)
{
	return !(rules->capabilities & BIT_ULL(capability));
}

static bool withholds_setpcap(const struct vkm_rules *rules)
{
	return withholds(rules, CAP_SETPCAP);
}

static bool withholds_sys_admin(const struct vkm_rules *rules)
{
	return withholds(rules, CAP_SYS_ADMIN);
}

static bool withholds_sys_rawio(const struct vkm_rules *rules)
{
	return withholds(rules, CAP_SYS_RAWIO);
}

static bool asks_fields(const struct vkm_rules *rules, unsigned int number)
{
	unsigned int path;

	for (path = 0; path < POLICY_TABLES; path++)
		if (POLICY_VERDICT_ACTION(rules->verdicts[path][number]) == POLICY_FIELDS)
			return true;
	return false;
}

static bool asks_clone3(const struct vkm_rules *rules)
{
	return asks_fields(rules, POLICY_CLONE3);
}

static bool asks_openat2(const struct vkm_rules *rules)
{
	return asks_fields(rules, POLICY_OPENAT2);
}

static bool is_refused(const struct vkm_rules *rules, unsigned int path, unsigned int number)
{
	switch (POLICY_VERDICT_ACTION(rules->verdicts[path][number])) {
	case POLICY_ERRNO:
	case POLICY_TRAP:
	case POLICY_KILL_THREAD:
	case POLICY_KILL_PROCESS:
		return true;
	}
	return false;
}

/*
 * Without both no ring can be made to work, neither an own one nor one that was passed in. One that
 * works already goes on without: the kernel's thread polls it.
 */
static bool may_use_rings(const struct vkm_rules *rules)
{
	unsigned int path;

	if (rules->successor)
		return true;
	for (path = 0; path < POLICY_TABLES; path++)
		if (!is_refused(rules, path, IO_URING_SETUP) ||
		    !is_refused(rules, path, IO_URING_ENTER))
			return true;
	return false;
}

static bool restricts_operations(const struct vkm_rules *rules)
{
	return (rules->refuses_operations || restricts_capabilities(rules)) && may_use_rings(rules);
}

static bool restricts_signals(const struct vkm_rules *rules)
{
	return rules->restricts_access && !(rules->access & POLICY_ACCESS_SIGNAL);
}

static bool restricts_tracing(const struct vkm_rules *rules)
{
	return rules->restricts_access && !(rules->access & POLICY_ACCESS_PTRACE);
}

static bool restricts_sockets(const struct vkm_rules *rules)
{
	unsigned int family;

	for (family = 0; family < POLICY_FAMILIES && rules->restricts_access; family++)
		if ((rules->socket_types[family] & SOCKET_TYPES) != SOCKET_TYPES)
			return true;
	return false;
}

static bool restricts_files(const struct vkm_rules *rules)
{
	return rules->files.states;
}

static bool restricts(const struct vkm_rules *rules, unsigned int permissions)
{
	return restricts_files(rules) && rules->files.restricted & permissions;
}

static bool restricts_receiving(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_READ | POLICY_FILE_WRITE | POLICY_FILE_APPEND);
}

/* An interpreter needs x, or both of the others. */
static bool restricts_opening(const struct vkm_rules *rules)
{
	return restricts_receiving(rules) ||
	       (restricts(rules, POLICY_FILE_EXECUTE) && restricts(rules, POLICY_FILE_MAP));
}

static bool restricts_writing(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_WRITE);
}

/* A rule denies it to some file by name: only deny rules have prefixes. */
static bool restricts_writing_by_name(const struct vkm_rules *rules)
{
	return restricts_writing(rules) && rules->files.prefixes;
}

static bool restricts_execution(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_EXECUTE);
}

static bool grants_appending_alone(const struct policy_accept *accept)
{
	int subject;

	for (subject = 0; subject < POLICY_SUBJECTS; subject++) {
		const u16 allowed = files_allowed(accept, subject);

		if (allowed & POLICY_FILE_APPEND && !(allowed & POLICY_FILE_WRITE))
			return true;
		if (files_le16(accept->denied[subject]) & POLICY_FILE_WRITE &&
		    !(files_le16(accept->denied[subject]) & POLICY_FILE_APPEND))
			return true;
	}
	return false;
}

/* Some file may be appended to and not be written otherwise. */
static bool restricts_appending(const struct vkm_rules *rules)
{
	u32 i;

	for (i = 0; restricts_files(rules) && i < rules->files.accepts; i++)
		if (grants_appending_alone(&rules->files.accept[i]))
			return true;
	return false;
}

/* What is mapped can be written without being appended to. */
static bool restricts_mapping(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_MAP) || restricts_appending(rules);
}

static bool restricts_locks(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_LOCK);
}

/* A rename reads, too. */
static bool restricts_renaming(const struct vkm_rules *rules)
{
	return restricts(rules, POLICY_FILE_READ | POLICY_FILE_WRITE);
}

/*
 * All of them return what a refusal needs, an errno in the return register (devkmsg_poll: what
 * happened), and none is entered with a lock that its caller expects it to drop.
 */
const struct vkm_group vkm_groups[] = {
	{
		.functions = {"security_ptrace_access_check"},
		.trampoline = vkm_trampoline_ptrace,
		.is_needed = always,
	},
	{
		/* Since 6.16 it lets pass, unasked, who may profile. */
		.functions = {"mm_access"},
		.trampoline = vkm_trampoline_memory_of,
		.is_needed = always,
	},
	{
		.functions = {"kernel_clone"},
		.trampoline = vkm_trampoline_clone,
		.is_needed = asks_clone3,
	},
	{
		.functions = {"do_sys_openat2"},
		.trampoline = vkm_trampoline_open,
		.is_needed = asks_openat2,
	},
	{
		.functions = {"io_issue_sqe"},
		.trampoline = vkm_trampoline_uring,
		.is_needed = restricts_operations,
	},
	{
		.functions = {"cap_capable"},
		.trampoline = vkm_trampoline_capability,
		.is_needed = restricts_capabilities,
	},
	{
		.functions = {"cap_capset"},
		.trampoline = vkm_trampoline_capset,
		.is_needed = withholds_setpcap,
	},
	{
		.functions = {"cap_task_prctl"},
		.trampoline = vkm_trampoline_prctl,
		.is_needed = withholds_setpcap,
	},
	{
		.functions = {"cap_vm_enough_memory"},
		.trampoline = vkm_trampoline_memory,
		.is_needed = withholds_sys_admin,
	},
	{
		.functions = {"cap_mmap_addr"},
		.trampoline = vkm_trampoline_mmap,
		.is_needed = withholds_sys_rawio,
	},
	{
		.functions =
			{
				"do_syslog", /* syslog(2) and /proc/kmsg */
				"kmsg_open", /* the latter */
				"devkmsg_open",
				"devkmsg_read", /* this and the next: a descriptor from outside */
				"devkmsg_write",
				"devkmsg_llseek",
				"devkmsg_poll",
			},
		.trampoline = vkm_trampoline_log,
		.is_needed = restricts_log,
	},
	{
		.functions = {"security_task_kill"},
		.trampoline = vkm_trampoline_kill,
		.is_needed = restricts_signals,
	},
	{
		.functions = {"security_ptrace_traceme"},
		.trampoline = vkm_trampoline_traceme,
		.is_needed = restricts_tracing,
	},
	{
		.functions = {"security_socket_create"},
		.trampoline = vkm_trampoline_socket,
		.is_needed = restricts_sockets,
	},
	/* The next three are there before anything is remembered of a file. */
	{
		.functions = {"__d_move"},
		.trampoline = vkm_trampoline_move,
		.is_needed = restricts_files,
	},
	{
		.functions = {"__d_free", "__d_free_external"},
		.trampoline = vkm_trampoline_free,
		.is_needed = restricts_files,
	},
	{
		.functions = {"generic_shutdown_super"},
		.trampoline = vkm_trampoline_shut_down,
		.is_needed = restricts_files,
	},
	{
		.functions = {"security_file_open"},
		.trampoline = vkm_trampoline_file_open,
		.is_needed = restricts_opening,
	},
	{
		.functions = {"security_file_receive"},
		.trampoline = vkm_trampoline_file_receive,
		.is_needed = restricts_receiving,
	},
	{
		.functions = {"security_bprm_check"},
		.trampoline = vkm_trampoline_exec,
		.is_needed = restricts_execution,
	},
	{
		.functions = {"security_mmap_file"},
		.trampoline = vkm_trampoline_file_map,
		.is_needed = restricts_mapping,
	},
	{
		.functions = {"security_file_mprotect"},
		.trampoline = vkm_trampoline_file_protect,
		.is_needed = restricts_mapping,
	},
	{
		.functions = {"security_file_lock"},
		.trampoline = vkm_trampoline_file_lock,
		.is_needed = restricts_locks,
	},
	/* The next three keep who opened a file to append to it from writing elsewhere. */
	{
		.functions = {"security_file_fcntl"},
		.trampoline = vkm_trampoline_file_control,
		.is_needed = restricts_appending,
	},
	{
		.functions = {"vfs_fallocate"},
		.trampoline = vkm_trampoline_file_allocate,
		.is_needed = restricts_appending,
	},
	{
		.functions = {"generic_write_checks"}, /* RWF_NOAPPEND */
		.trampoline = vkm_trampoline_file_write,
		.is_needed = restricts_appending,
	},
	{
		.functions = {COMPAT_TRUNCATE_OF_FILE},
		.trampoline = vkm_trampoline_file_truncate,
		.is_needed = restricts_writing,
	},
	{
		.functions =
			{
				"security_path_truncate",
				"security_path_chmod",
				"security_path_chown",
			},
		.trampoline = vkm_trampoline_change,
		.is_needed = restricts_writing,
	},
	{
		.functions = {"security_path_unlink", "security_path_rmdir"},
		.trampoline = vkm_trampoline_remove,
		.is_needed = restricts_writing,
	},
	{
		.functions = {"security_path_mkdir"},
		.trampoline = vkm_trampoline_mkdir,
		.is_needed = restricts_writing,
	},
	{
		.functions = {"security_path_mknod", "security_path_symlink"},
		.trampoline = vkm_trampoline_create,
		.is_needed = restricts_writing,
	},
	{
		.functions = {"security_path_rename"},
		.trampoline = vkm_trampoline_rename,
		.is_needed = restricts_renaming,
	},
	{
		/* What is allowed on one path and not on another must not be moved by a link. */
		.functions = {"security_path_link"},
		.trampoline = vkm_trampoline_link,
		.is_needed = restricts_files,
	},
	{
		/* The next four see what a stacked file system does in its layers. */
		.functions =
			{
				"security_inode_create",
				"security_inode_mknod",
				"security_inode_symlink",
				"security_inode_unlink",
				"security_inode_rmdir",
			},
		.trampoline = vkm_trampoline_name_behind,
		.is_needed = restricts_writing_by_name,
	},
	{
		.functions = {"security_inode_mkdir"},
		.trampoline = vkm_trampoline_mkdir_behind,
		.is_needed = restricts_writing_by_name,
	},
	{
		.functions = {"security_inode_rename"},
		.trampoline = vkm_trampoline_rename_behind,
		.is_needed = restricts_writing_by_name,
	},
	{
		.functions = {"security_inode_link"},
		.trampoline = vkm_trampoline_link_behind,
		.is_needed = restricts_writing_by_name,
	},
	{
		/* The innermost that is told level and device; every printk() ends there. */
		.functions = {"vprintk_store"},
		.trampoline = vkm_trampoline_print,
		.is_needed = has_private_log,
	},
	{
		/* The next ones hide instances. */
		.functions = {"modules_op->show"},
		.trampoline = vkm_trampoline_module_line,
		.is_needed = always,
	},
	{
		.functions = {"module_get_kallsym"},
		.trampoline = vkm_trampoline_module_symbol,
		.is_needed = always,
	},
	{
		.functions = {"kernfs_iop_lookup"},
		.trampoline = vkm_trampoline_lookup,
		.is_needed = always,
	},
	{
		.functions = {"kernfs_dop_revalidate"},
		.trampoline = vkm_trampoline_revalidate,
		.is_needed = always,
	},
	{
		.functions = {"kernfs_fop_readdir"},
		.trampoline = vkm_trampoline_readdir,
		.is_needed = always,
	},
	{
		.functions = {"uevent_filter"}, /* of modules */
		.trampoline = vkm_trampoline_uevent,
		.is_needed = always,
	},
};

const unsigned int vkm_groups_count = ARRAY_SIZE(vkm_groups);

/* What is decided by fields is not asked at the entry. */
void vkm_need_calls(const struct vkm_rules *rules, unsigned int path, unsigned long *bitmap)
{
	unsigned int number;

	bitmap_zero(bitmap, POLICY_SYSCALL_MAX);
	for (number = 0; number < POLICY_SYSCALL_MAX; number++)
		switch (POLICY_VERDICT_ACTION(rules->verdicts[path][number])) {
		case POLICY_ALLOW:
		case POLICY_FIELDS:
			break;
		default:
			__set_bit(number, bitmap);
		}
}
