/* zlib streams, read back by zlib. */
#include "codec/deflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "random.h"
#include "tap.h"

enum { MOST = 300000 };

/* Bytes as of filtered pictures: small numbers, and runs of 0 of any length. */
static size_t
make_bytes(unsigned char *bytes)
{
	const uint32_t spread = 1 + random_below(256);
	size_t n = random_below(4) ? random_below(MOST) : random_below(40);
	size_t i = 0, run;

	while (i < n) {
		for (run = random_below(40); run && i < n; run--)
			bytes[i++] = (unsigned char)random_below(spread);
		for (run = random_below(3) ? random_below(30)
					   : random_below(2000);
		     run && i < n; run--)
			bytes[i++] = 0;
	}
	return n;
}

/* True where a stream gives these bytes, between two runs of a pixel. */
static bool
comes_back(struct deflate *deflate, const unsigned char *bytes, size_t n,
	   unsigned char *back)
{
	static const unsigned char pixel[3] = {1, 2, 3};
	struct buf stream = {0};
	uLongf got = MOST + 1000;
	bool same;

	deflate_begin(deflate, &stream);
	deflate_run(deflate, pixel, 3, 50);
	deflate_bytes(deflate, bytes, n);
	deflate_run(deflate, pixel, 3, 50);
	deflate_end(deflate);
	same = uncompress(back, &got, (const Bytef *)stream.data, stream.len) ==
		       Z_OK &&
	       got == n + 300 && memcmp(back + 150, bytes, n) == 0 &&
	       back[0] == 1 && back[got - 1] == 3;
	buf_release(&stream);
	return same;
}

int
main(void)
{
	unsigned char *bytes = xmalloc(MOST), *back = xmalloc(MOST + 1000);
	struct deflate *deflate = deflate_open();
	bool good = true;
	size_t i;

	random_seed(31);
	for (i = 0; i < 300 && good; i++)
		good = comes_back(deflate, bytes, make_bytes(bytes), back);
	ok(good, "bytes between runs come back, case %zu", i);
	memset(bytes, 0, MOST);
	ok(comes_back(deflate, bytes, MOST, back), "so do zeros alone");
	ok(comes_back(deflate, bytes, 0, back), "and nothing");
	deflate_close(deflate);
	free(bytes);
	free(back);
	return done_testing();
}
