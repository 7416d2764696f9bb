# The commands that are tortured: for each its name, argv, what is on stdin
# (`feed`: as a pipe), what is there before (`old`), what stdout is (`gives`:
# records; lines, some of which may be missing; a document that is a data set;
# a page; or text), whether it makes a `tree`,
# which a run after it must finish, and whether it has --partial.
use strict;
use warnings;

our ($top, $build, $here);

# Runs a program when nothing fails, for input.
sub make
{
	my ($to, $line) = @_;
	system("cd '$top/in' && PATH='$build':\"\$PATH\" && $line > '$to'") == 0
		or broken("making $to: $line");
}

# A server of files on loopback, until this process ends: its URL.
sub serve
{
	my $dir = shift;
	require IO::Socket::INET;
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		Listen => 64, ReuseAddr => 1) or broken("no socket: $!");
	my $parent = $$;
	if (fork == 0) {
		# Nobody is to wait for the end of our output.
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		local $SIG{CHLD} = 'IGNORE';
		$SIG{ALRM} = sub { exit if getppid != $parent; alarm 2 };
		alarm 2;
		while (1) {
			my $client = $socket->accept or next;
			next if fork;
			alarm 20;
			my $request = readline $client;
			while (my $line = readline $client) {
				last if $line =~ /^\r?\n/;
			}
			my ($name) = ($request // '') =~ m,^GET /(\S+),
				or POSIX::_exit(0);
			my $body = slurp("$dir/" .
				$name =~ s/%20/ /gr =~ s,/$,,r);
			print $client "HTTP/1.1 200 OK\r\nConnection: close\r\n"
				. 'Content-Length: ' . length($body)
				. "\r\n\r\n$body";
			close $client;
			POSIX::_exit(0);
		}
	}
	return 'http://127.0.0.1:' . $socket->sockport;
}

my $release = '"release":{"name":"v1","labelset":"%s","task_type":"%s",'
	. '"categories":[{"name":"cat","id":1},{"name":"road","id":2}]}';

sub release { return sprintf $release, @_ }

# A record of the sample of this number with drawn shapes, or predicted ones.
sub vector
{
	my ($n, $labelset, $shift) = @_;
	my ($a, $b, $c) = map { $_ + $shift } 10, 40, 60;
	return qq({"index":$n,"uuid":"u$n","name":"v$n.png","attributes":)
		. '{"image":{"url":"http://x/v.png","width":100,"height":80}},'
		. '"label":{"label_status":"REVIEWED","attributes":{'
		. '"annotations":[{"id":1,"category_id":1,"type":"polygon",'
		. qq("points":[[$a,10],[$b,10],[$b.5,40],[$a,45]]},)
		. '{"id":2,"category_id":2,"type":"bbox",'
		. qq("points":[[$a,50],[$c,70]]},{"id":3,"category_id":1,)
		. qq("type":"point","points":[[$b,30]]}]}},)
		. release($labelset, 'vector') . "}\n";
}

sub sequence
{
	my $frame = '{"format_version":"0.1","annotations":[{"track_id":1,'
		. '"category_id":1,"type":"bbox","points":[[1,2],[30,40]]}]}';
	return '{"index":0,"uuid":"s","name":"video","attributes":{"frames":['
		. join(',', map { qq({"name":"$_.png","image":{"url":"http://x/$_"}}) }
			qw(a b c)) . ']},"label":{"label_status":"REVIEWED",'
		. '"attributes":{"format_version":"0.2","frames":['
		. join(',', ($frame) x 3) . ']}},'
		. release('ground-truth', 'image-vector-sequence') . "}\n";
}

# Records whose files are to be had from a server.
sub remote
{
	my $server = shift;
	my %paths = map { /"path":"([^"]+)".*"url":"([^"]+)"/ } split /\n/,
		slurp("$top/in/segments/manifest.ndjson");
	my %urls = map { $paths{$_} => $_ =~ s/ /%20/gr } keys %paths;
	my $text = slurp("$top/in/two");
	$text =~ s,"url":"([^"]+)","url":"$server/$urls{$1}",g;
	return $text;
}

# Makes of the served directory a platform with a release.
sub platform
{
	my ($dir, $url) = @_;
	$dir .= "/$_", mkdir $dir for qw(datasets o d releases);
	spew("$dir/v1", '{"uuid":"u","name":"v1","release_type":"JSON",'
		. '"status":"SUCCEEDED","created_at":"2026-01-01T00:00:00Z",'
		. qq("attributes":{"url":"$url/new.json"}}));
	system('cp', "$top/in/new.json", "$top/in/segments") == 0
		or broken('no release to serve');
	$ENV{SEGMENTS_API_KEY} = 'none';
	spew("$top/in/api", $url);
}

# What the commands read, below $top/in.
sub inputs
{
	my $demo = "$here/../demo";
	mkdir "$top/in";
	system("cp -r '$demo/release.json' '$demo/segments' '$top/in'") == 0
		or broken('no demo');
	make('all', 'seg-samples -q release.json');
	make('records', 'head -n 4 all');
	make('two', 'head -n 2 all');
	make('old.json', 'seg-coco -q --offline two');
	make('names', 'printf "glazed.png\nhalf a dozen.png\n"');
	make('new.json', 'sed "s/\"REVIEWED\"/\"LABELED\"/" release.json');
	make('stat', 'seg-stat -q --offline --format ndjson two');
	spew("$top/in/vectors", join '', map { vector($_, 'ground-truth', 0) }
		1 .. 3);
	spew("$top/in/sequence", sequence());
	spew("$top/in/both", join '', map { vector($_, 'ground-truth', 0)
		. vector($_, 'model', 3) } 1 .. 2);
	make('truth.json', 'grep ground-truth both | seg-coco -q --offline');
	make('predicted.json', 'grep model both | seg-coco -q --offline');
	spew("$top/in/results", JSON::PP->new->canonical->encode([
		map { { %$_, score => 0.5 } } @{JSON::PP::decode_json(
			slurp("$top/in/predicted.json"))->{annotations}}]));
	my $url = serve("$top/in/segments");
	spew("$top/in/remote", remote($url));
	platform("$top/in/segments", $url);
}

sub commands
{
	my @cached = ('-d', '../../in/segments', '--offline');
	my $in = '../../in';
	inputs();
	my $old = slurp("$top/in/old.json");
	my $tree = sub { return (argv => [@_, @cached, '-t', 'tree',
		"$in/records"], tree => 1, gives => 'text') };
	my @commands = (
		{ name => 'samples', gives => 'records',
			argv => ['seg-samples', "$in/release.json"] },
		{ name => 'samples, a pipe', gives => 'records', feed => 1,
			stdin => 'release.json', argv => ['seg-samples'] },
		{ name => 'samples --info', gives => 'text',
			argv => ['seg-samples', '--info', "$in/release.json"] },
		{ name => 'filter', gives => 'records', stdin => 'all',
			argv => ['seg-filter', '--where',
				'label exists and metadata.table > 1'] },
		{ name => 'filter, a pipe', gives => 'records', stdin => 'all',
			feed => 1, argv => ['seg-filter', '--status',
				'reviewed', '--keep-category', 'donut'] },
		{ name => 'filter, names of a file', gives => 'records',
			argv => ['seg-filter', '--name', "\@$in/names",
				"$in/all"] },
		{ name => 'frames', gives => 'records', stdin => 'sequence',
			argv => ['seg-frames'] },
		{ name => 'decode bitmaps', gives => 'records',
			argv => ['seg-decode', '-j1', @cached, "$in/records"] },
		{ name => 'decode bitmaps -j2', gives => 'records',
			argv => ['seg-decode', '-j2', @cached, "$in/records"] },
		{ name => 'decode polygons', gives => 'records',
			argv => ['seg-decode', '-j1', '--segmentation',
				'polygon', @cached, "$in/two"] },
		{ name => 'decode shapes', gives => 'records', feed => 1,
			stdin => 'vectors', argv => ['seg-decode', '-j1'] },
		{ name => 'coco', gives => 'document',
			argv => ['seg-coco', '-j1', @cached, "$in/records"] },
		{ name => 'coco -o', gives => 'text',
			argv => ['seg-coco', '-j1', @cached, '-o', 'out.json',
				"$in/records"] },
		{ name => 'coco -o, old file', gives => 'text',
			old => { 'out.json' => $old },
			argv => ['seg-coco', '-j2', @cached, '-o', 'out.json',
				"$in/records"] },
		{ name => 'coco -o --partial', gives => 'text', partial => 1,
			old => { 'out.json' => $old },
			argv => ['seg-coco', '-j1', @cached, '-o', 'out.json',
				'--partial', "$in/records"] },
		{ name => 'coco -o --fsync', gives => 'text',
			old => { 'out.json' => $old }, argv => ['seg-coco',
				'-j1', @cached, '--fsync', '-o', 'out.json',
				"$in/two"] },
		{ name => 'coco -t --split', $tree->('seg-coco', '-j1',
			'--split', 'train:0.5,valid:0.5') },
		{ name => 'coco --panoptic -t', $tree->('seg-coco', '-j1',
			'--panoptic') },
		{ name => 'mask -t --fsync', $tree->('seg-mask', '-j1',
			'--fsync'), gives => 'records' },
		{ name => 'mask -t', $tree->('seg-mask', '-j1'),
			gives => 'records' },
		{ name => 'mask -t --link copy', $tree->('seg-mask', '-j1',
			'--kind', 'overlay', '--link', 'copy'),
			gives => 'records' },
		{ name => 'yolo -t', $tree->('seg-yolo', '-j1') },
		{ name => 'yolo -t --partial', $tree->('seg-yolo', '-j1',
			'--partial', '--task', 'segment'), partial => 1 },
		{ name => 'yolo --ndjson', gives => 'lines',
			argv => ['seg-yolo', '-j1', '--ndjson', @cached,
				"$in/records"] },
		{ name => 'stat', gives => 'text',
			argv => ['seg-stat', '-j1', @cached, "$in/two"] },
		{ name => 'stat html', gives => 'text',
			argv => ['seg-stat', '-j1', '--format', 'html', @cached,
				"$in/two"] },
		{ name => 'stat --merge', gives => 'text', argv =>
			['seg-stat', '--merge', "$in/stat", "$in/stat"] },
		{ name => 'check', gives => 'lines', argv => ['seg-check',
			'-j1', @cached, "$in/records"] },
		{ name => 'check --coco', gives => 'lines', argv =>
			['seg-check', '--coco', "$in/old.json"] },
		{ name => 'check --pass', gives => 'records', argv =>
			['seg-check', '-j1', '--pass', @cached, "$in/two"] },
		{ name => 'diff --pixels', gives => 'text', status => 1,
			argv => ['seg-diff', '--pixels', @cached,
				"$in/release.json", "$in/new.json"] },
		{ name => 'diff, a pipe', gives => 'records', feed => 1,
			status => 1, stdin => 'new.json', argv => ['seg-diff',
				'--records', 'new', "$in/release.json", '-'] },
		{ name => 'eval', gives => 'text', argv => ['seg-eval', '-j1',
			'--predicted', 'model', '--format', 'ndjson',
			"$in/both"] },
		{ name => 'eval --coco --curves', gives => 'text',
			argv => ['seg-eval', '-j1', '--coco', "$in/truth.json",
				'--curves', 'curve', "$in/results"] },
		{ name => 'fetch', gives => 'records', tree => 1,
			argv => ['seg-fetch', '-j1', '--retries', '0', '--fsync',
				'-d', 'got', "$in/remote"] },
		{ name => 'release -o', gives => 'text',
			old => { 'r.json' => 'old' }, argv => ['seg-release',
				'--retries', '0', '-o', 'r.json', '--api',
				slurp("$top/in/api"), 'o/d@v1'] },
		{ name => 'fetch into memory', gives => 'document',
			argv => ['seg-coco', '-j1', '-d', 'none', "$in/remote"] },
	);
	push @commands, { name => 'view -o', gives => 'page',
		old => { 'page.html' => 'old' }, argv => ['seg-view', '-j1',
			'-o', 'page.html', @cached, "$in/two"] }
		if -x "$build/seg-view";
	$ENV{PATH} = "$build:$ENV{PATH}";
	for (@commands) {
		$_->{stdin} = "$top/in/$_->{stdin}" if defined $_->{stdin};
	}
	return @commands;
}

1;
