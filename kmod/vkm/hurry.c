// SPDX-License-Identifier: GPL-2.0
#include "hurry.h"

#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <compat/rcu.h>
#include <compat/workqueue.h>

#define FOR (HZ / 25)

static DEFINE_MUTEX(hurry_lock);
static bool hurried; /* under hurry_lock */

static void calm(void)
{
	mutex_lock(&hurry_lock);
	if (hurried)
		rcu_unexpedite_gp();
	hurried = false;
	mutex_unlock(&hurry_lock);
}

static void calm_down(struct work_struct *work)
{
	calm();
}

static DECLARE_DELAYED_WORK(calming, calm_down);

/* Work that runs between the two only ends it early: the next wait is longer then. */
void vkm_hurry(void)
{
	mutex_lock(&hurry_lock);
	if (!hurried)
		rcu_expedite_gp();
	hurried = true;
	mutex_unlock(&hurry_lock);
	mod_delayed_work(compat_percpu_wq, &calming, FOR);
}

void vkm_hurry_stop(void)
{
	cancel_delayed_work_sync(&calming);
	calm();
}
