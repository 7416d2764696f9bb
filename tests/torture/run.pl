#!/usr/bin/perl
# run.pl BUILD [option ...]: the programs in BUILD, with each of their calls
# failing in turn; see README.md. Options:
#
#	--only RE       commands whose names match alone
#	--kind RE       calls of these kinds alone
#	--point 'NUMBER ERROR CUT'
#	                this failure of each such call alone (with --kind)
#	--every N       each N-th point alone
#	--room N        about so many allocations of a command, where it has
#	                more; each way to one is among them (default 600)
#	--jobs N        so many at once (default: the processors)
#	--commands FILE other commands than those of commands.pl
#	-v              what each run did
#
# Ends with 1 where a program did what it must not, with 2 where nothing could
# be told: the shim was not loaded, or a command fails when nothing else does.
use strict;
use warnings;
use Cwd 'abs_path';
use Errno qw(EACCES EAGAIN EINTR EIO EMFILE ENOMEM ENOSPC);
use File::Basename 'dirname';
use File::Temp 'tempdir';
use IO::Handle;
use JSON::PP ();
use POSIX 'strerror';

our $here = dirname(abs_path($0));
our $build = abs_path(shift // die "usage: run.pl BUILD [option ...]\n")
	// die "run.pl: no such directory\n";
require "$here/server.pl";
require "$here/judge.pl";
my %option = (only => '.', kind => '.*', every => 1, room => 600, commands => "$here/commands.pl",
	jobs => `nproc` + 0);
while (defined(my $name = shift)) {
	if ($name eq '-v') {
		$option{verbose} = 1;
	} elsif ($name =~ /^--(only|kind|point|every|room|jobs|commands)$/) {
		$option{$1} = shift;
	} else {
		die "run.pl: unknown option $name\n";
	}
}

# What calls fail with: errors, and how few bytes they are cut to. A call that
# was interrupted or cut must be made again (`strict`).
my @kinds = (
	['alloc', [ENOMEM]],
	['thread', [EAGAIN]],
	['read', [EIO, EINTR, 0]],
	['write', [ENOSPC, EIO, EINTR, 0]],
	['open', [EMFILE, EINTR]],
	['fsync', [EIO]],
	['rename', [EIO, ENOSPC]],
	['close', [EIO, EINTR]],
	['ftruncate', [EIO, EINTR]],
	['mkdir', [ENOSPC]],
	['mmap', [ENOMEM]],
	['stat', [EIO]],
);

our $top = tempdir('torture-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $owner = $$;

# A command's run without a failure, which is held to be right.
sub measure
{
	my ($command, $dir) = @_;
	my $server = start($command, $dir);
	my $base = run($server, $command->{old}, 'none', 1, 0, 0);
	my $again = run($server, $command->{old}, 'places', 1, 0, 0);
	stop($server);
	$base->{places} = [unpack 'Q*', slurp("$dir/places")];
	my $status = $command->{status} // 0;
	broken("$command->{name}: ends with $base->{status}: $base->{stderr}")
		if $base->{status} != $status << 8;
	broken("$command->{name}: no call of it was seen")
		if !$base->{counts}{alloc} || !$base->{counts}{read};
	broken("$command->{name}: does not do the same twice")
		if !same($base, $again);
	return $base;
}

# Which allocations are failed: of many that were reached in the same way, by
# any command, the first, and of what is left each so manieth, as far as there
# is room. (Ten callers within OpenSSL are the same for all programs; a caller of
# their own tells them apart.)
my %reached;
sub allocations
{
	my ($base, $room) = @_;
	my (@chosen, @others);
	for my $n (1 .. $base->{counts}{alloc}) {
		my $place = $base->{places}[$n - 1] // $n;
		if (++$reached{$place} == 1) {
			push @chosen, $n;
		} else {
			push @others, $n;
		}
	}
	my $step = (@chosen + @others) / $room;
	my $at = 0;
	for (@others) {
		push @chosen, $_ if $at < 1;
		$at = $at < 1 ? $at + $step - 1 : $at - 1;
	}
	return sort { $a <=> $b } @chosen;
}

# All failures of a command, [kind, number, error, cut, strict] each.
sub points
{
	my ($base) = @_;
	my @points;
	for (@kinds) {
		my ($kind, $errors) = @$_;
		next if $kind !~ /^(?:$option{kind})$/;
		if (defined $option{point}) {
			push @points, [$kind, split(' ', $option{point}), 0];
			next;
		}
		for my $n ($kind eq 'alloc' ? allocations($base, $option{room})
			: 1 .. $base->{counts}{$kind}) {
			push @points, map { [$kind, $n, $_, $_ ? 0 : $n % 7 + 1,
				$kind =~ /read|write/ && ($_ == 0 || $_ == EINTR)] }
				@$errors;
		}
		push @points, map { [$kind, 0, EINTR, $_, 1] } 1 .. 7
			if $kind =~ /read|write/;
	}
	my $i = 0;
	return grep { $i++ % $option{every} == 0 } @points;
}

sub shown
{
	my $text = substr shift, -400;
	$text =~ s/[^\x20-\x7e\n]/?/g;
	return $text =~ s/\n(?=.)/\n    /gr =~ s/\n\z//r;
}

# Runs the points of a task; prints faults to $out, gives counts by verdict.
sub work
{
	my ($command, $points, $dir, $out) = @_;
	my $server = start($command, $dir);
	my %counts;
	for (@$points) {
		my ($kind, $number, $error, $cut, $strict) = @$_;
		my $got = run($server, $command->{old}, @$_[0 .. 3]);
		my ($verdict, $why) =
			judge($command, $got, $strict);
		if ($verdict ne 'same' && $verdict ne 'fault' &&
			$command->{tree}) {
			my $next = run($server, 'keep', 'none', 1, 0, 0);
			($verdict, $why) = ('fault',
				"a run after it leaves: " .
				difference($command->{base}, $next))
				if !same_files($command->{base}, $next);
		}
		my $class = $kind eq 'alloc' ? 'alloc' : 'io';
		$counts{"$class $verdict"}++;
		$counts{"kind $kind"}++;
		print $out "  $command->{name}: $kind $number: " . ($cut
			? "cut to $cut" : strerror($error)) . ": $verdict"
			. (defined $why ? ": $why" : '') . "\n    --only"
			. " '^\Q$command->{name}\E\$' --kind $kind --point "
			. "'$number $error $cut'\n    " . shown($got->{stderr})
			. "\n"
			if $verdict eq 'fault' || $option{verbose};
	}
	stop($server);
	return \%counts;
}

# Runs tasks in so many processes; each takes the next one from a pipe.
sub spread
{
	my @tasks = @_;
	pipe my $next_in, my $next_out or die;
	my @workers;
	for my $n (1 .. $option{jobs}) {
		my $pid = fork // die;
		push @workers, $pid;
		next if $pid;
		close $next_out;
		mkdir "$top/$n";
		while (sysread $next_in, my $number, 4) {
			my $task = $tasks[unpack 'N', $number];
			open my $out, '>', "$top/found." . unpack('N', $number);
			my $counts = work($task->{command}, $task->{points},
				"$top/$n", $out);
			print $out join("\n", 'counts', %$counts), "\n";
			close $out;
		}
		exit 0;
	}
	close $next_in;
	syswrite $next_out, pack 'N', $_ for 0 .. $#tasks;
	close $next_out;
	for (@workers) {
		waitpid $_, 0;
		broken('a worker failed') if $?;
	}
}

# Adds up what workers found, by command; prints the faults.
sub gather
{
	my @tasks = @_;
	my %sums;
	for my $n (0 .. $#tasks) {
		my ($found, $counts) = split /^counts\n/m, slurp("$top/found.$n");
		broken('a worker wrote nothing') if !defined $counts;
		my $name = $tasks[$n]{command}{name};
		my %counts = split /\n/, $counts;
		$sums{$name}{faults} .= $found;
		$sums{$name}{$_} += $counts{$_} for keys %counts;
	}
	return \%sums;
}

sub told
{
	my ($name, $sum) = @_;
	my ($alloc, $io) = (0, 0);
	$alloc += $sum->{$_} for grep /^alloc /, keys %$sum;
	$io += $sum->{$_} for grep /^io /, keys %$sum;
	my @verdicts = map { my $v = $_;
		($sum->{"alloc $v"} // 0) + ($sum->{"io $v"} // 0) }
		qw(same said failed partial whole fault);
	printf "%-28s %6d %6d %7d %6d %6d %7d %5d %6d\n", $name, $alloc, $io,
		@verdicts;
	return ($alloc, $io, $verdicts[-1]);
}

require(abs_path($option{commands}));
my @commands = grep { $_->{name} =~ /$option{only}/ } commands();
mkdir "$top/base";
for (@commands) {
	$_->{base} = measure($_, "$top/base");
}
my @tasks;
for my $command (@commands) {
	my @points = points($command->{base});
	while (my @some = splice @points, 0, 200) {
		push @tasks, { command => $command, points => \@some };
	}
}
spread(@tasks);
my $sums = gather(@tasks);
printf "%-28s %6s %6s %7s %6s %6s %7s %5s %6s\n", 'command', 'alloc', 'calls',
	'same', 'said', 'error', 'partial', 'whole', 'FAULTS';
my @all = (0, 0, 0);
my %by_kind;
for (@commands) {
	my $sum = $sums->{$_->{name}};
	my @one = told($_->{name}, $sum);
	print $sum->{faults} if defined $sum->{faults};
	$all[$_] += $one[$_] for 0 .. 2;
	/^kind (.*)/ and $by_kind{$1} += $sum->{$_} for keys %$sum;
}
print join(', ', map { "$_->[0] " . ($by_kind{$_->[0]} // 0) } @kinds), "\n";
print "$all[0] allocations and $all[1] calls failed, $all[2] faults\n";
exit($all[2] ? 1 : 0);
