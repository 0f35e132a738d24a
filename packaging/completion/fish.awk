# SPDX-License-Identifier: GPL-2.0
#
# Makes the fish completion of one program from options.tsv. -v program=NAME
BEGIN {
	FS = "\t"
	name = program
	gsub(/-/, "_", name)
	ids = "(__" name "_ids)"
	values["ID"] = values["CONTAINER"] = ids
	values["SIGNAL"] = "TERM KILL INT HUP QUIT STOP CONT USR1 USR2"
	values["VERSION"] = "(path basename /lib/modules/*)"
	values["K"] = "6.1 6.12 7.2"
	values["A"] = "auto kvm icount mttcg"
	values["MODE"] = "private deny host"
	values["REACTION"] = "report kill"
	values["READING"] = "as-clone as-written"
	values["MANAGER"] = "cgroupfs systemd disabled"
	values["FORMAT"] = "text json"
	values["LEVEL"] = "error warning debug"
	print "# SPDX-License-Identifier: GPL-2.0"
	print "# fish completion for " program
	print ""
	print "function __" name "_ids # containers that have an instance"
	print "\tvkernel ps 2>/dev/null | awk 'NR > 1 { print $2 == \"-\" ? $1 : $2 }'"
	print "end"
	print ""
	print "complete -c " program " -f"
}
$2 != program { next }
$1 == "command" {
	print "complete -c " program " -n __fish_use_subcommand -a " $3 " -d " quote($4)
}
$1 == "usage" {
	if ($4 ~ /FILE|PROFILE|SOURCE|RUN|FOLDER|COMMAND/) print condition($3) " -F"
	if ($4 ~ /(^|\|)(ID|CONTAINER)/) print condition($3) " -a " quote(ids)
}
$1 == "option" {
	line = condition($3) " -l " substr($5, 3)
	if ($4 != "-") line = line " -s " quote(substr($4, 2))
	if ($6 in values) line = line " -x -a " quote(values[$6])
	else if ($6 ~ /^(FILE|FOLDER|DIR|SOCKET)/) line = line " -r -F"
	else if ($6 != "-") line = line " -x"
	print line " -d " quote($7)
}

function condition(command) {
	if (command == "-") return "complete -c " program " -n __fish_use_subcommand"
	return "complete -c " program " -n " quote("__fish_seen_subcommand_from " command)
}

function quote(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/'/, "\\'", text)
	return "'" text "'"
}
