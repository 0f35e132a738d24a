#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What vkernel-runtime hands on to the runtime below it, and what it refuses. Prints TAP. The
# runtime below is a script that prints its command line: no container is started.
set -u
runtime=${O:-build}/bin/vkernel-runtime
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
tests=0 failures=0

ok() { # condition's status, sentence
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed 's/^/# /' "$work/output"
		failures=$((failures + 1))
	fi
}

cat >"$work/below" <<'END'
#!/bin/sh
[ "${1-}" = delete ] && sleep 0.2
echo "$*"
END
chmod +x "$work/below"
export VKERNEL_BACKEND="$work/below"

runs() { "$runtime" "$@" >"$work/output" 2>&1; }
says() { grep -q -e "$1" "$work/output"; }
handed_on() { runs "$@" && [ "$(cat "$work/output")" = "$*" ]; }
refused() { # word of the reason, command line...
	reason=$1
	shift
	runs "$@"
	[ $? -eq 2 ] && says "$reason"
}

all=0
for command in events exec features kill list mounts pause ps resume spec start state update; do
	handed_on --root /x "$command" -abc --unread c1 || all=1
done
ok $all 'commands that need nothing of an instance are handed on as they are'
handed_on
ok $? 'so is a line without a command'
handed_on --version && handed_on --root=/x --help && handed_on run --help
ok $? 'so are --version and --help'
refused 'never executes' restore --bundle /b c1 && refused 'never executes' checkpoint c1
ok $? 'restore and checkpoint are refused, with the reason'
refused 'unknown command "init"' init c1
ok $? 'a command that is not known is refused'
refused 'write it in full' --lo /x delete c1 && refused 'crun takes it' run -bundle /b c1 &&
	refused 'not known' delete -x c1
ok $? 'an option that may be several, or is read in two ways, or is none, is refused'
runs --cgr=x delete -fr c1 && [ "$(cat "$work/output")" = '--cgroup-manager x delete --force --regex c1' ]
ok $? 'one that only crun reads in this form is handed on in full'
handed_on --root /x delete --regex 'c.*'
ok $? 'delete --regex is handed on'
handed_on help && handed_on -h && handed_on create -h
ok $? 'so are other ways to ask for help'

echo 'schema: 1' >"$work/settings"
runs --config "$work/settings" --root /x --keep-seccomp --cache="$work/c" state c1 &&
	[ "$(cat "$work/output")" = '--root /x state c1' ]
ok $? 'options of its own are taken out of the line'
echo "runtime: $work/other" >>"$work/settings"
printf '#!/bin/sh\necho other "$@"\n' >"$work/other"
chmod +x "$work/other"
VKERNEL_BACKEND='' runs --config="$work/settings" kill c1 KILL &&
	[ "$(cat "$work/output")" = 'other kill c1 KILL' ]
ok $? 'the configuration names the runtime below'
echo 'colour: red' >>"$work/settings"
refused 'settings:3:1: colour' --config "$work/settings" state c1 &&
	refused '/nonexistent' --config /nonexistent state c1
ok $? 'a configuration with a mistake, or none where one is named, is refused'

long=$(printf '%0300d' 0)
for name in '../x' 'a/b' .. .x -x 'a b' "a
b" '' "$long"; do
	refused "container's id" run --bundle /nonexistent -- "$name" || {
		echo "$name" >>"$work/output"
		break
	}
done
ok $? 'an id that is a path, has blanks, a dash or dot first, or is too long, is refused'
runs --rootless=true create c1
[ $? -eq 3 ] && says 'only the host.s root may load'
ok $? 'so is a rootless container'
if [ "$(id -u)" -eq 0 ]; then
	setpriv --reuid 65534 --clear-groups "$runtime" run c1 >"$work/output" 2>&1
else
	runs run c1
fi
[ $? -eq 3 ] && says 'only the host.s root may load'
ok $? 'and a container of another user than root'

timeout 10 env --ignore-signal=CHLD "$runtime" delete c1 >"$work/output" 2>&1
ok $? 'a caller that ignores SIGCHLD does not hang it'

VKERNEL_BACKEND=/usr/bin/crun-wasm refused 'own process' run c1 &&
	VKERNEL_BACKEND=krun refused 'own process' create c1
ok $? 'names under which crun runs programs inside itself are refused'
runs --log "$work/log" --log-format json nonsense c1
[ $? -eq 2 ] && cp "$work/log" "$work/output" && says '^{"msg":"unknown command .*","level":"error","time":"[-0-9T:]*Z"}$'
ok $? 'an error is also in the file where an engine looks for it'
rm -f "$work/log"
runs --log="$work/log" run c1 too-much
[ $? -eq 2 ] && cp "$work/log" "$work/output" && says '^[-0-9T:]*Z: .*comes after the container'
ok $? 'in words where no other form is asked for'

echo "1..$tests"
[ $failures -eq 0 ]
