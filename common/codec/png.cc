#include "codec/png.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <lodepng.h>

#include "codec/checksum.h"
#include "codec/inflate.h"

/* Bytes of the signature; of it and the chunk IHDR; around data in a chunk. */
static const size_t SIGNATURE_SIZE = 8, HEAD_SIZE = 33, AROUND_CHUNK = 12;

static int
refuse(struct png *png, const char *what, const char *name = "")
{
	snprintf(png->error, sizeof(png->error), "%s%s", what, name);
	return -1;
}

int
png_open(struct png *png, const void *file, size_t size)
{
	static const unsigned char signature[] = {0x89, 'P',  'N',  'G',
						  '\r', '\n', 0x1a, '\n'};
	size_t n = size < SIGNATURE_SIZE ? size : SIGNATURE_SIZE;
	LodePNGState state;
	unsigned code;

	png->file = static_cast<const unsigned char *>(file);
	png->size = size;
	png->at = HEAD_SIZE;
	png->behind = 0;
	png->error[0] = '\0';
	if (n == 0 || memcmp(file, signature, n) != 0)
		return refuse(png, "not a PNG");
	if (size < HEAD_SIZE)
		return refuse(png, "PNG ends early");
	lodepng_state_init(&state);
	code = lodepng_inspect(&png->width, &png->height, &state, png->file,
			       size);
	png->depth = state.info_png.color.bitdepth;
	png->color = static_cast<png_color>(state.info_png.color.colortype);
	png->interlaced = state.info_png.interlace_method != 0;
	lodepng_state_cleanup(&state);
	if (code == 57)
		return refuse(png, "bad CRC in chunk IHDR");
	return code ? refuse(png, "bad header: ", lodepng_error_text(code)) : 0;
}

static uint32_t
get32(const unsigned char *p)
{
	return static_cast<uint32_t>(p[0]) << 24 |
	       static_cast<uint32_t>(p[1]) << 16 |
	       static_cast<uint32_t>(p[2]) << 8 | p[3];
}

bool
png_chunk_is(const struct png_chunk *chunk, const char *type)
{
	return memcmp(chunk->type, type, 4) == 0;
}

/* Four letters; the first one is a capital where the chunk is critical. */
static int
check_type(struct png *png, const struct png_chunk *chunk)
{
	unsigned i;

	for (i = 0; i < 4; i++) {
		char c = static_cast<char>(chunk->type[i] | 0x20);

		if (c < 'a' || c > 'z')
			return refuse(png, "bad type of a chunk");
	}
	if (chunk->type[0] & 0x20 || png_chunk_is(chunk, "PLTE") ||
	    png_chunk_is(chunk, "IDAT") || png_chunk_is(chunk, "IEND"))
		return 0;
	if (png_chunk_is(chunk, "IHDR"))
		return refuse(png, "second chunk IHDR");
	return refuse(png, "unknown critical chunk ", chunk->type);
}

int
png_next(struct png *png, struct png_chunk *chunk)
{
	size_t left = png->size - png->at;
	const unsigned char *p = png->file + png->at;

	if (left < AROUND_CHUNK || get32(p) > left - AROUND_CHUNK)
		return refuse(png, "PNG ends early");
	chunk->size = get32(p);
	memcpy(chunk->type, p + 4, 4);
	chunk->type[4] = '\0';
	chunk->data = p + 8;
	if (check_type(png, chunk) < 0)
		return -1;
	if (crc32_of(p + 4, chunk->size + 4) != get32(p + 8 + chunk->size))
		return refuse(png, "bad CRC in chunk ", chunk->type);
	if (png_chunk_is(chunk, "IEND")) {
		png->behind = left - AROUND_CHUNK - chunk->size;
		return 0;
	}
	png->at += AROUND_CHUNK + chunk->size;
	return 1;
}

unsigned
png_channels(const struct png *png)
{
	static const unsigned char channels[] = {1, 0, 3, 1, 2, 0, 4};

	return channels[png->color];
}

/* Filtered bytes of a rectangle of pixels. */
static size_t
rows_size(const struct png *png, size_t width, size_t height)
{
	size_t bits = width * png_channels(png) * png->depth;

	return width ? height * (1 + (bits + 7) / 8) : 0;
}

/* Bytes that the compressed data must give (PNG, 8.2 for interlacing). */
static size_t
image_size(const struct png *png)
{
	static const unsigned char passes[7][4] = {
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
		{0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	};
	size_t size = 0, i;

	if (!png->interlaced)
		return rows_size(png, png->width, png->height);
	for (i = 0; i < 7; i++) {
		const unsigned char *p = passes[i];

		size += rows_size(png, (png->width + p[2] - 1 - p[0]) / p[2],
				  (png->height + p[3] - 1 - p[1]) / p[3]);
	}
	return size;
}

extern "C" {

/* What lodepng hands to unzip: where to read with, and what was wrong. */
struct unzipping {
	struct inflate *inflate;
	const char *error;
	const unsigned char *rest;
	size_t size;
};

static bool
next_chunk(void *context, const unsigned char **piece, size_t *n)
{
	struct unzipping *unzipping = static_cast<struct unzipping *>(context);

	*piece = unzipping->rest;
	*n = unzipping->size;
	unzipping->size = 0;
	return *n > 0;
}

/* lodepng's custom_zlib: at most max_output_size bytes are a right answer. */
static unsigned
unzip(unsigned char **out, size_t *n, const unsigned char *in, size_t size,
      const LodePNGDecompressSettings *settings)
{
	struct unzipping *unzipping = static_cast<struct unzipping *>(
		const_cast<void *>(settings->custom_context));
	size_t room = settings->max_output_size + 1;

	*out = static_cast<unsigned char *>(malloc(room));
	unzipping->rest = in;
	unzipping->size = size;
	inflate_begin(unzipping->inflate, next_chunk, unzipping);
	unzipping->error =
		inflate_read(unzipping->inflate, *out, room, room, n);
	if (!unzipping->error && *n == room)
		unzipping->error = "more image data than pixels";
	return unzipping->error != nullptr;
}
}

static int
check_chunks(struct png *png)
{
	struct png_chunk chunk;
	int more;

	png->at = HEAD_SIZE;
	while ((more = png_next(png, &chunk)) > 0)
		;
	return more;
}

int
png_decode(struct png *png, struct inflate *inflate, unsigned char **pixels)
{
	struct unzipping unzipping = {inflate, nullptr, nullptr, 0};
	LodePNGState state;
	unsigned code, width, height;

	*pixels = nullptr;
	if (check_chunks(png) < 0)
		return -1;
	lodepng_state_init(&state);
	state.info_raw.bitdepth = png->depth == 16 ? 16 : 8;
	state.decoder.read_text_chunks = 0;
	state.decoder.remember_unknown_chunks = 0;
	state.decoder.ignore_crc = 1; /* check_chunks has looked at them */
	state.decoder.zlibsettings.custom_zlib = unzip;
	state.decoder.zlibsettings.custom_context = &unzipping;
	state.decoder.zlibsettings.max_output_size = image_size(png);
	code = lodepng_decode(pixels, &width, &height, &state, png->file,
			      png->size);
	lodepng_state_cleanup(&state);
	if (!code)
		return 0;
	free(*pixels);
	*pixels = nullptr;
	if (unzipping.error)
		return refuse(png, unzipping.error);
	if (code == 91)
		return refuse(png, "less image data than pixels");
	return refuse(png, lodepng_error_text(code));
}
