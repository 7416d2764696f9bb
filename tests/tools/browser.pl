#!/usr/bin/perl
# Drives Debian's chromium, headless, by its debugging pipe: NUL-ended JSON on
# descriptors 3 and 4 (the DevTools protocol). Commands are lines of stdin:
#
#	open FILE[#FRAGMENT]	a page from the disk
#	size WIDTH HEIGHT [N]	of the window, N device pixels to a CSS pixel
#	scheme light|dark	what the system prefers
#	media screen|print
#	click SELECTOR		the mouse on the first element's middle
#	point SELECTOR		likewise, without the button
#	follow SELECTOR		click, and wait until another page is there
#	eval EXPRESSION		prints its value
#	shot FILE		a PNG of the window
#
# Whatever the page's own policy has refused is printed in the end, a line
# each. Nothing takes longer than the seconds of BROWSER_SECONDS, 100 at first.
use strict;
use warnings;
use Fcntl;
use File::Temp;
use JSON::PP;
use MIME::Base64;

$| = 1;
my $profile = File::Temp::tempdir();
pipe(my $in, my $to_browser) or die $!;
pipe(my $from_browser, my $out) or die $!;
my $pid = fork // die $!;
if (!$pid) {
	setpgrp;
	# The ends may be 3 and 4 the other way round.
	my $read = fcntl($in, F_DUPFD, 20);
	my $write = fcntl($out, F_DUPFD, 20);
	require POSIX;
	POSIX::dup2($read, 3);
	POSIX::dup2($write, 4);
	open STDERR, '>', '/dev/null';
	open STDOUT, '>', '/dev/null';
	exec qw(chromium --headless=new --disable-gpu --hide-scrollbars
		--no-first-run --disable-extensions --disable-sync
		--disable-background-networking --disable-component-update
		--disable-breakpad --disable-crash-reporter
		--disable-dev-shm-usage --remote-debugging-pipe),
		"--user-data-dir=$profile", $> ? () : '--no-sandbox',
		'about:blank';
	exit 127;
}
close $in;
close $out;
END {
	if ($pid) {
		my $status = $?;
		kill 'KILL', -$pid;
		waitpid $pid, 0;
		# Its processes end one after the other, and write until then.
		for (1 .. 200) {
			system "rm -rf '$profile' 2> /dev/null";
			last if !-e $profile;
			select undef, undef, undef, 0.05;
		}
		$? = $status;
	}
}
$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub { die "the browser takes too long\n" };
alarm($ENV{BROWSER_SECONDS} // 100);

my ($number, $session, %seen, @refused) = (0);

# The next message of the browser.
sub receive
{
	local $/ = "\0";
	my $text = <$from_browser> // die "the browser is gone\n";
	chomp $text;
	my $message = decode_json($text);
	my $method = $message->{method} // '';
	$seen{$method} = 1 if $method;
	push @refused, $message->{params}{entry}{text}
		if $method eq 'Log.entryAdded';
	return $message;
}

# Calls a method and returns its result.
sub call
{
	my ($method, %params) = @_;
	my $id = ++$number;
	my $message = {id => $id, method => $method, params => \%params};
	$message->{sessionId} = $session if $session;
	my $text = encode_json($message) . "\0";
	syswrite $to_browser, $text or die "the browser is gone\n";
	while (1) {
		my $answer = receive();
		next if ($answer->{id} // 0) != $id;
		die "$method: $answer->{error}{message}\n" if $answer->{error};
		return $answer->{result};
	}
}

sub evaluate
{
	my $result = call('Runtime.evaluate', expression => $_[0],
		returnByValue => JSON::PP::true, awaitPromise => JSON::PP::true);
	die "$_[0]: $result->{exceptionDetails}{exception}{description}\n"
		if $result->{exceptionDetails};
	return $result->{result}{value};
}

# Two frames later what was done is on the screen.
sub settle
{
	evaluate('new Promise(f => requestAnimationFrame(() =>
		requestAnimationFrame(() => f(1))))');
}

sub mouse
{
	my ($selector, @types) = @_;
	my $where = encode_json([$selector]);
	my $at = evaluate("(() => { const e = document.querySelector($where\[0]);
		if (!e) return null;
		e.scrollIntoView({block: 'nearest'});
		const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2]; })()")
		or die "nothing matches $selector\n";
	call('Input.dispatchMouseEvent', type => $_, x => $at->[0],
		y => $at->[1], button => $_ eq 'mouseMoved' ? 'none' : 'left',
		clickCount => $_ eq 'mouseMoved' ? 0 : 1) for @types;
}

sub open_page
{
	my ($file) = @_;
	require Cwd;
	my ($path, $fragment) = split /#/, $file, 2;
	my $url = 'file://' . Cwd::abs_path($path);
	$url =~ s/([^A-Za-z0-9\/:._~-])/sprintf '%%%02X', ord $1/ge;
	%seen = ();
	call('Page.navigate', url => 'about:blank');
	call('Page.navigate',
		url => defined $fragment ? "$url#$fragment" : $url);
	evaluate('new Promise(f => { if (document.readyState == "complete" &&
		location.href != "about:blank") f(1);
		else addEventListener("load", () => f(1)); })');
	settle();
}

my $target = call('Target.createTarget', url => 'about:blank');
$session = call('Target.attachToTarget', targetId => $target->{targetId},
	flatten => JSON::PP::true)->{sessionId};
call("$_.enable") for qw(Page Log Runtime);
while (my $line = <STDIN>) {
	my ($command, $rest) = $line =~ /^\s*(\S+)\s*(.*?)\s*$/ or next;
	my @words = split ' ', $rest;
	if ($command eq 'open') {
		open_page($rest);
	} elsif ($command eq 'size') {
		call('Emulation.setDeviceMetricsOverride',
			width => $words[0] + 0, height => $words[1] + 0,
			deviceScaleFactor => ($words[2] // 1) + 0,
			mobile => $words[0] < 600 ? JSON::PP::true
				: JSON::PP::false);
		settle();
	} elsif ($command eq 'scheme') {
		call('Emulation.setEmulatedMedia', features => [{
			name => 'prefers-color-scheme', value => $rest}]);
		settle();
	} elsif ($command eq 'media') {
		call('Emulation.setEmulatedMedia', media => $rest);
		settle();
	} elsif ($command eq 'click') {
		mouse($rest, qw(mouseMoved mousePressed mouseReleased));
		settle();
	} elsif ($command eq 'follow') {
		%seen = ();
		mouse($rest, qw(mouseMoved mousePressed mouseReleased));
		receive() until $seen{'Page.loadEventFired'};
		settle();
	} elsif ($command eq 'point') {
		mouse($rest, 'mouseMoved');
		settle();
	} elsif ($command eq 'eval') {
		my $value = evaluate($rest);
		print ref $value ? encode_json($value)
			: $value // 'null', "\n";
	} elsif ($command eq 'shot') {
		my $shot = call('Page.captureScreenshot', format => 'png');
		open my $file, '>:raw', $rest or die "$rest: $!\n";
		print $file decode_base64($shot->{data});
		close $file or die "$rest: $!\n";
	} else {
		die "no command: $command\n";
	}
}
print "refused: $_\n" for @refused;
