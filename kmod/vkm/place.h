/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VKM_PLACE_H
#define VKM_PLACE_H

struct super_block;

/*
 * Where a file system is usually found whose names mean something wherever it is mounted, because
 * there is one of it, or what it shows is the kernel's all the same. NULL: it is another one.
 * Static, without a '/' at its end. Context: any.
 */
const char *vkm_usual_place(const struct super_block *sb);

#endif
