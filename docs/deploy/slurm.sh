#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A bench spread over the nodes of a Slurm cluster: each task of an array makes some of the boots, and
# a last job makes them one run. In a tree that `make programs modules initrd image` has been run in,
# on a file system that the nodes share:
#
#     SHARDS=6 docs/deploy/slurm.sh [OPTION of vkbench run...]
#
# prints the numbers of the two jobs. Figures of different machines are never one run: where the nodes
# are not alike, choose among them (SBATCH_CONSTRAINT=..., SBATCH_PARTITION=...). VKBENCH
# (build/bin/vkbench) is the program, RESULTS (results) where runs are kept.
#
#SBATCH --job-name=vkbench
#SBATCH --cpus-per-task=2
#SBATCH --mem=5G
#SBATCH --time=04:00:00
#SBATCH --output=vkbench-%A-%a.log
set -eu

vkbench=${VKBENCH:-build/bin/vkbench} results=${RESULTS:-results} shards=${SHARDS:-6}

submit() {
	local run
	run=$results/shards/$(date -u +%Y-%m-%dT%H-%M-%SZ).$$
	mkdir -p "$run"
	# The boots' orders are shuffled by it, in all shards alike.
	export VKBENCH_SEED=$((RANDOM * 32768 + RANDOM)) VKBENCH_SHARDS=$run
	local array
	array=$(sbatch --parsable --array="1-$shards" "$0" "$@")
	echo "$array"
	# Task 0 is the last one.
	sbatch --parsable --array=0 --dependency="afterok:$array" --kill-on-invalid-dep=yes "$0"
}

# Status 1 is a finding, which the report tells of: the boots are made all the same.
measure() {
	local folder=$VKBENCH_SHARDS/$SLURM_ARRAY_TASK_ID status=0
	"$vkbench" run --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
		--seed "$VKBENCH_SEED" --output "$folder" "$@" || status=$?
	[ "$status" -eq 0 ] || { [ "$status" -eq 1 ] && [ -e "$folder/latest" ]; } || exit "$status"
}

merge() {
	local run=${VKBENCH_SHARDS##*/}
	"$vkbench" merge "$results/$run" "$VKBENCH_SHARDS"/*/latest
	ln -sfnT "$run" "$results/latest"
}

case ${SLURM_ARRAY_TASK_ID-} in
'') submit "$@" ;;
0) merge ;;
*) measure "$@" ;;
esac
