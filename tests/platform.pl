#!/usr/bin/perl
# platform.pl DIR FILE: the calls of the platform that seg-release makes, as its
# SDK and documentation tell of them, and ways in which they may go wrong, each
# of the data set called so, whose owner is o, or jane. It listens on a free
# port of 127.0.0.1, which it writes to DIR/port, and appends a line to DIR/log
# for each request, with its Authorization, If-Range and Range, if any. FILE is
# the release file that it hands out. The key is k3y. It ends when its parent
# does, or after ten minutes.
use strict;
use warnings;
use Compress::Zlib ();
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Server;

my ($dir, $file) = @ARGV;
my $number = Server::start();
my $here = "http://127.0.0.1:$number";
my $json = JSON::PP->new->canonical;
my $tag = "ETag: \"one\"\r\n";
my $release = do { local $/; open my $f, '<', $file or die; <$f> };

sub answer { Server::answer(@_); 1 }
sub before { Server::before($dir, @_) }

# An answer of JSON, also where it tells of an error.
sub reply
{
	my ($c, $status, $value, $headers) = @_;
	answer($c, $status, "Content-Type: application/json\r\n"
		. ($headers // ''), $json->encode($value));
}

sub detail { reply($_[0], $_[1], {detail => $_[2]}, $_[3]) }
sub missing { detail($_[0], 404, 'Not found.') }

# A release as the API tells of it; its file is what `how` makes of it.
sub entry
{
	my ($name, $status, $created, $how) = @_;
	return {
		uuid => "uuid-of-$name", name => $name, description => '',
		release_type => 'JSON', status => $status,
		created_at => $created, samples_count => 14,
		attributes => {
			url => $status eq 'SUCCEEDED'
				? "$here/files/" . ($how // 'whole') : undef,
		},
	};
}

sub simple { entry($_[0], 'SUCCEEDED', $_[1] // '2026-01-01T00:00:00Z', $_[2]) }

# One with a URL that is signed, and one that is not.
sub signed
{
	my ($how, $unsigned) = @_;
	my $one = simple('v1', undef, $unsigned);
	$one->{attributes}{signed_url} =
		"$here/files/$how?X-Amz-Signature=s3cret";
	return $one;
}

# The releases of a data set.
my %releases = (
	donuts => [
		entry('v0.1', 'SUCCEEDED', '2025-12-31T23:59:59Z'),
		# Before the next one, though its letters come behind.
		entry('v1.0', 'SUCCEEDED', '2026-01-01T00:00:00Z'),
		entry('v1.0.1', 'SUCCEEDED', '2026-01-01T00:00:00.5Z'),
		entry('v0.9 beta/2', 'SUCCEEDED', '2026-01-01T00:00:00Z'),
		entry('v2.0', 'PENDING', '2026-02-01T00:00:00Z'),
		entry('broken', 'FAILED', '2026-03-01T00:00:00Z'),
	],
	pending => [entry('soon', 'PENDING', '2026-01-01T00:00:00Z')],
	failed  => [entry('bad', 'FAILED', '2026-01-01T00:00:00Z')],
	empty   => [],
	map({ ($_ => [simple('v1', undef, $_)]) }
		qw(coded cut cut-untagged changed gone denied page away
		nothing)),
	map({ ($_ => [map { simple("v$_", "2026-01-0${_}T00:00:00Z") } 1 .. 5])
		} qw(paged linked enveloped astray endless)),
	signed => [signed('signed', 'denied')],
	lapsed => [signed('denied', 'gone')],
	unsigned => [signed('denied', 'whole')],
	expiring => [signed('expiring', 'whole')],
	renewed => [signed('denied', 'gone')],
	fileless => [do {
		my $one = simple('v1');
		$one->{attributes} = undef;
		$one }],
);

# A list as a server may cut it: what is asked for, two at a time, and so on.
sub list
{
	my ($c, $set, $query) = @_;
	my @all = @{$releases{$set}};
	my ($page) = $query =~ /\bpage=(\d+)/;
	my @two = @all[grep { $_ < @all } 2 * $page - 2, 2 * $page - 1];
	my $next = "/datasets/o/$set/releases/?per_page=2&page=" . ($page + 1);
	if ($set eq 'paged') {
		return detail($c, 404, 'Invalid page.') unless @two;
		return reply($c, 200, \@two);
	} elsif ($set eq 'endless') {
		return reply($c, 200, \@two);
	} elsif ($set eq 'linked') {
		return reply($c, 200, \@two, @two < 2 ? '' :
			"Link: <$here/>; rel=\"prev\", <$next>; rel=\"next\"\r\n");
	} elsif ($set eq 'enveloped') {
		return reply($c, 200, {count => 5, results => \@two,
			next => @two < 2 ? undef : "$here$next"});
	} elsif ($set eq 'astray') {
		return reply($c, 200, \@two,
			"Link: <http://localhost:$number$next>; rel=next\r\n");
	}
	return reply($c, 200, \@all);
}

sub create
{
	my ($c, $set, $body) = @_;
	my $asked = $json->decode($body);
	my $name = $asked->{name};
	return reply($c, 400, {name => ['A release already has this name.']})
		if grep { $_->{name} eq $name } @{$releases{$set} // []};
	before("made-$set-$name") unless $set eq 'unmade';
	my $made = entry($name, 'PENDING', '2026-05-01T00:00:00Z');
	$made->{description} = $asked->{description};
	return answer($c, 502, '', '<html>Bad Gateway</html>')
		if $set =~ /^(gateway|unmade)$/;
	return detail($c, 429, 'Request was throttled.', "Retry-After: 0\r\n")
		if $set eq 'busy' && !before('busy');
	return answer($c, 307, "Location: $here/datasets/o/new/releases/\r\n",
		'') if $set eq 'elsewhere';
	return reply($c, 201, $made);
}

# One by its name, also one that was made, which is pending when it is asked for
# the first time.
sub one
{
	my ($c, $set, $name) = @_;
	return reply($c, 200, signed('signed', 'gone'))
		if $set eq 'renewed' && before('renewed');
	for (@{$releases{$set} // []}) {
		return reply($c, 200, $_) if $_->{name} eq $name;
	}
	return missing($c) unless -e "$dir/count-made-$set-$name";
	return reply($c, 200, entry($name, before("asked-$name")
		? ($name eq 'doomed' ? 'FAILED' : 'SUCCEEDED') : 'PENDING',
		'2026-05-01T00:00:00Z'));
}

# Data sets whose calls go wrong, whatever is asked.
my %wrong = (
	old       => sub { detail($_[0], 426, 'Please upgrade the SDK.') },
	forbidden => sub { detail($_[0], 403, 'You do not have permission to '
		. 'perform this action.') },
	throttled => sub { detail($_[0], 429, 'Request was throttled. Expected '
		. 'available in 3600 seconds.', "Retry-After: 3600\r\n") },
	down      => sub { answer($_[0], 502, '', '<html>Bad Gateway</html>') },
	teapot    => sub { reply($_[0], 418, {name => ["Too short.", "Odd."],
		other => ['No.']}) },
	leaky     => sub { detail($_[0], 400, 'You sent k3y.') },
	rude      => sub { detail($_[0], 400, "a\e[31m\nred") },
	html      => sub { answer($_[0], 200, "Content-Type: text/html\r\n",
		'<html>Log in</html>') },
	half      => sub { answer($_[0], 200, '', '[{"name":"v1"') },
	nameless  => sub { reply($_[0], 200, [{status => 'SUCCEEDED'}]) },
	object    => sub { reply($_[0], 200, {a => 1}) },
	elsewhere => sub { answer($_[0], 302, "Location: http://localhost:"
		. "$number/datasets/o/donuts/releases/v1.0/\r\n", '') },
	moved     => sub { answer($_[0], 301, 'Location: '
		. "/datasets/o/donuts/releases/v1.0/\r\n", '') },
	# At first.
	busy      => sub { before('busy-first') ? undef : detail($_[0], 429,
		'Request was throttled.', "Retry-After: 1\r\n") },
	shaky     => sub { before('shaky') < 2 ? answer($_[0], 502, '', '')
		: undef },
);

# Files, in the bucket: whoever has a key with him is turned away.
my %file = (
	whole    => sub { answer($_[0], 200, $tag, $release) },
	signed   => sub { answer($_[0], 200, '', $release) },
	coded    => sub { answer($_[0], 200, "Content-Encoding: gzip\r\n",
		Compress::Zlib::memGzip($release)) },
	cut      => sub { part(@_, $tag) },
	'cut-untagged' => sub { part(@_, '') },
	changed  => sub { part(@_, before('changed') ? "ETag: \"two\"\r\n"
		: $tag) },
	gone     => sub { answer($_[0], 404, '',
		'<Error><Code>NoSuchKey</Code></Error>') },
	denied   => sub { answer($_[0], 403, '',
		'<Error><Code>AccessDenied</Code></Error>') },
	page     => sub { answer($_[0], 200, '', '<html>Log in</html>') },
	# Signed for no longer than half of it takes.
	expiring => sub { $_[1]->{range}
		? answer($_[0], 403, '', '<Error><Code>AccessDenied</Code>'
		. '<Message>Request has expired</Message></Error>')
		: part(@_, $tag) },
	nothing  => sub { answer($_[0], 200, '', '') },
	away     => sub { answer($_[0], 302,
		"Location: http://localhost:$number/files/whole\r\n", '') },
);

# The first half of the file, then the connection ends; then the rest of it, for
# who asks for that of the same file.
sub part
{
	my ($c, $h, $headers) = @_;
	my $half = int(length($release) / 2);
	my ($from) = ($h->{range} // '') =~ /^bytes=(\d+)-$/;
	my $same = ($h->{'if-range'} // '') eq '"one"';
	if (defined $from && $same && $headers eq $tag) {
		my $rest = substr $release, $from;
		my $n = length $release;
		return answer($c, 206, $headers . "Content-Range: bytes $from-"
			. ($n - 1) . "/$n\r\n", $rest);
	}
	print $c "HTTP/1.1 200 X\r\n${headers}Content-Length: ",
		length($release), "\r\n\r\n", substr $release, 0, $half;
	return 0;
}

sub serve
{
	my ($c, $method, $path, $h, $body) = @_;
	Server::note($dir, $method, $path, map { $h->{$_} // () }
		qw(authorization if-range range));
	my ($name, $query) = $path =~ /^([^?]*)\??(.*)$/;
	if ($name =~ m,^files/([a-z-]+)$,) {
		return detail($c, 400, 'Only one auth mechanism allowed.')
			if $h->{authorization};
		return $file{$1}->($c, $h);
	}
	return detail($c, 401, 'Authentication credentials were not provided.')
		unless $h->{authorization};
	return detail($c, 401, 'Invalid API key.')
		unless $h->{authorization} eq 'APIKey k3y';
	my ($set, $rest) = $name =~ m,^datasets/(?:o|jane)/([a-z-]+)/releases/(.*)$,
		or return missing($c);
	my $done = $wrong{$set} && ($method eq 'GET' || $set ne 'elsewhere')
		&& $wrong{$set}->($c);
	return $done if $done;
	return create($c, $set, $body) if $method eq 'POST' && $rest eq '';
	$rest =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	return one($c, $set, $rest =~ s,/$,,r) if $rest ne '';
	return missing($c) unless $releases{$set};
	return list($c, $set, $query);
}

Server::run($dir, \&serve);
