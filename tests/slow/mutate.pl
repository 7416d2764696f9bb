#!/usr/bin/perl
# mutate.pl BUILD HOW FILE [N SEED]: a program with FILE as its input, cut at
# every byte or with bits and bytes changed, held to what is promised of broken
# input; the programs run under the torture's fork server. HOW is
#
#	release-cuts    seg-samples: status 2 but where only white space was
#	                cut, and a last record that has only `error`
#	release-flips   seg-samples, N bytes changed one at a time: an
#	                independent parser agrees, and counts the samples
#	stream-cuts     seg-filter: each whole line is passed, and status 2 but
#	                where whole lines were cut
#	png-cuts        seg-decode: an error, or all that it is to be
#	png-flips       the same, each bit of the file
#
# Prints what is wrong, and in the end how often what became of it.
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename 'dirname';
use File::Temp 'tempdir';
use JSON::PP ();

our $build = abs_path(shift // '');
my ($how, $file, $times, $seed) = @ARGV;
require(dirname(abs_path($0)) . '/../torture/server.pl');

my $top = tempdir('mutate-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $text = slurp($file);
my $json = JSON::PP->new->utf8;
my (%counts, $faults);
$ENV{PATH} = "$build:$ENV{PATH}";
mkdir "$top/base";

# The server of a command whose stdin is $top/input.
sub serve
{
	spew("$top/input", '');
	return start({ name => $how, argv => [@_], stdin => "$top/input" },
		"$top/base");
}

sub fault
{
	my ($where, $why, $got) = @_;
	return if $faults++ >= 10;
	print "$how at $where: $why; status ", $got->{status} >> 8, ', ',
		substr($got->{stderr}, 0, 200), "\n";
}

# What is alike for all: no signal, a known status, and a message of it.
sub is_sound
{
	my ($where, $got) = @_;
	my $status = $got->{status} >> 8;
	my $why = $got->{status} & 127 ? 'a signal'
		: $status > 2 ? 'an unknown status'
		: $status && $got->{stderr} !~ /^seg-\w+: (?!.* in, ).*\S/m
		? 'no message'
		: $got->{stdout} ne '' && $got->{stdout} !~ /\n\z/
		? 'a line that does not end' : undef;
	fault($where, $why, $got) if defined $why;
	$counts{"status $status"}++;
	return !defined $why;
}

sub last_word { return $_[0] =~ /(^|\n)\{"error":\{"program":".*\}\}\n\z/ }

sub release_cuts
{
	my $server = serve('seg-samples', '-q');
	my $whole = length $text =~ s/\s+\z//r;
	for my $n (0 .. length($text) - 1) {
		spew("$top/input", substr $text, 0, $n);
		my $got = run($server, 'keep', 'none', 1, 0, 0);
		is_sound($n, $got) or next;
		my $wanted = $n >= $whole ? 0 : 2;
		fault($n, 'another status', $got)
			if $got->{status} >> 8 != $wanted;
		fault($n, 'no last word', $got)
			if $wanted && !last_word($got->{stdout});
	}
}

# How many samples a text has, or undef where it is no JSON.
sub samples
{
	my $value = eval { $json->decode($_[0]) } // return undef;
	return 0 if ref $value ne 'HASH' || ref $value->{dataset} ne 'HASH'
		|| ref $value->{dataset}{samples} ne 'ARRAY';
	return scalar @{$value->{dataset}{samples}};
}

sub release_flips
{
	my $server = serve('seg-samples', '-q');
	srand $seed;
	for (1 .. $times) {
		my ($n, $to) = (int rand length $text, int rand 256);
		my $changed = $text;
		substr($changed, $n, 1) = chr $to;
		spew("$top/input", $changed);
		my $got = run($server, 'keep', 'none', 1, 0, 0);
		is_sound("$n = $to", $got) or next;
		my $samples = samples($changed);
		if ($got->{status} >> 8 == 2) {
			fault("$n = $to", 'no last word', $got)
				if !last_word($got->{stdout});
			next;
		}
		fault("$n = $to", 'it is no JSON', $got) if !defined $samples;
		fault("$n = $to", 'another number of lines', $got)
			if defined $samples
			&& $got->{stdout} =~ tr/\n// != $samples;
	}
}

sub stream_cuts
{
	my $server = serve('seg-filter', '-q');
	for my $n (0 .. length($text) - 1) {
		my $some = substr $text, 0, $n;
		my ($lines, $rest) = $some =~ /\A((?:.*\n)*)(.*)\z/;
		spew("$top/input", $some);
		my $got = run($server, 'keep', 'none', 1, 0, 0);
		is_sound($n, $got) or next;
		my $last = substr $text, $n, 1;
		my $whole = $rest eq '' || $last eq "\n";
		$lines = "$some\n" if $whole && $rest ne '';
		fault($n, 'another status', $got)
			if $got->{status} >> 8 != ($whole ? 0 : 2);
		my $out = $got->{stdout};
		$out =~ s/\{"error":\{"program":".*\}\}\n\z// if !$whole;
		fault($n, 'other lines', $got) if $out ne $lines;
	}
}

# seg-decode on a record whose bitmap is $top/input.png, changed by each code.
sub pngs
{
	my $server = serve('seg-decode', '-q', '-j1');
	my $annotations = join ',', map { qq({"id":$_,"category_id":1}) } 1 .. 9;
	spew("$top/input", '{"index":0,"name":"a","attributes":{"image":{}},'
		. qq("label":{"attributes":{"annotations":[$annotations],)
		. qq("segmentation_bitmap":{"path":"$top/input.png"}}},"release":{}})
		. "\n");
	spew("$top/input.png", $text);
	my $base = run($server, 'keep', 'none', 1, 0, 0);
	broken("the PNG itself fails: $base->{stderr}") if $base->{status};
	for (@_) {
		my ($where, $changed) = $_->();
		spew("$top/input.png", $changed);
		my $got = run($server, 'keep', 'none', 1, 0, 0);
		is_sound($where, $got) or next;
		fault($where, 'other pixels', $got)
			if !$got->{status} && $got->{stdout} ne $base->{stdout};
		fault($where, 'no error in the record', $got)
			if $got->{status} && $got->{stdout} !~ /"error":\{/;
	}
}

sub png_cuts
{
	pngs(map { my $n = $_; sub { ($n, substr $text, 0, $n) } }
		0 .. length($text) - 1);
}

sub png_flips
{
	pngs(map { my $n = $_; sub {
		my $changed = $text;
		vec($changed, $n, 1) ^= 1;
		return ("bit $n", $changed);
	} } 0 .. 8 * length($text) - 1);
}

my %ways = ('release-cuts' => \&release_cuts, 'stream-cuts' => \&stream_cuts,
	'release-flips' => \&release_flips, 'png-cuts' => \&png_cuts,
	'png-flips' => \&png_flips);
($ways{$how // ''} // die "usage: mutate.pl BUILD HOW FILE [N SEED]\n")->();
print join(', ', map { "$_: $counts{$_}" } sort keys %counts), "\n";
print "$faults faults\n" if $faults;
exit($faults ? 1 : 0);
