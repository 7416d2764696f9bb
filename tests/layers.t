#!/usr/bin/env bash
# common/README.md, the map, is true: a folder includes only itself and those
# above it there, a foreign library stands only where the map allows it, and
# each file belongs to a module of the map.

. "${0%/*}/lib.sh"

cd "$ROOT" || exit

# Prints "FILE INCLUDED" for each #include of the sources, <> as they stand.
includes()
{
	grep -rHoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"][^>"]*' \
		common cmd --include='*.[ch]' --include='*.cc' |
		sed -E 's,^common/,,; s,:[[:space:]]*#[^<"]*, ,'
}

# Headers of C, POSIX, Linux and the compiler.
system_headers='
assert arpa ctype dirent errno fcntl fenv float fnmatch getopt
arm_neon cstdio cstdlib cstring emmintrin immintrin inttypes limits locale
linux math netdb netinet poll pthread regex sched setjmp signal stdarg stdatomic stdbool stddef stdint stdio stdlib string strings sys termios time
unistd
'

# "folder NAME", "module FOLDER NAME" and "library FOLDER MODULE NAME" lines.
map()
{
	awk '
	/^##+ / {
		folder = $2
		sub(/:$/, "", folder)
		if (/: /)
			print "folder", folder
	}
	/^- `/ {
		names = $0
		sub(/`: .*/, "`", names)
		while (match(names, /`[^`]*`/)) {
			print "module", folder, \
				substr(names, RSTART + 1, RLENGTH - 2)
			names = substr(names, RSTART + RLENGTH)
		}
	}
	/^Libraries: / {
		for (i = 2; i <= NF; i++) {
			word = $i
			gsub(/[;.]$/, "", word)
			if (gsub(/`/, "", word))
				module = word
			else
				print "library", folder, module, word
		}
	}' common/README.md
}

# Prints what breaks a rule: $1 is the rule's name.
breaks()
{
	{ map && includes; } | awk -v rule="$1" \
		-v system_headers="${system_headers//$'\n'/ }" '
	$1 == "folder" { rank[$2] = ++folders; next }
	$1 == "module" { next }
	$1 == "library" { owner[$4] = owner[$4] " " $2 "/" $3 " "; next }
	{
		kind = substr($2, 1, 1)
		to = substr($2, 2)
		from = $1
		sub(/\/[^\/]*$/, "", from)
		library = to
		sub(/[\/.].*/, "", library)
		folder = to
		sub(/\/[^\/]*$/, "", folder)
		file = $1
		sub(/\.(c|cc|h)$/, "", file)
	}
	rule == "folder" && kind == "\"" && !(folder in rank) {
		print $1 " includes " to ", which names no folder of the map"
	}
	rule == "order" && kind == "\"" && from != "cmd" &&
			rank[folder] > rank[from] {
		print $1 " includes " to ", which stands below it"
	}
	rule == "library" && kind == "<" && library in owner {
		module = file
		while (module && index(owner[library], " " module " ") == 0) {
			if (module !~ /_[^_\/]*$/)
				module = ""
			sub(/_[^_\/]*$/, "", module)
		}
		if (!module)
			print $1 " includes " to
	}
	rule == "system" && kind == "<" && !(library in owner) &&
			index(system_headers, " " library " ") == 0 {
		print $1 " includes " to
	}'
}

# Files that belong to no module of the map.
strays()
{
	{ map && find common -type f ! -name README.md; } | awk '
	$1 == "module" { known["common/" $2 "/" $3] = 1 }
	/^common/ {
		name = $1
		sub(/\.(c|cc|h)$/, "", name)
		while (!(name in known) && name ~ /_[^_\/]*$/)
			sub(/_[^_\/]*$/, "", name)
		if (!(name in known))
			print $1
	}'
}

# Modules of the map that have no file.
gone()
{
	map | while read -r what folder name; do
		[ "$what" = module ] || continue
		ls common/"$folder/$name".[ch]* > /dev/null 2>&1 ||
			echo "$folder/$name"
	done
}

# A circle between two files' headers is one between modules of a folder.
circles()
{
	includes | sed -nE 's,^([^ ]*\.h) "(.*),\1 \2,p' | { tsort >/dev/null; } 2>&1
}

# Tags that stand for two things: each is defined once, but for `config`, which
# each program has, and `chunk`, which each kernel of json/kernel has.
tags_met_twice()
{
	grep -rhoE '^(struct|enum|union) [a-z_0-9]+ \{' common cmd |
		awk '{ print $2 }' | sort | uniq -d | grep -vx 'config\|chunk'
	true
}

# A rule that finds nothing is only worth something where it can find.
ok 'the includes are found' test "$(includes | wc -l)" -gt 200
ok 'the modules are found' test "$(map | grep -c ^module)" -gt 50
check 'every include names a folder of the map' breaks folder
check 'no folder includes one below it' breaks order
check 'foreign libraries stay in their modules' breaks library
check 'no other library is included' breaks system
check 'every file belongs to a module of the map' strays
check 'no module of the map is gone' gone
check 'headers include each other in no circle' circles
check 'each tag of a structure is defined once' tags_met_twice

done_testing
