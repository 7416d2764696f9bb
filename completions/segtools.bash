# Completion of segtools for bash, installed under the name of each program.
# Options are read from --help, so that only their values stand here.

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

# Offers values of option $1, whose argument --help calls $2, for the word $3.
_segtools_value()
{
	local words='' before=''

	case $1:$2 in
	*:FILE)
		_segtools_files -f "$3"
		return
		;;
	*:DIR | *:DIR\|URL)
		_segtools_files -d "$3"
		return
		;;
	status:*)
		words='reviewed reviewing_in_progress labeled
			labeling_in_progress rejected prelabeled skipped
			verified unlabeled'
		[[ $3 == *,* ]] && before=${3%,*},
		;;
	jobs:*)
		words=$(seq "$(nproc 2> /dev/null || echo 1)")
		;;
	*:*[A-Z]*) ;;
	*)
		words=${2//|/ }
		;;
	esac
	mapfile -t COMPREPLY < <(
		compgen -P "$before" -W "$words" -- "${3#"$before"}"
	)
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
			_segtools_value "$long" "$arg" "$word"
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
	seg-check seg-coco seg-decode seg-diff seg-eval seg-fetch seg-filter seg-frames seg-mask seg-release seg-samples seg-stat seg-yolo
