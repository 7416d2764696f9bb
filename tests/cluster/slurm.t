#!/usr/bin/env bash
# Slurm, as seg-cluster(7) has it, on a cluster of one node that ends with this
# test: munge for its keys, a controller, a worker, all on the loopback.

. "${0%/*}/cluster.sh"
engine munged slurmctld slurmd sbatch scontrol

bitmaps 200
mkdir cluster cluster/state cluster/spool
chmod 755 "$scratch" "$scratch/work" cluster
(umask 077 && head -c 128 /dev/urandom > cluster/key)

# await SECONDS COMMAND: until it is true; not for ever.
await()
{
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

cluster_conf()
{
	cat <<-END_OF_CONF
	ClusterName=segtools
	SlurmctldHost=localhost(127.0.0.1)
	SlurmctldPort=$1
	SlurmUser=$(id -un)
	AuthType=auth/munge
	AuthInfo=socket=$PWD/cluster/munge.sock
	StateSaveLocation=$PWD/cluster/state
	SlurmdSpoolDir=$PWD/cluster/spool
	SlurmctldPidFile=$PWD/cluster/slurmctld.pid
	SlurmdPidFile=$PWD/cluster/slurmd.pid
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	MpiDefault=none
	ReturnToService=2
	SchedulerType=sched/builtin
	SchedulerParameters=sched_interval=1
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	NodeName=one NodeHostname=localhost NodeAddr=127.0.0.1 Port=$2 CPUs=$(nproc)
	PartitionName=all Nodes=one Default=YES MaxTime=10 State=UP
	END_OF_CONF
}

idle()
{
	[ "$(sinfo -h -o %t 2> /dev/null)" = idle ]
}

munged --foreground --key-file="$PWD/cluster/key" \
	--socket="$PWD/cluster/munge.sock" --pid-file="$PWD/cluster/munge.pid" \
	--log-file="$PWD/cluster/munge.log" \
	--seed-file="$PWD/cluster/munge.seed" > cluster/munged.out 2>&1 &
servers+=($!)
await 10 test -S cluster/munge.sock
free_port
controller=$PORT
free_port
cluster_conf "$controller" "$PORT" > cluster/slurm.conf
export SLURM_CONF=$PWD/cluster/slurm.conf
slurmctld -D > cluster/slurmctld.out 2>&1 &
servers+=($!)
slurmd -D -N one > cluster/slurmd.out 2>&1 &
servers+=($!)
ok 'a cluster of one node is there' await 90 idle ||
	cat cluster/*.out | note

check 'the array and its merge run' -E '*' -o $'Submitted batch job 2\ncoco.json' \
	run_recipe slurm
ok 'into what one machine makes' cmp coco.json one/coco.json
ok 'by so many tasks' test "$(cat decoded.[1-4] | wc -l)" -eq 200

# A task that fails: the merge is taken out of the queue and told of.
cat > fails.sh <<'END_OF_JOB'
#!/bin/bash
exit "$((SLURM_ARRAY_TASK_ID == 2))"
END_OF_JOB
rm coco.json
check 'where a task fails the merge ends, too' -E '*' \
	'id=$(sbatch --parsable --array=1-2 fails.sh) && bounded 60 sbatch \
		--parsable --wait --dependency=afterok:$id \
		--kill-on-invalid-dep=yes merge.sh > job'
ok 'and has not run, though its status is 0' test ! -e coco.json
check 'without that option it waits for ever' -o DependencyNeverSatisfied \
	'id=$(sbatch --parsable --array=1-2 fails.sh)
	merge=$(sbatch --parsable --dependency=afterok:$id merge.sh)
	never() { [ "$(squeue -h -j "$merge" -o %r)" = DependencyNeverSatisfied ]; }
	await 60 never; squeue -h -j "$merge" -o %r; scancel "$merge"'

done_testing
