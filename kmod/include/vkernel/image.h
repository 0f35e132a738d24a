/* SPDX-License-Identifier: GPL-2.0 */
/* How a policy blob lies in a vKI module's image. */
#ifndef VKERNEL_IMAGE_H
#define VKERNEL_IMAGE_H

#include <vkernel/policy.h>

/*
 * The ELF section of the template that holds a struct policy_image. Whoever embeds a blob makes
 * the section larger: a size and, after it, that many bytes. Size 0 is the bare template.
 */
#define POLICY_IMAGE_SECTION ".vkernel.policy"

struct policy_image {
	__le64 size; /* of blob, bytes */
	__u8 blob[];
};

/* The section of an instance with private calls (private.h): an array of struct vki_call. */
#define PRIVATE_CALLS_SECTION ".vkernel.calls"

/* What the symbol of each of them begins with; the call's name follows. */
#define PRIVATE_CALL_SYMBOL "vki_private_call_"

/* The template's own module name, as it stands in the image before it is renamed. */
#define VKI_TEMPLATE_NAME "vki"

/* Names that instances get: this and the first 12 hexadecimal digits of the container's id. */
#define VKI_NAME_PREFIX "vkernel_"

#endif
