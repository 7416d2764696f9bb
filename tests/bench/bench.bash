# What benchmarks share; $turns says how often each is tried.
# shellcheck shell=bash
: "${turns:=5}"

# best COMMAND: the least seconds it took in so many turns.
best()
{
	local from
	for _ in $(seq "$turns"); do
		from=$EPOCHREALTIME
		"$@" > out 2> err || { head -n 3 err >&2; exit 1; }
		awk -v from="$from" -v to="$EPOCHREALTIME" \
			'BEGIN { printf "%.3f\n", to - from }'
	done | sort -n | head -n 1
}

# of EXPRESSION: its value, to two places.
of()
{
	awk "BEGIN { printf \"%.2f\", $1 }"
}

# draw TIMES: a map of 40 blobs with wavy, slightly ragged outlines, of 192 x
# 108 pixels so many times as wide and as high; RAGGED=0 leaves them smooth.
draw()
{
	perl -e '
	srand 3;
	my ($times, $ragged) = @ARGV;
	my ($w, $h) = (192 * $times, 108 * $times);
	my @map = (0) x ($w * $h);
	for my $id (1 .. 40) {
		my ($cx, $cy) = (rand $w, rand $h);
		my ($r, $waves) = ($times * (5 + rand 12), 3 + int rand 6);
		for my $y (int($cy - 1.3 * $r) .. int($cy + 1.3 * $r)) {
			next if $y < 0 || $y >= $h;
			for my $x (int($cx - 1.3 * $r) .. int($cx + 1.3 * $r)) {
				next if $x < 0 || $x >= $w;
				my ($dx, $dy) = ($x - $cx, $y - $cy);
				my $edge = $r * (1 + 0.2
					* sin($waves * atan2($dy, $dx))) + $ragged * rand 1;
				$map[$y * $w + $x] = $id
					if $dx * $dx + $dy * $dy < $edge * $edge;
			}
		}
	}
	print pack "V*", @map' "$1" "${RAGGED-1}" | mkpng -w $((192 * $1))
}
