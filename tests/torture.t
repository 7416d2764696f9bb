#!/usr/bin/env bash
# The torture itself: it tells a program that does what it must not, and never
# passes one that it could not see. make torture is the whole of it; here are a
# few of its points, and more in slow/torture.t.

. "${0%/*}/lib.sh"
[ -z "${SEGTOOLS_SANITIZED-}" ] || skip_all 'the sanitizer has an allocator of its own'
[ "$(uname -sm)" = 'Linux x86_64' ] || skip_all 'only for Linux on x86-64'

run="perl $ROOT/tests/torture/run.pl $BIN"

# One command, named by how it is careless.
for how in silent mute partly crash good; do
	cat > $how.pl <<-END
	our (\$top, \$build);
	sub commands {
		spew("\$top/text", "what is to be copied\n" x 20);
		return { name => '$how', gives => 'text', argv =>
			["\$build/tests/torture/careless", '$how', "\$top/text"] };
	}
	1;
	END
done

# tells NAME HOW KIND FAULT: the torture finds the fault in the careless program.
tells()
{
	check "$1" -s 1 -o "$4" "$run --jobs 1 --commands $2.pl --kind $3 |
		sed -n 's/.*: fault: //p' | sort -u
		exit \${PIPESTATUS[0]}"
}
tells 'a write that failed and status 0' silent write \
	'status 0, and something is lost: another out
status 0, and something is lost: stdout'
tells 'a read that failed and status 0' silent read \
	'status 0, and something is lost: another out'
tells 'output that is lost with the memory, and status 0' silent alloc \
	'status 0, and something is lost: no out'
tells 'a program that says nothing' mute open 'no message'
tells 'a file that is a part of what it is to be' partly write \
	'out is neither old nor new'
tells 'a program that crashes' crash alloc 'it dies of signal 11'
check 'a program that does it right' -o '' \
	"$run --jobs 1 --commands good.pl | grep fault:; exit \${PIPESTATUS[0]}"
check 'each of its calls was failed' \
	-o '1 allocations and N calls failed, 0 faults' \
	"$run --jobs 1 --commands good.pl --kind 'alloc|read|write|open' |
	sed -n '\$s/[0-9]* calls/N calls/p'"

# What it cannot see.
sed "s,\"\$build/tests/torture/careless\",'/bin/cat'," good.pl > cat.pl
check 'a program whose malloc does not ask the shim' -s 2 \
	-o 'run.pl: good: its malloc does not go through the shim' \
	"$run --commands cat.pl"
mkdir bare
ln -s "$BIN"/seg-* bare
check 'a shim that is not there' -s 2 -E '*' \
	-o 'run.pl: samples: the shim is not loaded' \
	"perl $ROOT/tests/torture/run.pl bare --only '^samples$'"

# What it found once: calls COMMAND KIND NAME.
calls()
{
	check "$3" -o '0 faults' "$run --only '^$1\$' --kind '$2' |
		sed -n '\$s/.*, //p'; exit \${PIPESTATUS[0]}"
}
calls 'mask -t' write 'hazard 40: the list of a tree is whole after writes cut short'
calls 'filter, names of a file' read 'a file of names is read to its end'
for tree in 'coco -o --fsync' 'mask -t --fsync'; do
	check "hazard 43: $tree waits for the disk twice, and says where it fails" \
		-o 'fsync 2, 0 faults' "$run --only '^$tree\$' --kind fsync |
		grep -oE 'fsync [0-9]+|[0-9]+ faults' | paste -sd, | sed 's/,/, /'"
done

# Every program is among its commands.
for program in $(programs); do
	ok "$program is tortured" grep -q "'$program'" \
		"$ROOT/tests/torture/commands.pl"
done

done_testing
