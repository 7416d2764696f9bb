#!/usr/bin/env bash
# seg-mask on real releases: the vendor's own maps, pixel for pixel.

. "${0%/*}/lib.sh"

need jq
need_data real/field_road
serve "$DATA"

# samples RELEASE: its records.
samples()
{
	sed "s,https://segmentsai-prod[^/]*,$URL," "$DATA/$1" | seg-samples
}

# same_pixels OURS THEIRS [COUNT]: for each file of theirs.
same_pixels()
{
	local theirs ours n=0
	for theirs in "$2"/*.png; do
		ours=${theirs##*/}
		ours=$1/${ours%"$3".png}.png
		cmp <(unpng -p "$theirs") <(unpng -p "$ours") || return
		n=$((n + 1))
	done
	[ "$n" -gt "$4" ]
}

samples real/field_road/Field_road-v0.field.json |
	seg-fetch -q -d data > records 2> err
seg-mask -t colors --kind color --partial records > out 2> err
ok 'field_road: the colours of the vendor, pixel for pixel' \
	same_pixels colors "$DATA/real/field_road/expected-semantic/v0.field" \
	_semantic_colored 40
seg-decode records 2> /dev/null |
	seg-mask -t decoded --kind color --partial > out 2> err
ok 'field_road: decoded records give the same files' \
	diff -r -x '.seg-mask.*' colors decoded
rm -rf data

samples real/emprise/emprise-feeding-infra-v0.2.json |
	seg-mask -t maps --labels keep --unlabeled 0 > out 2> err
ok 'emprise: the category maps, pixel for pixel' \
	same_pixels maps "$DATA/real/emprise/expected-category" '' 15

done_testing
