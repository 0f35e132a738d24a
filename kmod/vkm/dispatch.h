/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a trampoline to the rules of the task's container.
 *
 * A handler's answer is VKM_PASS, which lets the hooked function run, or what that function's caller
 * receives instead.
 *
 * Trampolines are direct-call targets, never called from C (trampoline.S). Handlers are given the
 * hooked function's own arguments, as many as they need, and the instance: of the current task, or
 * NULL where that task exits and the handler has to look itself.
 * Context: whatever the hooked function is called in; none allocates or sleeps but a private system
 * call, a private log, the reading of a folder and those of file.c.
 */
#ifndef VKM_DISPATCH_H
#define VKM_DISPATCH_H

/* No system call returns it: it lies just beyond the errno range. */
#define VKM_PASS -4096

#ifndef __ASSEMBLER__

#include <linux/capability.h>
#include <linux/stdarg.h>
#include <linux/types.h>

struct cred;
struct dentry;
struct dev_printk_info;
struct dir_context;
struct file;
struct inode;
struct io_kiocb;
struct iov_iter;
struct kernel_clone_args;
struct kernel_siginfo;
struct kiocb;
struct kobject;
struct linux_binprm;
struct list_head;
struct mm_struct;
struct open_how;
struct path;
struct pt_regs;
struct seq_file;
struct super_block;
struct task_struct;
struct user_namespace;
struct vm_area_struct;
struct vkm_instance;

void vkm_trampoline_syscall(void);
void vkm_trampoline_clone(void);
void vkm_trampoline_open(void);
void vkm_trampoline_uring(void);
void vkm_trampoline_capability(void);
void vkm_trampoline_capset(void);
void vkm_trampoline_prctl(void);
void vkm_trampoline_memory(void);
void vkm_trampoline_mmap(void);
void vkm_trampoline_log(void);
void vkm_trampoline_print(void);
void vkm_trampoline_ptrace(void);
void vkm_trampoline_traceme(void);
void vkm_trampoline_memory_of(void);
void vkm_trampoline_module_line(void);
void vkm_trampoline_module_symbol(void);
void vkm_trampoline_lookup(void);
void vkm_trampoline_revalidate(void);
void vkm_trampoline_readdir(void);
void vkm_trampoline_uevent(void);
void vkm_trampoline_kill(void);
void vkm_trampoline_socket(void);
void vkm_trampoline_file_open(void);
void vkm_trampoline_file_receive(void);
void vkm_trampoline_exec(void);
void vkm_trampoline_file_map(void);
void vkm_trampoline_file_protect(void);
void vkm_trampoline_file_lock(void);
void vkm_trampoline_file_truncate(void);
void vkm_trampoline_file_control(void);
void vkm_trampoline_file_allocate(void);
void vkm_trampoline_file_write(void);
void vkm_trampoline_change(void);
void vkm_trampoline_remove(void);
void vkm_trampoline_mkdir(void);
void vkm_trampoline_create(void);
void vkm_trampoline_rename(void);
void vkm_trampoline_link(void);
void vkm_trampoline_name_behind(void);
void vkm_trampoline_mkdir_behind(void);
void vkm_trampoline_rename_behind(void);
void vkm_trampoline_link_behind(void);

/* These tell vKM of something that any task does, and let it go on. */
void vkm_trampoline_move(void);
void vkm_trampoline_free(void);
void vkm_trampoline_shut_down(void);

/* syscall.c: what comes in as a call, by number, by what it points to, or through io_uring. */
long vkm_enter_syscall(struct vkm_instance *instance, const struct pt_regs *regs);
long vkm_enter_i386(struct vkm_instance *instance, const struct pt_regs *regs);
long vkm_enter_clone(const struct kernel_clone_args *args, struct vkm_instance *instance);
long vkm_enter_open(int directory, const char __user *name, const struct open_how *how,
		    struct vkm_instance *instance);
long vkm_enter_uring(const struct io_kiocb *request, unsigned int flags,
		     struct vkm_instance *instance);

/* capability.c; the first finds what the kernel does not export, and may sleep: 0 or -EOPNOTSUPP. */
int vkm_capability_start(void);
long vkm_enter_capability(const struct cred *cred, struct user_namespace *target, int capability,
			  unsigned int options, struct vkm_instance *instance);
long vkm_enter_capset(struct cred *new, const struct cred *old, const kernel_cap_t *effective,
		      const kernel_cap_t *inheritable, const kernel_cap_t *permitted,
		      struct vkm_instance *instance);
long vkm_enter_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		     unsigned long arg5, struct vkm_instance *instance);
long vkm_enter_memory(struct mm_struct *mm, long pages, struct vkm_instance *instance);
long vkm_enter_mmap(unsigned long address, struct vkm_instance *instance);

/*
 * klog.c; the first finds the functions and settings of the log, and may sleep: 0, -EOPNOTSUPP or
 * -ENOMEM. The second is asked about several functions: resumption is where it would go on.
 */
int vkm_log_start(void);
long vkm_enter_log(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		   struct vkm_instance *instance, unsigned long resumption);
long vkm_enter_print(int facility, int level, const struct dev_printk_info *device,
		     const char *format, va_list arguments, struct vkm_instance *instance);

/* access.c */
long vkm_enter_ptrace(struct task_struct *target, unsigned int mode, struct vkm_instance *instance);
long vkm_enter_traceme(struct task_struct *parent, struct vkm_instance *instance);
long vkm_enter_memory_of(struct task_struct *target, unsigned int mode,
			 struct vkm_instance *instance);
long vkm_enter_kill(struct task_struct *target, struct kernel_siginfo *info, int number,
		    const struct cred *cred, struct vkm_instance *instance);
long vkm_enter_socket(int family, int type, int protocol, int kernels,
		      struct vkm_instance *instance);

/* file.c: may sleep. */
long vkm_enter_file_open(struct file *file, struct vkm_instance *instance);
long vkm_enter_file_receive(struct file *file, struct vkm_instance *instance);
long vkm_enter_exec(struct linux_binprm *bprm, struct vkm_instance *instance);
long vkm_enter_file_map(struct file *file, unsigned long protection, unsigned long flags,
			struct vkm_instance *instance);
long vkm_enter_file_protect(struct vm_area_struct *area, unsigned long requested,
			    unsigned long protection, struct vkm_instance *instance);
long vkm_enter_file_lock(struct file *file, unsigned int command, struct vkm_instance *instance);
long vkm_enter_file_truncate(struct file *file, struct vkm_instance *instance);
long vkm_enter_file_control(struct file *file, unsigned int command, unsigned long argument,
			    struct vkm_instance *instance);
long vkm_enter_file_allocate(struct file *file, int mode, loff_t offset,
			     struct vkm_instance *instance);
long vkm_enter_file_write(struct kiocb *request, struct iov_iter *from,
			  struct vkm_instance *instance);
long vkm_enter_change(const struct path *path, struct vkm_instance *instance);
long vkm_enter_remove(const struct path *at, struct dentry *dentry, struct vkm_instance *instance);
long vkm_enter_mkdir(const struct path *at, struct dentry *dentry, struct vkm_instance *instance);
long vkm_enter_create(const struct path *at, struct dentry *dentry, struct vkm_instance *instance);
long vkm_enter_rename(const struct path *old_at, struct dentry *old, const struct path *new_at,
		      struct dentry *new, unsigned int flags, struct vkm_instance *instance);
long vkm_enter_link(struct dentry *old, const struct path *at, struct dentry *new,
		    struct vkm_instance *instance);
long vkm_enter_name_behind(const struct inode *at, struct dentry *dentry,
			   struct vkm_instance *instance);
long vkm_enter_mkdir_behind(const struct inode *at, struct dentry *dentry,
			    struct vkm_instance *instance);
long vkm_enter_rename_behind(const struct inode *old_at, struct dentry *old,
			     const struct inode *new_at, struct dentry *new,
			     struct vkm_instance *instance);
long vkm_enter_link_behind(const struct dentry *old, const struct inode *at, struct dentry *new,
			   struct vkm_instance *instance);

/* memory.c, and alias.c, which may sleep and is counted. */
void vkm_note_move(const struct dentry *dentry, const struct dentry *target);
void vkm_alias_shut_down(struct super_block *sb);

/*
 * hidden.c; the first finds the function that vkm_enter_readdir() calls, and may sleep: 0 or
 * -EOPNOTSUPP. vkm_enter_uevent() is asked for every task.
 */
int vkm_hidden_start(void);
long vkm_enter_module_line(const struct seq_file *file, const struct list_head *entry,
			   struct vkm_instance *instance);
long vkm_enter_module_symbol(struct vkm_instance *instance);
long vkm_enter_lookup(const struct inode *folder, const struct dentry *dentry, unsigned int flags,
		      struct vkm_instance *instance);
long vkm_enter_revalidate(const void *first, const void *second, const void *third,
			  unsigned long fourth, struct vkm_instance *instance);
long vkm_enter_readdir(struct file *file, struct dir_context *reader,
		       struct vkm_instance *instance);
long vkm_enter_uevent(const struct kobject *kobject);

#endif
#endif
