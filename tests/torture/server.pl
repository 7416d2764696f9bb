# Programs under the shim: started once, run many times; for run.pl and
# slow/mutate.pl. $build is where the programs are.
use strict;
use warnings;
use Fcntl 'F_SETFD';
use File::Basename 'basename';
use File::Path 'remove_tree';
use IO::Handle;

our $build;

sub broken
{
	print basename($0), ": @_\n";
	exit 2;
}

sub slurp
{
	my $path = shift;
	open my $f, '<:raw', $path or return '';
	local $/;
	return scalar(<$f>) // '';
}

sub spew
{
	my ($path, $text) = @_;
	open my $f, '>:raw', $path or die "$path: $!\n";
	print $f $text;
	close $f or die "$path: $!\n";
}

# What lies below a directory: path => bytes, or where a link leads.
sub snapshot
{
	my ($dir, %files) = shift;
	my @todo = ('');
	while (defined(my $at = shift @todo)) {
		opendir my $d, "$dir/$at" or next;
		for (readdir $d) {
			next if $_ eq '.' || $_ eq '..';
			my $path = $at eq '' ? $_ : "$at/$_";
			if (-l "$dir/$path") {
				$files{$path} = '-> ' . readlink "$dir/$path";
			} elsif (-d _) {
				push @todo, $path;
			} else {
				$files{$path} = slurp("$dir/$path");
			}
		}
	}
	return \%files;
}

# Makes a directory what a snapshot tells.
sub restore
{
	my ($dir, $files) = @_;
	remove_tree($dir);
	mkdir $dir or die "$dir: $!\n";
	for my $path (sort keys %$files) {
		my $at = $dir;
		my @parts = split m,/,, $path;
		pop @parts;
		mkdir $at .= "/$_" for @parts;
		if ($files->{$path} =~ /^-> (.*)/s) {
			symlink $1, "$dir/$path";
		} else {
			spew("$dir/$path", $files->{$path});
		}
	}
}

# Starts a command's server: { command, out => orders, in => answers, dir }.
sub start
{
	my ($command, $dir) = @_;
	pipe my $order_in, my $order_out or die;
	pipe my $answer_in, my $answer_out or die;
	my $server = { command => $command, dir => "$dir/run",
		in => $answer_in, out => $order_out };
	restore($server->{dir}, {});
	unlink "$dir/stdin";
	symlink $command->{stdin} // '/dev/null', "$dir/stdin" or die;
	$server->{pid} = fork // die;
	if ($server->{pid} == 0) {
		$_->fcntl(F_SETFD, 0) for $order_in, $answer_out;
		close $order_out;
		close $answer_in;
		$ENV{TORTURE_CONTROL} =
			fileno($order_in) . ',' . fileno($answer_out);
		$ENV{LD_PRELOAD} = "$build/tests/torture/shim.so";
		$ENV{$_} = $command->{env}{$_} for keys %{$command->{env}};
		chdir $server->{dir};
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec @{$command->{argv}};
		exit 127;
	}
	$server->{out}->autoflush(1);
	close $order_in;
	close $answer_out;
	my $ready = readline $answer_in // '';
	broken("$command->{name}: the shim is not loaded") if $ready !~ /^ready/;
	broken("$command->{name}: its malloc does not go through the shim")
		if $ready !~ /^ready 1/;
	return $server;
}

sub stop
{
	my $server = shift;
	close $server->{out};
	waitpid $server->{pid}, 0;
}

# Runs main once with a failure: what became of it.
sub run
{
	my ($server, $old, $kind, $number, $error, $cut) = @_;
	my $dir = $server->{dir};
	restore($dir, $old // {}) if !defined $old || ref $old;
	print {$server->{out}} join(' ', $kind, $number, $error, $cut,
		$server->{command}{feed} ? 1 : 0, $dir), "\n";
	my $line = readline $server->{in};
	broken("$server->{command}{name}: its server is gone") if !defined $line;
	my ($status, $fd, @counts) = split ' ', $line;
	return {
		status => $status, fd => $fd,
		counts => { map { split /=/ } @counts },
		stdout => slurp("$dir/../stdout"),
		stderr => slurp("$dir/../stderr"),
		files => snapshot($dir),
	};
}

1;
