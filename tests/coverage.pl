#!/usr/bin/env perl
# coverage.pl DIRECTORY: what the runs of a build with --coverage have reached
# of cmd and common, by gcov: lines and branches of all, and the files that
# have the most branches left.
use strict;
use warnings;
use JSON::PP;

my $build = shift or die "usage: coverage.pl DIRECTORY\n";
my $worst = 15;
my (%lines, %branches);

# Both ways of a branch are counted by their place in the line; a header that
# many include adds up.
sub take {
	my ($file) = @_;
	my $name = $file->{file};
	return unless $name =~ m{^(?:cmd|common)/};
	for my $line (@{ $file->{lines} }) {
		my $at = $line->{line_number};
		$lines{$name}{$at} += $line->{count};
		my $way = 0;
		for my $branch (@{ $line->{branches} }) {
			next if $branch->{throw};
			$branches{$name}{ "$at:" . $way++ } += $branch->{count};
		}
	}
}

open my $list, '-|', 'find', "$build/cmd", "$build/common", '-name', '*.gcda'
	or die "find: $!\n";
chomp(my @data = <$list>);
close $list;
die "coverage.pl: no run of $build has left its counts\n" unless @data;
for (@data) {
	open my $gcov, '-|', 'gcov', '-j', '-t', '-b', $_ or die "gcov: $!\n";
	while (my $text = <$gcov>) {
		take($_) for @{ decode_json($text)->{files} };
	}
	close $gcov or die "gcov: $_\n";
}

# reached COUNTS: how many there are, and how many of them were.
sub reached {
	my ($counts) = @_;
	return (scalar(keys %$counts), scalar(grep { $_ } values %$counts));
}

my @rows;
my @sum = (0) x 4;
for my $name (sort keys %lines) {
	my @row = (reached($lines{$name}), reached($branches{$name} || {}));
	$sum[$_] += $row[$_] for 0 .. 3;
	push @rows, [$name, @row];
}
@rows = sort { ($b->[3] - $b->[4]) <=> ($a->[3] - $a->[4]) } @rows;

sub percent {
	my ($all, $some) = @_;
	return $all ? sprintf('%5.1f %%', 100 * $some / $all) : '      -';
}

printf "lines %s of %d, branches %s of %d, in %d files\n",
	percent(@sum[0, 1]), $sum[0], percent(@sum[2, 3]), $sum[2],
	scalar @rows;
print "most branches left:\n";
for (splice @rows, 0, $worst) {
	my ($name, @row) = @$_;
	printf "%-36s lines %s, branches %s, %4d left\n", $name,
		percent(@row[0, 1]), percent(@row[2, 3]), $row[2] - $row[3];
}
# Where nothing went: functions without a run show as their lines.
if ($ENV{COVERAGE_LINES}) {
	for my $name (split /,/, $ENV{COVERAGE_LINES}) {
		my @missed = sort { $a <=> $b }
			grep { !$lines{$name}{$_} } keys %{ $lines{$name} };
		my %open;
		for (keys %{ $branches{$name} }) {
			/^(\d+)/ and $open{$1}++ unless $branches{$name}{$_};
		}
		print "$name\n  lines: @missed\n  branches: ",
			join(' ', sort { $a <=> $b } keys %open), "\n";
	}
}
