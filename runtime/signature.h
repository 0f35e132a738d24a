/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signatures of instances. A signature covers the whole file, and an instance has its policy and its
 * name in it, so it can be signed only when it is made: on the host that loads it, with a key of that
 * host's that its kernel trusts (docs/installing.md).
 */
#ifndef VKERNEL_RUNTIME_SIGNATURE_H
#define VKERNEL_RUNTIME_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/*
 * Whether instances are to be signed: the running kernel loads signed modules only (module.sig_enforce,
 * or a lockdown), and there is a key. Without one the kernel says itself what it wants.
 */
bool signature_wanted(void);

/*
 * Puts a signature behind the module *image of *size bytes, which grows for it (realloc), with the
 * host's key: VKERNEL_SIGNING_KEY and VKERNEL_SIGNING_CERTIFICATE, else /etc/vkernel/signing.key and
 * .crt, else DKMS's own. Runs openssl. Returns 0, or -1 with err set and *image as it was.
 */
int signature_add(void **image, size_t *size, struct error *err);

#endif
