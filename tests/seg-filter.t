#!/usr/bin/env bash
# seg-filter: records that match are passed on as they came.

. "${0%/*}/lib.sh"
need jq

# Records with what conditions look at; the spelling of all is to be kept.
cat > records <<'END'
{"index":0,"uuid":"u0","name":"in/a cat.jpg","metadata":{"scene":"x","n":1.50,"on":true,"none":null,"deep":{"k":"v"},"a.b":"dot","list":[1,"two"]},"label":{"label_status":"REVIEWED","attributes":{"annotations":[{"id":1,"category_id":1,"attributes":{"color":"red","size":2.0,"tags":["p","q"],"on":true}},{"id":2,"category_id":2,"attributes":{"color":"bl\u0075e"}}],"image_attributes":{"weather":"sun"}}},"release":{"name":"v1","categories":[{"name":"cat","id":1},{"name":"dog","id":2},{"name":"2","id":7}]}}
{"index":1,"name":"caf\u00e9.png","metadata":{"scene":"y"},"label":null,"release":{"name":"v1","categories":[{"name":"cat","id":1},{"name":"dog","id":2},{"name":"2","id":7}]},"more":18446744073709551616}
{"index":2,"uuid":"u2","name":"seq","label":{"label_status":"PRELABELED","attributes":{"frames":[{"annotations":[{"id":1,"category_id":2},{"id":2,"category_id":7}],"image_attributes":{"weather":"rain"}},{"annotations":[{"id":1,"category_id":2}]},{}]}},"release":{"name":"v1","categories":[{"name":"cat","id":1},{"name":"dog","id":2},{"name":"2","id":7}]}}
{"index":3,"uuid":"u3","name":"skip.jpg","label":{"label_status":"skipped","attributes":null},"release":{"name":"v1","categories":[{"name":"cat","id":1},{"name":"dog","id":2},{"name":"2","id":7}]}}
END
line()
{
	sed -n "$1p" records
}

# passes NAME INDICES OPTION...: those records of `records` pass, unchanged.
passes()
{
	local name=$1 indices=$2 index
	shift 2
	for index in $indices; do
		line $((index + 1))
	done > "$scratch/wanted"
	check "$name" -O "$scratch/wanted" seg-filter "$@" records
}

# lacks NAME SAID OPTION...: `records` do not have what was asked for, so that
# nothing is left of them; a reader at the end of the pipe is told, too.
lacks()
{
	local name=$1 said=$2
	shift 2
	check "$name" -s 2 -e "seg-filter: $said" \
		-o '{"error":{"program":"seg-filter","message":"what was asked for is not in the input"}}' \
		seg-filter "$@" records
}

# refused NAME MESSAGE OPTION...: wrong usage.
refused()
{
	local name=$1 message=$2
	shift 2
	check "$name" -s 2 -E "seg-filter: $message"$'\n''usage: seg-filter *' \
		seg-filter "$@" records
}

# --- Passing

passes 'without conditions all records pass' '0 1 2 3'
passes 'but those that match not, with -v' '' -v
check 'no operand is stdin' -I records -O records seg-filter
check 'records of several files come one after the other' \
	-O <(cat records records) seg-filter records records
check 'a last line without its LF gets one' -O records \
	'head -c -1 records | seg-filter'
check 'white space in a record stays' -i '{ "name" : "a" , "label" : null , "release" : {} }' \
	-o '{ "name" : "a" , "label" : null , "release" : {} }' seg-filter --status unlabeled
check 'CR LF goes, and blank lines' -O records \
	"sed 's/\$/\\r\\n/' records | seg-filter"
check 'no records in, none out' seg-filter --status reviewed
check 'a missing file ends in 2' \
	-o '{"error":{"program":"seg-filter","message":"input cannot be read"}}' -s 2 \
	-e 'seg-filter: no: No such file or directory' seg-filter no
check 'a full disk is told' -s 2 \
	-e 'seg-filter: <stdout>: No space left on device' \
	'seg-filter records > /dev/full'
check 'an unknown option is wrong usage' -s 2 \
	-E 'seg-filter: *--nonsense*usage: seg-filter *' seg-filter --nonsense

# --- Conditions

passes '--status' 0 --status REVIEWED
passes '--status in any case' 3 --status SkipPed
passes '--status of a list' '0 2' --status reviewed,prelabeled
passes '--status twice is either' '0 2' --status=reviewed --status=prelabeled
passes '--status unlabeled is a null label' 1 --status unlabeled
passes '--status of which there is none' '' --status labeled
passes '--status with spaces around commas' '0 2' \
	--status ' reviewed , prelabeled,'
sed 's/PRELABELED/PRELABELLED/; s/"label_status":"skipped",//' records > strange
for options in '--status reviewed' "--where status=reviewed"; do
	check "$options: statuses that are none are told" \
		-e 'seg-filter: labels whose label_status is missing or none that is known: 2; it is equal to no status (seg-stat tells them all)' \
		-O <(head -n 1 strange) seg-filter $options strange
done
check 'so they are where others are kept out' -o 4 \
	-E '*is known: 2; *' 'seg-filter -v --status skipped strange | grep -c .'
check 'where no status is asked for, nothing is said of them' -O strange \
	seg-filter strange
refused '--status that is none' \
	'--status: revieved is no status of a label; the nearest is reviewed: labeled,revieved' \
	--status labeled,revieved
refused '--status like none at all' \
	'--status: no status of a label; there are reviewed, *, unlabeled: x' \
	--status x
refused '--status with one letter wrong' \
	'--status: no status of a label; the nearest is reviewed: revieved' \
	--status revieved
refused '--status of nothing' '--status: no status of a label; *: ,' --status ,
for status in REVIEWED REVIEWING_IN_PROGRESS LABELED LABELING_IN_PROGRESS \
	REJECTED PRELABELED SKIPPED VERIFIED UNLABELED; do
	printf '{"label":{"label_status":"%s"},"release":{}}\n' $status
done > statuses
for status in reviewed reviewing_in_progress labeled labeling_in_progress \
	rejected prelabeled skipped verified unlabeled; do
	check "status $status is found" -o "{\"label\":{\"label_status\":\"${status^^}\"},\"release\":{}}" \
		seg-filter --status $status statuses
done
check 'no label at all is unlabeled' -i '{"name":"a","release":{}}' -o '{"name":"a","release":{}}' \
	seg-filter --status unlabeled

passes '--name' 3 --name skip.jpg
passes '--name with * over folders' '0 3' --name '*.jpg'
lacks '--name is about all of it' 'no record has the name a cat.jpg' \
	--name 'a cat.jpg'
passes '--name with a set' '0 3' --name '*[!g].[j]pg'
passes '--name with ? is for a character' 1 --name 'caf?.png'
passes '--name twice is either' '1 2' --name seq --name 'caf*'
check 'a NUL ends no name' -o 1 -i '{"name":"a\u0000b","release":{}}
{"name":"a","release":{}}' seg-filter -c --name a

passes '--uuid' 2 --uuid u2
passes '--uuid of a list' '0 3' --uuid u3,u0
lacks '--uuid is about all of it' 'no record has the uuid u' --uuid u
lacks '--uuid in its own case' 'no record has the uuid U2' --uuid U2
passes '--uuid with spaces around commas' '0 3' --uuid ' u3 , u0 '
check '--uuid of numbers, exactly' \
	-i '{"uuid":18446744073709551616,"release":{}}
{"uuid":18446744073709551617,"release":{}}
{"uuid":184467440737095516170e-1,"release":{}}' \
	-o '{"uuid":18446744073709551617,"release":{}}
{"uuid":184467440737095516170e-1,"release":{}}' \
	seg-filter --uuid 18446744073709551617
printf 'u3\r\n\n u0\nu9' > uuids
check '--uuid of a file; what no record has is said' \
	-O <(line 1; line 4) -e 'seg-filter: no record has the uuid u9' \
	seg-filter --uuid @uuids records
printf '%s\n' seq 'caf*' 'a[1].jpg' > names
check '--name of a file, patterns or as they stand' -o '1
2
9' -i '{"index":9,"name":"a[1].jpg","release":{}}' \
	'seg-filter --name @names records - | jq .index'
refused 'a file of names that is not there' \
	'--name: No such file or directory: @none' --name @none
printf '\xef\xbb\xbfu2\r\nu0\r\n' > marked
check '@FILE with a byte order mark and CRLF' -o '0
2' 'seg-filter --uuid @marked records | jq .index'
printf '\xef\xbb\xbfskip.jpg' > marked
check 'so of names' -o 3 'seg-filter --name @marked records | jq .index'
iconv -f UTF-8 -t UTF-16 uuids > wide
gzip -nc uuids > uuids.gz
for file in wide:UTF-16 uuids.gz:gzip-compressed; do
	refused "@FILE that is ${file#*:} is told" \
		"--uuid: is ${file#*:}: @${file%:*}" --uuid "@${file%:*}"
done
printf 'u0\0u1\n' > nul
refused '@FILE with NUL bytes' '--name: is no text: it has NUL bytes: @nul' \
	--name @nul
printf '\n \n' > void
for option in --uuid --name; do
	[ $option = --uuid ] || : > void
	lacks "$option @FILE without a name" 'void: no names in it' $option @void
	check "$option @FILE without a name, of what is not wanted" -O records \
		-e 'seg-filter: void: no names in it' \
		seg-filter -v $option @void records
done
seq 20 > twenty
check 'of many names that no record has, ten are said' -s 2 -E \
	'*uuid 10
seg-filter: no record has the uuid: 10 more' \
	'seg-filter --uuid @twenty records > /dev/null'

passes '--category by name' 0 --category cat
passes '--category in frames' '0 2' --category dog
check '--category by a name of digits, which the id of another is not' \
	-O <(line 3) -e "seg-filter: category 2 is taken for the name; \
for the category with that id: id:2" seg-filter --category 2 records
passes '--category by id where no name has these digits' 0 --category 1
passes '--category by id when asked so' '0 2' --category id:2
passes '--category twice is either' '0 2' --category cat --category 7
lacks '--category of which there is none' \
	'no release has a category cta; the nearest is cat' --category cta
lacks 'nor such an id' 'no release has a category 9' --category 9
check 'one of several that is not there is said, and no more' \
	-O <(line 1) -e 'seg-filter: no release has a category cow' \
	seg-filter --category cat --category cow records
check 'a category of another release is there' -O <(line 1) \
	-i '{"label":null,"release":{"categories":[]}}' \
	seg-filter --category cat records -
check 'what an earlier condition left out is there, too' \
	seg-filter --status skipped --category cat --metadata scene=x \
	--attribute size=2 --name seq --uuid u0 records
check 'no word where the input was not read to its end' -O <(line 1) \
	seg-filter --limit 1 --uuid u0,u9 records
check 'nor where there was none' seg-filter --uuid u9
check 'with -v it left all, so the status is 0' -O records \
	-e 'seg-filter: no record has metadata scnee' \
	seg-filter -v --metadata scnee=x records
check '-c counts none, and ends in 2' -s 2 -o 0 \
	-e 'seg-filter: no record has metadata scnee' \
	seg-filter -c --metadata scnee=x records

passes '--metadata' 0 --metadata scene=x
passes '--metadata of a number, however spelt' 0 --metadata n=1.5
passes '--metadata of true' 0 --metadata on=true
passes '--metadata of null' 0 --metadata none=null
passes '--metadata of a member inside' 0 --metadata deep.k=v
passes '--metadata of a key with a dot' 0 --metadata a.b=dot
passes '--metadata of an element' 0 --metadata list=two
passes '--metadata of a number in a list' 0 --metadata list=1
passes '--metadata twice is both' '' --metadata scene=x --metadata scene=y
passes '--metadata, any value of which is another' '' --metadata scene=
passes '--metadata, no word of a string' '' --metadata 'n="1.50"'
lacks '--metadata of a key that no record has' \
	'no record has metadata scnee' --metadata scnee=x
passes '--metadata of a value that no record has' '' --metadata scene=z
check '--metadata of a key with =' -i '{"metadata":{"a=b\\c":"x=y"},"release":{}}' \
	-o '{"metadata":{"a=b\\c":"x=y"},"release":{}}' \
	seg-filter --metadata 'a\=b\\c=x=y'
check '--metadata of numbers of any size, exactly' \
	-i '{"metadata":{"n":9007199254740993},"release":{}}
{"metadata":{"n":9007199254740992},"release":{}}
{"metadata":{"n":0.9007199254740993e16},"release":{}}' \
	-o '{"metadata":{"n":9007199254740993},"release":{}}
{"metadata":{"n":0.9007199254740993e16},"release":{}}' \
	seg-filter --metadata n=9007199254740993.0
refused '--metadata without value' '--metadata: not KEY=VALUE: scene' --metadata scene
refused '--metadata without key' '--metadata: not KEY=VALUE: =x' --metadata =x

passes '--attribute' 0 --attribute color=red
passes '--attribute however spelt' 0 --attribute color=blue
passes '--attribute of a number' 0 --attribute size=2
passes '--attribute, one of several chosen' 0 --attribute tags=q
passes '--attribute twice may be two annotations' 0 \
	--attribute color=red --attribute color=blue
passes '--attribute of no annotation' '' --attribute color=green
lacks '--attribute that none has' 'no annotation has the attribute colour' \
	--attribute colour=red
check '--attribute exactly' -o 1 -i '{"label":{"attributes":{"annotations":[{"attributes":{"n":0.1}}]}},"release":{}}
{"label":{"attributes":{"annotations":[{"attributes":{"n":0.10000000000000000001}}]}},"release":{}}' \
	seg-filter -c --attribute n=1e-1

passes '--image-attribute' 0 --image-attribute weather=sun
passes '--image-attribute of a frame' 2 --image-attribute weather=rain
lacks '--image-attribute that none has' \
	'no label has the image attribute wether' --image-attribute wether=sun

passes '--min-annotations' '0 2' --min-annotations 2
passes '--min-annotations counts frames together' 2 --min-annotations 3
passes '--max-annotations' '0 1 3' --max-annotations 2
passes '--max-annotations 0' '1 3' --max-annotations 0
passes 'both' 0 --min-annotations 1 --max-annotations 2
passes '--min-annotations of the categories asked for' 2 \
	--category dog --min-annotations 2
passes '--max-annotations of them' 0 --category dog --max-annotations 1
passes 'of several categories together' '0 2' \
	--category dog --category cat --min-annotations 2
passes 'of a category named beside the number' 0 \
	--min-annotations cat:1 --max-annotations id:7:0
passes 'which none may have' '0 1 3' --max-annotations id:7:0
passes 'by its id' 2 --min-annotations id:7:1
check 'counts are of what --keep-category leaves' -o '0
1
3' 'seg-filter --keep-category id:7 --max-annotations 0 records | jq .index'
lacks 'a category counted that is nowhere' \
	'no release has a category dgo; the nearest is dog' \
	--min-annotations dgo:2
refused 'a number that is none' '--min-annotations: not a whole number, nor CATEGORY:N: 1x' --min-annotations 1x
refused 'a negative number' '--max-annotations: not a whole number, nor CATEGORY:N: -1' --max-annotations=-1

passes 'all of several conditions must hold' 0 \
	--status reviewed,prelabeled --category dog --name '*cat*'
passes '-v is about all of them' '1 2 3' -v \
	--status reviewed,prelabeled --category dog --name '*cat*'
passes '--invert is the same' '1 2 3' --invert --status reviewed
check '-c counts' -o 2 seg-filter -c --status reviewed,prelabeled records
check '--count is the same' -o 2 seg-filter --count -v --name '*.jpg' records
check '-c of none' -o 0 seg-filter -c /dev/null
passes '--limit' '0 1' --limit 2
passes '--limit of those that match' 0 --status reviewed,prelabeled --limit 1
passes '--limit 0' '' --limit 0
passes '--limit of more than there are' '0 1 2 3' --limit 9
check '-c --limit' -o 3 seg-filter -c --limit 3 records
refused '--limit of no number' '*: x' --limit x

# --- Expressions

# where NAME INDICES EXPR
where()
{
	passes "--where $1" "$2" --where "$1"
}
where 'status = reviewed' 0
where 'status in (reviewed, unlabeled)' '0 1'
where 'status != reviewed' '1 2 3'
where 'name =~ "[.]jpg$" and not index = 0' 3
where 'metadata.n = 1.5 and metadata.n < 1.51' 0
where 'metadata.list = two' 0
where 'metadata."a.b" exists' 0
where 'metadata.scene != x' '1 2 3'
where 'more = 18446744073709551616' 1
where 'more > 18446744073709551615 or uuid = u2' '1 2'
where 'label = null' 1
where 'any(annotation.category = dog and annotation.attributes exists)' 0
where 'count(annotation.category in (cat, dog)) >= 2' '0 2'
where 'all(annotation.id < 2)' '1 3'
lacks '--where of a path that no record has' 'no record has metadata.scnee' \
	--where 'metadata.scnee = x'
refused '--where of no status' \
	'--where: column 10: revieved is no status of a label; *' \
	--where 'status = revieved'
refused '--where cut off' '--where: column 7: a value is expected here: *' \
	--where 'name ='
refused '--where annotation alone' '--where: column 1: annotation stands inside *' \
	--where 'annotation.id = 1'
check '--where of times' -o 2 -i '{"index":0,"t":"2024-03-01T12:00:00+02:00","release":{}}
{"index":0,"t":"2024-03-01T10:00:00.5Z","release":{}}
{"index":0,"t":"2024-03-01T11:00:00Z","release":{}}' \
	seg-filter -c --where 't < 2024-03-01T10:00:01Z'

# --- Annotations dropped

# keeps NAME INDEX FROM TO IDS OPTION...: FROM in the record's text becomes TO,
# and `left_out` tells of one annotation for each of IDS, commas between.
keeps()
{
	local name=$1 text wanted
	text=$(line $(($2 + 1)))
	local from=$3 to=$4 ids=$5
	shift 5
	wanted=${text/"$from"/"$to"}
	[ -z "$ids" ] || wanted=${wanted/,\"release\"/,\"left_out\":{\"annotations\":$(
		tr , '\n' <<< "$ids" | wc -l),\"ids\":[$ids]\},\"release\"}
	check "$name" -i "$text" -o "$wanted" seg-filter "$@"
}

one='{"id":1,"category_id":1,"attributes":{"color":"red","size":2.0,"tags":["p","q"],"on":true}}'
two='{"id":2,"category_id":2,"attributes":{"color":"bl\u0075e"}}'
keeps '--keep-category' 0 "$one,$two" "$one" 2 --keep-category cat
keeps '--keep-category by id' 0 "$one,$two" "$one" 2 --keep-category 1
keeps '--drop-category' 0 "$one,$two" "$two" 1 --drop-category cat
keeps 'all may go' 0 "$one,$two" '' 1,2 --drop-category cat --drop-category dog
keeps 'or none' 0 '' '' '' --keep-category cat --keep-category dog
keeps 'what is kept and dropped goes' 0 "$one,$two" "$two" 1 \
	--keep-category cat --keep-category dog --drop-category cat
check 'frames are cut too' -o '[[2],[],[]]
{"annotations":2,"ids":[1]}' "seg-filter --status prelabeled records |
	seg-filter --keep-category id:7 |
	jq -c '[.label.attributes.frames[].annotations | map(.id)? // []],
		.left_out'"
check 'what is dropped later is added to what was before' \
	-o '{"annotations":2,"ids":[1,2]}' "seg-filter --drop-category dog records |
	seg-filter --drop-category cat | jq -c 'select(.index == 0).left_out'"
check 'where the release does not come last, left_out does' \
	-i '{"release":{},"label":{"attributes":{"annotations":[{"id":"x","category_id":3}]}}}' \
	-o '{"release":{},"label":{"attributes":{"annotations":[]}},"left_out":{"annotations":1,"ids":[]}}' \
	seg-filter --drop-category 3
keeps 'a null label stays' 1 '' '' '' --keep-category cat
keeps 'null attributes stay' 3 '' '' '' --drop-category cat
check 'a category that is none drops all, so the status is 2' -s 2 \
	-e 'seg-filter: no release has a category raod; the nearest is road' \
	-o '{"label":{"attributes":{"annotations":[]}},"left_out":{"annotations":1,"ids":[]},"release":{"categories":[{"name":"road","id":1}]}}
{"error":{"program":"seg-filter","message":"what was asked for is not in the input"}}' \
	-i '{"label":{"attributes":{"annotations":[{"category_id":1}]}},"release":{"categories":[{"name":"road","id":1}]}}' \
	seg-filter --keep-category raod
check 'where another is kept it is said' \
	-e 'seg-filter: no release has a category raod' -o 3 \
	'seg-filter --keep-category dog --keep-category raod records |
	jq ".label.attributes | (.annotations, .frames[]?.annotations) |
		arrays | length" | awk "{ n += \$1 } END { print n }"'
check 'dropped, it is said' -O records \
	-e 'seg-filter: no release has a category raod' \
	seg-filter --drop-category raod records

# --- Samples, splits, shards

for i in {0..1999}; do
	printf '{"index":%d,"uuid":"u%d","name":"%d","metadata":{"scene":"s%d"},"release":{}}\n' \
		"$i" "$((i * 7919))" "$i" "$((i / 20))"
done > many

# split [OPTION...]: cuts `many` into the files of three parts.
split()
{
	local part
	for part in train val test; do
		seg-filter --split train:0.7,val:0.2,test:0.1 --part $part \
			"$@" many > $part.part
	done
}
split
check 'each sample is in exactly one part' -O <(sort many) \
	'cat train.part val.part test.part | sort'
ok 'parts have about their share' test \
	"$(wc -l < train.part)" -gt 1340 -a "$(wc -l < train.part)" -lt 1460 -a \
	"$(wc -l < test.part)" -gt 160 -a "$(wc -l < test.part)" -lt 240
check 'parts keep the order' -O <(sort -t: -k2n train.part) cat train.part
check 'a part is the same when samples are added or gone' \
	-O <(grep -Fxf <(tail -n 777 many) train.part) \
	"tail -n 777 many | seg-filter --split train:0.7,val:0.2,test:0.1 --part train"
split --by metadata.scene
check '--by keeps groups together' -o 100 \
	'for f in *.part; do jq -r .metadata.scene $f | sort -u; done |
	sort | uniq -c | grep -c "^ *1 "'
check 'and each sample is in one part still' -O <(sort many) \
	'cat train.part val.part test.part | sort'
ok 'no part is empty' test -s train.part -a -s val.part -a -s test.part
check 'a record without the group is by itself' -o 'true' \
	-e 'seg-filter: records without metadata.scene, each by itself: 1999 of 2000' \
	"jq -c 'if .index > 0 then del(.metadata) else . end' many |
	seg-filter --sample 0.5 --by metadata.scene |
	jq -s 'length > 900 and length < 1100'"
check 'a key that no record has keeps nothing together' -s 2 -E \
	'seg-filter: no record has metadata.scnee to keep together by' \
	'seg-filter --sample 0.5 --by metadata.scnee many > /dev/null'

seg-filter --sample 0.25 many > some
ok '--sample is about that share' test \
	"$(wc -l < some)" -gt 440 -a "$(wc -l < some)" -lt 560
check 'a smaller sample is a part of a larger one' -O some \
	'seg-filter --sample 0.5 many | seg-filter --sample 0.25'
check '--sample 0 is none' seg-filter --sample 0 many
check '--sample 1 is all' -O many seg-filter --sample 1 many
check 'samples and splits are drawn apart' -o true \
	"seg-filter --sample 0.25 --split a:0.25,b:0.75 --part a many |
	jq -s 'length > 90 and length < 160'"
check '-v is the rest of a sample' -O <(sort many) \
	'{ cat some; seg-filter -v --sample 0.25 many; } | sort'
refused '--sample of more than all' \
	'--sample 1.5: a sample is a fraction from 0 to 1' --sample 1.5
refused '--sample of no number' \
	'--sample x: a sample is a fraction from 0 to 1' --sample x
refused '--split alone' '--split and --part go together' --split a:1
refused '--part alone' '--split and --part go together' --part a
refused '--by alone' '--by goes with --sample or --split' --by name
refused 'a part that is not there' '--part b: not in --split a:1' \
	--split a:1 --part b
refused 'shares that are not all' \
	'--split a:0.5,b:0.4: fractions must add up to 1' \
	--split a:0.5,b:0.4 --part a
refused 'a part without a share' '--split a: a part is NAME:FRACTION' \
	--split a --part a

passes '--shard' '1 3' --shard 2/2
check 'shards are all, and none twice' -O <(sort many) \
	'for i in 1 2 3 4 5 6 7; do seg-filter --shard $i/7 many; done | sort'
check 'records without an index are in one shard' -o 100 \
	'jq -c "del(.index)" many | head -n 100 > bare
	for i in 1 2 3; do seg-filter --shard $i/3 bare; done | sort > all
	sort -u all | cmp - all && wc -l < all'
check 'not all in the same one' -o 3 \
	'for i in 1 2 3; do seg-filter --limit 1 --shard $i/3 bare; done | wc -l'
for shard in 0/2 3/2 1 1/ /2 1/0 a/b 1/2x -1/2; do
	refused "--shard $shard" "--shard: a shard is I/N with I from 1 to N: $shard" \
		"--shard=$shard"
done

# --- Errors

cat > failed <<'END'
{"index":0,"name":"a","error":{"program":"seg-fetch","message":"404","url":"http://x/"},"label":{"label_status":"REVIEWED"},"release":{}}
{"index":1,"name":"b","label":{"label_status":"REVIEWED"},"release":{}}
{"index":2,"name":"c","label":null,"error":{"program":"seg-fetch","message":"500"},"release":{}}
{"index":3,"name":"d","error":{"program":"seg-samples","message":"byte 9"},"release":{}}
{"error":{"program":"seg-samples","message":"cut off"}}
END
check 'records with an error pass, whatever the conditions' \
	-O <(grep error failed) seg-filter --status labeled failed
check 'with -v too' -O <(grep error failed) seg-filter -v failed
check '-c leaves them out, and says so' -s 1 -o 1 \
	-e 'seg-filter: records with an error, not counted: 4' \
	seg-filter -c failed
check '--failed takes the error off, where it can be tried again' \
	-e 'seg-filter: failed:4: d: its error is in the release
seg-filter: failed:5: its error is in the release' \
	-o '{"index":0,"name":"a","label":{"label_status":"REVIEWED"},"release":{}}
{"index":2,"name":"c","label":null,"release":{}}
{"index":3,"name":"d","error":{"program":"seg-samples","message":"byte 9"},"release":{}}
{"error":{"program":"seg-samples","message":"cut off"}}' \
	seg-filter --failed failed
check '--failed with a condition' \
	-o '{"index":0,"name":"a","label":{"label_status":"REVIEWED"},"release":{}}' \
	seg-filter --failed --status reviewed failed
check '--failed -c counts them' -o 4 seg-filter --failed -c failed
check '-v --failed drops them' -O <(sed -n 2p failed) \
	seg-filter -v --failed failed
check 'and is for that alone' -s 2 -E 'seg-filter: -v --failed goes *' \
	seg-filter -v --failed --status reviewed failed
check '--failed of records without errors' seg-filter --failed records

check 'a line that is no record becomes an error, and ends in 2' -s 2 \
	-i '{"name":"a","release":{}}
{"name":"b"
{"name":"c","release":{}}' \
	-e 'seg-filter: <stdin>:2: byte 12 of the line: unexpected end of text' \
	-o '{"name":"a","release":{}}
{"error":{"program":"seg-filter","message":"byte 12 of the line: unexpected end of text"}}
{"name":"c","release":{}}' \
	seg-filter
check 'it is not counted, and no count is written' -s 2 -i '[]' \
	-e "seg-filter: <stdin>: is a JSON array; records are one line each; try: jq -c '.[]' | seg-filter" \
	'seg-filter -c > out; status=$?; cat out | sed "s/^/count: /"; exit $status'
check 'nor of records before something else' -s 2 \
	-E 'seg-filter: <stdin>:5: is an empty object*' \
	'(cat records; echo {}) | seg-filter -c > out; status=$?
	sed "s/^/count: /" out; exit $status'
check 'nor of input that cannot be read' -s 2 -E 'seg-filter: none: No such file*' \
	'seg-filter -c records none > out; status=$?
	sed "s/^/count: /" out; exit $status'
check 'where nothing has what was asked for, the count is 0' -s 2 -o 0 \
	-E '*raod*' seg-filter -c --category raod records
check 'a duplicate key is refused' -s 2 -i '{"name":1,"name":2,"release":{}}' \
	-e 'seg-filter: <stdin>:1: byte 11 of the line: duplicate key' \
	-o '{"error":{"program":"seg-filter","message":"byte 11 of the line: duplicate key"}}' \
	seg-filter

# looks NAME RECORD OPTION...: what is looked into must be JSON as a whole.
looks()
{
	local name=$1 record=$2
	shift 2
	check "$name is looked into" -s 1 -i "$record" \
		-E 'seg-filter: <stdin>:1: not JSON: *' -o true \
		"seg-filter $* | jq -R 'contains(\"\\\"error\\\":{\\\"program\\\":\\\"seg-filter\\\",\\\"message\\\":\\\"not JSON: \")'; exit \${PIPESTATUS[0]}"
}
bad='{"label":{"attributes":{"annotations":[{"id":1 "x"}]} "label_status":"REVIEWED"},"release":{}}'
looks 'a label without a status' "$bad" --status reviewed
looks 'a label' "$bad" --category 1
looks 'a label' "$bad" --attribute a=b
looks 'a label' "$bad" --image-attribute a=b
looks 'a label' "$bad" --min-annotations 1
looks 'a label' "$bad" --keep-category 1
looks 'metadata' '{"metadata":{"scene":01},"release":{}}' --metadata scene=1
for twice in \
	'{"label":{"label_status":"REVIEWED","label_status":"SKIPPED"},"release":{}} --status=reviewed label_status' \
	'{"label":{"attributes":{"annotations":[],"annotations":[{}]}},"release":{}} --max-annotations=0 annotations' \
	'{"label":{"attributes":{"annotations":[{"category_id":1,"category_id":2}]}},"release":{}} --category=1 category_id' \
	'{"label":{"attributes":{"annotations":[{"attributes":{"a":1,"\u0061":2}}]}},"release":{}} --attribute=a=1 \u0061' \
	'{"label":{"attributes":{},"attributes":{"annotations":[{}]}},"release":{}} --keep-category=1 attributes' \
	'{"metadata":{"a":{"b":1,"b":2}},"release":{}} --metadata=a.b=1 b'; do
	read -r record option key <<< "$twice"
	check "$key twice is refused by name" -s 1 -i "$record" \
		-e "seg-filter: <stdin>:1: not JSON: duplicate key $key" -o 1 \
		"seg-filter $option | grep -c error; exit \${PIPESTATUS[0]}"
done
looks 'all of it' '{"metadata":{"scene":01},"release":{}}' --sample 1 --by metadata.scene
check 'what is only passed on is passed as it is' -i "$bad" -o "$bad" seg-filter

check '--max-record bounds a line' \
	-o '{"error":{"program":"seg-filter","message":"input cannot be read"}}' -s 2 -i '{"name":"abc","release":{}}' \
	-e 'seg-filter: <stdin>:1: record is longer than 26 bytes' \
	seg-filter --max-record 26
check 'to the byte' -i '{"name":"abc","release":{}}' -o '{"name":"abc","release":{}}' \
	seg-filter --max-record 27
limited 'a line without an end is given up at 256 MiB, in bounded memory' \
	-o '{"error":{"program":"seg-filter","message":"input cannot be read"}}' -s 2 \
	-e 'seg-filter: <stdin>:1: record is longer than 268435456 bytes' \
	'head -c 300M /dev/zero | tr "\0" x | (ulimit -v 1000000; seg-filter)'

mkrelease bitmap compact 3 | seg-samples > big
signalled 'a reader that goes away ends it without a word' -o 141 \
	'seg-filter big | true; echo ${PIPESTATUS[0]}'
check 'a selection is what jq selects' \
	-O <(jq -S -c 'select(.label.label_status == "REVIEWED" and
		(.label.attributes.annotations | length) >= 5)' big) \
	"seg-filter --status reviewed --min-annotations 5 big | jq -S -c ."
check 'a count too' -o "$(jq 'select(any(.label.attributes.annotations[]?;
		.category_id == 3)) | 1' big | wc -l)" \
	seg-filter -c --category person big

if [ -n "$DATA" ]; then
	seg-samples "$DATA/panoptic-real/release.json" > real
	for status in reviewed labeled prelabeled unlabeled; do
		check "a real release, $status" -O <(jq -S -c --arg s ${status^^} \
			'select((.label.label_status // "UNLABELED") == $s)' real) \
			"seg-filter --status $status real | jq -S -c ."
	done
fi

done_testing
