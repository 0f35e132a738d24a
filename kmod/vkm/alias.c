// SPDX-License-Identifier: GPL-2.0
/*
 * Pins are found by inode without a lock, under RCU: one that was unlinked meanwhile still says
 * what was true a moment before. The inode's address is that of the pinned one as long as the pin
 * holds it, and the pin is unlinked before it lets go.
 */
#include "alias.h"

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <compat/files.h>
#include <vkernel/rules.h>

#include "dispatch.h"
#include "instance.h"
#include "memory.h"
#include "place.h"

/*
 * More than a blob's prefixes: each exchange of rules may add some. Half of them is for what the
 * container itself makes necessary by mounting overlays.
 */
#define PINS_MAX 16384

struct pin {
	struct hlist_node node;	       /* in `pins`; changed under pins_lock */
	struct list_head list;	       /* in `all`, or in `leaving` */
	struct inode *inode;	       /* a reference */
	const struct super_block *sb;  /* the inode's; a name */
	struct vkm_instance *instance; /* followed only while it is in `all` */
	struct rcu_head rcu;
	size_t length;
	char name[]; /* without a '/' at its end; not terminated */
};

static DEFINE_HASHTABLE(pins, 12);
static LIST_HEAD(all);	   /* struct pin; under pins_lock */
static LIST_HEAD(leaving); /* those whose inodes are being let go; likewise */
static DEFINE_SPINLOCK(pins_lock);
static DECLARE_WAIT_QUEUE_HEAD(left); /* woken when a pin has left, or vkm_alias_shut_down() */

static bool is_pinned(const struct vkm_instance *instance, const struct inode *inode,
		      const char *name, size_t length)
{
	const struct pin *pin;

	hash_for_each_possible(pins, pin, node, (unsigned long)inode)
		if (pin->inode == inode && pin->instance == instance && pin->length == length &&
		    !memcmp(pin->name, name, length))
			return true;
	return false;
}

/*
 * Under pins_lock, which igrab() may be called with: nobody takes it below i_lock. 1: it was added;
 * 0: it is there already; -ENOMEM: the instance has too many.
 */
static int add_pin(struct vkm_instance *instance, struct inode *inode, struct pin *pin,
		   unsigned int max)
{
	if (is_pinned(instance, inode, pin->name, pin->length))
		return 0;
	if (instance->pins >= max)
		return -ENOMEM;
	pin->inode = igrab(inode);
	if (!pin->inode)
		return 0;
	pin->sb = inode->i_sb;
	hash_add_rcu(pins, &pin->node, (unsigned long)inode);
	list_add(&pin->list, &all);
	WRITE_ONCE(instance->pins, instance->pins + 1);
	return 1;
}

static int pin_inode(struct vkm_instance *instance, struct inode *inode, const char *name,
		     size_t length, unsigned int max, gfp_t gfp)
{
	struct pin *pin = kmalloc(struct_size(pin, name, length), gfp);
	int added;

	if (!pin)
		return -ENOMEM;
	pin->instance = instance;
	pin->length = length;
	memcpy(pin->name, name, length);
	spin_lock(&pins_lock);
	added = add_pin(instance, inode, pin, max);
	spin_unlock(&pins_lock);
	if (added > 0)
		vkm_forget();
	else
		kfree(pin);
	return min(added, 0);
}

/* Unlinks one pin that `fits`, which is leaving then, or returns NULL. */
static struct pin *take_pin(bool (*fits)(const struct pin *pin, const void *what), const void *what)
{
	struct pin *pin;

	spin_lock(&pins_lock);
	list_for_each_entry(pin, &all, list) {
		if (fits(pin, what)) {
			hash_del_rcu(&pin->node);
			list_move(&pin->list, &leaving);
			WRITE_ONCE(pin->instance->pins, pin->instance->pins - 1);
			spin_unlock(&pins_lock);
			return pin;
		}
	}
	spin_unlock(&pins_lock);
	return NULL;
}

static void drop(bool (*fits)(const struct pin *pin, const void *what), const void *what)
{
	struct pin *pin;

	while ((pin = take_pin(fits, what))) {
		iput(pin->inode);
		spin_lock(&pins_lock);
		list_del(&pin->list);
		spin_unlock(&pins_lock);
		wake_up_all(&left);
		kfree_rcu(pin, rcu);
	}
}

static bool is_of_instance(const struct pin *pin, const void *what)
{
	return pin->instance == what;
}

static bool is_of_super_block(const struct pin *pin, const void *what)
{
	return pin->sb == what;
}

/* Under pins_lock: whether somebody holds inode beside its pins. */
static bool is_held(const struct inode *inode)
{
	const struct pin *pin;
	int holders = atomic_read(&inode->i_count);

	hash_for_each_possible(pins, pin, node, (unsigned long)inode)
		holders -= pin->inode == inode;
	return holders > 0;
}

/* Who holds it has it open, or something that was below it, and may open that again. */
static bool is_deleted(const struct pin *pin, const void *what)
{
	return !READ_ONCE(pin->inode->i_nlink) && !is_held(pin->inode);
}

void vkm_alias_drop(struct vkm_instance *instance)
{
	drop(is_of_instance, instance);
}

void vkm_alias_drop_deleted(void)
{
	drop(is_deleted, NULL);
}

static atomic_t shutting_down = ATOMIC_INIT(0); /* tasks in vkm_alias_shut_down() */

static bool is_being_left(const struct super_block *sb)
{
	const struct pin *pin;
	bool found = false;

	spin_lock(&pins_lock);
	list_for_each_entry(pin, &leaving, list)
		found |= pin->sb == sb;
	spin_unlock(&pins_lock);
	return found;
}

/*
 * Called by whoever shuts a file system down, before its inodes are evicted: a pin is made while a
 * path on it is held, so none comes after. What others have begun to let go (an instance that ends)
 * is waited for: an inode that is still held then would outlive its file system.
 * It may sleep, so vKM must not leave while one is in here: they are counted, from before the first
 * sleep to after the last one.
 */
void vkm_alias_shut_down(struct super_block *sb)
{
	atomic_inc(&shutting_down);
	drop(is_of_super_block, sb);
	wait_event(left, !is_being_left(sb));
	if (atomic_dec_and_test(&shutting_down))
		wake_up_all(&left);
}

void vkm_alias_stop(void)
{
	wait_event(left, !atomic_read(&shutting_down));
}

/* The topmost place that can be reached by going up: that of d_absolute_path(). */
static struct path absolute_root(const struct path *from)
{
	struct path root = *from;

	path_get(&root);
	while (follow_up(&root))
		;
	dput(root.dentry);
	root.dentry = dget(root.mnt->mnt_root);
	return root;
}

/* What lies behind a file of overlayfs is pinned too: it has other names in the same layer. */
static int pin_path(struct vkm_instance *instance, const struct path *path, const char *name,
		    size_t length)
{
	struct inode *inode = d_inode(path->dentry);
	struct inode *real = d_inode(compat_real_dentry(path->dentry));
	int error = pin_inode(instance, inode, name, length, PINS_MAX, GFP_KERNEL);

	if (!error && real && real != inode)
		error = pin_inode(instance, real, name, length, PINS_MAX, GFP_KERNEL);
	return error;
}

static int pin_name(struct vkm_instance *instance, const struct path *root, const char *name)
{
	size_t length = strlen(name);
	struct path path;
	int error = vfs_path_lookup(root->dentry, root->mnt, name, LOOKUP_DOWN | LOOKUP_NO_SYMLINKS,
				    &path);

	if (error)
		return error;
	while (length && name[length - 1] == '/')
		length--;
	error = pin_path(instance, &path, name, length);
	path_put(&path);
	return error;
}

/*
 * A name and the directories on the way to it, in which it may be made later, or again. Those that
 * the way to `last` has too are pinned already; what is missing has nothing below it.
 */
static int pin_way(struct vkm_instance *instance, const struct path *root, const char *name,
		   const char *last, char *buffer)
{
	size_t length;
	int error = 0;

	for (length = 1; name[length] && !error; length++) {
		if (name[length] != '/' || !strncmp(name, last, length + 1))
			continue;
		memcpy(buffer, name, length);
		buffer[length] = '\0';
		error = pin_name(instance, root, buffer);
	}
	if (!error)
		error = pin_name(instance, root, name);
	return error == -ENOMEM ? error : 0;
}

/* They are sorted, so all that have a directory in common follow each other. */
static int pin_names(struct vkm_instance *instance, const struct files *files,
		     const struct path *root)
{
	const char *last = "", *name;
	char *buffer = kmalloc(POLICY_PREFIX_MAX + 1, GFP_KERNEL);
	int error = -ENOMEM;
	u32 i;

	if (buffer)
		error = pin_way(instance, root, "/", last, buffer);
	for (i = 0; i < files->prefixes && !error; i++, last = name) {
		name = files->text + files_le32(files->prefix[i]);
		error = pin_way(instance, root, name, last, buffer);
	}
	kfree(buffer);
	return error;
}

/* With the kernel's credentials: the container's user may not be allowed to look. */
int vkm_alias_pin(struct vkm_instance *instance, const struct vkm_rules *rules,
		  const struct path *from)
{
	struct path root;
	const struct cred *old;
	struct cred *kernel;
	int error;

	if (!rules->files.prefixes)
		return 0;
	kernel = prepare_kernel_cred(&init_task);
	if (!kernel)
		return -ENOMEM;
	root = absolute_root(from);
	old = override_creds(kernel);
	error = pin_names(instance, &rules->files, &root);
	revert_creds(old);
	path_put(&root);
	put_cred(kernel);
	return error;
}

/* Writes dentry's name with a '/' before it in front of *at. */
static bool prepend_name(struct dentry *dentry, const char *start, char **at)
{
	struct name_snapshot name;
	bool fits;

	take_dentry_name_snapshot(&name, dentry);
	fits = *at - start > name.name.len;
	if (fits) {
		*at -= name.name.len + 1;
		**at = '/';
		memcpy(*at + 1, name.name.name, name.name.len);
	}
	release_dentry_name_snapshot(&name);
	return fits;
}

static char *write_way(struct dentry *dentry, const struct dentry *top, char *buffer, size_t size)
{
	char *at = buffer + size;

	for (; dentry != top; dentry = READ_ONCE(dentry->d_parent))
		if (IS_ROOT(dentry) || !prepend_name(dentry, buffer, &at))
			return NULL;
	return at;
}

/* A rename meanwhile makes the way a wrong one: then once more, and none comes between. */
char *vkm_alias_way(struct dentry *dentry, const struct dentry *top, char *buffer, size_t size)
{
	unsigned int sequence;
	char *way;

	rcu_read_lock();
	sequence = read_seqbegin(&rename_lock);
	way = write_way(dentry, top, buffer, size);
	if (read_seqretry(&rename_lock, sequence)) {
		read_seqlock_excl(&rename_lock);
		way = write_way(dentry, top, buffer, size);
		read_sequnlock_excl(&rename_lock);
	}
	rcu_read_unlock();
	return way;
}

static bool is_refused(const struct vkm_aliases *aliases)
{
	const u16 denied = aliases->denied[aliases->subject];

	return denied & aliases->permissions && (!aliases->instead || denied & aliases->instead);
}

/* Another name: `name`, then what stands at `way` up to the end of names->other. */
static int ask_name(struct vkm_aliases *aliases, struct vkm_names *names, char *way,
		    const char *name, size_t length)
{
	const struct policy_accept *accept;
	int subject;

	if (length > way - names->other)
		return -ENAMETOOLONG;
	way -= length;
	memcpy(way, name, length);
	length = names->other + sizeof(names->other) - way;
	accept = files_match(aliases->files, way, length);
	for (subject = 0; subject < POLICY_SUBJECTS; subject++)
		aliases->denied[subject] |= files_le16(accept->denied[subject]);
	if (!is_refused(aliases))
		return 0;
	aliases->accept = accept;
	aliases->name = way;
	aliases->length = length;
	return 1;
}

/* 0: go on. */
static int ask_pins(struct vkm_aliases *aliases, struct vkm_names *names, char *way,
		    const struct inode *inode)
{
	const struct pin *pin;
	int answer = 0;

	hash_for_each_possible_rcu(pins, pin, node, (unsigned long)inode) {
		if (pin->inode == inode && pin->instance == aliases->instance && !answer)
			answer = ask_name(aliases, names, way, pin->name, pin->length);
	}
	return answer;
}

/* One way up, from dentry to the root of its file system. */
static int ask_upwards(struct vkm_aliases *aliases, struct dentry *dentry, bool directory,
		       struct vkm_names *names)
{
	char *way = names->other + sizeof(names->other);
	const char *place = vkm_usual_place(dentry->d_sb);
	int answer;

	if (directory)
		*--way = '/';
	for (;; dentry = READ_ONCE(dentry->d_parent)) {
		const struct inode *inode = READ_ONCE(dentry->d_inode);

		answer = inode ? ask_pins(aliases, names, way, inode) : 0;
		if (answer || IS_ROOT(dentry))
			break;
		if (!prepend_name(dentry, names->other, &way))
			return -ENAMETOOLONG;
	}
	if (!answer && place)
		answer = ask_name(aliases, names, way, place, strlen(place));
	return answer;
}

/* As vkm_alias_way(); what was found on a wrong way does not count. */
static int ask_steadily(struct vkm_aliases *aliases, struct dentry *dentry, bool directory,
			struct vkm_names *names)
{
	const struct vkm_aliases before = *aliases;
	unsigned int sequence;
	int answer;

	rcu_read_lock();
	sequence = read_seqbegin(&rename_lock);
	answer = ask_upwards(aliases, dentry, directory, names);
	if (read_seqretry(&rename_lock, sequence)) {
		*aliases = before;
		read_seqlock_excl(&rename_lock);
		answer = ask_upwards(aliases, dentry, directory, names);
		read_sequnlock_excl(&rename_lock);
	}
	rcu_read_unlock();
	return answer;
}

/*
 * A file of overlayfs that was recognised by what lies behind it stays recognised when a copy-up
 * puts something else there. Without memory that is tried again next time.
 */
static void pin_in_front(const struct vkm_aliases *aliases, struct dentry *dentry,
			 const struct inode *real)
{
	const struct pin *pin;

	rcu_read_lock();
	hash_for_each_possible_rcu(pins, pin, node, (unsigned long)real) {
		if (pin->inode == real && pin->instance == aliases->instance)
			pin_inode(aliases->instance, d_inode(dentry), pin->name, pin->length,
				  PINS_MAX / 2, GFP_NOWAIT | __GFP_NOWARN);
	}
	rcu_read_unlock();
}

int vkm_alias_ask(struct vkm_aliases *aliases, struct dentry *dentry, struct dentry *real,
		  bool directory, struct vkm_names *names)
{
	int answer = 0;

	if (READ_ONCE(aliases->instance->pins) || vkm_usual_place(dentry->d_sb))
		answer = ask_steadily(aliases, dentry, directory, names);
	if (!answer && real != dentry && READ_ONCE(aliases->instance->pins)) {
		pin_in_front(aliases, dentry, d_inode(real));
		answer = ask_steadily(aliases, real, directory, names);
	}
	return min(answer, 0);
}
