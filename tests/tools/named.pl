#!/usr/bin/perl
# named.pl names|categories|release: records with a drawn label on stdout, for
# the names on stdin, a line each. A name stands as it would between the quotes
# of JSON, but for " and for \ before anything but u, n, r, t. `names` are those
# of samples, a record each; `categories` those of the categories of one record,
# with an object each; `release` a release of both.
use strict;
use warnings;

my $how = shift // 'names';
my @names = map { chomp; s/"/\\"/g; s/\\(?![u"nrt])/\\\\/g; $_ } <STDIN>;

sub label
{
	return '"label_status":"REVIEWED","attributes":{"annotations":['
		. join(',', map { qq({"id":$_,"category_id":$_,"type":"bbox",)
			. qq("points":[[1,1],[8,8]]}) } @_) . ']}';
}

sub categories
{
	my $id = 0;
	return join ',', map { $id++; qq({"name":"$_","id":$id}) } @_;
}

sub sample
{
	my ($n, $name) = @_;
	return qq("uuid":"u$n","name":"$name","attributes":{"image":)
		. qq({"url":"http://x.invalid/$n.png","width":20,"height":20}});
}

if ($how eq 'names') {
	my $n = 0;
	for (@names) {
		print qq({"index":$n,), sample($n, $_), ',"label":{', label(1),
			'},"release":{"name":"v1","categories":[',
			categories('cat'), "]}}\n";
		$n++;
	}
} elsif ($how eq 'categories') {
	print '{"index":0,', sample(0, 'a.jpg'), ',"label":{',
		label(1 .. @names), '},"release":{"name":"v1","categories":[',
		categories(@names), "]}}\n";
} else {
	my $n = 0;
	print '{"name":"v1","dataset":{"name":"d","owner":"o","task_type":',
		'"vector","task_attributes":{"categories":[', categories(@names),
		']},"labelsets":[{"name":"ground-truth"}],"samples":[',
		join(',', map { $n++; '{' . sample($n, $_)
			. ',"labels":{"ground-truth":{' . label($n) . '}}}' }
			@names), "]}}\n";
}
