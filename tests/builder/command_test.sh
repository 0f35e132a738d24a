#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vkernel build and vkernel policy as a user meets them: output, errors, exit status, no leftovers.
# VKERNEL names the program.

# shellcheck source=tests/builder/command.sh
. tests/builder/command.sh

# prints SENTENCE PATTERN COMMAND...: succeeds, with a line that matches.
prints()
{
	local sentence=$1 pattern=$2

	shift 2
	"$@" >out 2>err && grep -q -- "$pattern" out
	verdict $? "$sentence"
}

prints "--help lists the commands" "^  policy " "$vkernel" --help
prints "each command has its help" "--ignore-unknown" "$vkernel" build --help
"$vkernel" nonsense >out 2>err
[ $? -eq 2 ] && grep -q 'no command "nonsense"' err
verdict $? "an unknown command is wrong usage"

build -s "$cases/docker.json" --capability kill --log deny -o docker && "$vkernel" policy docker >out 2>err &&
	sed 's/^policy: docker$/policy: docker.json/' out | diff - "$cases/docker.words" >err
verdict $? "a blob that was built is said in words"
build -s - --name piped -o - <"$cases/native.json" 2>err | "$vkernel" policy - >out 2>>err &&
	grep -qx 'policy: piped' out && grep -qx 'i386 system calls: closed; every call: kills the thread' out
verdict $? "profile and blob pass through pipes"
build -s "$cases/native.json" -c CAP_CHOWN -c none --log host -o one && "$vkernel" policy one >out 2>err &&
	grep -qx "kernel log: the host's" out && grep -q '^    CAP_CHOWN$' out
verdict $? "capabilities and the log mode are options"
while read -r kilobytes options; do
	# shellcheck disable=SC2086
	build -s "$cases/native.json" $options -o one && "$vkernel" policy one >out 2>err &&
		grep -qx "kernel log: its own, $kilobytes KiB" out
	verdict $? "a log of its own: ${options:-by default}"
done <<END
256
256 --log private
4 --log private:4096
8 --log private:5000
16384 -l private:16m
END

build -s "$cases/native.json" --excess kill -o one && "$vkernel" policy one >out 2>err &&
	grep -qx "  a program that holds a removed one is reported and killed" out
verdict $? "killing a program with an excess of capabilities is an option"
build -s "$cases/docker.json" --clone3 as-written -o one && "$vkernel" policy one >out 2>err &&
	grep -q " clone3, " out && ! grep -q "pointer leads" out
verdict $? "leaving clone3's ENOSYS is an option"
refuses "an unknown reading of clone3 is refused" 2 \
	'vkernel build: --clone3 "enosys": there are as-clone and as-written' \
	build -s "$cases/docker.json" --clone3 enosys -o blob
refuses "an unknown reaction to an excess is refused" 2 \
	'vkernel build: --excess "warn": there are report and kill' \
	build -s "$cases/docker.json" --excess warn -o blob
refuses "an unknown log mode is refused" 2 \
	'vkernel build: --log: "secret": there are private, private:SIZE, deny and host' \
	build -s "$cases/docker.json" --log secret -o blob
for size in 4095 4K0 17M 16777217 99999999999999999999 -8K "" K; do
	refuses "a private log of size \"$size\" is refused" 2 \
		"vkernel build: --log: \"$size\" is no size of a private log: there are 4096 (4K) to 16777216 (16M) bytes, with K or M behind the number or nothing" \
		build -s "$cases/docker.json" --log "private:$size" -o blob
done
printf '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [\n{ "names": ["read"], "action": "SCMP_ACT_NOTIFY" } ] }' >notify.json
refuses "a profile that needs a supervisor is refused with its place" 2 \
	'vkernel build: notify.json:2:22: syscalls[0].action: SCMP_ACT_NOTIFY hands the call to a supervisor in user space, which only seccomp itself can do: leave the profile to the container engine; vkernel-runtime then has seccomp decide all system calls' \
	build -s notify.json -o blob

printf '{\n  "defaultAction": "SCMP_ACT_ERRNO",\n  "syscalls": [\n' >bad.json
refuses "malformed JSON is refused with its line" 2 \
	"vkernel build: bad.json:4:0: not JSON: ']' expected near end of file" \
	build -s bad.json -o blob
printf '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [\n{ "names": ["reed"], "action": "SCMP_ACT_ALLOW" } ] }' >typo.json
refuses "an unknown system call is refused with its place" 2 \
	'vkernel build: typo.json:2:13: syscalls[0].names[0]: unknown system call "reed": neither Linux nor libseccomp has heard of it; if it is newer than both, build with --ignore-unknown' \
	build -s typo.json -o blob
build -s typo.json --ignore-unknown -o ignored >out 2>err &&
	[ "$(cat err)" = 'vkernel build: typo.json:2:13: syscalls[0].names[0]: ignored: unknown system call "reed"' ] &&
	[ -s ignored ]
verdict $? "--ignore-unknown lists what it ignores"
{
	printf '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "action": "SCMP_ACT_ALLOW", "names": [\n'
	seq -f '"no_call_%05.0f",' 40000
	printf '"read"] }] }\n'
} >many.json
# Were each place searched from the beginning, this would take more than half a minute.
timeout 20 "$vkernel" build -s many.json --ignore-unknown --kernel-version 6.12 -o ignored >out 2>many.err
status=$?
head -n 1 many.err >err
[ $status -eq 0 ] && [ "$(wc -l <many.err)" -eq 40000 ] &&
	[ "$(tail -n 1 many.err)" = 'vkernel build: many.json:40001:1: syscalls[0].names[39999]: ignored: unknown system call "no_call_40000"' ]
verdict $? "forty thousand unknown names are listed with their places, in seconds"
printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["\\u001b[2Jx"],"action":"SCMP_ACT_ALLOW"}]}' >colour.json
build -s colour.json -o blob 2>err
[ $? -eq 2 ] && grep -q 'unknown system call "?\[2Jx"' err
verdict $? "a name cannot steer the terminal that its refusal is printed on"
build -s colour.json --ignore-unknown -o ignored 2>err
[ $? -eq 0 ] && grep -q 'unknown system call "?\[2Jx"' err
verdict $? "nor can one that is ignored"
refuses "a directory is no profile" 2 \
	"vkernel build: . is a directory; name a file in it" build -s . -o blob
refuses "a profile that is not there is named" 2 \
	"vkernel build: cannot open absent.json: No such file or directory" build -s absent.json -o blob
: >empty.json
refuses "an empty profile is refused" 2 \
	"vkernel build: empty.json is empty; it must hold a seccomp profile" build -s empty.json -o blob
head -c 10000000 /dev/zero | tr '\0' ' ' >large.json
refuses "a profile of 10 MB is refused" 2 \
	"vkernel build: large.json is larger than 4194304 bytes, the most that is read" \
	build -s large.json -o blob
refuses "another architecture is refused" 2 \
	'vkernel build: --arch "arm64": policies exist for amd64 only' \
	build -s "$cases/native.json" --arch arm64 -o blob
refuses "an unknown capability is refused" 2 \
	'vkernel build: capability list "CAP_CHOWM": "CAP_CHOWM" is no capability; names are as in capabilities(7), or all, none, default' \
	build -s "$cases/native.json" -c CAP_CHOWM -o blob
refuses "a kernel version that is none is refused" 2 \
	'vkernel build: "six" is no kernel version; write it as 6.12 or as uname -r prints it' \
	build -s "$cases/native.json" --kernel-version six -o blob
refuses "a directory is no output" 2 \
	"vkernel build: output / is not a regular file; -o - writes to standard output" \
	build -s "$cases/native.json" -o /
refuses "a device is no output" 2 \
	"vkernel build: output /dev/null is not a regular file; -o - writes to standard output" \
	build -s "$cases/native.json" -o /dev/null
refuses "an output folder that is not there is named" 3 \
	"vkernel build: cannot create a file beside absent/blob: No such file or directory" \
	build -s "$cases/native.json" -o absent/blob

refuses "more than a profile's size on standard input is refused" 2 \
	"vkernel build: standard input is larger than 4194304 bytes, the most that is read" \
	build -s - -o blob <large.json
ln -s target link && : >target && build -s "$cases/native.json" -o link 2>err && [ -L link ] &&
	"$vkernel" policy target >out 2>>err
verdict $? "a blob goes to where a link leads, and the link stays"
mkdir devices && ln -s /proc/self/fd/1 devices/stdout &&
	build -s "$cases/native.json" -o devices/stdout >captured 2>err && [ -L devices/stdout ] &&
	"$vkernel" policy captured >out 2>>err
verdict $? "/dev/stdout is still there after it was named as the output"

mkdir -p include/abstractions
printf '@{A}=/a /b\nprofile first {\n  include <abstractions/x>\n  deny @{A}/** w,\n  capability kill,\n}\n' >armour
printf '  /x/y rw,\n' >include/abstractions/x
build --apparmor armour --apparmor-include include -o armoured 2>err && "$vkernel" policy armoured >out 2>>err &&
	grep -qx 'policy: armour' out && grep -qx '    /x/y rw  (abstractions/x:1:3)' out &&
	grep -qx '    deny @{A}/\*\* w  (armour:4:3)' out && grep -qx '    CAP_KILL' out
verdict $? "an AppArmor profile alone makes a policy"
build -s "$cases/docker.json" --apparmor armour --apparmor-include include --name both -o armoured 2>err &&
	"$vkernel" policy armoured >out 2>>err && grep -qx 'policy: both' out &&
	grep -q '^    deny @{A}/' out && ! grep -q 'stays in force' out
verdict $? "beside a seccomp profile it makes one policy with it"
printf 'profile second {\n  /second r,\n}\n' >>armour
refuses "of two profiles one must be chosen" 2 \
	'vkernel build: armour:7:9: a second profile, "second" behind "first"; choose one with --apparmor-profile' \
	build --apparmor armour --apparmor-include include -o blob
build --apparmor armour --apparmor-profile second -o armoured 2>err &&
	"$vkernel" policy armoured >out 2>>err && grep -qx '    /second r  (armour:8:3)' out
verdict $? "--apparmor-profile chooses"
refuses "an included file that is not there is refused" 2 \
	'vkernel build: armour:3:11: no abstractions/x in /etc/apparmor.d or the folders named; install what has it, or name its folder with --apparmor-include' \
	build --apparmor armour --apparmor-profile first --apparmor-include . -o blob
printf 'profile x {\n  /a{b r,\n}\n' >unbalanced
refuses "an unbalanced alternation is refused with its place" 2 \
	'vkernel build: unbalanced:2:5: this { has no }' build --apparmor unbalanced -o blob
refuses "an AppArmor profile of 10 MB is refused" 2 \
	"vkernel build: large.json is larger than 4194304 bytes, the most that is read" \
	build --apparmor large.json -o blob
refuses "two profiles are not read from one standard input" 2 \
	"vkernel build: standard input holds one profile, not two" build -s - --apparmor - -o blob
refuses "options of an AppArmor profile need one" 2 \
	"vkernel build: --apparmor-profile and --apparmor-include are for AppArmor profiles, and no source is one" \
	build -s "$cases/native.json" --apparmor-profile x -o blob

cp one before
(trap '' XFSZ && ulimit -f 0 && exec "$vkernel" build -s "$cases/native.json" -o one) 2>&1 | cat >err
[ "${PIPESTATUS[0]}" -eq 3 ] && cmp -s one before && [ "$(ls -d one*)" = one ] && grep -q "cannot write one: File too large" err
verdict $? "a full disk leaves the file that was there, and no other"
build -s "$cases/native.json" -o - >/dev/full 2>err
[ $? -eq 3 ] && [ "$(cat err)" = "vkernel build: cannot write to standard output: No space left on device" ]
verdict $? "a full standard output is an error"
"$vkernel" policy one >/dev/full 2>err
[ $? -eq 3 ]
verdict $? "words that cannot be written are an error"

head -c 100 one >cut
refuses "a truncated blob is refused" 2 \
	"vkernel policy: cut: offset 100: blob ends before the size that its header names" \
	"$vkernel" policy cut
cp one flipped
printf '\377' | dd of=flipped bs=1 seek=300 conv=notrunc status=none
refuses "a flipped bit is noticed" 2 \
	"vkernel policy: flipped: offset 16: checksum does not match: the blob is damaged" \
	"$vkernel" policy flipped
refuses "an empty file is no source" 2 \
	"vkernel policy: empty.json is empty; it must hold a profile" "$vkernel" policy empty.json
finish
