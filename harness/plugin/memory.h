/* SPDX-License-Identifier: GPL-2.0 */
/* Memory for the plugin, which cannot go on without: QEMU ends with a message. */
#ifndef VKERNEL_HARNESS_PLUGIN_MEMORY_H
#define VKERNEL_HARNESS_PLUGIN_MEMORY_H

#include <stddef.h>

/* Zeroed; free() frees it. */
void *allocate(size_t size);
void *reallocate(void *memory, size_t size);

#endif
