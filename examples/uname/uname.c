// SPDX-License-Identifier: GPL-2.0
/*
 * A private uname(2): the container's programs are told a kernel release of their own. Everything
 * else is what the container's UTS namespace says. Walked through in docs/extending.md.
 */
#include <linux/personality.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <vkernel/private.h>

#ifndef RELEASE
#define RELEASE "6.12.0-private"
#endif

/*
 * What uname(2) would find: the namespace's names, and the architecture that setarch(8) chose. The
 * lock over the names is not for modules: a hostname that is being changed at this moment may be
 * read half changed.
 */
static void read_names(struct new_utsname *names)
{
	*names = *utsname();
	strscpy_pad(names->release, RELEASE, sizeof(names->release));
	if (personality(current->personality) == PER_LINUX32)
		strscpy_pad(names->machine, "i686", sizeof(names->machine));
}

/* uname of x86-64, and the newest of the three of i386. */
static long private_uname(const struct pt_regs *regs)
{
	struct new_utsname names;

	read_names(&names);
	if (copy_to_user(vki_pointer(regs, 0), &names, sizeof(names)))
		return -EFAULT;
	return 0;
}

/* i386 only: the same without the domain's name. */
static long private_olduname(const struct pt_regs *regs)
{
	struct new_utsname names;

	read_names(&names);
	if (copy_to_user(vki_pointer(regs, 0), &names, sizeof(struct old_utsname)))
		return -EFAULT;
	return 0;
}

/* A field of eight characters and the end. */
static void cut(char to[__OLD_UTS_LEN + 1], const char *from)
{
	memcpy(to, from, __OLD_UTS_LEN);
}

/* i386 only: the oldest. */
static long private_oldolduname(const struct pt_regs *regs)
{
	struct oldold_utsname cut_names = {};
	struct new_utsname names;

	read_names(&names);
	cut(cut_names.sysname, names.sysname);
	cut(cut_names.nodename, names.nodename);
	cut(cut_names.release, names.release);
	cut(cut_names.version, names.version);
	cut(cut_names.machine, names.machine);
	if (copy_to_user(vki_pointer(regs, 0), &cut_names, sizeof(cut_names)))
		return -EFAULT;
	return 0;
}

VKI_PRIVATE_CALL(uname, private_uname);
VKI_PRIVATE_CALL(olduname, private_olduname);
VKI_PRIVATE_CALL(oldolduname, private_oldolduname);

/* old_utsname is the beginning of new_utsname. */
static_assert(offsetof(struct new_utsname, domainname) == sizeof(struct old_utsname));
