#!/usr/bin/env bash
# Each row of seg(7)'s table of trainers: its pipe is typed as it stands there,
# and what it writes is read as its readers read it, by trainers_reader.py.
# README has the same rows.

. "${0%/*}/lib.sh"
need jq
need_judge numpy cv2 PIL yaml pycocotools supervision panopticapi transformers

# The rows of the page: the trainer, a tab, its pipe.
page_rows()
{
	awk '
	/^\.Sh WHICH PIPE/ { on = 1; next }
	/^\.Sh / { on = 0 }
	on && /^\.It ./ { name = substr($0, 5) }
	on && name && /^\.Dl / { print name "\t" substr($0, 5) }
	' "$ROOT/man/seg.7"
}

# Those of the README.
readme_rows()
{
	sed -n '/^## Which pipe/,/^## What is in it/p' "$ROOT/README.md" |
		sed -nE 's/^\| (.*) \| `(.*)` \|$/\1\t\2/p'
}

page_rows > rows
check 'README has the rows of the page' -o "$(cat rows)" readme_rows

mkdir points demo
cp -r "$DEMO/segments" points
cp -r "$DEMO/segments" demo
cp "$DEMO/release.json" demo/r.json
points_release demo/r.json > points/r.json

# Types a row's pipe in a folder of its own.
type_row()
{
	local folder=$1 row=$2
	cd "$folder" || return
	eval "seg-samples r.json | seg-filter --status reviewed | $row"
}

number=0
while IFS=$'\t' read -r name row; do
	number=$((number + 1))
	case $row in
	*--group-by*) from=points ;;
	*) from=demo ;;
	esac
	cp -r $from $number
	row=${row/NAME,.../\'left ear,right ear\'}
	check "$name: $row" -E '*' type_row $number "$row"
	echo "$number	$row" >> typed
done < rows
check 'all rows were typed' -o 13 eval 'wc -l < typed'

cat > judge <<END
"$PYTHON" "$ROOT/tests/trainers_reader.py" typed
END
check 'their readers take what was written' -o "$(sed 's/.*/read/' typed)" \
	bash judge

done_testing
