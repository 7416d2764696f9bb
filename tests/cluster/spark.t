#!/usr/bin/env bash
# Apache Spark in local mode, as seg-cluster(7) has it, and what it does with
# programs that fail, compressed files and empty partitions.

. "${0%/*}/cluster.sh"
PATH=$ENGINES/bin:$PATH
engine spark-submit java

bitmaps 200
mkdir conf tmp
cat > conf/spark-defaults.conf <<END_OF_CONF
spark.ui.enabled false
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.local.dir $PWD/tmp
spark.sql.warehouse.dir $PWD/tmp
END_OF_CONF
cat > conf/log4j2.properties <<'END_OF_CONF'
rootLogger.level = off
END_OF_CONF
export SPARK_CONF_DIR=$PWD/conf SPARK_LOCAL_IP=127.0.0.1

check 'it runs' -E '*' run_recipe spark
ok 'in eight parts, in order' cmp <(cat decoded/part-0000[0-7]) one/decoded.ndjson
ok 'into what one machine makes' cmp coco.json one/coco.json

gzip -k records.ndjson
sed '150s/.*/{/' records.ndjson > broken.ndjson
sed 's,/7.png,/missing.png,' records.ndjson > missing.ndjson
cat > pitfalls.py <<'END_OF_SCRIPT'
import json, os
from pyspark.sql import SparkSession

context = SparkSession.builder.getOrCreate().sparkContext
environment = dict(os.environ)
worker = "seg-decode -q -j1 --offline -d segments"
lines = context.textFile("records.ndjson", 8)

def tell(what, action):
    try:
        print(what, action())
    except Exception:
        print(what, "fails")

def piped(rdd, command=worker, env=environment, check=True):
    return rdd.pipe(command, env=env, checkCode=check)

def indices(rdd):
    return [json.loads(line).get("index") for line in rdd.collect()]

tell("lines of the release:", context.textFile("release.json", 8).count)
tell("partitions of records:", lines.getNumPartitions)
tell("partitions of a .gz:",
     context.textFile("records.ndjson.gz", 8).getNumPartitions)
tell("without env:", lambda: piped(lines, env=None).count())
tell("with it:", lambda: piped(lines).count())
tell("a line that is no record:",
     lambda: piped(context.textFile("broken.ndjson", 8)).count())
tell("unchecked:", lambda: piped(context.textFile("broken.ndjson", 8),
                                 check=False).count() < 200)
missing = context.textFile("missing.ndjson", 8)
tell("a bitmap that is missing:", lambda: piped(missing).count())
tell("with --exit-zero:",
     lambda: piped(missing, worker + " --exit-zero").count())
tell("more partitions than records:", lambda: piped(
    context.parallelize(lines.take(3), 12)).count())
tell("in order:", lambda: indices(piped(lines)) == list(range(200)))
tell("in order, coalesced:",
     lambda: indices(piped(lines.coalesce(3))) == list(range(200)))
tell("in order, repartitioned:",
     lambda: indices(piped(lines.repartition(3))) == list(range(200)))
tell("no shell:", lambda: piped(lines, worker + " | wc -l").count())
tell("a shell:", lambda: piped(
    lines, "sh -c '" + worker + " | wc -l'").map(int).sum())
END_OF_SCRIPT
check 'it is as the page says' -E '*' -o 'lines of the release: 1
partitions of records: 8
partitions of a .gz: 1
without env: fails
with it: 200
a line that is no record: fails
unchecked: True
a bitmap that is missing: fails
with --exit-zero: 200
more partitions than records: 3
in order: True
in order, coalesced: True
in order, repartitioned: False
no shell: fails
a shell: 200' bounded 200 spark-submit --master 'local[2]' pitfalls.py

done_testing
