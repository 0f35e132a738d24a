/* SPDX-License-Identifier: GPL-2.0 */
/* What is seen goes into maps, and what does not fit is counted. BPF side only. */
#ifndef VKERNEL_OPERATOR_BPF_RECORD_H
#define VKERNEL_OPERATOR_BPF_RECORD_H

#include "operator/bpf/members.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct trace_fact);
	__type(value, __u64);
} facts SEC(".maps");

/* Counts it under its key; no reader ever sees less than what was. */
static __always_inline bool remember(void *map, const void *key, enum trace_count lost)
{
	__u64 *count = bpf_map_lookup_elem(map, key);
	const __u64 one = 1;

	if (!count && bpf_map_update_elem(map, key, &one, BPF_NOEXIST)) {
		/* Another processor was first, or there is no room. */
		count = bpf_map_lookup_elem(map, key);
		if (!count) {
			if (lost < TRACE_COUNTS)
				count_one(lost);
			return false;
		}
	} else if (!count) {
		return true;
	}
	__sync_fetch_and_add(count, 1);
	return true;
}

static __always_inline void record_fact(enum trace_fact_kind kind, __u32 first, __u32 second)
{
	struct trace_fact fact = {.kind = kind, .first = first, .second = second};

	if (find_member((const void *)bpf_get_current_task(), &fact.container))
		remember(&facts, &fact, TRACE_LOST_FACTS);
}

#endif
