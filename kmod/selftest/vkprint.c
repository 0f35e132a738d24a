// SPDX-License-Identifier: GPL-2.0
/*
 * Prints to the kernel's log: for whoever writes to its parameter `say`, in ways that a log has to
 * copy, and from interrupts, while `ticks` is above zero.
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <compat/timer.h>

static struct platform_device *device;
static struct hrtimer hard;
static struct timer_list soft;
static unsigned int ticks; /* lines that are to be printed from each kind of interrupt */

#define INTERVAL_MS 20

static enum hrtimer_restart tick_hard(struct hrtimer *timer)
{
	pr_info("in an interrupt of %s\n", current->comm);
	hrtimer_forward_now(timer, ms_to_ktime(INTERVAL_MS));
	return READ_ONCE(ticks) ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void tick_soft(struct timer_list *timer)
{
	pr_info("in a softirq of %s\n", current->comm);
	if (!READ_ONCE(ticks))
		return;
	WRITE_ONCE(ticks, ticks - 1);
	mod_timer(timer, jiffies + msecs_to_jiffies(INTERVAL_MS));
}

static int set_ticks(const char *value, const struct kernel_param *parameter)
{
	unsigned int number;
	const int error = kstrtouint(value, 10, &number);

	if (error)
		return error;
	WRITE_ONCE(ticks, number);
	mod_timer(&soft, jiffies + 1);
	hrtimer_start(&hard, ms_to_ktime(INTERVAL_MS), HRTIMER_MODE_REL);
	return 0;
}

static const struct kernel_param_ops ticks_operations = {
	.set = set_ticks,
	.get = param_get_uint,
};
module_param_cb(ticks, &ticks_operations, &ticks, 0600);
MODULE_PARM_DESC(ticks, "how often to print from interrupts");

/* word marks the lines, so that they can be found. */
static int say(const char *value, const struct kernel_param *parameter)
{
	unsigned long flags;
	char word[32];

	strscpy(word, value, sizeof(word));
	strim(word);
	pr_emerg("%s emerg\n", word);
	pr_debug("%s debug, which is not printed\n", word);
	pr_info("%s one ", word);
	pr_cont("two ");
	pr_cont("three\n");
	pr_cont("%s late\n", word);
	printk(KERN_DEFAULT "Modules linked in:"); /* as a warning does */
	pr_cont(" one(E)");
	pr_cont(" vkernel_beefbeefbeef(OE)");
	pr_cont(" two");
	pr_cont(" [last unloaded: vkernel_deafdeafdeaf(OE)]");
	pr_cont("\n");
	pr_info("%s open", word);
	pr_info("%s closes\n", word);
	pr_info("%s lines\n  of it\n\n", word);
	printk("%s default level\n", word);
	printk(KERN_WARNING "");
	dev_warn(&device->dev, "%s device\n", word);
	pr_info("%s address 0x%px end\n", word, say);
	pr_info("%s long %0900d %0200d\n", word, 1, 2);
	local_irq_save(flags);
	pr_info("%s without interrupts\n", word);
	local_irq_restore(flags);
	return 0;
}

static const struct kernel_param_ops say_operations = {
	.set = say,
};
module_param_cb(say, &say_operations, NULL, 0200);
MODULE_PARM_DESC(say, "a word to print in many ways");

static int __init vkprint_start(void)
{
	device = platform_device_register_simple("vkprint", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	compat_hrtimer_setup(&hard, tick_hard);
	timer_setup(&soft, tick_soft, 0);
	return 0;
}

static void __exit vkprint_stop(void)
{
	WRITE_ONCE(ticks, 0);
	hrtimer_cancel(&hard);
	timer_shutdown_sync(&soft);
	platform_device_unregister(device);
}

module_init(vkprint_start);
module_exit(vkprint_stop);
MODULE_DESCRIPTION("prints for tests");
MODULE_LICENSE("GPL");
