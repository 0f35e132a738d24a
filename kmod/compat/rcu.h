/* SPDX-License-Identifier: GPL-2.0 */
/* Exported by all supported kernels, declared by none of their public headers. */
#ifndef COMPAT_RCU_H
#define COMPAT_RCU_H

#include <linux/rcupdate.h>

/* Until the last one is taken back, synchronize_rcu() waits as synchronize_rcu_expedited() does. */
void rcu_expedite_gp(void);
void rcu_unexpedite_gp(void);

#endif
