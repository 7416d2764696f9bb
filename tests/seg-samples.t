#!/usr/bin/env bash
# seg-samples: releases of every shape become records.

. "${0%/*}/lib.sh"
need jq

# A release of today's shape, compact: RELEASE of {"samples": SAMPLES}.
release()
{
	printf '%s' '{"name":"v1","description":"a b","created_at":' \
		'"2024-01-02 03:04:05+00:00","dataset":{"name":"d",' \
		'"owner":"o","task_type":"vector","task_attributes":' \
		'{"categories":[{"name":"cat","id":1}]},"labelsets":' \
		'[{"name":"ground-truth"}],"samples":' "$1" '}}'
}

# What the records of such a release end with.
END='"release":{"name":"v1","description":"a b","created_at":"2024-01-02 03:04:05+00:00","dataset":"d","owner":"o","labelset":"ground-truth","task_type":"vector","categories":[{"name":"cat","id":1}]}}'

A='{"uuid":"u","name":"a.jpg","labels":{"ground-truth":{"label_status":"REVIEWED"}}}'
B='{"name":"b.jpg","labels":{"ground-truth":null}}'
RECORD_A='{"index":0,"uuid":"u","name":"a.jpg","label":{"label_status":"REVIEWED"},'$END
RECORD_B='{"index":1,"name":"b.jpg","label":null,'$END
RECORDS=$RECORD_A$'\n'$RECORD_B

release "[$A,$B]" > r.json

# The record that a stream ends with where it broke.
broken()
{
	printf '{"error":{"program":"seg-samples","message":"%s"}}' "$1"
}

# fails NAME FILE MESSAGE: no record but the error, and status 2.
fails()
{
	check "$1" -s 2 -o "$(broken "$2: $3")" -e "seg-samples: $2:$4 $3" \
		seg-samples "$2"
}

# --- Operands and options

check 'a sample is a record' -o "$RECORDS" seg-samples r.json
check 'no operand is stdin' -I r.json -o "$RECORDS" seg-samples
check '- is stdin' -I r.json -o "$RECORDS" seg-samples -
check 'a pipe as well' -o "$RECORDS" 'cat r.json | seg-samples'
check 'several files give their records one after the other' \
	-o "$RECORDS"$'\n'"$RECORDS" seg-samples r.json r.json
check 'what one file lacks does not stop the next' -s 2 \
	-o "$(broken 'no.json: cannot be read')"$'\n'"$RECORDS" \
	-e 'seg-samples: no.json: No such file or directory' \
	seg-samples no.json r.json
check 'a directory is no release' -s 2 \
	-o "$(broken '.: cannot be read')" -e 'seg-samples: .: Is a directory' \
	seg-samples .
check 'an unknown option is wrong usage' -s 2 \
	-E 'seg-samples: *--nonsense*usage: seg-samples *' \
	seg-samples --nonsense
check 'a full disk is told' -s 2 \
	-e 'seg-samples: <stdout>: No space left on device' \
	'seg-samples r.json > /dev/full'
check 'so it is with stdout closed' -s 2 \
	-e 'seg-samples: <stdout>: Bad file descriptor' 'seg-samples r.json >&-'
mkrelease bitmap compact 3 > big.json
signalled 'a reader that goes away ends it without a word' -o 141 \
	'seg-samples big.json | true; echo ${PIPESTATUS[0]}'
check '--help tells the options' -O <(seg-samples -h) seg-samples --help
ok 'with all of them' \
	grep -q -e --max-record <(seg-samples --help)
check '--version tells the version' -o 1 \
	'seg-samples -V | grep -c "^seg-samples (segtools) [0-9]"'

# --- Labelsets

sets()
{
	jq -nc --argjson sets "$1" '{name: "v1", dataset: {name: "d",
		task_type: "vector", task_attributes: {}, labelsets: $sets,
		samples: [{name: "s", labels: {"ground-truth": 1, other: 2,
		third: 3}}, {name: "t", labels: {}}]}}'
}
labels()
{
	jq -c '[.name, .label, .release.labelset]'
}

sets '[{"name":"ground-truth"},{"name":"other"}]' > both.json
sets '[{"name":"other"},{"name":"third"}]' > neither.json
check 'the only labelset is meant' -o '["s",3,"third"]
["t",null,"third"]' "sets '[{\"name\":\"third\"}]' | seg-samples | labels"
check 'of several, ground-truth' -o '["s",1,"ground-truth"]
["t",null,"ground-truth"]' 'seg-samples both.json | labels'
check 'else one has to be chosen' -s 2 \
	-o "$(broken 'neither.json: choose a labelset with -l: other, third')" \
	-e 'seg-samples: neither.json: choose a labelset with -l: other, third' \
	seg-samples neither.json
check '-l chooses' -o '["s",2,"other"]
["t",null,"other"]' 'seg-samples -l other neither.json | labels'
check '--labelset does as well' -o '["s",2,"other"]
["t",null,"other"]' 'seg-samples --labelset=other both.json | labels'
check 'what is not there cannot be chosen' -s 2 \
	-o "$(broken 'both.json: no labelset x, only: ground-truth, other')" \
	-e 'seg-samples: both.json: no labelset x, only: ground-truth, other' \
	seg-samples -l x both.json
check '--all-labelsets gives a record for each' -o '["s",1,"ground-truth"]
["s",2,"other"]
["t",null,"ground-truth"]
["t",null,"other"]' 'seg-samples --all-labelsets both.json | labels'
check 'and excludes -l' -s 2 \
	-E 'seg-samples: -l and --all-labelsets exclude each other*' \
	seg-samples -l other --all-labelsets both.json

# Labelsets that are not listed are the keys of labels: of how many is bounded.
{
	echo '{"name":"v1","dataset":{"name":"d","samples":['
	for n in {1..1001}; do
		echo '{"name":"s","labels":{"set'$n'":null}},'
	done
	echo '{"name":"s"}]}}'
} > keys.json
check 'a labelset for each sample is no labelset' -s 2 \
	-E 'seg-samples: keys.json:1002: *: more than 1000 labelsets' \
	'seg-samples keys.json > out'

# So is how many are listed.
awk 'BEGIN { printf "{\"name\":\"v1\",\"dataset\":{\"name\":\"d\",\"labelsets\":["
	for (n = 0; n < 20000; n++)
		printf "%s{\"name\":\"s%d\"}", n ? "," : "", n
	print "],\"samples\":[]}}" }' > sets.json
check 'nor are 20,000 that are listed, for --info either' -s 2 \
	-E 'seg-samples: sets.json:*: more than 1000 labelsets' \
	'seg-samples --info sets.json > out'

check '--info tells of each labelset' \
	-o '{"name":"v1","dataset":"d","labelset":"other","task_type":"vector","labelsets":["other","third"]}
{"name":"v1","dataset":"d","labelset":"third","task_type":"vector","labelsets":["other","third"]}' \
	seg-samples --info neither.json
check '--info -l of one' \
	-o '{"name":"v1","dataset":"d","labelset":"third","task_type":"vector","labelsets":["other","third"]}' \
	seg-samples --info -l third neither.json
mkfifo fifo
exec 9<> fifo
head -c 300 r.json >&9
check '--info reads no sample where it need not' \
	-o '{"name":"v1","description":"a b","created_at":"2024-01-02 03:04:05+00:00","dataset":"d","owner":"o","labelset":"ground-truth","task_type":"vector","categories":[{"name":"cat","id":1}],"labelsets":["ground-truth"]}' \
	bounded 5 seg-samples --info fifo
exec 9>&-
check '--names of labelsets' -o 'other
third' seg-samples --names labelsets neither.json
check '--names of categories' -o cat \
	seg-samples --names categories r.json
check '--names of records' -o 'ground-truth
cat' 'seg-samples -q r.json > r.ndjson
	seg-samples --names labelsets r.ndjson
	seg-samples --names categories r.ndjson'
check '--names of what is neither' -s 2 -i '{}' \
	-E 'seg-samples: <stdin>:2: * not a release file' \
	seg-samples --names categories
check '--names and a choice' -s 2 \
	-E 'seg-samples: --names goes with no option that chooses*' \
	seg-samples --names categories -l x r.json
check '--info of what is no release prints nothing' -s 2 -i '{}' \
	-e 'seg-samples: <stdin>:2: byte 4, column 1: no samples in it: not a release file' \
	seg-samples --info

# --- Shapes of releases (formats.md 1.1)

S='[{"name":"s","labels":{"segmentation":{"label_status":"LABELED"}}}]'
TASK='{"name":"segmentation","task_type":"vector","attributes":{"categories":[{"name":"cat","id":0}]}}'
CONTEXT='"task_type":"vector","categories":[{"name":"cat","id":0}]}}'

# shape NAME TEXT RELEASE: the one sample becomes a record with that context.
shape()
{
	printf '%s' "$2" > shape.json
	local record='{"index":0,"name":"s","label":{"label_status":"LABELED"},"release":{'$3
	check "$1" -o "$record" seg-samples shape.json
	check "$1, from a pipe" -o "$record" 'cat shape.json | seg-samples'
	jq --indent 4 . shape.json > pretty.json
	check "$1, with indents" -o "$record" seg-samples pretty.json
}

shape 'R0: tasks in the root' '{"name":"v","tasks":['"$TASK"'],"samples":'"$S"'}' \
	'"name":"v","labelset":"segmentation",'"$CONTEXT"
shape 'R1: tasks a list in the dataset' \
	'{"name":"v","dataset":{"name":"d","tasks":['"$TASK"'],"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape "R1': tasks an object keyed by name" \
	'{"name":"v","dataset":{"name":"d","tasks":{"segmentation":'"$TASK"'},"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'R2: labelsets an object, with the categories' \
	'{"name":"v","dataset":{"name":"d","task_type":"vector","labelsets":{"segmentation":{"attributes":{"categories":[{"name":"cat","id":0}]}}},"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'R3: labelsets a list' \
	'{"name":"v","dataset":{"name":"d","task_type":"vector","task_attributes":{"categories":[{"name":"cat","id":0}]},"labelsets":[{"name":"segmentation"}],"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'R3: with empty tasks beside it, as the service writes' \
	'{"name":"v","dataset":{"name":"d","task_type":"vector","task_attributes":{"categories":[{"name":"cat","id":0}]},"tasks":{"segmentation":{"task_type":"","attributes":{}}},"labelsets":[{"name":"segmentation"}],"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'R3: keys in the order of the alphabet' \
	'{"dataset":{"labelsets":[{"name":"segmentation"}],"name":"d","owner":"o","samples":'"$S"',"task_attributes":{"categories":[{"id":0,"name":"cat"}]},"task_type":"vector"},"description":"x","name":"v"}' \
	'"name":"v","description":"x","dataset":"d","owner":"o","labelset":"segmentation","task_type":"vector","categories":[{"id":0,"name":"cat"}]}}'
shape 'samples first of all' \
	'{"dataset":{"samples":'"$S"',"name":"d","tasks":['"$TASK"']},"name":"v"}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'no labelsets listed: the keys of labels' \
	'{"name":"v","dataset":{"name":"d","task_type":"vector","task_attributes":{"categories":[{"name":"cat","id":0}]},"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'samples an object: its keys are their names' \
	'{"name":"v","dataset":{"name":"d","tasks":['"$TASK"'],"samples":{"s":{"labels":{"segmentation":{"label_status":"LABELED"}}}}}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'a name of its own goes before the key' \
	'{"name":"v","dataset":{"name":"d","tasks":['"$TASK"'],"samples":{"other":{"name":"s","labels":{"segmentation":{"label_status":"LABELED"}}}}}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'labels a list, of one' \
	'{"name":"v","dataset":{"name":"d","tasks":['"$TASK"'],"samples":[{"name":"s","labels":[{"label_status":"LABELED"}]}]}}' \
	'"name":"v","dataset":"d","labelset":"segmentation",'"$CONTEXT"
shape 'an owner that is an object' \
	'{"name":"v","dataset":{"name":"d","owner":{"username":"o"},"tasks":['"$TASK"'],"samples":'"$S"'}}' \
	'"name":"v","dataset":"d","owner":{"username":"o"},"labelset":"segmentation",'"$CONTEXT"
shape 'a fact of the dataset goes before one of the root' \
	'{"name":"v","task_type":"x","dataset":{"name":"d","task_type":"vector","owner":"o","tasks":['"$TASK"'],"samples":'"$S"'},"owner":"y"}' \
	'"name":"v","dataset":"d","owner":"o","labelset":"segmentation",'"$CONTEXT"

check 'categories are those of the task chosen' -o '[{"id":2}]' \
	"jq -nc '{name: \"v\", dataset: {name: \"d\", tasks: {a: {task_type: \"vector\", attributes: {categories: [{id: 1}]}}, b: {task_type: \"vector\", attributes: {categories: [{id: 2}]}}}, samples: [{}]}}' |
	seg-samples -l b | jq -c .release.categories"
check 'labels in a list tell their labelset' \
	-o '["s",{"task":"b","x":2},"b"]' \
	"jq -nc '{name: \"v\", dataset: {name: \"d\", tasks: {a: {task_type: \"vector\"}, b: {task_type: \"vector\"}}, samples: [{name: \"s\", labels: [{task: \"a\", x: 1}, {task: \"b\", x: 2}]}]}}' |
	seg-samples -l b | labels"
check 'what stands behind the samples and was not waited for is said' \
	-o "$RECORD_A" -e 'seg-samples: <stdin>: owner comes after the samples and is left out of them' \
	"release '[$A],\"owner\":\"p\"' | sed 's/\"owner\":\"o\",//' | seg-samples |
	sed 's/\"dataset\":\"d\",/&\"owner\":\"o\",/'"
check 'a release without samples has no records' -i '{"name":"v","samples":[]}' \
	seg-samples
check 'with samples as an object either' -i '{"name":"v","samples":{}}' \
	seg-samples

printf '%s' '{"samples":['"$A,$B"'],"name":"v","tasks":['"$TASK"']}' > first.json
mkdir tmp
check 'what a pipe brings before the context is kept in $TMPDIR' -o 2 \
	'cat first.json | TMPDIR=$PWD/tmp seg-samples | wc -l'
leaves 'and not left there' tmp
check 'which has to be there' -s 2 \
	-o "$(broken '<stdin>: cannot be read')" \
	-e 'seg-samples: temporary file in /no/such: No such file or directory' \
	'cat first.json | TMPDIR=/no/such seg-samples'
check 'for a file it does not' -o 2 \
	'TMPDIR=/no/such seg-samples first.json | wc -l'

# --- Samples

check 'members and numbers keep their order and spelling' \
	-o '{"index":0,"z":1e400,"name":"a","a":[12.340,-0,9007199254740993,18446744073709551616],"\u0041":"\u00e9\/\ud83d\ude00 \"","label":null,'"$END" \
	"release '[{\"z\":1e400,\"name\":\"a\",\"labels\":{},\"a\":[12.340, -0,9007199254740993,18446744073709551616],\"\\u0041\":\"\\u00e9\\/\\ud83d\\ude00 \\\"\"}]' | seg-samples"
check 'white space goes, but in strings' \
	-o '{"index":0,"name":" a \" : ","m":{"k":[1,2]},"label":{"x":[]},'"$END" \
	"release '[ { \"name\" : \" a \\\" : \" , \"m\" : { \"k\" : [ 1 , 2 ] } , \"labels\" : { \"ground-truth\" : { \"x\" : [ ] } } } ]' | seg-samples"
check 'names that are ours are left out, with a word' \
	-o '{"index":0,"name":"a","label":null,'"$END"'
{"index":1,"name":"b","label":null,'"$END" \
	-e 'seg-samples: <stdin>: samples have a member index, left out: the name is taken
seg-samples: <stdin>: samples have a member left_out, left out: the name is taken
seg-samples: <stdin>: samples have a member mask, left out: the name is taken
seg-samples: <stdin>: samples have a member findings, left out: the name is taken
seg-samples: <stdin>: samples have a member error, left out: the name is taken' \
	"release '[{\"index\":7,\"name\":\"a\",\"mask\":1,\"left_out\":2,\"findings\":[]},{\"in\\u0064ex\":7,\"name\":\"b\",\"error\":1}]' | seg-samples"
check 'D2, D3: metadata, labels and labelset may be missing' \
	-o '{"index":0,"name":"a","label":null,'"$END"'
{"index":1,"name":"b","label":null,'"$END"'
{"index":2,"name":"c","label":null,'"$END"'
{"index":3,"name":"d","label":null,'"$END" \
	"release '[{\"name\":\"a\"},{\"name\":\"b\",\"labels\":{}},{\"name\":\"c\",\"labels\":null},{\"name\":\"d\",\"labels\":{\"x\":{}}}]' | seg-samples"
check 'D20: a signed URL stays' -o '"https://s/?X-Amz-Signature=1"' \
	"release '[{\"attributes\":{\"image\":{\"url\":null,\"signed_url\":\"https://s/?X-Amz-Signature=1\"}}}]' | seg-samples | jq .attributes.image.signed_url"

# failing NAME SAMPLE MEMBERS BYTE WHAT: the sample fails at its BYTE-th byte,
# with those MEMBERS in its record, and the next one does not.
failing()
{
	local at=$(($(release '[' | wc -c) - 2 + $4)) said
	said="byte $at, column $at: $5"
	release "[$2,$B]" > e.json
	check "$1" -s 1 -e "seg-samples: e.json:1: $said" \
		-o '{"index":0,'"$3"'"label":null,'"${END%\}}"',"error":{"program":"seg-samples","message":"'"${said//\\/\\\\}"'"}}
'"$RECORD_B" seg-samples e.json
}

failing 'a sample that is null fails' null '' 1 'not an object'
failing 'a sample that is a list fails' '[]' '' 1 'not an object'
failing 'a duplicate key fails' '{"a":1,"\u0061":2}' '' 8 'duplicate key'
failing 'a labelset that comes twice fails' \
	'{"name":"x","labels":{"ground-truth":1,"ground-truth":2}}' \
	'"name":"x",' 40 'duplicate key'
failing 'a NUL in a key fails' '{"a\u0000":1}' '' 2 '\u0000 in a key'
failing 'labels that are a number fail' '{"name":"x","labels":7}' \
	'"name":"x",' 22 'labels are neither object nor list'
failing 'labels without labelsets fail' \
	'{"name":"x","labels":[{"y":1},{"y":2}]}' '"name":"x",' 22 \
	'labels are a list without labelsets'
check 'a failed sample fails in each labelset' -s 1 -o 2 \
	-E 'seg-samples: <stdin>:1: byte *: not an object' \
	"jq -c '.dataset.samples = [1]' both.json | seg-samples --all-labelsets |
	grep -c '\"error\":'; exit \${PIPESTATUS[1]}"

# --- Texts that are not as they should be

printf '\357\273\277' > bom.json
jq . r.json | sed 's/$/\r/' >> bom.json
check 'a byte order mark and CR LF are passed' -o "$RECORDS" \
	seg-samples bom.json
gzip -c r.json > r.json.gz
check 'gzip is recognized' -s 2 -o "$(broken 'r.json.gz: cannot be read')" \
	-e 'seg-samples: r.json.gz: is gzip-compressed; try: zcat r.json.gz | seg-samples' \
	seg-samples r.json.gz
check 'from stdin too' -s 2 -o "$(broken '-: cannot be read')" -I r.json.gz \
	-e 'seg-samples: <stdin>: is gzip-compressed; try: zcat | seg-samples' \
	seg-samples
check 'and the advice works' -o "$RECORDS" 'zcat r.json.gz | seg-samples'
printf 'PK\003\004....' > z
check 'zip is recognized' -s 2 -o "$(broken 'z: cannot be read')" \
	-e 'seg-samples: z: is zip-compressed; try: unzip -p z | seg-samples' \
	seg-samples z

# refuses NAME TEXT MESSAGE: status 2, and no record but the error.
refuses()
{
	printf '%b' "$2" > e.json
	check "$1" -s 2 -e "seg-samples: e.json:$3" \
		-o "$(broken "e.json: ${3#*: }")" seg-samples e.json
}

# strange NAME TEXT MESSAGE: what no release begins with, told of the file.
strange()
{
	printf '%b' "$2" > e.json
	check "$1" -s 2 -e "seg-samples: e.json: $3" \
		-o "$(broken "e.json: ${3//\"/\\\"}")" seg-samples e.json
}

for text in '' ' \n ' '\xef\xbb\xbf'; do
	strange "an empty file: $text" "$text" 'is empty, not a release'
done
strange 'a table' 'name,label\n1,2\n' \
	'is no release, which is a JSON object; it begins: name,label'
strange 'a string' '"x"' 'is no release, which is a JSON object; it begins: "x"'
strange 'a list' '[]' 'is a JSON array, not a release'
refuses 'an empty object' '{}' \
	'1: byte 3, column 3: no samples in it: not a release file'
refuses 'a record' '{"index":0,"name":"a"}' \
	'1: byte 23, column 23: no samples in it: not a release file'
refuses 'a dataset without samples' '{"name":"v","dataset":{"name":"d"}}' \
	'1: byte 36, column 36: no samples in it: not a release file'
refuses 'a dataset that is a list' '{"dataset":[]}' \
	"1: byte 12, column 12: expected '{'"
refuses 'samples that are null' '{"samples":null}' \
	"1: byte 12, column 12: expected '['"
refuses 'a key without quotes' '{name:1}' "1: byte 2, column 2: expected a key"
refuses 'a comma before the end' '{"samples":[],}' \
	"1: byte 15, column 15: nothing behind ','"
refuses 'no comma' '{"name":1\n"samples":[]}' "2: byte 11, column 1: expected ',' or '}'"
refuses 'a comment' '{/**/"samples":[]}' '1: byte 2, column 2: expected a key'
refuses 'NaN' '{"name":NaN,"samples":[]}' '1: byte 9, column 9: NaN and Infinity are no JSON; Python: allow_nan=False'
refuses 'a leading zero' '{"x":01,"samples":[]}' \
	'1: byte 7, column 7: leading zero'
refuses 'a raw control character' '{"x":"\001","samples":[]}' \
	'1: byte 7, column 7: control character in a string'
refuses 'invalid UTF-8' '{"x":"\377","samples":[]}' \
	'1: byte 7, column 7: invalid UTF-8'
refuses 'NUL in a key' '{"\\u0000":1,"samples":[]}' \
	'1: byte 2, column 2: NUL in a key'
refuses 'samples twice' '{"name":"v","samples":[],"samples":[]}' \
	'1: byte 36, column 36: duplicate key: samples'
refuses 'a dataset twice' '{"dataset":{},"dataset":{}}' \
	'1: byte 25, column 25: duplicate key: dataset'
refuses 'a fact twice' '{"name":1,"name":1,"samples":[]}' \
	'1: byte 19, column 19: duplicate key'
refuses 'a key twice in a fact' \
	'{"task_attributes":{"categories":[{"id":1,"id":2}]},"samples":[]}' \
	'1: byte 52, column 52: duplicate key'
refuses 'arrays too deep' \
	"{\"x\":$(printf '%0100d' 0 | tr 0 '[')" \
	'1: byte 70, column 70: nesting deeper than 64'
refuses 'a million brackets' \
	"{\"samples\":[$(head -c 1000000 /dev/zero | tr '\0' '[')" \
	'1: byte 77, column 77: nesting deeper than 64'

release "[$A,$B]x" > e.json
at=$(($(wc -c < r.json) - 1))
said="byte $at, column $at: expected ',' or '}'"
check 'records before the break are written' -s 2 \
	-o "$RECORDS"$'\n'"$(broken "e.json: $said")" \
	-e "seg-samples: e.json:1: $said" seg-samples e.json
said="byte $((at + 3)), column 1: unexpected bytes behind its end"
check 'bytes behind the release are refused' -s 2 \
	-o "$RECORDS"$'\n'"$(broken "<stdin>: $said")" \
	-e "seg-samples: <stdin>:2: $said" \
	'{ cat r.json; printf "\n{}"; } | seg-samples'

at=$(($(release '[' | wc -c) - 1))
said="byte $at, column $at: value is longer than --max-record"
check '--max-record bounds a sample' -s 2 -I r.json \
	-o "$(broken "<stdin>: $said")" -e "seg-samples: <stdin>:1: $said" \
	seg-samples --max-record $((${#A} - 1))
check 'to the byte, and the record made of it' -s 1 -I r.json -o '0 1' \
	-E '*: written, the record would be longer than '${#A}' bytes; --max-record *' \
	"seg-samples -q --max-record ${#A} | jq -r .index | paste -sd ' '
	exit \${PIPESTATUS[0]}"
longest=$(seg-samples -q r.json | awk '{ print length }' | sort -n | tail -n 1)
check 'which may have so many' -I r.json -O <(seg-samples -q r.json) \
	seg-samples --max-record "$longest"
limited 'a string without an end is given up at 256 MiB, in bounded memory' \
	-s 2 -o "$(broken '<stdin>: byte 13, column 13: value is longer than --max-record')" \
	-e 'seg-samples: <stdin>:1: byte 13, column 13: value is longer than --max-record' \
	'{ printf %s "{\"samples\":[\""; head -c 300M /dev/zero | tr "\0" x; } |
	(ulimit -v 1000000; seg-samples)'

check 'what a labelset is called is shown without harm' -s 2 \
	-o "$(broken '<stdin>: choose a labelset with -l: a, \\x1b[31m')" \
	-e 'seg-samples: <stdin>: choose a labelset with -l: a, \x1b[31m' \
	"sets '[{\"name\":\"a\"},{\"name\":\"\u001b[31m\"}]' | seg-samples"

# --- JSONTestSuite: each file as a value in a sample

# Status, and the value if it is one, in jq's spelling.
wrapped()
{
	{ printf '{"samples":[{"v":' && cat "$1" && printf '}]}'; } |
		seg-samples 2> said > got
	echo $?
}

suite=$DATA/conformance/jsontestsuite
if [ -n "$DATA" ] && [ -d "$suite" ]; then
	accepted=0 refused=0
	for file in "$suite"/y_*.json; do
		[ "$(wrapped "$file")" -eq 0 ] &&
			cmp -s <(jq -S .v got) <(jq -S . "$file") &&
			accepted=$((accepted + 1)) || echo "# $file"
	done
	for file in "$suite"/n_*.json; do
		[ "$(wrapped "$file")" -eq 2 ] && grep -q ': byte ' said &&
			refused=$((refused + 1)) || echo "# $file"
	done
	check 'JSONTestSuite: all valid values are passed on' -o 95 \
		echo $accepted
	check 'JSONTestSuite: all broken ones are refused' -o 188 echo $refused
else
	skip JSONTestSuite 'no real data here'
fi

# --- Against jq, which reads a whole release at once

# expected FILE LABELSET: the records, keys sorted.
expected()
{
	jq -S -c --arg set "$2" '
	def entry: if type == "object" then .[$set]
		elif type == "array" then
			(map(select(.name == $set)) | .[0]) //
			(if length == 1 then .[0] else null end)
		else null end;
	def present: with_entries(select(.value != null));
	. as $root | (.dataset // .) as $d |
	($d.tasks | entry) as $task |
	{name, description, created_at,
		dataset: (if .dataset then .dataset.name else null end),
		owner: $d.owner, labelset: $set,
		task_type: ($d.task_type // $task.task_type),
		categories: ($d.task_attributes.categories //
			$task.attributes.categories)} | present | . as $release |
	$d.samples | to_entries[] | (.key | tonumber) as $index |
	.value.labels[$set] as $l | .value | del(.labels) |
	. + {index: $index, label: $l, release: $release}' "$1"
}

same_as_jq()
{
	expected "$1" "$2" > want.ndjson &&
		seg-samples -l "$2" "$1" | jq -S -c . > got.ndjson &&
		cmp want.ndjson got.ndjson
}

for release in "$DEMO"/release.json both.json $(
	[ -z "$DATA" ] || find "$DATA" -name '*.json' \
		! -path '*/conformance/*' ! -name 'expected*' \
		! -name 'not-shipped*' | sort); do
	short=${release#"$DATA/"}
	short=${short#"$ROOT/"}
	seg-samples --info "$release" | jq -r .labelset > names
	ok "$short has labelsets" test -s names
	while read -r set; do
		ok "$short, $set: the records are what jq makes of it" \
			same_as_jq "$release" "$set"
		# shellcheck disable=SC2002
		ok "$short, $set: the same from a pipe" cmp \
			<(seg-samples -l "$set" < "$release") \
			<(cat "$release" | seg-samples -l "$set")
		jq -c . "$release" > compact.json
		ok "$short, $set: the same of one line" cmp \
			<(seg-samples -l "$set" < compact.json | jq -Sc .) \
			want.ndjson
	done < names
done

for kind in bitmap polygon; do
	for layout in compact line pretty; do
		mkrelease $kind $layout 2 > made.json
		ok "a made release, $kind, $layout, as jq makes it" \
			same_as_jq made.json ground-truth
	done
done

done_testing
