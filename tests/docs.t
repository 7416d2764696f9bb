#!/usr/bin/env bash
# Each program's --help, its manual page and the README say the same; what the
# pages give as examples runs.

. "${0%/*}/lib.sh"

# The page's .It lines of options, as help_options has them.
page_options()
{
	sed -nE 's/^\.It Fl ([^ ]) , Fl -/-\1 --/p; s/^\.It Fl -/--/p' "$1" |
		sed 's/ Ar / /'
}

# The options of the page's SYNOPSIS with their arguments, a line each;
# letters that stand together are taken apart.
page_synopsis()
{
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$1" | awk '
	/[ .]Fl / {
		sub(/^\./, ". ")
		for (i = 1; i < NF; i++) {
			if ($i != "Fl")
				continue
			arg = $(i + 2) == "Ar" ? " " $(i + 3) : ""
			n = $(i + 1) ~ /^-/ ? 0 : split($(i + 1), letters, "")
			if (n == 0)
				print "-" $(i + 1) arg
			for (j = 1; j <= n; j++)
				print "-" letters[j] arg
		}
	}' | sort
}

# What the SYNOPSIS should have: each option in its shortest form, without
# those that every program has.
help_synopsis()
{
	help_options "$1" | grep -vE -- '--(quiet|exit-zero|help|version)$' |
		sed -E 's/^(-.) --[^ ]+/\1/' | sort
}

# Runs one in a directory that has the demo: release.json and segments/. Each
# program must succeed, unless its reader had enough (141) as in `| head`.
run_example()
(
	rm -rf example && mkdir example && cd example &&
		cp -r "$DEMO/release.json" "$DEMO/segments" . &&
		bounded 60 bash -euo pipefail -c "$1"
	case $? in
	0 | 141) ;;
	*) exit 1 ;;
	esac
)

# Runs a session, of which each line that begins with `$ ` is a command and the
# lines below it are what it prints, and prints it as it went.
run_session()
(
	rm -rf example && mkdir example && cd example &&
		cp -r "$DEMO/release.json" "$DEMO/segments" .
	sed -n 's/^\$ //p' <<< "$1" | while IFS= read -r line; do
		echo "\$ $line"
		bounded 60 bash -c "$line" 2>&1 < /dev/null || :
	done
)

for program in $(programs); do
	page=$ROOT/man/$program.1
	check "$program --help begins with its usage" -o "usage: $program " \
		"$program --help | sed -n '1s/\[options\].*//p'"
	ok "$program -h says the same" \
		diff <("$program" -h) <("$program" --help)
	check "$program --help has options in one form" -s 1 \
		"$program --help | grep '^ *-' |
		grep -vE '^(  -., |      )--[a-z0-9-]+( [^ ]+)?(  .*)?$'"
	check "$program --version has the version" \
		-o "$program (segtools) $(sed -n 's/^VERSION = //p' \
			"$ROOT/Makefile")" "$program" --version
	ok "$program(1) lists its options, in the order of --help" \
		diff <(page_options "$page" | tr '[:lower:]' '[:upper:]') \
		<(help_options "$program" | tr '[:lower:]' '[:upper:]')
	ok "$program(1) has them in the SYNOPSIS" \
		diff -i <(page_synopsis "$page") <(help_synopsis "$program")
	ok "$program(1) bears its name" grep -qx ".Nm $program" "$page"
done

# What is the same in all programs, such as their files, is in seg(7) alone.
for page in "$ROOT"/man/seg-*.1; do
	check "${page##*/} has what a page of a program has, in its order" \
		-o 'NAME SYNOPSIS DESCRIPTION EXIT STATUS EXAMPLES DIAGNOSTICS SEE ALSO' \
		"sed -n 's/^\.Sh //p' '$page' | grep -xE 'NAME|SYNOPSIS|DESCRIPTION|EXIT STATUS|EXAMPLES|DIAGNOSTICS|SEE ALSO' |
		paste -sd ' '"
done
check 'seg(7) has what all of them share' -o 'ENVIRONMENT FILES EXIT STATUS' \
	"sed -n 's/^\.Sh //p' '$ROOT/man/seg.7' |
	grep -xE 'ENVIRONMENT|FILES|EXIT STATUS' | paste -sd ' '"

# Pages without a program, and cross references to pages that are not there.
for page in "$ROOT"/man/seg-*.1; do
	page=${page##*/}
	ok "$page has its program" test -e "$ROOT/cmd/${page%.1}.c"
done
sed -nE 's/^\.Xr (seg[a-z-]*) ([0-9]).*/\1.\2/p' "$ROOT"/man/* | sort -u |
	while read -r page; do
		[ -e "$ROOT/man/$page" ] || echo "$page"
	done > missing
ok 'no page refers to one that is not there' diff missing /dev/null
check 'seg(7) refers to every page' -o '' \
	"(cd '$ROOT/man' && ls seg-*.*) | while IFS=. read -r name section; do
		grep -q \"^.Xr \$name \$section\" '$ROOT/man/seg.7' ||
			echo \$name
	done"

if command -v mandoc > /dev/null; then
	check 'mandoc finds nothing in the pages' -s 1 \
		"{ mandoc -T lint -W style '$ROOT'/man/* 2> told; cat told; } |
		grep -vE 'referenced manual not found|mandoc[.]db'"
else
	skip 'mandoc finds nothing in the pages' 'mandoc is not installed'
fi

ok "the README's table has every program and no other" diff <(programs) \
	<(sed -nE 's/^\| *\[?`?(seg-[a-z]+).*/\1/p' "$ROOT/README.md" | sort)

if command -v jq > /dev/null; then
	readme=$(sed -n '/^```$/,/^```$/p' "$ROOT/README.md" | grep -v '^```')
	check 'the session in the README prints that' -o "$readme" \
		run_session "$readme"
	for page in "$ROOT"/man/*.[1-9]; do
		number=0
		while IFS= read -r -d '' text; do
			number=$((number + 1))
			case $text in
			'$ '*)
				check "${page##*/}: example $number prints that" \
					-o "${text%$'\n'}" run_session "$text"
				;;
			*)
				ok "${page##*/}: example $number runs" \
					run_example "$text"
				;;
			esac
		done < <(examples "$page")
	done
else
	skip 'the examples run' 'jq is not installed'
fi

# What seg-json(7) says of the cases that JSONTestSuite leaves open, which
# are tried as the value of a member.
suite=$DATA/conformance/jsontestsuite
if [ -d "$suite" ]; then
	find "$suite" -name 'i_*.json' | sort | while IFS= read -r file; do
		{
			printf '{"samples":[{"metadata":'
			cat "$file"
			printf '}]}'
		} > release.json
		name=$(basename "$file" .json)
		seg-samples release.json > records 2> messages &&
			echo "$name taken" || echo "$name refused"
	done > tried
	awk '
		/JSONTestSuite/ { verdict = "taken" }
		/^And these/ { verdict = "refused" }
		/^\.Pa i_/ { print $2, verdict }' "$ROOT/man/seg-json.7" | sort > told
	ok 'seg-json(7) tells what becomes of open cases of JSON' \
		diff told tried
else
	skip 'seg-json(7) tells what becomes of open cases of JSON' \
		'no real data here'
fi

done_testing
