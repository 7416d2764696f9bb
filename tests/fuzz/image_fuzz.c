/*
 * Any bytes as an image: its size is found or refused, alike for the file in
 * one piece and in growing ones; and whether it is whole is told.
 */
#include <string.h>

#include "fuzz.h"
#include "image/image_check.h"
#include "image/image_size.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice file = {(const char *)data, size};
	struct image_size whole = {0}, part = {0};
	struct buf why = {0};
	enum image_size_result got, grown = IMAGE_SIZE_MORE;
	size_t n = size / 3;

	got = image_size_read(file, true, &whole);
	PROMISE(got != IMAGE_SIZE_MORE, "a whole file has all there is");
	PROMISE(got != IMAGE_SIZE_OK || (whole.width && whole.height),
		"a size is at least 1 x 1");
	for (int i = 0; i < 64 && grown == IMAGE_SIZE_MORE; i++) {
		grown = image_size_read((struct slice){file.p, n}, n == size,
					&part);
		if (grown != IMAGE_SIZE_MORE)
			break;
		PROMISE(part.need > n, "it asks for more than it has");
		n = part.need < size ? part.need : size;
	}
	if (got == IMAGE_SIZE_OK && grown == IMAGE_SIZE_OK)
		PROMISE(whole.width == part.width &&
				whole.height == part.height,
			"the same size from the first bytes");
	image_check_check(file, false, &why);
	buf_reset(&why);
	image_check_check(file, true, &why);
	buf_release(&why);
	return 0;
}
