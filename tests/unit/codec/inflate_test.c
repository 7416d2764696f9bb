/* inflate, huffman and checksum against zlib. */
#include "codec/inflate.h"

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/buf.h"
#include "codec/checksum.h"
#include "random.h"
#include "tap.h"

enum { SIZE_MAX_TESTED = 200000 };

/* A stream in pieces of random sizes, empty ones among them. */
struct pieces {
	const unsigned char *p;
	size_t n, largest;
};

static bool
next_piece(void *context, const unsigned char **piece, size_t *n)
{
	struct pieces *pieces = context;

	if (pieces->n == 0)
		return false;
	*n = random_below((uint32_t)pieces->largest + 1);
	if (*n > pieces->n)
		*n = pieces->n;
	*piece = pieces->p;
	pieces->p += *n;
	pieces->n -= *n;
	return true;
}

/*
 * Reads a stream in steps that want and have room for about `step` bytes, and
 * appends the output. A piece of memory of just the right size lets the
 * sanitizers see what is read or written outside of it.
 */
static const char *
read_stream(struct inflate *inflate, struct slice stream, size_t step,
	    struct buf *out)
{
	struct pieces pieces = {(const unsigned char *)stream.p, stream.n,
				1 + random_below(random_below(2) ? 20 : 9000)};
	unsigned char *window = NULL;
	size_t history = 0, n;
	const char *error;

	inflate_begin(inflate, next_piece, &pieces);
	do {
		size_t want = 1 + random_below((uint32_t)step);
		size_t room = want + random_below((uint32_t)step);
		unsigned char *grown = xmalloc(history + room);

		if (history)
			memcpy(grown, window, history);
		free(window);
		window = grown;
		error = inflate_read(inflate, window + history, want, room, &n);
		if (!error && n > room)
			error = "more than there is room for";
		if (out->len + n > 2 * SIZE_MAX_TESTED)
			error = "more than was put in";
		if (!error)
			buf_put(out, window + history, n);
		if (!error && n < want)
			break;
		history =
			out->len < INFLATE_HISTORY ? out->len : INFLATE_HISTORY;
		free(window);
		window = xmalloc(history);
		if (history)
			memcpy(window, out->data + out->len - history, history);
	} while (!error);
	free(window);
	return error;
}

/* zlib's verdict: true and the output where the stream is right and whole. */
static bool
read_with_zlib(struct slice stream, struct buf *out)
{
	z_stream z = {0};
	int result;

	inflateInit(&z);
	z.next_in = (const Bytef *)stream.p;
	z.avail_in = (uInt)stream.n;
	do {
		z.next_out = (Bytef *)buf_reserve(out, 1 << 16);
		z.avail_out = 1 << 16;
		result = inflate(&z, Z_NO_FLUSH);
		out->len += (1 << 16) - z.avail_out;
	} while (result == Z_OK && z.avail_out == 0 &&
		 out->len < SIZE_MAX_TESTED);
	result = result == Z_STREAM_END && z.avail_in == 0;
	inflateEnd(&z);
	return result;
}

/* Data of several kinds: noise, few values, runs, and copies of itself. */
static void
make_data(struct buf *data, size_t n)
{
	uint32_t kind = random_below(6), values = 1 + random_below(256), i;

	buf_reset(data);
	while (data->len < n) {
		size_t length = 1 + random_below(kind < 2 ? 3 : 3000);
		size_t back = 1 + random_below(kind < 4 ? 40 : 33000);

		if (data->len + length > n)
			length = n - data->len;
		if (kind != 5 && random_below(2) && back <= data->len) {
			for (i = 0; i < length; i++)
				buf_putc(data, data->data[data->len - back]);
		} else if (kind > 2) {
			char value = (char)random_below(values);

			for (i = 0; i < length; i++)
				buf_putc(data, value);
		} else {
			for (i = 0; i < length; i++)
				buf_putc(data, (char)random_below(values));
		}
	}
}

static void
compress_data(struct buf *stream, struct slice data)
{
	static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED,
					 Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED};
	z_stream z = {0};

	deflateInit2(&z, (int)random_below(10), Z_DEFLATED,
		     9 + (int)random_below(7), 1 + (int)random_below(9),
		     strategies[random_below(5)]);
	z.next_in = (const Bytef *)data.p;
	z.avail_in = (uInt)data.n;
	z.avail_out = (uInt)deflateBound(&z, data.n) + 100;
	buf_reset(stream);
	z.next_out = (Bytef *)buf_reserve(stream, z.avail_out);
	if (random_below(3) == 0 && data.n > 10) {
		z.avail_in = (uInt)data.n / 2;
		deflate(&z, random_below(2) ? Z_FULL_FLUSH : Z_PARTIAL_FLUSH);
		z.avail_in = (uInt)(data.n - data.n / 2);
	}
	deflate(&z, Z_FINISH);
	stream->len = z.total_out;
	deflateEnd(&z);
}

static size_t
random_size(void)
{
	return random_below(random_below(4) ? 3000 : SIZE_MAX_TESTED);
}

static void
test_right_streams(struct inflate *inflate)
{
	struct buf data = {0}, stream = {0}, out = {0};
	unsigned wrong = 0, i;

	for (i = 0; i < 1500; i++) {
		const char *error;

		make_data(&data, random_size());
		compress_data(&stream, buf_view(&data));
		buf_reset(&out);
		error = read_stream(inflate, buf_view(&stream),
				    1 + random_size(), &out);
		wrong += error || !slice_equal(buf_view(&out), buf_view(&data));
	}
	ok(wrong == 0, "gives back what zlib has compressed in any way");
	buf_release(&data);
	buf_release(&stream);
	buf_release(&out);
}

static void
damage(struct buf *stream)
{
	uint32_t times = 1 + random_below(3);

	while (times--) {
		size_t at = random_below((uint32_t)stream->len);

		if (random_below(2))
			at = random_below(
				stream->len < 80 ? (uint32_t)stream->len : 80);
		stream->data[at] ^= (char)(1 << random_below(8));
	}
	if (random_below(8) == 0)
		buf_putc(stream, (char)random_below(256));
}

static void
test_damaged_streams(struct inflate *inflate)
{
	struct buf data = {0}, stream = {0}, ours = {0}, theirs = {0};
	unsigned different = 0, unlike = 0, refused = 0, i;

	for (i = 0; i < 20000; i++) {
		bool good, right;

		make_data(&data, random_below(600));
		compress_data(&stream, buf_view(&data));
		damage(&stream);
		buf_reset(&ours);
		buf_reset(&theirs);
		good = !read_stream(inflate, buf_view(&stream), 5000, &ours);
		right = read_with_zlib(buf_view(&stream), &theirs);
		different += good != right;
		refused += !right;
		unlike += good && right &&
			  !slice_equal(buf_view(&ours), buf_view(&theirs));
	}
	ok(refused > 10000 && refused < 20000, "damage is noticed: %u of 20000",
	   refused);
	ok(different == 0, "takes and refuses what zlib does");
	ok(unlike == 0, "and reads the same");
	buf_release(&data);
	buf_release(&stream);
	buf_release(&ours);
	buf_release(&theirs);
}

/*
 * Damage that the checksum would catch must not hide what the decoder misses:
 * blocks of random bits with a right header, up to the first error.
 */
static void
test_noise(struct inflate *inflate)
{
	struct buf stream = {0}, ours = {0}, theirs = {0};
	unsigned different = 0, i, k;

	for (i = 0; i < 20000; i++) {
		uint32_t kind = random_below(3) << 1 | random_below(2);
		uint32_t size = 3 + random_below(60);
		size_t common;

		buf_reset(&stream);
		buf_put(&stream, "\x78\x01", 2);
		buf_putc(&stream, (char)(random_below(32) << 3 | kind));
		for (k = 0; k < size; k++)
			buf_putc(&stream, (char)random_below(256));
		buf_reset(&ours);
		buf_reset(&theirs);
		/* Read byte by byte, all before the error comes out. */
		if (!read_stream(inflate, buf_view(&stream), 1, &ours) !=
		    read_with_zlib(buf_view(&stream), &theirs))
			different++;
		common = ours.len < theirs.len ? ours.len : theirs.len;
		if (common && memcmp(ours.data, theirs.data, common) != 0)
			different++;
	}
	ok(different == 0, "reads noise as zlib does");
	buf_release(&stream);
	buf_release(&ours);
	buf_release(&theirs);
}

static void
test_cut_streams(struct inflate *inflate)
{
	struct buf data = {0}, stream = {0}, out = {0};
	unsigned taken = 0, i;
	size_t n;

	for (i = 0; i < 20; i++) {
		make_data(&data, 400);
		compress_data(&stream, buf_view(&data));
		for (n = 0; n < stream.len; n++) {
			struct slice cut = {stream.data, n};

			buf_reset(&out);
			taken += !read_stream(inflate, cut, 300, &out);
		}
	}
	ok(taken == 0, "refuses a stream cut anywhere");
	buf_release(&data);
	buf_release(&stream);
	buf_release(&out);
}

static void
test_checksums(void)
{
	struct buf data = {0};
	unsigned wrong = 0, i;

	for (i = 0; i < 3000; i++) {
		struct adler fast = ADLER_START, plain = ADLER_START;
		const unsigned char *p;
		size_t n, skip;

		make_data(&data, 1 + random_below(5000));
		skip = random_below((uint32_t)data.len);
		p = (const unsigned char *)data.data + skip;
		n = data.len - skip;
		adler_add(&fast, p, n / 3);
		adler_add(&fast, p + n / 3, n - n / 3);
		adler_add_plainly(&plain, p, n);
		wrong += adler_value(&fast) != adler32(1, p, (uInt)n);
		wrong += adler_value(&plain) != adler32(1, p, (uInt)n);
		wrong += crc32_of(p, n) != crc32(0, p, (uInt)n);
	}
	ok(wrong == 0, "Adler-32 and CRC-32 of zlib");
	buf_reset(&data);
	memset(buf_reserve(&data, 3 << 20), 255, 3 << 20);
	data.len = 3 << 20;
	{
		struct adler fast = ADLER_START;

		adler_add(&fast, (const unsigned char *)data.data, data.len);
		ok(adler_value(&fast) ==
			   adler32(1, (const Bytef *)data.data, (uInt)data.len),
		   "Adler-32 of the greatest sums");
	}
	buf_release(&data);
}

int
main(void)
{
	struct inflate *inflate = inflate_open();
	int plain;

	random_seed(1);
	for (plain = 0; plain < 2; plain++) {
		printf("# %s\n", plain ? "plain" : "as this processor can");
		if (plain)
			inflate_use_plain(inflate);
		test_right_streams(inflate);
		test_damaged_streams(inflate);
		test_noise(inflate);
		test_cut_streams(inflate);
	}
	test_checksums();
	inflate_close(inflate);
	return done_testing();
}
