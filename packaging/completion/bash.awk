# SPDX-License-Identifier: GPL-2.0
#
# Makes the bash completion of one program from options.tsv. -v program=NAME
BEGIN { FS = "\t" }
$2 != program { next }
$1 == "command" { commands = commands " " $3 }
$1 == "usage" { usage[$3] = $4 }
$1 == "option" {
	options[$3] = options[$3] " " $5
	note($3, $5, $6)
	if ($4 != "-") note($3, $4, $6)
}

# Which options take a value, and of which kind.
function note(command, option, argument) {
	if (argument == "-") return
	gsub(/[^A-Za-z0-9]/, "", argument)
	values[argument] = values[argument] (values[argument] ? " | " : "") "'" command " " option "'"
	if (command == "-") before = before (before ? " | " : "") option
}

END {
	name = program
	gsub(/-/, "_", name)
	print "# SPDX-License-Identifier: GPL-2.0"
	print "# bash completion for " program
	print ""
	print "_" name "_ids() { # containers that have an instance"
	print "\tvkernel ps 2>/dev/null | awk 'NR > 1 { print $2 == \"-\" ? $1 : $2 }'"
	print "}"
	print ""
	print "# _" name "_kind KIND: what begins as $cur does, of what an argument of this name may be"
	print "_" name "_kind() {"
	print "\tcase $1 in"
	print "\tFILE | FILEc | PROFILE | SOURCE | SOCKET) compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$cur\")) ;;"
	print "\tFOLDER | DIR | RUN | BUNDLE) compopt -o filenames; COMPREPLY+=($(compgen -d -- \"$cur\")) ;;"
	print "\tID | CONTAINER) COMPREPLY+=($(compgen -W \"$(_" name "_ids)\" -- \"$cur\")) ;;"
	print "\tCOMMAND) COMPREPLY+=($(compgen -c -- \"$cur\")) ;;"
	print "\tSIGNAL) COMPREPLY+=($(compgen -W 'TERM KILL INT HUP QUIT STOP CONT USR1 USR2' -- \"$cur\")) ;;"
	print "\tVERSION) COMPREPLY+=($(compgen -W \"$(ls /lib/modules 2>/dev/null)\" -- \"$cur\")) ;;"
	print "\tK) COMPREPLY+=($(compgen -W '6.1 6.12 7.2' -- \"$cur\")) ;;"
	print "\tA) COMPREPLY+=($(compgen -W 'auto kvm icount mttcg' -- \"$cur\")) ;;"
	print "\tMODE) COMPREPLY+=($(compgen -W 'private deny host' -- \"$cur\")) ;;"
	print "\tREACTION) COMPREPLY+=($(compgen -W 'report kill' -- \"$cur\")) ;;"
	print "\tREADING) COMPREPLY+=($(compgen -W 'as-clone as-written' -- \"$cur\")) ;;"
	print "\tMANAGER) COMPREPLY+=($(compgen -W 'cgroupfs systemd disabled' -- \"$cur\")) ;;"
	print "\tFORMAT) COMPREPLY+=($(compgen -W 'text json' -- \"$cur\")) ;;"
	print "\tLEVEL) COMPREPLY+=($(compgen -W 'error warning debug' -- \"$cur\")) ;;"
	print "\tesac"
	print "}"
	print ""
	print "# The kind of the value that \"COMMAND OPTION\" takes; fails where it takes none."
	print "_" name "_value() {"
	print "\tcase $1 in"
	for (kind in values) print "\t" values[kind] ") echo " kind " ;;" | "LC_ALL=C sort"
	close("LC_ALL=C sort")
	print "\t*) return 1 ;;"
	print "\tesac"
	print "}"
	print ""
	print "_" name "() {"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=- word kind"
	print "\tlocal i=1 place=0 options arguments= last=$((COMP_CWORD - 1))"
	print "\tCOMPREPLY=()"
	print "\t# \"=\" is a word of its own."
	print "\tif [ \"$cur\" = = ]; then"
	print "\t\tcur=''"
	print "\telif [ \"$prev\" = = ]; then"
	print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]} last=$((COMP_CWORD - 2))"
	print "\tfi"
	print "\t# Which command, and how many arguments stand before this one."
	print "\tfor ((; i < COMP_CWORD; i++)); do"
	print "\t\tword=${COMP_WORDS[i]}"
	print "\t\tif [ \"$word\" = -- ]; then"
	print "\t\t\tplace=99"
	print "\t\t\tbreak"
	print "\t\telif _" name "_value \"$command $word\" >/dev/null; then"
	print "\t\t\t((i == last)) && break"
	print "\t\t\t[ \"${COMP_WORDS[i + 1]}\" != = ] || ((i++))"
	print "\t\t\t((i++))"
	print "\t\telif [[ $word != -* ]]; then"
	print "\t\t\tif [ \"$command\" = - ]; then command=$word; else ((place++)); fi"
	print "\t\tfi"
	print "\tdone"
	print "\tif ((place < 99)) && kind=$(_" name "_value \"$command $prev\"); then"
	print "\t\t_" name "_kind \"$kind\""
	print "\t\treturn"
	print "\tfi"
	print "\tcase $command in"
	print "\t-) options='" ("-" in options ? trim(options["-"]) : "--help") "' ;;"
	count = split(trim(commands), list, " ")
	for (i = 1; i <= count; i++)
		print "\t" list[i] ") options='" trim(options[list[i]]) "' arguments='" words(usage[list[i]]) "' ;;"
	print "\tesac"
	print "\tif ((place < 99)) && [[ $cur == -* ]]; then"
	print "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))"
	print "\telif [ \"$command\" = - ]; then"
	print "\t\tCOMPREPLY=($(compgen -W '" trim(commands) "' -- \"$cur\"))"
	print "\telse"
	print "\t\t# The last kind is that of all further arguments where it is marked with \"+\"."
	print "\t\tset -- $arguments"
	print "\t\t((place < $#)) && shift \"$place\" || { ((place)) && shift $(($# ? $# - 1 : 0)) && [[ ${1-} == *+ ]] || return; }"
	print "\t\tword=${1-}"
	print "\t\tfor kind in ${word//|/ }; do"
	print "\t\t\t_" name "_kind \"${kind%+}\""
	print "\t\tdone"
	print "\tfi"
	print "}"
	print ""
	print "complete -F _" name " " program
}

function trim(text) {
	sub(/^ +/, "", text)
	return text
}

# "[SOURCE...]" is SOURCE+, "-- COMMAND..." is COMMAND+
function words(text) {
	gsub(/\.\.\./, "+", text)
	gsub(/[][]/, "", text)
	sub(/^-- /, "", text)
	return text
}
