#!/usr/bin/env bash
# GNU parallel, as seg-cluster(7) has it: on this machine, and over ssh to two
# hosts, which are two names of a server on the loopback.

. "${0%/*}/cluster.sh"
engine parallel sshd ssh ssh-keygen

mkdir -p home && export HOME=$PWD/home
bitmaps 200
mkdir -p "$HOME/.parallel" && : > "$HOME/.parallel/will-cite"

check 'it runs' -E '*' run_recipe parallel
ok 'its records are those of one process' cmp decoded.ndjson one/decoded.ndjson
ok 'and so is what is made of them' cmp coco.json one/coco.json
check 'no records, no output' \
	': > empty; parallel --pipepart -a empty --block -1 -k seg-decode -q'
check 'one job that fails is its status' -s 1 -E '*' \
	'sed "150s/.*/{/" one/records.ndjson > broken
	parallel --pipepart -a broken --block 20k -k seg-decode -q -j1 \
		--exit-zero --offline -d segments > out'
check 'in any order, the index puts them back' \
	'parallel --pipepart -a one/records.ndjson --block 5k seg-decode -q -j1 \
		--offline -d segments | LC_ALL=C sort -s -n -k1.10 |
		cmp - one/decoded.ndjson'

# A server that ends with this test, for a key that does, too.
listens_ssh()
{
	until port_taken "$PORT"; do
		kill -0 "$1" 2> /dev/null || return
		sleep 0.02
	done
}
[ -d /run/sshd ] || mkdir -p /run/sshd
mkdir ssh
ssh-keygen -q -t ed25519 -N '' -f ssh/host
ssh-keygen -q -t ed25519 -N '' -f ssh/key
for _ in 1 2 3 4 5; do
	free_port
	cat > ssh/sshd_config <<-END_OF_CONFIG
	Port $PORT
	ListenAddress 127.0.0.1
	HostKey $PWD/ssh/host
	PidFile $PWD/ssh/pid
	AuthorizedKeysFile $PWD/ssh/key.pub
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	StrictModes no
	UsePAM no
	PermitRootLogin prohibit-password
	MaxStartups 100
	LogLevel VERBOSE
	SetEnv PATH=$PATH
	AcceptEnv none
	END_OF_CONFIG
	"$(command -v sshd)" -D -e -f "$PWD/ssh/sshd_config" 2> ssh/log &
	servers+=($!)
	! listens_ssh $! || break
done
cat > ssh/config <<END_OF_CONFIG
Host one two
	HostName 127.0.0.1
	Port $PORT
	User $(id -un)
	IdentityFile $PWD/ssh/key
	IdentitiesOnly yes
	BatchMode yes
	UserKnownHostsFile $PWD/ssh/known
	StrictHostKeyChecking accept-new
	LogLevel ERROR
END_OF_CONFIG
export PARALLEL_SSH="ssh -F $PWD/ssh/config"
rm coco.json decoded.ndjson
ok 'it runs over ssh' run_recipe ssh
ok 'its records are those of one machine' cmp decoded.ndjson one/decoded.ndjson
ok 'and so is what is made of them' cmp coco.json one/coco.json
ok 'by way of the server' test "$(grep -c 'Accepted publickey' ssh/log)" -ge 6

done_testing
