# SPDX-License-Identifier: GPL-2.0
#
# What an instance answered otherwise than AppArmor, from the profile and from a file of lines
# "FOLDER.NUMBER: OPERATION PATH PATH = AppArmor's|the instance's". One difference makes others: the
# first one of each folder tells. Exits with 1 where there is one.
#
# Two things are left out, both on overlayfs (kind=overlay), where the instance is the stricter one:
# - Of what is mapped from an overlay AppArmor asks about the file behind, which the kernel itself has
#   opened, and so lets mprotect make anything executable.
# - Copying a file up reads it, and an instance is asked about that where a deny rule begins with the
#   file's name (docs/decisions/remembered-paths.md). What comes after in such a folder is not
#   compared, since the trees differ then.

# The path that a deny rule begins with, as agree prints paths: without the root, bytes as \xNN.
function beginning(pattern,   path, at, letter) {
	sub(/^\/srv\/agree/, "", pattern)
	for (at = 1; at <= length(pattern); at++) {
		letter = substr(pattern, at, 1)
		if (letter ~ /[*?{[]/)
			break
		if (letter == "\\")
			letter = substr(pattern, ++at, 1)
		path = path letter
	}
	gsub(/\303\251/, "\\xc3\\xa9", path)
	return path
}

function named(path,   place) {
	for (place in places)
		if (place == path || index(place, path "/") == 1)
			return 1
	return 0
}

FNR == NR {
	if ($1 == "deny")
		places[beginning($2 == "owner" ? $3 : $2)]
	next
}

{
	all++
	split($1, told, " = ")
	words = split(told[1], word, " ")
	folder = word[1]
	sub(/[.].*/, "", folder)
	operation = word[2]
	for (i = 3; i < words - 1; i++)
		if (word[i] != "(other)")
			operation = operation " " word[i]
}

folder in copies { uncompared++; next }

told[2] == $2 { next }

kind == "overlay" && operation == "mprotect" && told[2] == 0 && $2 == 1013 { mprotects++; next }

kind == "overlay" && told[2] == 0 && $2 == 13 &&
operation ~ /^(open (w|rw|a|ra|truncate|r truncate|create|create append)|truncate|chmod|chown|utimensat|link|rename|rename new|rename exchange)$/ &&
(named(word[words - 1]) || (operation ~ /^rename/ && named(word[words]))) {
	copies[folder]
	uncompared++
	print "# copied up: " $1 "; an instance: " $2
	next
}

{
	count++
	if (!(folder in seen) && shown++ < 25)
		print "# " $1 "; an instance: " $2
	seen[folder]
}

END {
	print "# of " all " operations " count + 0 " differ; left out: " mprotects + 0 " mprotect, " \
		uncompared + 0 " in folders where a copy was refused"
	# What is left out must stay the exception.
	if (uncompared > all / 50)
		print "# too many are left out: at most one of 50"
	exit count > 0 || uncompared > all / 50
}
