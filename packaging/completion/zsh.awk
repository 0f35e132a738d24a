# SPDX-License-Identifier: GPL-2.0
#
# Makes the zsh completion of one program from options.tsv. -v program=NAME
BEGIN {
	FS = "\t"
	name = program
	gsub(/-/, "_", name)
	actions["FILE"] = actions["FILE.c"] = actions["PROFILE"] = actions["SOURCE"] = "_files"
	actions["SOCKET"] = "_files"
	actions["FOLDER"] = actions["DIR"] = actions["RUN"] = actions["BUNDLE"] = "_files -/"
	actions["ID"] = actions["CONTAINER"] = "_" name "_ids"
	actions["COMMAND"] = "_command_names -e"
	actions["SIGNAL"] = "(TERM KILL INT HUP QUIT STOP CONT USR1 USR2)"
	actions["VERSION"] = "_files -/ -W /lib/modules"
	actions["K"] = "(6.1 6.12 7.2)"
	actions["A"] = "(auto kvm icount mttcg)"
	actions["MODE"] = "(private deny host)"
	actions["REACTION"] = "(report kill)"
	actions["READING"] = "(as-clone as-written)"
	actions["MANAGER"] = "(cgroupfs systemd disabled)"
	actions["FORMAT"] = "(text json)"
	actions["LEVEL"] = "(error warning debug)"
}
$2 != program { next }
$1 == "command" {
	commands[++count] = $3
	described = described " \\\n\t\t\t" quote($3 ":" $4)
}
$1 == "usage" { usage[$3] = $4 }
$1 == "option" {
	value = $6 == "-" ? "" : ":" plain($6) ":" action($6)
	equals = $6 == "-" ? "" : "="
	text = plain($7)
	# Some may be repeated; zsh need not know which.
	specs[$3] = specs[$3] " \\\n\t\t\t" quote("*" $5 equals "[" text "]" value)
	if ($4 != "-") specs[$3] = specs[$3] " \\\n\t\t\t" quote("*" $4 "[" text "]" value)
}

END {
	print "#compdef " program
	print "# SPDX-License-Identifier: GPL-2.0"
	print ""
	print "_" name "_ids() { # containers that have an instance"
	print "\tlocal -a ids"
	print "\tids=(${(f)\"$(vkernel ps 2>/dev/null | awk 'NR > 1 { print $2 == \"-\" ? $1 : $2 }')\"})"
	print "\tcompadd -a ids"
	print "}"
	print ""
	print "_" name "() {"
	print "\tlocal curcontext=$curcontext state state_descr line"
	print "\tlocal -a commands"
	print "\ttypeset -A opt_args"
	print "\t_arguments -C" specs["-"] (("-" in usage || specs["-"] != "") ? "" : " '--help[print what there is]'") " \\"
	print "\t\t'1:command:->command' '*:: :->arguments' && return"
	print "\tcase $state in"
	print "\tcommand)"
	print "\t\tcommands=(" described ")"
	print "\t\t_describe command commands ;;"
	print "\targuments)"
	print "\t\tcase $words[1] in"
	for (i = 1; i <= count; i++)
		print "\t\t" commands[i] ") _arguments" specs[commands[i]] places(usage[commands[i]]) " ;;"
	print "\t\tesac ;;"
	print "\tesac"
	print "}"
	print ""
	print "_" name " \"$@\""
}

function places(text, list, n, i, result, kinds, star) {
	sub(/^-- /, "", text)
	gsub(/[][]/, "", text)
	n = split(text, list, " ")
	for (i = 1; i <= n; i++) {
		star = sub(/\.\.\./, "", list[i])
		if (split(list[i], kinds, "|") == 2)
			result = result " \\\n\t\t\t" quote((star ? "*" : i) ":" list[i] ":{ " action(kinds[1]) "; " action(kinds[2]) " }")
		else
			result = result " \\\n\t\t\t" quote((star ? "*" : i) ":" list[i] ":" action(list[i]))
	}
	return result
}

function action(kind) {
	sub(/,?\.\.\.$/, "", kind)
	return kind in actions ? actions[kind] : " "
}

function plain(text) {
	gsub(/\\/, "", text)
	gsub(/\[/, "(", text)
	gsub(/\]/, ")", text)
	gsub(/:/, "\\:", text)
	return text
}

function quote(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}
