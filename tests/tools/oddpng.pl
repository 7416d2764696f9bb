#!/usr/bin/perl
# oddpng.pl KIND: a PNG on stdout that somebody means harm with, or that is not
# as it should be. All are bitmaps of 4 x 3 pixels, whose left half is of id 1
# and whose right half is of id 2, unless their kind says otherwise:
#
#	plain       nothing is wrong
#	idat-bomb   of 1 x 1 pixel, whose data inflate to 256 MB
#	ihdr-bomb   says that it has 60,000 x 60,000 pixels
#	ihdr-huge   says that it has 2^31 - 1 pixels each way
#	text-bomb   a text of 256 MB, compressed; icc-bomb: a colour profile
#	apng        has a second frame, of other ids
#	gamma       is to be shown brighter; icc: in other colours
#	crc         a wrong checksum of a chunk; adler: of the data
#	trailing    has bytes behind its end; endless: has no end
#	critical    has a chunk that all must know, and nobody does
use strict;
use warnings;
use Compress::Zlib qw(compress crc32 deflateInit Z_OK);

my $kind = shift // '';
my ($width, $height) = (4, 3);

sub chunk
{
	my ($type, $data) = @_;
	return pack('N', length $data) . $type . $data
		. pack('N', crc32($type . $data));
}

sub header { return chunk('IHDR', pack('NNCCCCC', @_, 8, 6, 0, 0, 0)) }

# Rows of two ids, one in each half.
sub rows
{
	my ($left, $right) = map { pack 'V', $_ | 255 << 24 } @_;
	return ("\0" . $left x 2 . $right x 2) x $height;
}

# Zeros of so many megabytes, compressed.
sub bomb
{
	my ($megabytes) = @_;
	my ($stream) = deflateInit(-Level => 9);
	my $zeros = "\0" x (1 << 20);
	my $out = '';
	for (1 .. $megabytes) {
		my ($some, $status) = $stream->deflate($zeros);
		die "oddpng: deflate\n" if $status != Z_OK;
		$out .= $some;
	}
	my ($rest) = $stream->flush;
	return $out . $rest;
}

my $head = header($width, $height);
my $before = '';
my $data = compress(rows(1, 2));
my $after = '';
my $end = chunk('IEND', '');

my %odd = (
	plain => sub { },
	'idat-bomb' => sub { $head = header(1, 1); $data = bomb(256) },
	'ihdr-bomb' => sub { $head = header(60000, 60000) },
	'ihdr-huge' => sub { $head = header((1 << 31) - 1, (1 << 31) - 1) },
	'text-bomb' => sub { $before = chunk('zTXt', "Comment\0\0" . bomb(256)) },
	'icc-bomb' => sub { $before = chunk('iCCP', "a\0\0" . bomb(256)) },
	apng => sub {
		my @frame = (0, $width, $height, 0, 0, 1, 10, 0, 0);
		$before = chunk('acTL', pack('NN', 2, 0))
			. chunk('fcTL', pack('NNNNNnnCC', @frame));
		$frame[0] = 1;
		$after = chunk('fcTL', pack('NNNNNnnCC', @frame))
			. chunk('fdAT', pack('N', 2) . compress(rows(3, 4)));
	},
	gamma => sub { $before = chunk('gAMA', pack('N', 220000)) },
	icc => sub { $before = chunk('iCCP', "a\0\0" . compress('x' x 200)) },
	crc => sub { $head =~ s/.\z/\x55/s },
	adler => sub { $data =~ s/.\z/\x55/s },
	trailing => sub { $end .= 'and more' },
	endless => sub { $end = '' },
	critical => sub { $before = chunk('QrSt', 'x') },
);

die "usage: oddpng.pl KIND\n" if !$odd{$kind};
$odd{$kind}->();
binmode STDOUT;
print "\x89PNG\r\n\x1a\n", $head, $before, chunk('IDAT', $data), $after, $end;
