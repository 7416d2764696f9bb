# What a program may do when one of its calls fails; for run.pl.
use strict;
use warnings;

# True where two runs ended alike and left the same.
sub same
{
	my ($a, $b) = @_;
	return $a->{status} == $b->{status} && $a->{stdout} eq $b->{stdout}
		&& same_files($a, $b);
}

sub same_files { return difference(@_) eq '' }

# What a file says: the lines of a manifest may come in any order, and again.
sub meaning
{
	my ($path, $bytes) = @_;
	return $bytes if $path !~ m,(^|/)manifest\.ndjson$,;
	my %lines = map { $_ => 1 } split /\n/, $bytes;
	return join "\n", sort keys %lines;
}

# A path that only one of two runs has, or that they have with other bytes.
sub difference
{
	my ($a, $b) = map { $_->{files} } @_;
	for (sort keys %$a) {
		return "no $_" if !exists $b->{$_};
		return "another $_"
			if meaning($_, $a->{$_}) ne meaning($_, $b->{$_});
	}
	for (sort keys %$b) {
		return "$_, too" if !exists $a->{$_};
	}
	return '';
}

# A tree's list of its files, and the manifest, grow while a run lasts.
sub is_journal { return $_[0] =~ m,(^|/)(\.seg-\w+\.files|manifest\.ndjson)$, }

# Why a final file is wrong, or undef: it must be as it was or as it is to be.
# Sets $$whole where one is as it is to be.
sub wrong_file
{
	my ($command, $files, $whole, $partial) = @_;
	my ($old, $new) = ($command->{old} // {}, $command->{base}{files});
	for my $path (sort keys %$files) {
		my $bytes = $files->{$path};
		next if is_journal($path) && exists $new->{$path};
		next if exists $old->{$path} && $old->{$path} eq $bytes;
		if (exists $new->{$path} && $new->{$path} eq $bytes) {
			$$whole = 1;
			next;
		}
		return "left $path" if !exists $new->{$path}
			&& !exists $old->{$path};
		next if $partial && is_part($path, $bytes, $new->{$path});
		return "$path is neither old nor new";
	}
	for my $path (sort keys %$old) {
		return "lost $path"
			if !exists $files->{$path} && exists $new->{$path};
	}
	return undef;
}

# True for a data set with some of the images of another, and nothing else.
sub is_part
{
	my ($path, $bytes, $whole) = @_;
	my %all;
	return 0 if !defined $whole;
	if ($path !~ /\.json$/) {
		$all{$_} = 1 for split /\n/, $whole;
		return !grep { !$all{$_} } split /\n/, $bytes;
	}
	my ($some, $full) = map { eval { JSON::PP::decode_json($_) } }
		$bytes, $whole;
	return 0 if !$some || !$full;
	$all{$_->{file_name}} = 1 for @{$full->{images}};
	return 0 if grep { !$all{$_->{file_name}} } @{$some->{images}};
	my %ids = map { $_->{id} => 1 } @{$some->{images}};
	return !grep { !$ids{$_->{image_id}} } @{$some->{annotations}};
}

# A record with `error`; what seg-check says of what it could not read.
sub is_error
{
	return $_[0] =~ /^\{.*"error":\{"program":"/
		|| $_[0] =~ /"rule":"unreadable","severity":"error"/;
}

# Why the lines of a stream are wrong, or undef: each one is one that is to be
# there, or a record with `error`. The last may be cut (`torn`).
sub wrong_lines
{
	my ($command, $got, $torn) = @_;
	my %right;
	$right{$_}++ for split /\n/, $command->{base}{stdout};
	my @lines = split /\n/, $got->{stdout};
	my $last = $got->{stdout} =~ /\n\z/ ? -1 : $#lines;
	for my $n (0 .. $#lines) {
		my $line = $lines[$n];
		next if is_error($line) || $right{$line};
		# The head of a data set without a record has no categories.
		next if $torn && $line =~ /^\{"type":"dataset".*"class_names":\{\}/;
		# A record of its own follows a line that was cut.
		next if $torn && ($n == $last ||
			($n + 1 == $#lines && is_error($lines[-1])))
			&& grep { index($_, $line) == 0 } keys %right;
		return "a line that is not to be there: " . substr($line, 0, 99);
	}
	return missing_file($command, $got, \@lines);
}

# A record that tells the path of a file which is not there.
sub missing_file
{
	my ($command, $got, $lines) = @_;
	for my $line (grep { !is_error($_) } @$lines) {
		while ($line =~ /"path":"([^"]+)"/g) {
			return "$1 is told of, and missing"
				if exists $command->{base}{files}{$1}
				&& !exists $got->{files}{$1};
		}
	}
	return undef;
}

# As many lines as there are to be, for a run that went on to its end.
sub lost_lines
{
	my ($command, $got) = @_;
	my ($right, $lines) = map { tr/\n// }
		$command->{base}{stdout}, $got->{stdout};
	return $lines < $right ? "$lines lines, not $right" : undef;
}

# Why stdout is wrong, or undef.
sub wrong_stdout
{
	my ($command, $got, $status) = @_;
	my $right = $command->{base}{stdout};
	return undef if $got->{stdout} eq $right;
	if ($command->{gives} eq 'records') {
		my $lost = $status == 1 ? lost_lines($command, $got) : undef;
		return $lost // wrong_lines($command, $got, $status == 2);
	}
	return undef if $status == 2 && $command->{gives} ne 'lines';
	return wrong_lines($command, $got, $status == 2)
		if $command->{gives} eq 'lines';
	if ($command->{gives} eq 'document') {
		return is_part('.json', $got->{stdout}, $right) ? undef
			: 'stdout is no part of what it is to be';
	}
	return undef;
}

# A page for people is whole without an image that could not be read, where the
# program says so and counts it.
sub is_told
{
	my ($command, $got) = @_;
	return 0 if $command->{gives} ne 'page'
		|| $got->{stderr} !~ /^seg-view: .*; the page shows none$/m
		|| $got->{stderr} !~ /; left out: images \d+$/m;
	return !grep { $_ !~ m,</html>\s*\z, } values %{$got->{files}};
}

# What a run did: same, said (status 2), failed (1, and the record says so),
# partial (1, published by --partial), whole (2, but all was done); or fault,
# and why.
sub judge
{
	my ($command, $got, $strict) = @_;
	my $base = $command->{base};
	my $signal = $got->{status} & 127;
	my $status = $got->{status} >> 8;
	my $whole = 0;
	return 'same' if same($got, $base);
	return ('fault', 'it hangs') if $signal == 14;
	return ('fault', "it dies of signal $signal") if $signal;
	return ('fault', 'a call cut or interrupted is not made again')
		if $strict;
	return 'failed' if $status == 0 && is_told($command, $got);
	return ('fault', "status $status, and something is lost: " .
		(difference($base, $got) || 'stdout'))
		if $got->{status} == $base->{status} && $status == 0;
	return ('fault', "status $status") if $status > 2;
	return ('fault', 'no message') if $got->{fd} != 2
		&& !is_error($got->{stdout}) && $got->{stderr} !~ /^seg-\w+: (?!.* in, ).*\S/m;
	my $why = wrong_file($command, $got->{files}, \$whole,
		$command->{partial} && $status == 1)
		// wrong_stdout($command, $got, $status);
	return ('fault', $why) if defined $why;
	return 'said' if $status == 2 && !$whole;
	return $command->{tree} ? 'said' : 'whole' if $status == 2;
	return $command->{partial} && $whole ? 'partial' : 'failed';
}

1;
