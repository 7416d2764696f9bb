# Completion of segtools for bash, installed under the name of each program.
# Options are read from --help, and values asked for from the programs: what a
# list may have, rules, and what a release on the command line has.

# Prints "SHORT LONG ARGUMENT" for each option that --help of $1 shows; `-`
# stands for what an option does not have.
_segtools_options()
{
	local line form='^  (-(.), |    )--([a-z0-9-]+)( ([^ ]+))?(  .*)?$'

	"$1" --help 2> /dev/null | while IFS= read -r line; do
		[[ $line =~ $form ]] && printf '%s %s %s\n' \
			"${BASH_REMATCH[2]:--}" "${BASH_REMATCH[3]}" \
			"${BASH_REMATCH[5]:--}"
	done
}

# Prints the options of $1 as they are typed.
_segtools_words()
{
	local short long arg

	_segtools_options "$1" | while read -r short long arg; do
		[ "$short" = - ] || printf '%s\n' "-$short"
		printf '%s\n' "--$long"
	done
}

# Offers files, or directories alone with -d, that begin with $2.
_segtools_files()
{
	compopt -o filenames 2> /dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# Offers the lines of stdin that begin with $1, of which with $2 set the part
# behind the last comma counts. They may be anyone's names: nothing in them is
# expanded.
_segtools_offer()
{
	local line quoted before=''

	[[ $2 && $1 == *,* ]] && before=${1%,*},
	while IFS= read -r line; do
		printf -v quoted %q "$line"
		[[ $before$quoted == "$1"* ]] && COMPREPLY+=("$before$quoted")
	done
}

# Prints what the list of option $2 of program $1 may have: it says so of what
# is none.
_segtools_list()
{
	"$1" "--$2" . 2>&1 > /dev/null < /dev/null |
		sed -nE '1s/.*(there are|not one of) (.*): \.$/\2/p' |
		sed 's/, /\n/g'
}

# Prints the names of what $1 says, labelsets or categories, of the first file
# on the command line that has some.
_segtools_names()
{
	local word

	for word in "${COMP_WORDS[@]:1}"; do
		[ -f "$word" ] && seg-samples --names "$1" "$word" \
			2> /dev/null < /dev/null && return
	done
}

# Prints the parts of the --split on the command line.
_segtools_parts()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" = --split ] &&
			tr , '\n' <<< "${COMP_WORDS[i + 1]}" | sed 's/:.*//'
	done
}

# Offers values of option $2 of program $1, whose argument --help calls $3, for
# the word $4.
_segtools_value()
{
	local words=''

	case $2:$3 in
	*:FILE)
		_segtools_files -f "$4"
		;;
	*:DIR | *:DIR\|URL)
		_segtools_files -d "$4"
		;;
	*:LIST)
		_segtools_offer "$4" list < <(_segtools_list "$1" "$2")
		;;
	*:RULE)
		_segtools_offer "$4" < <(
			echo all
			"$1" --explain all | sed 's/ .*//'
		)
		;;
	labelset:* | *:LABELSET)
		_segtools_offer "$4" < <(_segtools_names labelsets)
		;;
	*category:*)
		_segtools_offer "$4" < <(_segtools_names categories)
		;;
	keypoints:* | stuff:*)
		_segtools_offer "$4" list < <(_segtools_names categories)
		;;
	part:*)
		_segtools_offer "$4" < <(_segtools_parts)
		;;
	jobs:*)
		_segtools_offer "$4" < <(seq "$(nproc 2> /dev/null || echo 1)")
		;;
	*:*[A-Z]*) ;;
	*)
		words=${3//|/ }
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$4")
		;;
	esac
}

_segtools()
{
	local word=${COMP_WORDS[COMP_CWORD]} short long arg
	local prev=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	# --option=VALUE comes as three words.
	if [ "$word" = = ]; then
		word=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	while read -r short long arg; do
		[ "$arg" = - ] && continue
		if [ "$prev" = "-$short" ] || [ "$prev" = "--$long" ]; then
			_segtools_value "$1" "$long" "$arg" "$word"
			return
		fi
	done < <(_segtools_options "$1")
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(
			compgen -W "$(_segtools_words "$1")" -- "$word"
		)
	else
		_segtools_files -f "$word"
	fi
}

complete -F _segtools \
	seg-check seg-coco seg-decode seg-diff seg-eval seg-fetch seg-filter seg-frames seg-mask seg-release seg-samples seg-stat seg-view seg-yolo
