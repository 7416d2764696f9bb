# Server: a web server for tests on a free port of 127.0.0.1, with a process for
# each connection. It ends when its parent does, or after ten minutes.
package Server;
use strict;
use warnings;
use IO::Handle;
use IO::Socket::INET;
use POSIX ':sys_wait_h';

my ($server, $parent);

# Listens; the port.
sub start
{
	$parent = getppid();
	$server = IO::Socket::INET->new(
		LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 128,
		Proto => 'tcp') or die "Server: $!\n";
	alarm 600;
	# Nobody is to wait for the end of our output.
	open STDIN, '<', '/dev/null';
	open STDOUT, '>', '/dev/null';
	$SIG{PIPE} = 'IGNORE';
	$SIG{CHLD} = sub { 1 while waitpid(-1, WNOHANG) > 0 };
	return $server->sockport;
}

# One request after the other: METHOD, path, headers by their names in small
# letters, body. A handler that returns false ends the connection.
sub converse
{
	my ($c, $handle) = @_;
	while (defined(my $line = <$c>)) {
		my ($method, $path) = $line =~ m,^([A-Z]+) /(\S*) HTTP/1,
			or last;
		my (%h, $body);
		while (defined($line = <$c>) and $line =~ /^([^:]+):\s*(.*?)\r/) {
			$h{lc $1} = $2;
		}
		read $c, $body, $h{'content-length'} // 0;
		my $go = $handle->($c, $method, $path, \%h, $body);
		$c->flush;
		last unless $go;
	}
}

# Writes the port to DIR/port, and answers each request by the handler.
sub run
{
	my ($dir, $handle) = @_;
	open my $port, '>', "$dir/port.new" or die;
	print $port $server->sockport, "\n";
	close $port;
	rename "$dir/port.new", "$dir/port";
	while (getppid() == $parent) {
		my $ready = '';
		vec($ready, fileno($server), 1) = 1;
		next unless select($ready, undef, undef, 0.5) > 0;
		my $c = $server->accept or next;
		my $pid = fork;
		next if !defined $pid || $pid;
		$server->close;
		$c->autoflush(1);
		alarm 60;
		converse($c, $handle);
		close $c;
		# Nothing of the parent is to be taken down, one page after the other.
		POSIX::_exit(0);
	}
}

# Answers; a length is stated unless the headers have one, or chunks.
sub answer
{
	my ($c, $status, $headers, $body) = @_;
	my $length = "Content-Length: " . length($body) . "\r\n";
	$length = '' if $headers =~ /^(Content-Length|Transfer-Encoding):/mi;
	print $c "HTTP/1.1 $status X\r\n$headers$length\r\n$body";
}

# How many requests for something there were before, by a file in DIR.
sub before
{
	my ($dir, $name) = @_;
	$name =~ s,[^A-Za-z0-9-],_,g;
	open my $f, '>>', "$dir/count-$name" or die;
	my $n = -s $f;
	syswrite $f, '.';
	close $f;
	return $n;
}

# Appends a line to DIR/log.
sub note
{
	my ($dir, @words) = @_;
	open my $log, '>>', "$dir/log" or die;
	syswrite $log, join(' ', @words) . "\n";
	close $log;
}

1;
