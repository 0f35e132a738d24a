# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by tests that hold figures to bounds: one boot on the instruction clock, its samples, and
# TAP. They end with `finish`.

set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work
samples=$work/results/latest/samples.jsonl
count=0 failures=0

measure() { # configurations, workloads, both with commas
	timeout 600 "${O:-build}/bin/vkbench" run --kernel "${KERNEL:-6.12}" --accelerator icount \
		--no-self-check --quick --boots 1 --output "$work/results" --config "$1" --only "$2" >"$work/out" 2>&1
	local status=$?
	sed 's/^/# /' "$work/out"
	if [ $status -ne 0 ]; then
		grep -h -s -A 25 -E 'INFO: |WARNING: |BUG: ' "$work"/results/*/console.log | sed 's/^/# /'
		echo "Bail out! the run ended with status $status"
		exit 1
	fi
	for workload in ${2//,/ }; do
		line="# $workload:"
		for configuration in ${1//,/ }; do
			found=$(value "$workload" "$configuration")
			line+=" $configuration ${found:--}"
		done
		echo "$line"
	done
}

value() { # WORKLOAD CONFIGURATION [METRIC]: the median of the samples; nothing where there is none
	sed -n "s/.*\"workload\":\"$1\",\"configuration\":\"$2\",\"metric\":\"${3-instructions}\".*\"value\":\([0-9.]*\)}/\1/p" \
		"$samples" | sort -g |
		awk '{ v[NR] = $1 }
			END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

within() { # SENTENCE VALUE MOST: an "ok" line if VALUE is at most MOST; both are expressions
	count=$((count + 1))
	if awk "BEGIN { value = $2; most = $3; printf \"# %.1f, at most %.1f\\n\", value, most
			exit !(value > 0 && most > 0 && value <= most) }"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		failures=$((failures + 1))
	fi
}

finish() {
	echo "1..$count"
	[ $failures -eq 0 ]
	exit
}
