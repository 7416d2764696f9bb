#!/usr/bin/env bash
# seg-check on finished YOLO data sets, whoever wrote them: each rule on a data
# set that trips it, and on one that just does not.

. "${0%/*}/lib.sh"
need jq

tripped=()

# image PIXELS > FILE: an image of its own of 12 x 12 pixels.
image()
{
	awk -v n="$1" 'BEGIN { for (y = 0; y < 12; y++) { printf "%d", n + y
		for (x = 1; x < 12; x++) printf " 7"; print "" } }' |
		mkpng -c rgb
}

# A good data set of boxes.
mkdir -p good/images/{train,val} good/labels/{train,val}
image 1 > good/images/train/a.png
image 2 > good/images/train/b.png
image 3 > good/images/val/c.png
cat > good/data.yaml <<'END'
train: images/train
val: images/val
nc: 2
names:
  0: "mug"
  1: 'donut'
END
printf '0 0.5 0.5 0.2 0.2\n1 0.25 0.5 0.5 1.005\n' > good/labels/train/a.txt
: > good/labels/train/b.txt
printf '1 0.5 0.5 1 1\r\n\n1 0.1 0.1 -0 0.1\n' |
	sed 's/ -0 / 1e-3 /' > good/labels/val/c.txt

# changed SHELL: a copy of the good data set, changed by shell text in it.
changed()
{
	rm -rf changed
	cp -r good changed
	(cd changed && eval "$1") || exit
}

# finds RULE COUNT: so many findings of the rule, and no other is asked.
finds()
{
	seg-check --disable all --enable "$1" --fail-on never \
		--yolo changed/data.yaml > found || return
	cat found
	[ "$(wc -l < found)" -eq "$2" ]
}

# trips RULE SHELL [COUNT]: the rule finds so many things, 1 if not said.
trips()
{
	tripped+=("$1")
	changed "$2"
	ok "$1 is found: $2" finds "$1" "${3-1}"
}

# spares RULE SHELL: it finds nothing.
spares()
{
	changed "$2"
	ok "$1 is not found: $2" finds "$1" 0
}

check 'a good data set has no faults' \
	-e 'seg-check: 4 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --yolo good/data.yaml
check 'wherever it is called from' \
	-e 'seg-check: 4 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	'cd good && seg-check --yolo data.yaml'
check 'and by a path that is absolute' \
	-e 'seg-check: 4 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	"seg-check --yolo '$PWD/good/data.yaml'"

# data.yaml
trips member-missing 'sed -i /^val/d data.yaml'
trips member-missing 'sed -i "/names/,\$d; /nc/d" data.yaml'
spares member-missing 'sed -i "s/^val:.*/val:\n- images\/val/" data.yaml'
trips names-broken 'sed -i "s/nc: 2/nc: 3/" data.yaml'
trips names-broken 'sed -i "s/1: /2: /" data.yaml'
trips names-broken 'sed -i "s/0: /1: /; s/1: .d/0: '"'d"'/" data.yaml'
trips names-broken 'sed -i "/names/,\$d; s/nc: .*/names: mug/" data.yaml'
spares names-broken 'sed -i "/names/,\$d; s/nc: .*/names: [mug,\n  \"do, nut\"] # two/" data.yaml'
for name in no Yes 1 1.5 null '~' 2024-01-02 0x1F 1e3.5 .5 true OFF; do
	case $name in
	1e3.5) spares name-unquoted "sed -i 's/\"mug\"/$name/' data.yaml" ;;
	*) trips name-unquoted "sed -i 's/\"mug\"/$name/' data.yaml" ;;
	esac
done
trips name-unquoted 'sed -i "s/\"mug\"/\"n01440764\"/" data.yaml'
trips name-unquoted 'sed -i "s/\"mug\"//" data.yaml'
for name in mug 'a mug' nO yess 1st '"1"' "'no'" n1 -x; do
	spares name-unquoted "sed -i 's/\"mug\"/${name//\'/\'\\\'\'}/' data.yaml"
done
trips name-duplicate 'sed -i "s/donut/mug/" data.yaml'
spares name-duplicate 'sed -i "s/donut/Mug/" data.yaml'
trips path-relative 'echo "path: ." >> data.yaml'
spares path-relative 'echo "path: $PWD" >> data.yaml'
trips file-missing 'sed -i "s/images.val/images\/valid/" data.yaml'
spares file-missing 'sed -i "s,images/val,../images/val," data.yaml'
trips part-empty 'mkdir images/valid; sed -i "s/images.val/images\/valid/" data.yaml'
trips part-empty 'mv images/val/c.png images/val/c.gif'
trips part-empty 'mv images/val/c.png images/val/.c.png'
spares part-empty 'mkdir images/val/d; mv images/val/c.png images/val/d/c.PNG'
for shape in '[3]' '[3, 4]' '[0, 3]' '3' '[three, 3]'; do
	trips keypoint-shape "echo 'kpt_shape: $shape' >> data.yaml"
done
trips keypoint-shape 'printf "kpt_shape: [3, 2]\nflip_idx: [0, 1]\n" >> data.yaml'
trips keypoint-shape 'printf "kpt_shape: [3, 2]\nflip_idx: [1, 2, 3]\n" >> data.yaml'
spares keypoint-shape 'printf "kpt_shape: [3, 2]\nflip_idx: [0, 2, 1]\n" >> data.yaml'

# Images.
trips file-broken 'head -c 60 images/val/c.png > x; mv x images/val/c.png'
spares file-broken ''
trips image-small 'echo "1 1 1" | mkpng -c rgb > images/val/c.png'
spares image-small ''
trips name-collides 'cp images/val/c.png images/train/a.jpg'
spares name-collides 'cp images/val/c.png images/train/a.b.png'
trips split-leak 'cp images/train/a.png images/val/d.png'
trips split-leak 'sed -i "s/images.val/images\/train/" data.yaml'
spares split-leak 'cp images/train/a.png images/train/d.png'

# Labels.
trips label-missing 'rm labels/train/b.txt'
spares label-missing ''
trips label-orphan 'rm images/train/b.png'
trips label-orphan 'echo > labels/train/d.txt'
spares label-orphan 'echo mug > labels/train/classes.txt; echo > labels/notes.txt'
row='> labels/train/b.txt'
for wrong in '0 .5 .5 .5' '0 .5 .5 .5 .5 .9' '0 .1 .1 .2 .1 .2 .2 .1' \
	'x .5 .5 .5 .5' '0 .5 .5 .5 nan' '0 .5 .5 .5 inf' '0 .5 .5 .5 0x1' \
	'0 .5 .5 .5 .5,' '0.5 .5 .5 .5 .5' '-1 .5 .5 .5 .5' '0 .5 .5 -.1 .5'; do
	trips row-broken "echo '$wrong' $row"
done
spares row-broken "printf '0 .5 .5 .5 .5\r\n\n \t1.0 5e-1 .5 .5 .5 \n' $row"
spares row-broken "printf '\xef\xbb\xbf0 .5 .5 .5 .5' $row"
trips category-unknown "echo '2 .5 .5 .5 .5' $row"
spares category-unknown "echo '1 .5 .5 .5 .5' $row"
trips rows-mixed "printf '0 .5 .5 .5 .5\n0 .1 .1 .2 .1 .2 .2\n' $row"
trips rows-mixed "echo '0 .1 .1 .2 .1 .2 .2' $row"
spares rows-mixed "echo '0 .5 .5 .5 .5' $row"
for number in 1.011 -0.011 2; do
	trips coordinate-range "echo '0 $number .5 .5 .5' $row"
done
for number in 1.01 -0.01 0 1; do
	spares coordinate-range "echo '0 $number .5 .5 .5' $row"
done
trips degenerate "echo '0 .5 .5 0 .5' $row"
spares degenerate "echo '0 .5 .5 .001 .5' $row"
trips duplicate-object "printf '0 .5 .5 .5 .5\n0 .5 .5 .5 .5\n' $row"
spares duplicate-object "printf '0 .5 .5 .5 .5\n1 .5 .5 .5 .5\n' $row"

# Polygons; four points are an oriented box as well.
mv good boxes
cp -r boxes good
echo '0 .1 .1 .2 .1 .2 .2' > good/labels/train/a.txt
echo '0 .1 .1 .2 .1 .2 .2 .1 .2' > good/labels/train/b.txt
echo '0 .1 .1 .2 .1 .2 .2 .1 .2 .1 .15' > good/labels/val/c.txt
check 'polygons have no faults' \
	-e 'seg-check: 3 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --yolo good/data.yaml
trips rows-mixed "echo '0 .5 .5 .5 .5' $row"
trips degenerate "echo '0 .1 .1 .2 .1 .15 .1' $row"
trips coordinate-range "echo '0 .1 .1 .2 .1 .15 1.02' $row"
check 'of a polygon whose box is within it is a warning' -o warning \
	"seg-check --yolo changed/data.yaml | jq -r .severity"
trips coordinate-range "echo '0 -.1 .1 1 .1 .15 1' $row"
check 'else an error' -s 1 -o error \
	"seg-check --yolo changed/data.yaml > found; e=\$?
	jq -r .severity found; exit \$e"

# Keypoints.
rm -r good
cp -r boxes good
printf 'kpt_shape: [2, 3]\n' >> good/data.yaml
echo '0 .5 .5 .5 .5 .4 .4 2 0 0 0' > good/labels/train/a.txt
echo '1 .5 .5 .5 .5 1 1 1 .2 .2 3' > good/labels/val/c.txt
check 'keypoints have no faults' \
	-e 'seg-check: 2 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --yolo good/data.yaml
trips row-broken "echo '0 .5 .5 .5 .5 .4 .4 2' $row"
trips coordinate-range "echo '0 .5 .5 .5 .5 .4 .4 2 -.2 .1 0' $row"

# Masks.
rm -r good
cp -r boxes good
rm -r good/labels
echo 'masks_dir: masks' >> good/data.yaml
mkdir -p good/masks/{train,val}
for name in train/a train/b val/c; do
	awk 'BEGIN { for (y = 0; y < 12; y++) print y % 2, 255, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }' |
		mkpng -c grey > good/masks/$name.png
done
check 'masks have no faults' \
	-e 'seg-check: 3 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --yolo good/data.yaml
trips category-unknown 'sed -i "s/nc: 2/nc: 1/; /1:/d" data.yaml' 3
trips size-differs 'echo "1 1 1" | mkpng -c grey > masks/val/c.png'
trips mask-colours 'cp images/val/c.png masks/val/c.png'
spares mask-colours ''
trips file-missing 'rm masks/val/c.png'
trips file-broken 'head -c 60 masks/val/c.png > x; mv x masks/val/c.png'
trips label-orphan 'cp masks/val/c.png masks/val/d.png'

rules()
{
	seg-check --explain all | sed -n '/^names-broken /,/^split-leak /s/ .*//p'
}
ok 'each rule of YOLO data sets has been tripped' \
	diff <(rules | sort) \
	<(printf '%s\n' "${tripped[@]}" | sort -u | grep -Fxf <(rules))

# Lists of images.
rm -r good
cp -r boxes good
printf './images/train/a.png\r\n./images/train/b.png\n\n' > good/train.txt
printf '%s\n' "$PWD/good/images/val/c.png" > good/val.txt
sed -i 's,images/train,train.txt,; s,images/val,val.txt,' good/data.yaml
check 'a part may be a list of images' \
	-e 'seg-check: 4 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --yolo good/data.yaml
echo ./images/train/z.png >> good/train.txt
check 'where one is missing it is told' -s 1 \
	-o '["file-missing","images/train/z.png"]
["label-missing","images/train/z.png"]' \
	'seg-check --yolo good/data.yaml > found; status=$?
	jq -c "[.rule, .name]" found; exit $status'

# What is told.
rm -r good
cp -r boxes good
echo '2 .5 .5 .5 .5' >> good/labels/train/a.txt
check 'a finding tells file, line, image' -s 1 \
	-o '{"rule":"category-unknown","severity":"error","file":"labels/train/a.txt","line":3,"name":"images/train/a.png","message":"its class is 2, there are 2","breaks":["ultralytics","rfdetr"]}' \
	seg-check --yolo good/data.yaml
check 'as text' -s 1 \
	-o 'labels/train/a.txt:3: images/train/a.png: error: its class is 2, there are 2 [category-unknown]' \
	seg-check --format text --yolo good/data.yaml
check 'a data.yaml that is not there' -s 2 \
	-e 'seg-check: no/data.yaml: No such file or directory' \
	seg-check --yolo no/data.yaml
while IFS=$'\t' read -r text message; do
	printf '%b' "$text" > odd.yaml
	check "refused: $text" -s 2 -e "seg-check: odd.yaml:$message" \
		seg-check --yolo odd.yaml
done << 'END'
train: a\nval: &x b\n	2: a value of a kind that is not understood
names: [a, [b]]\n	1: a list within a list
names: [a,\n b\n	3: a bracket that is not closed
names:\n  0: a\n    1: b\n	3: a line that is deeper than those before
names:\n  a\n	2: a key without a colon
train: "a\n	1: a text without its last quote
train: a\ntrain: b\n	2: a key that stands twice
  train: a\n	1: a line that begins with blanks
just text\n	1: no "key: value"
train: "a" b\n	1: more than one value on a line
train: "\\q"\n	1: an escape that is not understood
END
check 'members of others may have anything below them' \
	-e 'seg-check: 4 rows in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	'rm -r good; cp -r boxes good
	{ printf -- "---\n# by hand\nroboflow:\n  workspace: [x\n  deep:\n    - &a {b: c}\n"
	cat boxes/data.yaml; printf "download: |\n  import os\n\n  exit()\n"; } > good/data.yaml
	seg-check --yolo good/data.yaml'

# What the vendor's exporter writes: D47 coordinates beyond the image, D48 raw
# category ids, no negatives, no data.yaml (this one is by hand).
rm -r good
cp -r boxes good
echo '7 0.5 0.5 1.2 1.04' > good/labels/train/a.txt
rm good/labels/train/b.txt
check "the vendor's exporter is convicted" -s 1 -o '1 category-unknown
1 coordinate-range
1 label-missing' \
	'seg-check --yolo good/data.yaml > found; status=$?
	jq -r .rule found | sort | uniq -c | sed "s/^ *//"; exit $status'

# Ours is acquitted, in every task: of two samples, and of real releases.
mkdir ours
cp boxes/images/train/{a,b}.png ours
for name in a b; do
	printf '{"name":"%s.png","uuid":"%s","attributes":{"image":{"url":"%s.png"}},"label":{"label_status":"LABELED","attributes":{"annotations":[%s]}},"release":{"name":"r","dataset":"d","categories":[{"id":0,"name":"no"},{"id":5,"name":"mug"}]}}\n' \
		$name $name $name '{"id":1,"category_id":5,"type":"bbox","points":[[1,1],[4,6]]},{"id":2,"category_id":0,"type":"polygon","points":[[6,6],[11,6],[11,14]]}'
done > ours.ndjson
releases=('ours.ndjson ours')
if [ -e "${DATA:-/none}/real" ]; then
	for name in real/gummi_bears/gummi_bears-v0.1.json \
		real/field_road/Field_road-v0.field.json \
		real/arc_litter/arc_litter-v01.json panoptic-real/release.json \
		vector/release.json; do
		sed -E 's,(http://127.0.0.1:PORT|https://segmentsai-prod[^/]*)/,,g' \
			"$DATA/$name" | seg-samples -q > "${name//\//_}"
		case $name in
		*gummi*) releases+=("${name//\//_} $DATA/${name%/*}") ;;
		*) releases+=("${name//\//_} $DATA") ;;
		esac
	done
fi
for release in "${releases[@]}"; do
	read -r name base <<< "$release"
	for task in detect segment obb pose semantic; do
		seg-yolo -q --partial --offline --base "$base" --task $task \
			--split train:0.6,val:0.4 -t "ours-$task" "$name" \
			2> messages
		check "seg-yolo --task $task of $name is acquitted" -o true \
			"seg-check --fail-on warning --yolo ours-$task/data.yaml 2> told &&
			grep -q '[1-9][0-9]* rows in' told && echo true"
	done
done

done_testing
