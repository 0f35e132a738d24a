#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What docs/deploy has for nightly runs and clusters: it parses, and what it calls exists. TAP; O as
# for make. That the Slurm script works is tests/deploy/slurm.
# shellcheck disable=SC2016 # conditions are evaluated by check
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
vkbench=${O:-build}/bin/vkbench deploy=docs/deploy
count=0 failures=0
export XDG_RUNTIME_DIR=$work # systemd-analyze --user wants one

check() { # SENTENCE CONDITION
	count=$((count + 1))
	if eval "$2" >"$work/out" 2>&1; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		sed 's/^/# /' "$work/out"
		failures=$((failures + 1))
	fi
}

skip() { # SENTENCE REASON
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# The shell commands in the files, a script each, into $work/scripts.
take_scripts() {
	mkdir -p "$work/scripts"
	cp "$deploy/slurm.sh" "$work/scripts/slurm"
	sed -n 's/^ExecStart=//p' "$deploy/vkernel-nightly.service" >"$work/scripts/service"
	python3 - "$work/scripts" "$deploy/github-nightly.yaml" "$deploy/kubernetes.yaml" <<-'END'
		import re, sys, yaml
		folder, *files = sys.argv[1:]
		number = 0
		def keep(text):
		    global number
		    number += 1
		    text = re.sub(r'\$\{\{.*?\}\}', 'EXPRESSION', text)
		    open(f'{folder}/{number}', 'w').write(text + '\n')
		def walk(value):
		    if isinstance(value, dict):
		        if 'run' in value:
		            keep(value['run'])
		        if 'args' in value:
		            for text in value['args']:
		                keep(text)
		        for each in value.values():
		            walk(each)
		    elif isinstance(value, list):
		        for each in value:
		            walk(each)
		for name in files:
		    for document in yaml.safe_load_all(open(name)):
		        assert isinstance(document, dict), name
		        walk(document)
		assert number >= 5, number
	END
}

whole_commands() { sed '/^ *#/d' "$work"/scripts/* | sed -e ':a' -e '/\\$/N; s/\\\n//; ta'; }

options_exist() { # every option of every vkbench command that the scripts give
	local line command option found=0
	while read -r line; do
		command=${line%% *}
		"$vkbench" "$command" --help >"$work/help" || return 1
		while read -r option; do
			grep -qE -- "$option\b" "$work/help" ||
				{ echo "vkbench $command has no $option"; return 1; }
			found=$((found + 1))
		done < <(grep -oE -- '--[a-z-]+' <<<"$line")
	done < <(whole_commands | grep -oE '("\$vkbench"|\bvkbench) (run|merge)\b.*' |
		sed 's/^[^ ]* //')
	[ "$found" -ge 7 ] || { echo "only $found options found"; return 1; }
}

targets_exist() {
	local target found=0
	for target in $(whole_commands | grep -oE '\bmake +[a-z-]+' | sed 's/make *//' | sort -u); do
		[ "$target" = git ] && continue # an argument of apt-get install
		grep -qE "^$target:" Makefile ./*/build.mk || { echo "no target $target"; return 1; }
		found=$((found + 1))
	done
	[ "$found" -ge 1 ]
}

shells_parse() {
	local script
	for script in "$work"/scripts/*; do bash -n "$script" || return 1; done
}

# That 6.1 is text: as a number it would be 6.1 for 6.10, too, and 6.12 no kernel of that name.
kernels_are_text() {
	python3 - "$deploy/github-nightly.yaml" <<-'END'
		import sys, yaml
		document = yaml.safe_load(open(sys.argv[1]))
		kernels = document['jobs']['nightly']['strategy']['matrix']['kernel']
		supported = [line.split()[0] for line in open('vm-images/kernels')
		             if line.strip() and not line.startswith('#')]
		assert kernels == supported, kernels
	END
}

# As many boots as the shards of all pods, each once, and the merge waits for as many.
shards_agree() {
	python3 - "$deploy/kubernetes.yaml" <<-'END'
		import re, sys, yaml
		documents = list(yaml.safe_load_all(open(sys.argv[1])))
		jobs = {d['metadata']['name']: d['spec'] for d in documents if d['kind'] == 'Job'}
		bench = jobs['vkbench']
		script = bench['template']['spec']['containers'][0]['args'][0]
		merge = jobs['vkbench-merge']['template']['spec']['containers'][0]['args'][0]
		assert bench['completionMode'] == 'Indexed'
		n = bench['completions']
		assert f'JOB_COMPLETION_INDEX + 1))/{n}"' in script, script
		assert f'-lt {n} ]' in merge, merge
		for job in jobs.values():
		    spec = job['template']['spec']
		    volumes = {v['name'] for v in spec['volumes']}
		    for container in spec['containers'] + spec.get('initContainers', []):
		        for mount in container['volumeMounts']:
		            assert mount['name'] in volumes, mount
		    assert spec['restartPolicy'] == 'Never'
	END
}

if python3 -c 'import yaml' 2>/dev/null; then
	check 'the workflow and the manifests are YAML with shell scripts in them' take_scripts
	check 'these scripts are shell' shells_parse
	check 'vkbench has the commands and options that they give' options_exist
	check 'make has the targets that they name' targets_exist
	check 'the workflow names the supported kernels' kernels_are_text
	check 'the Kubernetes jobs agree on the number of shards and name volumes that there are' \
		shards_agree
else
	skip 'the workflow and the manifests' 'python3-yaml is not installed'
fi

if command -v systemd-analyze >/dev/null; then
	cp "$deploy"/vkernel-nightly.* "$work"
	check 'systemd takes the units' 'systemd-analyze --user verify "$work/vkernel-nightly.service" \
		"$work/vkernel-nightly.timer" && [ ! -s "$work/out" ]'
	sed -i 's/^OnCalendar=.*/OnCalendar=midnightish/' "$work/vkernel-nightly.timer"
	check 'and would say if not' '! systemd-analyze --user verify "$work/vkernel-nightly.timer" ||
		[ -s "$work/out" ]'
else
	skip 'systemd takes the units' 'systemd-analyze is not installed'
fi

echo "1..$count"
[ "$failures" -eq 0 ]
