#!/usr/bin/env bash
# Buckets, as seg-cluster(7) has them: a server of S3 on the loopback, which
# wants its requests signed.

. "${0%/*}/cluster.sh"
PATH=$ENGINES/bin:$PATH
engine aws moto_server
need gzip jq

# A setup without a key, in so many calls; after them each is signed or refused.
export AWS_DEFAULT_REGION=eu-west-2 AWS_CONFIG_FILE=$PWD/none \
	AWS_SHARED_CREDENTIALS_FILE=$PWD/none AWS_EC2_METADATA_DISABLED=true
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL_S3
for _ in 1 2 3; do
	free_port
	INITIAL_NO_AUTH_ACTION_COUNT=3 moto_server -H 127.0.0.1 -p "$PORT" \
		> moto.log 2>&1 &
	servers+=($!)
	server=$!
	for ((tries = 0; tries < 600; tries++)); do
		kill -0 $server 2> /dev/null || break
		! port_taken "$PORT" || break
		sleep 0.1
	done
	! kill -0 $server || break
done
export AWS_ENDPOINT_URL=http://127.0.0.1:$PORT
export AWS_ACCESS_KEY_ID=setup AWS_SECRET_ACCESS_KEY=setup
aws iam create-user --user-name worker > setup
aws iam put-user-policy --user-name worker --policy-name all --policy-document \
	'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
key=$(aws iam create-access-key --user-name worker)
AWS_ACCESS_KEY_ID=$(jq -r .AccessKey.AccessKeyId <<< "$key")
AWS_SECRET_ACCESS_KEY=$(jq -r .AccessKey.SecretAccessKey <<< "$key")

bitmaps 200 s3://labels
for bucket in releases work labels; do
	aws s3 mb -- "s3://$bucket" > setup
done
aws s3 cp --quiet release.json s3://releases/release.json
mkdir up
for ((n = 0; n < 200; n++)); do
	ln "segments/labels/$n.png.png" "up/$n.png"
done
aws s3 cp --quiet --recursive up s3://labels
rm -r segments up

check 'parts are made' run_recipe s3-split
check 'of fifty records each' -o 'part-aa.gz
part-ab.gz
part-ac.gz
part-ad.gz' "aws s3 ls s3://work/records/ | awk '{ print \$4 }'"
for part in part-aa part-ab part-ac part-ad; do
	export part
	check "$part is worked on" run_recipe s3-worker
done
check 'they are put together' -E '*' run_recipe s3-merge
aws s3 cp --quiet s3://work/coco.json back.json
ok 'into what one machine makes' cmp back.json one/coco.json

check 'with another key nothing is had' -s 1 -E '*403*' -O /dev/null \
	'head -n 1 one/records.ndjson |
	AWS_SECRET_ACCESS_KEY=other seg-decode -q -d none > refused'
check 'images and bitmaps are fetched from a bucket' \
	'head -n 1 one/records.ndjson | seg-fetch -q -d fetched --only labels > out
	cmp fetched/labels/0.png.png shape0.png'
check 'a pipe that broke off is published by aws s3 cp -' \
	'{ head -c 300 one/coco.json; exit 1; } | aws s3 cp - s3://work/broken.json
	aws s3 cp s3://work/broken.json - | cmp - <(head -c 300 one/coco.json)'

done_testing
