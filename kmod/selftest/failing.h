/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before every source of the selftest build of vkm and vki: what allocates asks vkfail
 * first, so that a test can make any one allocation fail, and can see what has not been freed. The
 * sources do not know. What they begin to use and is not wrapped here is told by
 * tests/guest/memory.
 */
#ifndef VKM_SELFTEST_FAILING_H
#define VKM_SELFTEST_FAILING_H

#include <linux/ftrace.h>
#include <linux/kobject.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

/* Counts a call from the code at site; true where it is the one that shall fail. Context: any. */
bool vkfail_now(unsigned long site);

/* As the functions without the prefix, except that they may fail on demand. */
void *vkfail_kmalloc(size_t size, gfp_t flags);
void *vkfail_kmalloc_array(size_t count, size_t size, gfp_t flags);
void *vkfail_kvmalloc(size_t size, gfp_t flags);
void *vkfail_kvmalloc_array(size_t count, size_t size, gfp_t flags);
void *vkfail_vmalloc(size_t size);
void *vkfail_kmemdup(const void *from, size_t size, gfp_t flags);
char *vkfail_kstrdup(const char *from, gfp_t flags);
char *vkfail_kasprintf(gfp_t flags, const char *format, ...) __printf(2, 3);
void __percpu *vkfail_alloc_percpu(size_t size, size_t alignment);
struct workqueue_struct *vkfail_alloc_workqueue(const char *name, unsigned int flags, int active);

/* Frees what the above gave, and no longer counts it as held. */
void vkfail_kfree(const void *memory);
void vkfail_kvfree(const void *memory);
void vkfail_free_percpu(void __percpu *memory);
void vkfail_kfree_rcu(const void *memory); /* after a grace period */

#ifndef VKFAIL_UNWRAPPED

/* Macros on some kernels, functions on others. */
#undef kmalloc
#undef kzalloc
#undef kmalloc_array
#undef kcalloc
#undef kvmalloc
#undef kvzalloc
#undef kvmalloc_array
#undef kvcalloc
#undef vmalloc
#undef vzalloc
#undef kmemdup
#undef kstrdup
#undef kasprintf
#undef alloc_percpu
#undef alloc_workqueue
#undef kfree
#undef kvfree
#undef vfree
#undef kfree_rcu
#undef free_percpu

#define kmalloc			 vkfail_kmalloc
#define kzalloc(size, flags)	 vkfail_kmalloc(size, (flags) | __GFP_ZERO)
#define kmalloc_array		 vkfail_kmalloc_array
#define kcalloc(n, size, flags)	 vkfail_kmalloc_array(n, size, (flags) | __GFP_ZERO)
#define kvmalloc		 vkfail_kvmalloc
#define kvzalloc(size, flags)	 vkfail_kvmalloc(size, (flags) | __GFP_ZERO)
#define kvmalloc_array		 vkfail_kvmalloc_array
#define kvcalloc(n, size, flags) vkfail_kvmalloc_array(n, size, (flags) | __GFP_ZERO)
#define vmalloc			 vkfail_vmalloc
#define kmemdup			 vkfail_kmemdup
#define kstrdup			 vkfail_kstrdup
#define kasprintf		 vkfail_kasprintf
#define alloc_percpu(type) \
	((typeof(type) __percpu *)vkfail_alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_workqueue vkfail_alloc_workqueue

#define kfree			   vkfail_kfree
#define kvfree			   vkfail_kvfree
#define vfree			   vkfail_kvfree
#define kfree_rcu(pointer, member) vkfail_kfree_rcu(pointer)
#define free_percpu		   vkfail_free_percpu

/*
 * What allocates inside the kernel. A function's name in its own macro is the function; each has
 * undone what it did when it answers -ENOMEM.
 */
#define VKFAIL_OR(call) (vkfail_now(_THIS_IP_) ? -ENOMEM : (call))

#define xa_insert(...)			  VKFAIL_OR(xa_insert(__VA_ARGS__))
#define register_kprobe(...)		  VKFAIL_OR(register_kprobe(__VA_ARGS__))
#define register_ftrace_function(...)	  VKFAIL_OR(register_ftrace_function(__VA_ARGS__))
#define register_ftrace_direct(...)	  VKFAIL_OR(register_ftrace_direct(__VA_ARGS__))
#define register_ftrace_direct_multi(...) VKFAIL_OR(register_ftrace_direct_multi(__VA_ARGS__))
#define ftrace_set_filter_ip(...)	  VKFAIL_OR(ftrace_set_filter_ip(__VA_ARGS__))
#define ftrace_set_filter_ips(...)	  VKFAIL_OR(ftrace_set_filter_ips(__VA_ARGS__))
#define tracepoint_probe_register(...)	  VKFAIL_OR(tracepoint_probe_register(__VA_ARGS__))
#define kobject_add(...)		  VKFAIL_OR(kobject_add(__VA_ARGS__))
#define sysfs_create_files(...)		  VKFAIL_OR(sysfs_create_files(__VA_ARGS__))
#define sysfs_create_group(...)		  VKFAIL_OR(sysfs_create_group(__VA_ARGS__))
#define sysfs_create_bin_file(...)	  VKFAIL_OR(sysfs_create_bin_file(__VA_ARGS__))

/* A kobject that could not be added has been initialised, and its owner puts it. */
#define kobject_init_and_add(kobject, type, ...)                        \
	(vkfail_now(_THIS_IP_) ? (kobject_init(kobject, type), -ENOMEM) \
			       : kobject_init_and_add(kobject, type, __VA_ARGS__))
#define kobject_create_and_add(...) \
	(vkfail_now(_THIS_IP_) ? NULL : kobject_create_and_add(__VA_ARGS__))
#define kset_create_and_add(...) (vkfail_now(_THIS_IP_) ? NULL : kset_create_and_add(__VA_ARGS__))

#endif
#endif
