#!/usr/bin/env bash
# Names that mean something to a shell, a terminal, a file system, HTML, YAML or
# TSV, in all outputs that carry names: each reads back as the name that it was.

. "${0%/*}/lib.sh"
need jq perl
need_judge yaml

# Lone surrogates are nobody's characters; a name may not be empty.
grep -vi '\\ud[89a-f][0-9a-f][0-9a-f]' "$ROOT/tests/hostile_names.txt" > list
{
	echo '\ud83d\ude00'
	printf 'x%.0s' {1..300}
	echo
} >> list
named=$ROOT/tests/tools/named.pl
for how in names categories release; do
	perl "$named" $how < list > $how.json
done
mv names.json samples
mv categories.json categories
count=$(wc -l < list)

# What the names are, as JSON strings, sorted.
jq -c '.release.categories[].name' categories | sort > right
ok 'they are what they seem' [ "$(wc -l < right)" -eq "$count" ]

# --- Streams and JSON

check 'records keep them' -O right \
	'seg-samples -q release.json | head -n 1 |
	jq -c ".release.categories[].name" | sort'
check 'each as the name of a sample' -O right \
	'seg-samples -q release.json | jq -c .name | sort'
check 'a COCO file has all of them as categories' -O right \
	'seg-coco -q --offline categories | jq -c ".categories[].name" | sort'
check 'and file names that differ' -o "$count" \
	"seg-coco -q --offline samples | jq -c '.images[].file_name' | sort -u | wc -l"
check 'seg-yolo --ndjson, too' -O right \
	'seg-yolo -q --ndjson --offline categories |
	jq -c "select(.class_names).class_names[]" | sort'
check 'seg-stat --format ndjson' -O right \
	'seg-stat -q --format ndjson categories |
	jq -c "select(.stat == \"category\").key" | sort'
check 'seg-diff tells of each that is new' -s 1 -E '*' \
	"seg-samples -q release.json > new; head -n 1 new > old
	seg-diff -q old new > told; status=\$?
	[ \$(wc -l < told) -ge $((count - 1)) ] && exit \$status"
check 'each category can be asked for by its name' -o "$count" \
	"jq -r '.release.categories[].name | select(index(\"\\u0000\") | not)' \
	categories > /dev/null
	perl -MJSON::PP -ne 'BEGIN { \$j = JSON::PP->new->utf8->allow_nonref }
		chomp; \$n = \$j->decode(\$_); utf8::encode(\$n);
		\$k++, next if \$n =~ /[\\0,:]/ || \$n =~ /^\\s|\\s\$|^\$/;
		open my \$p, q(-|), q(seg-filter), q(-q), q(-c), q(--category),
			\$n, q(categories); \$k++ if <\$p> == 1;
		END { print \"\$k\\n\" }' right"

# --- YAML

check 'data.yaml reads back as the names' -O right -E '*no images are for validation*' \
	"seg-yolo -q --offline --link none -t yolo categories > out &&
	'$PYTHON' -c 'import yaml, json
for name in yaml.safe_load(open(\"yolo/data.yaml\"))[\"names\"].values():
    assert isinstance(name, str), name
    print(json.dumps(name, ensure_ascii=False))' |
	jq -c . | sort"

# --- Text for people

# plain: fails where a control, or a character that turns text round, is in it.
plain()
{
	perl -ne 'exit 1 if /[\x00-\x08\x0b-\x1f\x7f]/ || /\xc2[\x80-\x9f]/
		|| /\xe2\x80[\x8b-\x8f\xa8-\xae]/ || /\xe2\x81[\xa0-\xaf]/
		|| /\xef\xbb\xbf/; END { exit 2 if !$. }'
}
for format in text tsv; do
	ok "seg-stat --format $format shows none as it is" bash -c \
		"$(declare -f plain); seg-stat -q --format $format categories | plain"
done
ok 'a page has neither controls nor what turns text round' perl -e '
	open my $p, "-|", "seg-stat -q --format html categories"; while (<$p>) {
	exit 1 if /[\x00-\x08\x0b-\x1f\x7f]/ || /\xc2[\x80-\x9f]/
		|| /\xe2\x80[\x8e\x8f\xaa-\xae]/ || /\xe2\x81[\xa6-\xa9]/ }'
check 'a line of TSV has as many fields as the others' -o 1 \
	"seg-stat -q --format tsv categories | grep -a '^CA' |
	awk -F '\t' '{ print NF }' | sort -u | wc -l"
check 'and there is one for each name' -o "$count" \
	"seg-stat -q --format tsv categories | grep -ac '^CA'"
ok 'seg-diff --summary shows none as it is' bash -c \
	"$(declare -f plain); seg-diff -q --summary old new | plain"
check 'a page has no element from a name' -o '' \
	"seg-stat -q --format html categories |
	grep -oiE '<(script>a|b>bold|!--$)' || :"
check 'and is well-formed' "seg-stat -q --format html categories |
	'$PYTHON' -c '
import html.parser, sys
class Page(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        if tag not in (\"meta\", \"br\", \"link\", \"input\", \"img\", \"hr\", \"col\"):
            self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (self.getpos(), tag)
page = Page()
page.feed(sys.stdin.read())
assert not page.open, page.open'"

done_testing
