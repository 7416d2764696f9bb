#!/usr/bin/env perl
# yolocheck.pl TASK DIR: holds a YOLO tree to the rules by which ultralytics
# takes or rejects images, and prints what breaks one, a line each. Nothing is
# printed of a good tree. TASK is detect, segment, obb, semantic, or pose.
use strict;
use warnings;
use File::Find;

my ($task, $dir) = @ARGV;
my (%part, @names, $nc, @shape, @flip, $masks);

sub bad { print join(': ', @_), "\n" }

# data.yaml as we write it; what is not of that form is told.
open my $yaml, '<', "$dir/data.yaml" or die "$dir/data.yaml: $!\n";
while (<$yaml>) {
	chomp;
	if (/^#/ || /^names:(?: \{\})?$/) {
	} elsif (/^(train|val|test): (images\/[^\/]+)$/) {
		$part{$1} = $2;
	} elsif (/^nc: (\d+)$/) {
		$nc = $1;
	} elsif (/^masks_dir: (\S+)$/) {
		$masks = $1;
	} elsif (/^kpt_shape: \[(\d+), ([23])\]$/) {
		@shape = ($1, $2);
	} elsif (/^flip_idx: \[([\d, ]*)\]$/) {
		@flip = split /, /, $1;
	} elsif (/^kpt_names:$/ || /^  \d+: \[/) {
	} elsif (/^  (\d+): "(?:[^"\\[:cntrl:]]|\\.)*"  # (category -?\d+|points of one object)$/) {
		bad('data.yaml', "class $1 is not the next") if $1 != @names;
		push @names, $1;
	} else {
		bad('data.yaml', "unexpected: $_");
	}
}
bad('data.yaml', "no $_") for grep { !$part{$_} } qw(train val);
bad('data.yaml', 'nc is not the number of names')
	if !defined $nc || $nc != @names;
if ($task eq 'pose') {
	bad('data.yaml', 'no kpt_shape') if !@shape;
	bad('data.yaml', 'flip_idx has another length')
		if @flip && @flip != $shape[0];
	my %seen;
	bad('data.yaml', 'flip_idx is no permutation')
		if grep { $_ >= @flip || $seen{$_}++ } @flip;
}

# What number of fields a row has, or undef where it must not have so many.
sub row_fits
{
	my $n = shift;

	return $n == 5 if $task eq 'detect';
	return $n == 9 if $task eq 'obb';
	return $n >= 7 && $n % 2 == 1 if $task eq 'segment';
	return $n == 5 + $shape[0] * $shape[1] if $task eq 'pose';
	return 0;
}

sub check_row
{
	my ($where, $row) = @_;
	my ($class, @numbers) = split / /, $row, -1;

	return bad($where, 'a row of ' . (1 + @numbers) . ' fields')
		if !row_fits(1 + @numbers);
	bad($where, "class $class") if $class !~ /^\d+$/ || $class >= $nc;
	for my $i (0 .. $#numbers) {
		my $visible = $task eq 'pose' && @shape && $shape[1] == 3 &&
			$i >= 4 && ($i - 4) % 3 == 2;
		my $ok = $visible ? $numbers[$i] =~ /^[012]$/
			: $numbers[$i] =~ /^(?:0|1|0\.\d{1,6})$/;
		bad($where, "number $numbers[$i]") if !$ok;
	}
	bad($where, 'a box of no size')
		if $task =~ /^(detect|pose)$/ && ($numbers[2] == 0 || $numbers[3] == 0);
}

sub check_label
{
	my ($path) = @_;
	my %seen;

	open my $file, '<', "$dir/$path" or return bad($path, "$!");
	while (<$file>) {
		bad($path, 'no newline at the end') if !s/\n$//;
		check_row("$path:$.", $_);
		bad("$path:$.", 'the same row again') if $seen{$_}++;
	}
}

my %wanted = ('data.yaml' => 1, '.seg-yolo.files' => 1);
my %folders = map { $_ => 1 } values %part;
my $readable = qr/\.(avif|bmp|dng|heic|heif|jp2|jpe?g|mpo|png|tiff?|webp)$/i;

sub check_image
{
	my ($path) = @_;
	my $label = $path;

	bad($path, 'no such file') if !-e "$dir/$path";
	bad($path, 'is not found by its name')
		if $path !~ $readable || $path =~ m{(^|/)\.};
	my ($folder, $suffix) = $task eq 'semantic' ? ($masks, 'png')
		: ('labels', 'txt');
	$label = "/$label" =~
		s{^(.*)/images/(.*)\.[^.]*$}{$1/$folder/$2.$suffix}r =~ s{^/}{}r;
	return bad($path, 'has no label file: ultralytics takes it for empty')
		if !-f "$dir/$label";
	bad($label, 'belongs to two images') if $wanted{$label}++;
	$wanted{$path} = 1;
	check_label($label) if $task ne 'semantic';
}

my @files;
find({no_chdir => 1, wanted => sub {
	push @files, substr($File::Find::name, 1 + length $dir)
		if !-d $_ || -l $_;
}}, $dir);
for my $path (sort @files) {
	check_image($path) if $path =~ m{^(images/[^/]+)/} && $folders{$1};
}
for my $path (sort @files) {
	bad($path, 'belongs to no image') if !$wanted{$path};
}
