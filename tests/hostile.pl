#!/usr/bin/perl
# hostile.pl DIR: a web server that misbehaves in the way its path says, for
# seg-fetch.t. It listens on a free port of 127.0.0.1, which it writes to
# DIR/port, and appends a line to DIR/log for each request: its path, and the
# values of some headers, if any. What lies in the
# bucket `private` goes to those alone who sign with the key AKIDEXAMPLE. It
# ends when its parent does, or after ten minutes.
use strict;
use warnings;
use Compress::Zlib ();
use Digest::SHA qw(hmac_sha256 hmac_sha256_hex sha256_hex);
use FindBin;
use lib $FindBin::Bin;
use Server;
use Socket;
use Time::HiRes 'sleep';

my $dir = shift or die "usage: hostile.pl DIR\n";
my $number = Server::start();
my $here = "127.0.0.1:$number";

# A PNG of one pixel, whole.
my $png = pack 'H*',
	'89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489'
	. '0000000d4944415478da63606462fe0f000114010609e7b4550000000049454e44'
	. 'ae426082';
# The segments of a JPEG, whole as far as their walk goes.
my $jpeg = pack 'H*', 'ffd8ffe100070000000000ffda0004010212ff003456ffd9';
my $gif = 'GIF89a' . "\1" x 100 . ';';
my $webp = 'RIFF' . pack('V', 100) . 'WEBP' . "\2" x 96;
my $html = '<!DOCTYPE html><html><body>Please log in</body></html>';

sub answer  { Server::answer(@_) }
sub before  { Server::before($dir, @_) }
sub gzipped { Compress::Zlib::memGzip($_[0]) }
sub file    { answer($_[0], 200, $_[2] // '', $_[1]) }
sub moved   { answer($_[0], $_[2] // 302, "Location: $_[1]\r\n", '') }
sub closing { print {$_[0]} "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n$_[1]" }

# Waits so many seconds, but no longer than the other side does.
sub nap
{
	my ($c, $seconds) = @_;
	my $ready = '';
	vec($ready, fileno($c), 1) = 1;
	select $ready, undef, undef, $seconds;
}

# Ends the connection by a reset.
sub reset_it
{
	my $c = shift;
	setsockopt($c, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
	close $c;
}

# Is a request signed with version 4, as Amazon's manual of S3 tells ("Signature
# Calculations for the Authorization Header")? What is wrong, or nothing.
sub unsigned
{
	my ($path, $h) = @_;
	my ($day, $region, $names, $signature) = ($h->{authorization} // '')
		=~ m{^AWS4-HMAC-SHA256\sCredential=AKIDEXAMPLE/(\d{8})/([a-z0-9-]+)
		/s3/aws4_request,\s?SignedHeaders=([a-z0-9;-]+),\s?
		Signature=([0-9a-f]{64})$}x or return 'NoSignature';
	my $date = $h->{'x-amz-date'} // '';
	return 'WrongDay' if $date !~ /^${day}T\d{6}Z$/;
	for (grep { $_ eq 'host' || /^x-amz-/ } keys %$h) {
		return "Unsigned-$_" if ";$names;" !~ /;\Q$_\E;/;
	}
	my ($uri, $query) = "/$path" =~ /^([^?]*)\??(.*)$/;
	my $request = join "\n", 'GET', $uri, $query,
		(map { "$_:$h->{$_}" } split /;/, $names), '', $names,
		$h->{'x-amz-content-sha256'} // '';
	my $text = join "\n", 'AWS4-HMAC-SHA256', $date,
		"$day/$region/s3/aws4_request", sha256_hex($request);
	my $key = "AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
	$key = hmac_sha256($_, $key) for $day, $region, 's3', 'aws4_request';
	return hmac_sha256_hex($text, $key) eq $signature ? ''
		: 'SignatureDoesNotMatch';
}

# A file of three megabytes that is cut after two; asked for the rest, answers
# with a status and a range.
sub resume
{
	my ($c, $path, $h, $tag, $status, $range) = @_;
	my $file = $png . 'x' x 2999930;
	my ($from) = ($h->{range} // '') =~ /^bytes=(\d+)-$/;
	if (!before($path)) {
		answer($c, 200, "ETag: $tag\r\nContent-Length: 3000000\r\n",
			substr $file, 0, 2000000);
		return 0;
	}
	return file($c, $file) if !defined $from || $status == 200;
	$range = $range =~ /^bytes 7/ ? sprintf $range, 2999999, 3000000
		: sprintf $range, $from, 2999999, 3000000 if $range;
	answer($c, $status, $range ? "Content-Range: $range\r\n" : '',
		substr $file, $from);
}

# A file of three megabytes whose end cannot be told; the first answer is cut
# after two of them, and those after it are the turns: code, called with the
# connection, the file, and where the rest begins. Then it comes as asked.
sub turns
{
	my ($c, $path, $h, @turns) = @_;
	my $file = $gif . 'x' x (3000000 - length $gif);
	my ($from) = ($h->{range} // '') =~ /^bytes=(\d+)-$/;
	my $n = before($path);
	if (!$n) {
		answer($c, 200, "ETag: \"v1\"\r\nContent-Length: 3000000\r\n",
			substr $file, 0, 2000000);
		return 0;
	}
	return $turns[$n - 1]->($c, $file, $from) if $turns[$n - 1];
	return file($c, $file) if !defined $from;
	rest($c, $file, $from, 2999999, 3000000);
}

# The bytes from one to another of a file, said to be of so many.
sub rest
{
	my ($c, $file, $from, $to, $total, $more) = @_;
	answer($c, 206, "Content-Range: bytes $from-$to/$total\r\n"
		. ($more // ''), substr $file, $from, $to + 1 - $from);
}

# Serves what is signed for ap-south-1 alone.
sub far
{
	my ($c, undef, $h, $status, $how) = @_;
	return file($c, $png) if ($h->{authorization} // '') =~ m,/ap-south-1/,;
	answer($c, $status, $how eq 'header'
		? "x-amz-bucket-region: ap-south-1\r\n" : '',
		'<Error><Code>X</Code><Region>ap-south-1</Region></Error>');
}

# Content-Ranges that tell no part, by number.
my @no_ranges = ('', 'bytes', 'pages 2000000-2999999/3000000',
	map { "bytes $_" } '', 'x-2999999/3000000', '2000000',
	'2000000-x/3000000', '2000000-2999999', '2000000-1999999/3000000',
	'2000000-2999999/x', '2000000-2999999/2999999',
	'2000000-2999999/18446744073709551616',
	'18446744073709551616-2999999/3000000');

sub no_range
{
	my ($c, $path, $h, $range) = @_;
	turns($c, $path, $h, sub { answer($_[0], 206,
		"Content-Range: $range\r\n", substr $_[1], $_[2]) });
}

# What happens at a path: code, called with the connection, the path and the
# headers (keys in lower case). After a false result the connection is closed.
my %on = (
	'ok.png'      => sub { file($_[0], $png) },
	'ok.jpg'      => sub { file($_[0], $jpeg) },
	'ok.gif'      => sub { file($_[0], $gif) },
	'chunked.png' => sub {
		answer($_[0], 200, "Transfer-Encoding: chunked\r\n",
			join('', map { "1\r\n$_\r\n" } split //, $png)
			. "0\r\n\r\n") },
	'chunked.gif' => sub {
		answer($_[0], 200, "Transfer-Encoding: chunked\r\n",
			sprintf("%x\r\n%s\r\n0\r\n\r\n", length $gif, $gif)) },
	'close.png'   => sub { closing($_[0], $png); 0 },
	'trailing.png' => sub { file($_[0], $png . 'x' x 1000) },
	'continue.png' => sub {
		print {$_[0]} "HTTP/1.1 100 Continue\r\n\r\n" x 20;
		file($_[0], $png) },
	'aws-chunked.png' => sub {
		file($_[0], $png, "Content-Encoding: aws-chunked\r\n") },
	'cookie.png'  => sub {
		file($_[0], $png, "Set-Cookie: secret=1; Path=/\r\n") },
	# Sent with what looks like the answer to a next request.
	'extra.png'   => sub {
		file($_[0], $png);
		print {$_[0]} "HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nEVIL" },

	# Bodies that are not all there, or more than that.
	'cut-length'  => sub {
		answer($_[0], 200, "Content-Length: 100\r\n",
			substr $png, 0, 50); 0 },
	'cut-chunked' => sub {
		answer($_[0], 200, "Transfer-Encoding: chunked\r\n",
			sprintf("%x\r\n%s\r\n", length $png, $png)); 0 },
	'cut-close.png' => sub { closing($_[0], substr $png, 0, 60); 0 },
	'cut-close.gif' => sub { closing($_[0], substr $gif, 0, 60); 0 },
	'cut-reset'   => sub {
		answer($_[0], 200, "Content-Length: 100\r\n",
			substr $png, 0, 50);
		sleep 0.1;
		reset_it($_[0]); 0 },
	'short-length.png' => sub {
		answer($_[0], 200, "Content-Length: 60\r\n", $png); 0 },
	'empty'       => sub { file($_[0], '') },
	'no-iend.png' => sub { file($_[0], substr $png, 0, -12) },
	'bad-crc.png' => sub {
		file($_[0], substr($png, 0, 45) . 'x' . substr($png, 46)) },
	'no-eoi.jpg'  => sub { file($_[0], substr $jpeg, 0, -2) },
	'no-eoi-close.jpg' => sub { closing($_[0], substr $jpeg, 0, -2); 0 },
	'no-data.jpg' => sub { file($_[0], substr $jpeg, 0, 12) },
	'cut.webp'    => sub { file($_[0], substr $webp, 0, 50) },
	'endless'     => sub {
		my $c = shift;
		print $c "HTTP/1.1 200 X\r\n\r\n$png";
		1 while print $c 'x' x 65536;
		0 },
	'endless-404' => sub {
		my $c = shift;
		print $c "HTTP/1.1 404 X\r\n\r\n";
		1 while print $c 'x' x 65536;
		0 },
	'huge-length' => sub {
		answer($_[0], 200, "Content-Length: 99999999999\r\n", $png);
		0 },

	# No files.
	'html'        => sub {
		file($_[0], $html, "Content-Type: image/png\r\n") },
	'xml'         => sub {
		file($_[0], "<?xml version=\"1.0\"?>\n<Error>\e[31m</Error>") },
	# Coded as they say, or not.
	'gzip.png'    => sub {
		file($_[0], $png, "Content-Encoding: gzip\r\n") },
	'brotli.png'  => sub {
		file($_[0], $png, "Content-Encoding: br\r\n") },
	'brotli'      => sub {
		file($_[0], "\x8b\x1f\x80brotli, not image",
			"Content-Encoding: br\r\n") },
	'gzipped.png' => sub {
		file($_[0], gzipped($png), "Content-Encoding: gzip\r\n") },
	'gzipped.gif' => sub {
		file($_[0], gzipped($gif) x 2,
			"Content-Encoding: x-gzip\r\n") },
	'deflated.png' => sub {
		file($_[0], Compress::Zlib::compress($png),
			"Content-Encoding: deflate\r\n") },
	'gzipped-chunked.png' => sub {
		answer($_[0], 200, "Content-Encoding: gzip\r\n"
			. "Transfer-Encoding: chunked\r\n",
			join('', map { "1\r\n$_\r\n" } split //,
			gzipped($png)) . "0\r\n\r\n") },
	'gzipped-cut.gif' => sub {
		file($_[0], substr(gzipped($gif), 0, -12),
			"Content-Encoding: gzip\r\n") },
	'gzipped-broken.gif' => sub {
		file($_[0], substr(gzipped($gif), 0, 10) . "\xff" x 99,
			"Content-Encoding: gzip\r\n") },
	'gzip-bomb'   => sub {
		file($_[0], gzipped($png . "\0" x 50_000_000),
			"Content-Encoding: gzip\r\n") },
	# Cut after two megabytes of some four; the second try is not.
	'gzipped-again.png' => sub {
		srand 7;
		my $body = gzipped($png . join '',
			map { chr int rand 256 } 1 .. 4_000_000);
		return file($_[0], $body, "Content-Encoding: gzip\r\n"
			. "ETag: \"v1\"\r\n") if before($_[1]);
		answer($_[0], 200, "Content-Encoding: gzip\r\nETag: \"v1\"\r\n"
			. 'Content-Length: ' . length($body) . "\r\n",
			substr $body, 0, 2_000_000); 0 },

	# Time.
	'stall'       => sub {
		answer($_[0], 200, "Content-Length: 100\r\n",
			substr $png, 0, 50);
		nap($_[0], 30); 0 },
	'silence'     => sub { nap($_[0], 30); 0 },
	'trickle'     => sub {
		my $c = shift;
		print $c "HTTP/1.1 200 X\r\nContent-Length: 10000\r\n\r\n$png";
		1 while print $c 'x' and sleep 0.2;
		0 },
	'trickle-header' => sub {
		my $c = shift;
		print $c "HTTP/1.1 200 X\r\n";
		1 while print $c "X: y\r\n" and sleep 0.2;
		0 },

	# The protocol.
	'header-flood' => sub {
		my $c = shift;
		print $c "HTTP/1.1 200 X\r\n";
		1 while print $c 'X: ' . 'y' x 60000 . "\r\n";
		0 },
	'http09'      => sub { print {$_[0]} $png; 0 },
	'garbage'     => sub { print {$_[0]} "\0\1\2garbage\r\n\r\n"; 0 },
	'two-lengths' => sub {
		answer($_[0], 200,
			"Content-Length: 70\r\nContent-Length: 60\r\n",
			$png); 0 },
	'bad-length'  => sub {
		answer($_[0], 200, "Content-Length: -1\r\n", $png); 0 },
	'drop'        => sub { 0 },
	'drop-once.png' => sub {
		return 0 unless before($_[1]);
		file($_[0], $png) },
	'cut-once.png' => sub {
		return file($_[0], $png) if before($_[1]);
		answer($_[0], 200, "Content-Length: 10000\r\n", $png x 2);
		0 },

	# Statuses.
	'again.png'   => sub {
		return file($_[0], $png) if before($_[1]) >= 2;
		answer($_[0], 503, "Retry-After: 0\r\n", $html) },
	'wait.png'    => sub {
		return file($_[0], $png) if before($_[1]);
		answer($_[0], 429, "Retry-After: 1\r\n", '') },
	'wait-long'   => sub {
		answer($_[0], 429, "Retry-After: 4000\r\n", '') },
	'expired'     => sub {
		answer($_[0], 403, '', '<Error><Code>AccessDenied</Code>'
			. '<Message>Request has expired</Message></Error>') },
	'denied'      => sub {
		answer($_[0], 403, '',
			'<Error><Code>AccessDenied</Code></Error>') },
	'part.png'    => sub {
		answer($_[0], 206,
			"Content-Range: bytes 0-69/100\r\n", $png) },
	'part-else.png' => sub {
		answer($_[0], 206,
			"Content-Range: bytes 10-69/70\r\n", substr $png, 10) },
	'range.png'   => sub {
		my ($c, undef, $h) = @_;
		my ($to) = ($h->{range} // '') =~ /^bytes=0-(\d+)$/
			or return answer($c, 400, '', '');
		my $part = substr $png, 0, $to + 1;
		answer($c, 206, sprintf("Content-Range: bytes 0-%d/70\r\n",
			length($part) - 1), $part) },
	# The first answer is cut; what comes of the second is in the name.
	'resume.png'  => sub { resume(@_, '"v1"', 206, "bytes %d-%d/%d") },
	'resume-weak.png' => sub { resume(@_, 'W/"v1"', 200, '') },
	'resume-new.png' => sub { resume(@_, '"v1"', 200, '') },
	'resume-lie.png' => sub { resume(@_, '"v1"', 206, "bytes 7-%d/%d") },
	'resume-gone.png' => sub { resume(@_, '"v1"', 416, '') },
	# Two megabytes of three, which have been taken when that is noted.
	'half-way.png' => sub {
		answer($_[0], 200, "Content-Length: 3000000\r\n",
			$png . 'x' x 2_000_000);
		$_[0]->flush;
		Server::note($dir, 'sent');
		nap($_[0], 30); 0 },
	'rest-in-parts.gif' => sub {
		turns(@_, sub { rest(@_, 2499999, 3000000) }) },
	'rest-shrunk.gif' => sub {
		turns(@_, sub { rest(@_, 2499999, 2500000) }) },
	'rest-long.gif' => sub {
		turns(@_, sub { answer($_[0], 206,
			"Content-Range: bytes $_[2]-2999999/3000000\r\n",
			substr $_[1], $_[2], 5) }) },
	'rest-unsaid.gif' => sub {
		turns(@_, sub { rest(@_, 2999999, '*') }) },
	'rest-other.gif' => sub {
		turns(@_, sub { rest(@_, 2999999, 3000000,
			"ETag: \"v2\"\r\n") }) },
	'rest-empty.gif' => sub {
		turns(@_, sub { answer($_[0], 200, '', '') }) },
	'rest-silence.gif' => sub { turns(@_, sub { 0 }) },
	'rest-overload.gif' => sub {
		turns(@_, sub { answer($_[0], 503, "ETag: \"e\"\r\n"
			. "Content-Length: 99\r\n", ''); 0 }) },
	(map { my $range = $no_ranges[$_];
		("no-range-$_.gif" => sub { no_range(@_, $range) }) }
		0 .. $#no_ranges),
	'range-short.gif' => sub {
		rest($_[0], $gif, 0, 9, length $gif) },
	'unchanged.png' => sub {
		my ($c, undef, $h) = @_;
		my $tag = 'ETag: "v1"' . "\r\n";
		return answer($c, 304, $tag, '')
			if ($h->{'if-none-match'} // '') eq '"v1"';
		file($c, $png, $tag) },
	# Asked whether it has changed, it begins to come, and then has not.
	'recanted.gif' => sub {
		my ($c, $path, $h) = @_;
		my $tag = 'ETag: "v1"' . "\r\n";
		return file($c, $gif, $tag) unless $h->{'if-none-match'};
		return answer($c, 304, $tag, '') if before($path) % 2;
		answer($c, 200, "Content-Length: 3000000\r\n",
			$gif . 'x' x 2_000_000);
		0 },
	'changed.png' => sub {
		my $tag = sprintf "ETag: \"v%d\"\r\n", before($_[1]);
		file($_[0], $tag =~ /v0/ ? $png : "$png\nnew\n", $tag) },
	# A bucket of another region, told in each of S3's ways.
	'far/moved.png' => sub { far(@_, 301, 'header') },
	'far/malformed.png' => sub { far(@_, 400, 'element') },
	'far/nowhere.png' => sub {
		answer($_[0], 301, "x-amz-bucket-region: evil.example/\r\n",
			'') },
	'not-asked'   => sub { print {$_[0]} "HTTP/1.1 304 X\r\n\r\n" },
	'secret.png'  => sub {
		return file($_[0], $png)
			if ($_[2]{authorization} // '') eq 'Bearer s3cret';
		answer($_[0], 401,
			"WWW-Authenticate: Negotiate\r\n"
			. "WWW-Authenticate: Basic\r\n", '') },

	# Serves one at a time.
	'alone.png'   => sub {
		mkdir "$dir/busy" or return answer($_[0], 409, '', '');
		sleep 0.05;
		rmdir "$dir/busy";
		file($_[0], $png) },

	# Redirects.
	'loop'        => sub { moved($_[0], '/loop') },
	'nowhere'     => sub { answer($_[0], 302, '', '') },
	'to-file'     => sub { moved($_[0], 'file:///etc/passwd') },
	'to-ftp'      => sub { moved($_[0], "ftp://$here/ok.png") },
	'to-gopher'   => sub { moved($_[0], "gopher://$here/_GET%20/") },
	'to-s3'       => sub { moved($_[0], 's3://bucket/key') },
	'to-user'     => sub { moved($_[0], "http://user:word\@$here/ok.png") },
	'to-metadata' => sub { moved($_[0], 'http://169.254.169.254/latest/') },
	'to-mapped'   => sub { moved($_[0], 'http://[::ffff:a9fe:a9fe]/') },
	'to-relative' => sub { moved($_[0], 'ok.png', 307) },
	'to-localhost' => sub {
		moved($_[0], "http://localhost:$number/secret.png") },
	'to-control'  => sub { moved($_[0], "http://$here/a\tb") },
);

sub serve
{
	my ($c, $method, $path, $h) = @_;
	$method eq 'GET' or return 0;
	Server::note($dir, $path, map { $h->{$_} // () }
		qw(authorization if-none-match cookie range if-range));
	my ($name) = $path =~ /^([^?]*)/;
	return $on{$name}->($c, $name, $h) if $on{$name};
	if ($name =~ /^hop-(\d+)$/) {
		moved($c, $1 > 1 ? 'hop-' . ($1 - 1) : 'ok.png', 301);
	} elsif ($name =~ m,^private/,) {
		my $why = unsigned($path, $h);
		$why ? answer($c, 403, '', "<Code>$why</Code>")
			: file($c, $png);
	} elsif ($name =~ m,^token/,) {
		($h->{'x-amz-security-token'} // '') eq 'temporary'
			? file($c, $png) : answer($c, 403, '', '');
	} elsif ($name =~ m,^google/,) {
		($h->{authorization} // '') eq 'Bearer g00gle'
			? file($c, $png) : answer($c, 403, '', '');
	} elsif ($name =~ /^status-(\d+)$/) {
		answer($c, $1, '', $html);
	} else {
		answer($c, 404, '', $html);
	}
	return 1;
}

Server::run($dir, \&serve);
