#!/usr/bin/env bash
# Hadoop Streaming, as seg-cluster(7) has it, with Hadoop's local runner. Its
# classes are those that pyspark brings; `mapred` and `hdfs` start them.

. "${0%/*}/cluster.sh"
PATH=$ENGINES/bin:$PATH
jars=$(echo "$ENGINES"/lib/python3*/site-packages/pyspark/jars)
streaming=$(echo "$ENGINES"/hadoop-streaming-*.jar)
engine java pyspark
[ -e "$streaming" ] || engine hadoop-streaming

bitmaps 200
mkdir bin conf
cat > conf/core-site.xml <<END_OF_CONF
<configuration><property><name>hadoop.tmp.dir</name>
<value>$PWD/tmp</value></property></configuration>
END_OF_CONF
cat > conf/log4j2.properties <<'END_OF_CONF'
rootLogger.level = off
END_OF_CONF
for name in 'mapred streaming org.apache.hadoop.streaming.HadoopStreaming' \
	'hdfs dfs org.apache.hadoop.fs.FsShell'; do
	read -r program word class <<< "$name"
	cat > "bin/$program" <<-END_OF_SCRIPT
	#!/bin/sh
	[ "\$1" = $word ] && shift || exit 9
	exec java -cp '$PWD/conf:$streaming:$jars/*' $class "\$@"
	END_OF_SCRIPT
done
chmod +x bin/*
export PATH=$PWD/bin:$PATH

check 'it runs' -E '*' run_recipe hadoop
ok 'in eight parts' test "$(find decoded -name 'part-0000[0-7]' | wc -l)" -eq 8
ok 'into what one machine makes' cmp coco.json one/coco.json
ok 'the records are those of one machine, in another order' cmp \
	<(cat decoded/part-* | tr -d '\t' | LC_ALL=C sort -s -n -k1.10) \
	one/decoded.ndjson
check 'a tab at the end of a line is taken' \
	'cat decoded/part-* | seg-filter -q > out && grep -qc "	$" decoded/part-00000'
ok 'parts are not in order' test "$(cat decoded/part-* | tr -d '\t' | cksum)" \
	!= "$(cksum < one/decoded.ndjson)"

# streamed STATUS OPTION ...: a job over some records.
streamed()
{
	rm -rf some
	bounded 100 mapred streaming -D mapreduce.job.reduces=0 "${@:2}" \
		-input records.ndjson -output some > log 2>&1
	[ $(($? != 0)) -eq "$1" ]
}
nline='org.apache.hadoop.mapred.lib.NLineInputFormat'
ok 'with its offset before it a line is no record' streamed 1 -inputformat $nline \
	-mapper 'seg-decode -q -j1 --offline --exit-zero -d segments'
sed -i 's,/7.png,/missing.png,' records.ndjson
ok 'a bitmap that is missing ends a job' streamed 1 \
	-mapper 'seg-decode -q -j1 --offline -d segments'
ok 'but not with --exit-zero' streamed 0 \
	-mapper 'seg-decode -q -j1 --offline --exit-zero -d segments'

done_testing
