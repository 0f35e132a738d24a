#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make install and uninstall; and that the manual, the completion and the programs say the same of
# options. Prints TAP.
# shellcheck disable=SC2016 # conditions are evaluated by check
set -u
O=${O:-build}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
count=0 failures=0
: >"$work/out"

# check SENTENCE CONDITION...: an "ok" line if the condition, evaluated, holds; $status is that of the
# command before.
check() {
	local status=$? sentence=$1
	shift
	count=$((count + 1))
	if eval "$*"; then
		echo "ok $count - $sentence"
	else
		sed 's/^/# /' "$work/out"
		echo "not ok $count - $sentence"
		failures=$((failures + 1))
	fi
}
quiet_make() { make --no-print-directory "$@" >"$work/out" 2>&1; }
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)

# Something else's is there already, and stays.
mkdir -p "$work/root/usr/bin"
echo other >"$work/root/usr/bin/other"
quiet_make install DESTDIR="$work/root" prefix=/usr
check 'make install installs' '[ $status -eq 0 ]'
(cd "$work/root" && find . ! -type d | sort) >"$work/installed"
wanted() {
	for program in vkernel vkernel-runtime vkbench; do
		echo "./usr/bin/$program"
		echo "./usr/share/bash-completion/completions/$program"
		echo "./usr/share/zsh/site-functions/_$program"
		echo "./usr/share/fish/vendor_completions.d/$program.fish"
	done
	echo ./usr/share/man/man8/vkernel.8
	echo ./usr/share/man/man8/vkernel-runtime.8
	echo ./usr/share/man/man1/vkbench.1
	echo ./usr/lib/systemd/system/vkernel.service
	echo ./etc/vkernel/runtime.yaml
	for file in Kbuild dkms.conf dkms.mk template vki/Kbuild vkm/Kbuild include/vkernel/private.h; do
		echo "./usr/src/vkernel-$version/$file"
	done
	find kmod/vkm kmod/vki kmod/compat kmod/include -type f | sed "s#^kmod#./usr/src/vkernel-$version#"
	echo ./usr/src/vkernel
	echo ./usr/share/vkbench/make-guest
	echo ./usr/share/vkbench/vm-images/ensure
	echo ./usr/lib/vkbench/init
	echo ./usr/lib/vkernel/attribute.so
	[ ! -d profiles ] || find profiles -name '*.yaml' | sed 's#^#./usr/share/vkernel/#'
}
wanted | sort -u | comm -23 - "$work/installed" >"$work/out"
check 'all that is needed is there' '[ ! -s "$work/out" ]'
grep -E 'vkflaw|selftest' "$work/installed" | grep -v '^./usr/share/vkbench/' >"$work/out"
check 'the hole that the scenarios use is not among what is built for this machine' '[ ! -s "$work/out" ]'
check 'programs can be executed, and texts cannot' \
	'[ "$(stat -c %a "$work/root/usr/bin/vkernel-runtime" "$work/root/usr/src/vkernel-$version/template" \
		"$work/root/usr/lib/systemd/system/vkernel.service" | xargs)" = "755 755 644" ]'
grep -rlE '@[a-z]+@|#MODULE_VERSION#' "$work/root/usr/lib/systemd" "$work/root/usr/src/vkernel-$version/dkms.conf" \
	"$work/root/usr/share/vkbench/make-guest" >"$work/out"
check 'every place-holder is filled in' '[ ! -s "$work/out" ]'
check 'DKMS is told the version' 'grep -qx "PACKAGE_VERSION=\"$version\"" "$work/root/usr/src/vkernel-$version/dkms.conf"'
"$work/root/usr/bin/vkbench" exec --kernel 0.0 --accelerator mttcg -- true >"$work/out" 2>&1
check 'the installed vkbench says how its guest is made' \
	'[ $status -eq 3 ] && grep -q "$work/root/usr/share/vkbench/make-guest 0.0" "$work/out"'
if command -v systemd-analyze >/dev/null; then
	sed "s#/usr/bin/vkernel#$work/root&#" "$work/root/usr/lib/systemd/system/vkernel.service" >"$work/vkernel.service"
	systemd-analyze verify --man=no "$work/vkernel.service" 2>&1 | grep vkernel >"$work/out"
	check 'systemd finds nothing wrong with the unit' '[ ! -s "$work/out" ]'
else
	check 'systemd finds nothing wrong with the unit # SKIP systemd-analyze is not installed' true
fi

quiet_make uninstall DESTDIR="$work/root" prefix=/usr
check 'make uninstall removes all that make install put there, and nothing else' \
	'[ $status -eq 0 ] && [ "$(cd "$work/root" && find . ! -type d)" = ./usr/bin/other ] &&
	[ ! -e "$work/root/usr/src" ] && [ ! -e "$work/root/usr/share" ] && [ ! -e "$work/root/etc" ]'
mkdir -p "$work/root/etc/vkernel" "$work/root/usr/src"
echo 'schema: 1' >"$work/root/etc/vkernel/runtime.yaml"
ln -s vkernel-0.0 "$work/root/usr/src/vkernel"
quiet_make uninstall DESTDIR="$work/root" prefix=/usr
check 'a changed configuration is not removed, nor the link to another release' \
	'[ -e "$work/root/etc/vkernel/runtime.yaml" ] && [ -L "$work/root/usr/src/vkernel" ]'
quiet_make install DESTDIR="$work/root" prefix=/usr
check 'nor is the configuration overwritten' 'grep -qx "schema: 1" "$work/root/etc/vkernel/runtime.yaml" &&
	cmp -s "$work/root/etc/vkernel/runtime.yaml" <(echo "schema: 1")'

# A tree that somebody checked out for himself alone, installed for all.
mkdir "$work/tree"
cp -r packaging vm-images kmod "$work/tree" && chmod -R go= "$work/tree"
folders='bindir=/usr/bin libdir=/usr/lib datadir=/usr/share mandir=/usr/share/man unitdir=/usr/lib/systemd
	bashdir=/usr/share/bash zshdir=/usr/share/zsh fishdir=/usr/share/fish sysconfdir=/etc usrsrc=/usr/src'
products=$(realpath "$O")
# shellcheck disable=SC2086 # words
(umask 077 && cd "$work/tree" && env $folders DESTDIR="$work/alone" VERSION="$version" O="$products" \
	GUEST_PROGRAMS="$products/bin/vkernel" packaging/install install) >"$work/out" 2>&1
check 'the umask counts neither where it is checked out nor where it is installed' \
	'[ $status -eq 0 ] && [ "$(cd "$work/alone/usr/share/vkbench" && stat -c %a . vm-images vm-images/ensure \
		vm-images/common.sh kmod/vkm/main.c | xargs)" = "755 755 755 644 644" ]'

# Whoever adds a library to the Makefile adds it to the packages' build dependencies.
for package in $(sed -n '/^PACKAGES :=/,/[^\\]$/p' Makefile | grep -oE 'clang |[a-z0-9.+-]+-dev' | grep -vE 'libc6-dev|libcmocka-dev'); do
	grep -qwF -e "$package" packaging/debian/control || echo "$package"
done >"$work/out"
check 'the packages are built with what the Makefile wants' '[ ! -s "$work/out" ]'

# Options: "PROGRAM COMMAND OPTION" a line, of what the programs say.
options=$O/completion/options.tsv
awk -F '\t' '$1 == "option" { print $2, $3, $5; if ($4 != "-") print $2, $3, $4 }' "$options" |
	sort -u >"$work/said"
check 'the programs say what they take' '[ "$(wc -l <"$work/said")" -gt 100 ]'

# Of the manual: the sections "vkernel COMMAND" and ".It Fl" in them.
manual() { # PROGRAM FILE
	awk -v program="$1" '
		# What is said once for several commands.
		/^\.Sh GLOBAL OPTIONS/ { split("-", commands, " ") }
		/^\.Sh COMMANDS/ { split("*", commands, " ") }
		/^\.Sh / && !/COMMANDS|GLOBAL/ { split("", commands) }
		/^\.Ss / { text = substr($0, 5); gsub(/,/, "", text); split("", commands); split(text, commands, " ") }
		/^\.It Fl / {
			text = substr($0, 5)
			while (match(text, /Fl (Fl [a-z][a-z0-9-]*|\\&\?|[A-Za-z])/)) {
				option = substr(text, RSTART + 3, RLENGTH - 3)
				text = substr(text, RSTART + RLENGTH)
				sub(/^Fl /, "-", option); sub(/^\\&/, "", option)
				for (i in commands) print program, commands[i], "-" option
			}
		}' "$2"
}
for page in packaging/man/*; do
	name=${page##*/}
	manual "${name%.*}" "$page"
done >"$work/manual.raw"
# "*": of all commands that boot a guest, as the page says.
{
	grep -v ' \* ' "$work/manual.raw"
	for command in $(awk -F '\t' '$1 == "command" && $2 == "vkbench" && $3 !~ /^(baseline|compare|history|list|merge|report|triage)$/ { print $3 }' "$options"); do
		sed -n "s/^vkbench \* /vkbench $command /p" "$work/manual.raw"
	done
} | sort -u >"$work/manual"
# Said once, at the head of COMMANDS.
comm -3 <(grep -vE '^vk.* [a-z]+ (--help|--usage|-\?|-h)$' "$work/said") \
	<(grep -vE '^vk.* [a-z]+ (--help|--usage|-\?|-h)$' "$work/manual") >"$work/out"
check 'the manual has every option, and none that there is not' '[ ! -s "$work/out" ]'
for program in vkernel vkbench vkernel-runtime; do
	for command in $(awk -F '\t' -v program=$program '$1 == "command" && $2 == program { print $3 }' "$options"); do
		grep -qE "^\.Ss (.*, )?$command(,|\$)" packaging/man/$program.[18] || echo "$program $command"
	done
done >"$work/out"
check 'and every command' '[ ! -s "$work/out" ]'
sed -n '/struct option options\[\] = {/,/^};/s/.*{"\(--[a-z-]*\)", [^,]*, \([A-Z| ]*\),.*/\1 \2/p' runtime/options.c |
	while read -r option places; do
		for place in ${places//|/ }; do
			case $place in
			GLOBAL) echo "$option -" ;;
			*) echo "$option ${place,,}" ;;
			esac
		done
	done | sort -u >"$work/taken"
awk -F '\t' '$1 == "option" && $2 == "vkernel-runtime" { print $5, $3 }' "$options" | sort -u >"$work/told"
comm -3 "$work/taken" "$work/told" >"$work/out"
check 'vkernel-runtime takes what is said of it, and no more' \
	'[ -s "$work/taken" ] && [ ! -s "$work/out" ]'
sed -n '/} commands\[\] = {/,/^};/s/.*{\.name = "\([a-z]\+\)", \.run.*/\1/p' runtime/main.c | sort >"$work/taken"
awk -F '\t' '$1 == "command" && $2 == "vkernel-runtime" { print $3 }' "$options" | sort >"$work/told"
comm -3 "$work/taken" "$work/told" >"$work/out"
check 'the same of its commands' '[ -s "$work/taken" ] && [ ! -s "$work/out" ]'

if command -v mandoc >/dev/null; then
	mandoc -Tlint -W warning packaging/man/* >"$work/out" 2>&1
	check 'mandoc finds nothing wrong with the manual' '[ $status -eq 0 ]'
else
	check 'mandoc finds nothing wrong with the manual # SKIP mandoc is not installed' true
fi
if [ -r /usr/share/groff/current/tmac/doc.tmac ]; then
	groff -ww -mandoc -Tutf8 -z packaging/man/* >"$work/out" 2>&1
	check 'nor does groff' '[ $status -eq 0 ] && [ ! -s "$work/out" ]'
else
	check 'nor does groff # SKIP its macros for manuals are not installed' true
fi

# Completion, as the shells ask for it.
cat >"$work/vkernel" <<'END'
#!/bin/sh
[ "$1" = ps ] && printf 'INSTANCE  CONTAINER  STATE\nvkernel_0123456789ab  0123456789abcdef  bound\nvkernel_aa  -  registered\n'
END
chmod +x "$work/vkernel"
complete_bash() { # WORD...: what the last one may become
	PATH=$work:$PATH bash -c '. "$1"; name=${2//-/_}; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		compopt() { :; }
		"_$name" 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' sh "$O/completion/bash/$1" "$@" | sort | xargs
}
gives() { # EXPECTED WORD...
	local expected=$1
	shift
	complete_bash "$@" >"$work/out"
	[ "$(cat "$work/out")" = "$expected" ]
}
touch "$work/web.json"
check 'bash completes commands' 'gives "policy ps" vkernel p'
check 'options of a command' 'gives "--since-seq" vkernel log --s'
check 'ids of containers, and names of instances without one' \
	'gives "0123456789abcdef vkernel_aa" vkernel stats "" && gives 0123456789abcdef vkernel-runtime delete --force 01'
check 'the second argument by its kind' 'gives "$work/web.json" vkernel set 0123 "$work/we"'
check 'values of options, behind a space or a "="' \
	'gives "private" vkernel build --log p && gives kill vkernel set --excess = k && gives kill vkernel set --excess = k'
check 'nothing where there is nothing to say' 'gives "" vkernel ps x && gives "" vkernel build --name x'
check 'commands of the guest behind --' 'complete_bash vkbench exec --kernel 6.1 -- unam >"$work/out"; grep -qw uname "$work/out"'
missing() { # FILE PROGRAM: options that it does not have
	awk -F '\t' -v program="$2" '$1 == "option" && $2 == program { print $5 }' "$options" | sort -u |
		while read -r option; do grep -q -e "$(eval echo "$3")" "$1" || echo "$1 $option"; done
}
for program in vkernel vkbench vkernel-runtime; do
	missing "$O/completion/bash/$program" $program '$option'
	missing "$O/completion/zsh/_$program" $program '$option'
	missing "$O/completion/fish/$program.fish" $program '\\-l\ ${option#--}'
done >"$work/out" 2>&1
check 'every option is in the completion of every shell' '[ ! -s "$work/out" ]'
for shell in bash zsh fish; do
	command -v $shell >/dev/null || continue
	for file in "$O/completion/$shell"/*; do $shell -n "$file" || echo "$file"; done
done >"$work/out" 2>&1
check 'the shells that are here can read it' '[ ! -s "$work/out" ]'

echo "1..$count"
[ "$failures" -eq 0 ]
