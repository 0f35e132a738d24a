# SPDX-License-Identifier: GPL-2.0
# Joins "x86_64 NAME NUMBER" and "i386 NAME NUMBER" lines (standard input, from the headers) with
# newer.tbl and multiplexed.tbl into initialisers of struct call_numbers, unsorted.

function set(table, name, number, key)
{
	key = table SUBSEP name
	if (number == "-")
		return
	if (key in numbers && numbers[key] != number) {
		printf "%s: %s %s is %s in the headers and %s here\n", FILENAME, table, name,
			numbers[key], number > "/dev/stderr"
		failed = 1
		exit 1
	}
	numbers[key] = number
	names[name] = 1
}

function get(table, name)
{
	return (table SUBSEP name) in numbers ? numbers[table, name] : -1
}

/^#/ { next }
FILENAME ~ /newer\.tbl$/ { set("x86_64", $1, $2); set("i386", $1, $3); next }
FILENAME ~ /multiplexed\.tbl$/ { multiplexer[$1] = $2; subcall[$1] = $3; names[$1] = 1; next }
{ set($1, $2, $3) }

END {
	if (failed)
		exit 1
	for (name in names)
		printf "{ \"%s\", { %d, %d }, %d, %d },\n", name, get("x86_64", name),
			get("i386", name),
			name in multiplexer ? get("i386", multiplexer[name]) : -1,
			name in subcall ? subcall[name] : -1
}
