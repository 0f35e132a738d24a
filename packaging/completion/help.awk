# SPDX-License-Identifier: GPL-2.0
#
# From what argp prints as the help of a command, with each description on one line, to rows of
# options.tsv: see options. -v program= -v command=
BEGIN { OFS = "\t" }

/^Usage: / {
	usage = $0
	sub("^Usage: " program " " command " *", "", usage)
	sub(/^\[OPTION\.\.\.\] */, "", usage)
	print "usage", program, command, usage
	next
}

/^ +(-., +)?--[a-z]/ {
	short = "-"
	text = $0
	sub(/^ +/, "", text)
	if (text ~ /^-., /) {
		short = substr(text, 1, 2)
		sub(/^-., +/, "", text)
	}
	long = text
	sub(/[ =].*/, "", long)
	argument = "-"
	if (substr(text, length(long) + 1, 1) == "=") {
		argument = text
		sub(/^[^=]*=/, "", argument)
		sub(/ .*/, "", argument)
	}
	sub(/^[^ ]+ */, "", text)
	sub(/ +$/, "", text)
	print "option", program, command, short, long, argument, text
}
