/* SPDX-License-Identifier: GPL-2.0 */
/* The programs whose pages of code a record names. */
#ifndef VKERNEL_HARNESS_PROFILE_PAGES_H
#define VKERNEL_HARNESS_PROFILE_PAGES_H

#include "harness/profile/symbols.h"
#include "harness/vm.h"

/* Adds our own programs from the folder payload, or those beside it that are not stripped. */
int pages_add_payload(struct symbols *symbols, const char *payload, struct error *err);

/*
 * Asks the guest which of its programs and libraries have one of count pages, takes these from its
 * drive by way of folder, and adds them. What cannot be found stays unknown.
 */
int pages_add_from_guest(struct symbols *symbols, struct vm *vm, const char *drive,
			 const char *folder, const uint64_t *pages, size_t count,
			 struct error *err);

#endif
