#!/usr/bin/env bash
# seg-fetch on real releases: each file is, byte for byte, the one at its URL,
# what the service does not have is an error, and a rerun asks for nothing.

. "${0%/*}/lib.sh"

need jq
need_data real
serve "$DATA"

# Prints "URL PATH" of each file in records, and "URL -" of what failed.
files()
{
	jq -r '(.error.url // empty | "\(.) -"),
		(.attributes.image, .label.attributes.segmentation_bitmap |
		objects | select(.path) | "\(.url) \(.path)")' "$@"
}

# What lies at a URL is what lies at its path.
compare_files()
{
	files "$1" | while read -r url path; do
		if [ "$path" = - ]; then
			[ ! -e "$DATA/${url#"$URL"/}" ] || return
		else
			cmp "$DATA/${url#"$URL"/}" "$path" || return
		fi
	done
}

for release in real/field_road/Field_road-v0.field.json \
	real/emprise/emprise-feeding-infra-v0.2.json \
	real/arc_litter/arc_litter-v01.json panoptic-real/release.json \
	panoptic-seed2020/release-tasks-list.json vector/release.json; do
	[ -e "$DATA/$release" ] || continue
	sed "s,https://segmentsai-prod[^/]*,$URL,; s,127.0.0.1:PORT,127.0.0.1:$PORT," \
		"$DATA/$release" > release.json
	rm -rf data
	seg-samples --all-labelsets release.json > samples
	seg-fetch -q -d data samples > records 2> /dev/null
	ok "$release: some files are fetched" \
		test "$(files records | grep -vc ' -$')" -gt 0
	ok "$release: each is the one at its URL" compare_files records
	ok "$release: no two records share a file" \
		diff <(files records | grep -v ' -$' | sort -u | cut -d ' ' -f 2- |
			sort) <(files records | grep -v ' -$' | cut -d ' ' -f 2- |
			sort -u)
	requests > /dev/null
	jq -c 'select(.error | not)' records > whole
	ok "$release: a rerun gives the same" \
		diff whole <(seg-fetch -q -d data whole)
	check "$release: and asks for nothing" requests
done

done_testing
