// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>

#include "builder/apparmor.h"

static int capability_of(const struct aa_token *token)
{
	char name[64];
	int used = snprintf(name, sizeof(name), "CAP_%.*s", (int)token->size, token->start);

	if (token->kind != AA_WORD || used >= (int)sizeof(name))
		return -1;
	for (int i = 4; i < used; i++) {
		if (isupper((unsigned char)name[i]))
			return -1;
		name[i] = toupper((unsigned char)name[i]);
	}
	return capability_number(name);
}

int aa_capability_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		       const struct aa_token *rule)
{
	uint64_t *set = qualifiers->deny ? &reader->denied_capabilities : &reader->capabilities;
	bool any = false;

	(void)rule;
	while (aa_is_text(&reader->token)) {
		const int number = capability_of(&reader->token);

		if (number < 0)
			return aa_refuse(reader, &reader->token,
					 "unknown capability \"%.*s\"; they are named as in "
					 "capabilities(7), in lower case and without cap_",
					 reader->token.size > 64 ? 64 : (int)reader->token.size,
					 reader->token.start);
		*set |= UINT64_C(1) << number;
		any = true;
		if (aa_advance(reader))
			return -1;
	}
	if (!any)
		*set = CAPABILITIES_ALL;
	return aa_end_of_rule(reader);
}
