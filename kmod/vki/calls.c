// SPDX-License-Identifier: GPL-2.0
/*
 * The linker puts the rows of one section in the order of the objects, also in the relocatable
 * link of a module, which gives a section no symbols of its own. This object is linked before the
 * author's, calls_end.o after it, and each adds nothing to the section but a name for its place.
 */
#include "calls.h"

#include <linux/string.h>

const struct vki_call vki_calls_begin[0] __aligned(sizeof(u64)) __section(PRIVATE_CALLS_SECTION);

vkm_private_call vki_find_call(const char *name)
{
	const struct vki_call *call = vki_calls_begin, *end = vki_calls_end;

	/* Two arrays for the compiler, one for the linker. */
	OPTIMIZER_HIDE_VAR(call);
	OPTIMIZER_HIDE_VAR(end);
	for (; call < end; call++) {
		if (!strcmp(call->name, name))
			return call->function;
	}
	return NULL;
}
