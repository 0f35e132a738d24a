#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vkernel build and vkernel policy with sources of all kinds: several together, differences, modules.
# VKERNEL names the program. With UPDATE=1 cases/web.words is written anew; read the difference.

# shellcheck source=tests/builder/command.sh
. tests/builder/command.sh

# says SENTENCE STATUS COMMAND...: exactly what standard input holds, and the status.
says()
{
	local sentence=$1 status=$2 got

	shift 2
	cat >expected
	"$@" >out 2>err
	got=$?
	[ $got -eq "$status" ] && diff expected out >>err
	verdict $? "$sentence"
}

[ -z "${UPDATE-}" ] || policy "$cases/web.yaml" >"$cases/web.words"
says "a vKernel profile with all keys is what cases/web.words says" 0 policy "$cases/web.yaml" \
	<"$cases/web.words"

mkdir profiles
cp "$cases/native.json" profiles/calls.json
cat >profiles/web.apparmor <<'END'
profile web {
  /srv/** r,
  /run/web.pid rw,
  network inet stream,
  capability net_bind_service chown,
}
END
cat >profiles/web.yaml <<'END'
# What a web server needs.
schema: 1
name: web
seccomp: calls.json
apparmor: web.apparmor
capabilities: [CHOWN, NET_BIND_SERVICE, KILL]
log: {mode: private, size: 64K}
excess: kill
files:
  - deny /srv/private/** r
syscalls:
  - names: [ptrace]
    action: SCMP_ACT_ERRNO
    errno: ENOSYS
END

build profiles/web.yaml -o web.policy >out 2>err && policy web.policy >out 2>err &&
	grep -qx 'policy: web' out && grep -qx '    CAP_CHOWN, CAP_NET_BIND_SERVICE' out &&
	grep -qx '    deny /srv/private/\*\* r  (web.yaml:10:5)' out &&
	grep -qx '    /srv/\*\* r  (web.apparmor:2:3)' out &&
	grep -qx 'kernel log: its own, 64 KiB' out &&
	grep -qx '  a program that holds a removed one is reported and killed' out
verdict $? "a YAML profile takes in the files that it names, from its own folder"
policy profiles/web.yaml >out 2>err && policy web.policy >expected && diff expected out >err
verdict $? "a source is explained as its policy is"
(cd profiles && build - -o ../piped <web.yaml) >out 2>err && cmp -s piped web.policy
[ $? -ne 0 ] && policy web.policy piped >out 2>err
verdict $? "on standard input it names files of this folder; the rules' places alone are others"
build profiles/web.yaml --log deny --excess report --name other -o changed && policy changed >out 2>err &&
	grep -qx 'policy: other' out && grep -qx 'kernel log: denied' out &&
	grep -qx '  a program that holds a removed one is reported' out
verdict $? "options go before what a profile says"
build web.policy -o again 2>err && cmp -s again web.policy
verdict $? "a blob is taken as it is"
build web.policy --log host -o again && says "a blob can be changed by options" 1 policy web.policy again <<'END'
kernel log, before: its own, 64 KiB
kernel log, after: the host's
END

refuses "what a named file lacks is said with both places" 2 \
	'vkernel build: bad.yaml:2:1: seccomp: cannot open absent.json: No such file or directory' \
	sh -c 'printf "schema: 1\nseccomp: absent.json\n" >bad.yaml; "$0" build bad.yaml -o blob' "$vkernel"
refuses "a named file of another kind is refused" 2 \
	'vkernel build: bad.yaml:2:1: seccomp: web.policy is a policy blob; it must be a seccomp profile' \
	sh -c 'printf "schema: 1\nseccomp: web.policy\n" >bad.yaml; "$0" build bad.yaml -o blob' "$vkernel"
refuses "what is no source is refused" 2 \
	"vkernel build: nothing is empty; it must hold a profile" \
	sh -c ': >nothing; "$0" build nothing -o blob' "$vkernel"
refuses "a YAML profile of 10 MB is refused" 2 \
	'vkernel build: large.yaml is larger than 4194304 bytes, the most that is read' \
	sh -c 'head -c 10000000 /dev/zero | tr "\0" "a" >large.yaml; "$0" build large.yaml -o blob' "$vkernel"
refuses "a section that is not built yet is refused by name" 2 \
	'vkernel build: bad.yaml:3:1: futex: not built yet: no policy can hold it; leave it out' \
	sh -c 'printf "schema: 1\nname: x\nfutex: private\n" >bad.yaml; "$0" build bad.yaml -o blob' "$vkernel"
refuses "no source is wrong usage" 2 \
	"vkernel build: a source, and --output, are needed
Try \`vkernel build --help' or \`vkernel build --usage' for more information." \
	"$vkernel" build -o blob

cat >other.apparmor <<'END'
profile other {
  /srv/www/** rw,
  network inet,
  signal,
}
END
build profiles/web.apparmor other.apparmor -o both.policy 2>err &&
	policy --together profiles/web.apparmor other.apparmor --name both >out 2>>err &&
	policy both.policy | sed 's/^policy: .*/policy: both/' | diff - out >>err
verdict $? "several sources are explained as they are built"
says "two profiles differ in files, capabilities, sockets and access" 1 \
	policy profiles/web.apparmor other.apparmor <<'END'
capabilities, no longer allowed:
    CAP_CHOWN, CAP_NET_BIND_SERVICE
files:
  - /srv/** r  (web.apparmor:2:3)
  - /run/web.pid rw  (web.apparmor:3:3)
  + /srv/www/** rw  (other.apparmor:2:3)
  for example /srv/a: r -> nothing
before:
sockets that may be made:
    inet: stream
the container's tasks among each other:
    signals refused, tracing refused, looking into refused
after:
sockets that may be made:
    inet: stream, dgram, raw, rdm, seqpacket, packet
the container's tasks among each other:
    signals allowed, tracing refused, looking into refused
END
printf 'profile same { /srv/www/** r, /srv/www/** w, network inet, signal, }' >same.apparmor
says "rules that say the same in other words are no difference" 0 \
	policy --diff other.apparmor same.apparmor </dev/null
cat >calls.yaml <<'END'
schema: 1
syscalls:
  - {names: [ptrace, bpf], action: SCMP_ACT_ERRNO, errno: ENOSYS}
  - {names: [socket], action: SCMP_ACT_ERRNO, args: [{index: 0, value: 16, op: SCMP_CMP_EQ}]}
END
printf '{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"] }' >open.json
build open.json calls.yaml -o narrowed 2>err
says "system calls differ by name, with verdicts and conditions" 1 policy open.json narrowed <<'END'
x86-64 system calls (3):
  allowed -> ENOSYS:
    ptrace, bpf
  socket
    before: allowed
    after:
      EPERM where argument 0 is 0x10
      else allowed
END
for name in docker native blacklist actions; do
	build "$cases/$name.json" "$cases/$name.json" -o twice 2>err &&
		policy "$cases/$name.json" twice >out 2>>err
	verdict $? "a profile beside itself is what it is: $name"
done
says "the same policy is no difference" 0 policy -d narrowed narrowed </dev/null
policy a b c >out 2>err
[ $? -eq 2 ] && grep -q "one is explained and two are compared" err
verdict $? "three are not compared"

# The smallest object that has what a template has.
gcc -c -x assembler -o template.ko - <<'END' 2>err
.section .modinfo,"a"
.asciz "license=GPL"
.asciz "vermagic=6.12.99-test SMP preempt mod_unload"
.section .gnu.linkonce.this_module,"aw"
.skip 24
.ascii "vki"
.skip 53
.section .vkernel.policy,"a"
.quad 0
END
verdict $? "a template for this test can be assembled"
build profiles/web.yaml --template template.ko --kernel 6.12.99-test -o web.ko >out 2>err &&
	policy web.ko web.policy >>out 2>>err
verdict $? "with -o FILE.ko an instance module is made, and it holds the policy"
policy web.ko >out 2>err && grep -qx 'policy: web' out
verdict $? "an instance module is explained"
build web.ko --log deny -o fromko 2>err && policy fromko >out 2>>err && grep -qx 'kernel log: denied' out
verdict $? "an instance module is a source"
refuses "a template for another kernel is refused" 2 \
	"vkernel build: the instance template template.ko is for the kernel 6.12.99-test, not for 6.1.0; install the one for that kernel, or name it with --template" \
	"$vkernel" build open.json --template template.ko --kernel 6.1.0 -o blob.ko
refuses "what is no template is refused" 2 \
	"vkernel build: cannot use the instance template: it is not an x86-64 kernel module" \
	sh -c 'cp "$0" program; "$0" build open.json --template program -o blob.ko' "$vkernel"
VKERNEL_TEMPLATE=template.ko build open.json --kernel 6.12.99-test -o named.ko >out 2>err && [ -s named.ko ]
verdict $? "VKERNEL_TEMPLATE names the template"
printf '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [ { "names": ["uname"], "action": "VKERNEL_ACT_PRIVATE", "call": "own" } ] }' >private.json
refuses "a private call needs a module that has it" 2 \
	'vkernel build: the policy names the private call "own", which the template does not have; --with FILE.c makes a module that does' \
	"$vkernel" build private.json --template template.ko -o blob.ko
refuses "--kernel is for modules" 2 \
	"vkernel build: --kernel and --template are for -o FILE.ko
Try \`vkernel build --help' or \`vkernel build --usage' for more information." \
	"$vkernel" build open.json --kernel 6.12 -o blob
[ -z "$(ls blob* 2>/dev/null)" ]
verdict $? "nothing is left of what was refused"
finish
