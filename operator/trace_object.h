/* SPDX-License-Identifier: GPL-2.0 */
/* The BPF programs as clang compiled them, an ELF object. */
#ifndef VKERNEL_OPERATOR_TRACE_OBJECT_H
#define VKERNEL_OPERATOR_TRACE_OBJECT_H

extern const unsigned char trace_object[], trace_object_end[];

#endif
