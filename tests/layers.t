#!/usr/bin/env bash
# Each module includes only what stands beside or below it in layers.txt, and
# a foreign library only where that file gives it away.

. "${0%/*}/lib.sh"

cd "$ROOT" || exit

# Prints "FILE INCLUDED" for each #include of the sources.
includes()
{
	grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"][^>"]*' \
		common/*.c common/*.cc common/*.h cmd/*.c |
		sed -E 's,^common/|^(cmd/),\1,; s,:[^<"]*[<"], ,'
}

# Headers of C, POSIX, Linux and the compiler.
system_headers='
assert arpa ctype dirent errno fcntl fenv float fnmatch getopt
arm_neon cstdio cstdlib cstring emmintrin immintrin inttypes limits locale
linux math netdb netinet poll pthread sched signal stdarg stdatomic
stdbool stddef stdint stdio stdlib string strings sys termios time
unistd
'

# Given layers.txt, the includes and the files, prints what breaks a rule.
breaks()
{
	{ includes && (cd common && ls); } | awk -v rule="$1" \
		-v system_headers="${system_headers//$'\n'/ }" '
	# The module that a file or header belongs to, or "".
	function module_of(file, base, end)
	{
		base = file
		sub(/\.(c|cc|h)$/, "", base)
		if (base in part)
			return part[base]
		for (;;) {
			if (base in row)
				return base
			if (!(end = match(base, /_[^_]*$/)))
				return ""
			base = substr(base, 1, end - 1)
		}
	}

	FNR == NR {
		if (/^#/ || NF == 0)
			next
		if ($1 != last)
			rows++
		last = $1
		row[$2] = rows
		sign = ""
		for (i = 3; i <= NF; i++) {
			if ($i == "+" || $i == "<")
				sign = $i
			else if (sign == "+")
				part[$i] = $2
			else
				owned[$i] = owned[$i] " " $2 " "
		}
		next
	}

	rule == "unknown" && $1 !~ /^cmd/ && !module_of($1) && !seen[$1]++ {
		print $1 " is in no row"
	}
	NF == 1 {
		next
	}
	{
		from = module_of($1)
		to = module_of($2)
		library = $2
		sub(/[\/.].*/, "", library)
	}

	rule == "row" && from && to && row[to] > row[from] {
		print $1 " includes " $2 ", which stands above it"
	}
	rule == "library" && !to && library in owned &&
			index(owned[library], " " from " ") == 0 {
		print $1 " includes " $2
	}
	rule == "system" && !to && !(library in owned) &&
			index(system_headers, " " library " ") == 0 {
		print $1 " includes " $2
	}
	' tests/layers.txt -
}

# Modules of layers.txt that are no more.
gone()
{
	awk '!/^#/ && NF { for (i = 2; i <= NF && $i != "<"; i++)
		if ($i != "+") print $i }' tests/layers.txt |
		while read -r name; do
			ls common/"$name".[ch]* > /dev/null 2>&1 ||
				echo "$name"
		done
}

# Files in common/ with code but no header of their own or of their module.
headless()
{
	local file base
	for file in common/*.c common/*.cc; do
		base=${file%.*}
		grep -qE "\+.* ${base##*/}( |$)" tests/layers.txt && continue
		[ -e "$base.h" ] || [ -e "${base%%_*}.h" ] || echo "$file"
	done
}

# A rule that finds nothing is only worth something where it can find.
ok 'the includes are found' test "$(includes | wc -l)" -gt 20
check 'every file of common/ is in a row' breaks unknown
check 'no row has a module that is gone' gone
check 'no module includes one of a row above' breaks row
check 'foreign libraries stay in their modules' breaks library
check 'no other library is included' breaks system
check 'every module has a header' headless

done_testing
