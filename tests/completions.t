#!/usr/bin/env bash
# What bash, fish and zsh offer is what --help of each program tells of. The
# shells are asked themselves where they are installed.

. "${0%/*}/lib.sh"

# Each of these takes beginnings of command lines and prints for each of them
# "LINE: WORD ...", the words that the shell offers at its end, sorted.

ask_bash()
{
	# shellcheck disable=SC2016
	bash --norc -c '
		source "$1" || exit
		for line in "${@:2}"; do
			read -ra COMP_WORDS <<< "$line"
			[[ $line == *" " ]] && COMP_WORDS+=("")
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_segtools "${COMP_WORDS[0]}"
			printf "%s\n" "${COMPREPLY[@]}" | offer "$line"
		done' ask_bash "$ROOT/completions/segtools.bash" "$@"
}

ask_fish()
{
	# shellcheck disable=SC2016
	fish --no-config -c '
		source $argv[1]
		for line in $argv[2..]
			complete -C $line | string replace -r "\t.*" "" |
				offer $line
		end' "$ROOT/completions/segtools.fish" "$@"
}

# zsh at a terminal of its own: Tab lists, Control-G ends the list and empties
# the line. What is listed has descriptions behind " -- ".
ask_zsh()
{
	cat > "$scratch/.zshrc" <<-END
	stty -echo cols 200 rows 500
	unset zle_bracketed_paste
	LISTMAX=10000 PS1=READY
	fpath=($ROOT/completions \$fpath)
	autoload -U compinit && compinit -D -u
	fin() { print; print FIN; zle kill-buffer }
	zle -N fin
	bindkey '^G' fin '^I' list-choices
	END
	# shellcheck disable=SC2016
	ZDOTDIR=$scratch zsh -f -c '
		zmodload zsh/zpty
		zpty shell "TERM=dumb exec zsh -d -i"
		zpty -r -m shell text "*READY*"
		for line; do
			zpty -w -n shell $line$'\''\t\C-g'\''
			zpty -r -m shell text "*FIN*"
			print -r -- $text | tr -d "\r" | LINE=$line listed |
				offer $line
		done' ask_zsh "$@"
}

# What stands between LINE and the next prompt, or the end, word by word.
cat > "$scratch/listed" <<'END'
#!/bin/sh
awk 'on && (/^READY/ || /^FIN/) { exit }
	on { sub(/ -- .*/, ""); gsub(/ +/, "\n"); print }
	index($0, ENVIRON["LINE"]) { on = 1 }'
END

# offer LINE: the words on stdin as one line; directories end in / or not.
cat > "$scratch/offer" <<'END'
#!/bin/sh
echo "$1:" $(sed 's,/$,,' | sort -u)
END
chmod +x "$scratch/offer" "$scratch/listed"
PATH=$PATH:$scratch

# Prints such lines for what --help of a program tells of: all options; for
# each that takes one, the arguments; files as operands.
expected()
{
	local words
	help_options "$1" | sed -E 's/ [^ -][^ ]*$//' | tr ' ' '\n' |
		offer "$1 -"
	offer "$1 some." <<< $'some.dir\nsome.file'
	help_options "$1" | while read -r -a words; do
		[[ ${words[-1]} == -* ]] || expected_argument "$1" "${words[@]}"
	done
}

# expected_argument PROGRAM [-l] --long ARGUMENT
expected_argument()
{
	local option
	for option in "${@:2:$#-2}"; do
		case $option:${!#} in
		*:FILE)
			offer "$1 $option some." <<< $'some.dir\nsome.file'
			;;
		*:DIR | *:DIR\|URL)
			offer "$1 $option some." <<< some.dir
			;;
		--status:*)
			offer "$1 $option ver" <<< verified
			;;
		-j:* | --jobs:*)
			seq "$(nproc)" | offer "$1 $option "
			;;
		*:*[A-Z]*)
			offer "$1 $option some." < /dev/null
			;;
		*)
			tr '|' '\n' <<< "${!#}" | offer "$1 $option "
			;;
		esac
	done
}

touch some.file
mkdir some.dir lines
echo '{"name":"v1","dataset":{"name":"d","labelsets":[{"name":"ground-truth"},{"name":"model"}],"samples":[]}}' > lines/two.json
echo '{"index":0,"release":{"labelset":"model","categories":[{"id":1,"name":"cat"},{"id":2,"name":"catfish"},{"id":3,"name":"dog"}]}}' > lines/records.ndjson
# shellcheck disable=SC2016
echo '{"index":0,"release":{"categories":[{"id":1,"name":"$(touch ran)`touch ran`;touch ran"}]}}' > lines/odd.json
before='seg-samples --all-labelsets two.json | seg-eval --truth mo'
for shell in bash fish zsh; do
	if ! command -v $shell > /dev/null; then
		skip "$shell completes" "$shell is not installed"
		continue
	fi
	for program in $(programs); do
		mapfile -t expected < <(expected "$program")
		ok "$shell completes $program" \
			diff <(printf '%s\n' "${expected[@]}") \
			<(ask_$shell "${expected[@]%:*}")
	done
	check "$shell completes the second of several statuses" \
		-o 'seg-filter --status labeled,ver: verified' \
		"ask_$shell 'seg-filter --status labeled,ver' |
		sed 's/: labeled,/: /'"
	while IFS='|' read -r line words _; do
		# zsh lists what comes behind the last comma.
		check "$shell: $line" -o "$line: $words" \
			"cd lines && ask_$shell '$line' | sed 's/: .*,/: /'"
	done <<- END
		seg-check --for coco,u|ultralytics|
		seg-check --enable spe|speck|
		seg-check --disable all|all all-crowd|
		seg-diff --only ad|added|
		seg-samples two.json -l |ground-truth model|
		seg-eval two.json --truth mo|model|
		seg-filter records.ndjson --category ca|cat catfish|
		seg-filter records.ndjson --keep-category d|dog|
		seg-coco records.ndjson --keypoints cat,d|dog|
		seg-filter --split a:0.9,b:0.1 --part |a b|
	END
	# bash tells its functions of no program but the one typed: see seg-install(7).
	[ $shell = bash ] ||
		check "$shell: the release of the program before" \
			-o "$before: model" \
			"cd lines && ask_$shell '$before'"
	(cd lines && ask_$shell "seg-filter odd.json --category 'x") \
		> /dev/null 2>&1
	(cd lines && ask_$shell 'seg-filter odd.json --category ') > offered
	ok "$shell offers what a release is called, whatever it is" \
		grep -q touch offered
	ok "$shell runs nothing of it" test ! -e lines/ran
	check "$shell offers no option of a program that is missing" \
		-o 'seg-filter -:' \
		"PATH=/usr/bin:/bin:$scratch ask_$shell 'seg-filter -'"
done

# Statuses are listed in the completions; the program knows them all.
statuses=$(ask_bash 'seg-filter --status ')
for status in ${statuses#*:}; do
	check "seg-filter takes the status $status" \
		seg-filter --status "$status"
done

ok 'the file of bash names every program and no other' diff <(programs) \
	<(sed -n '/^complete -F/,$p' "$ROOT/completions/segtools.bash" |
	grep -oE 'seg-[a-z]+')
ok 'so does that of zsh' diff <(programs) \
	<(sed -n 1p "$ROOT/completions/_segtools" | grep -oE 'seg-[a-z]+')
ok 'so does that of fish' diff <(programs) \
	<(grep '^for program in' "$ROOT/completions/segtools.fish" |
	grep -oE 'seg-[a-z]+')

done_testing
