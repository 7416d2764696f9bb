#include "png.h"

#include <cstdio>
#include <lodepng.h>

static int
fail(struct png *png, const char *text)
{
	snprintf(png->error, sizeof(png->error), "%s", text);
	return -1;
}

/* lodepng's numbers for what users meet most; its own words for the rest. */
static int
fail_lodepng(struct png *png, unsigned code)
{
	switch (code) {
	case 28:
		return fail(png, "not a PNG");
	case 27:
	case 30:
	case 63:
	case 64:
		return fail(png, "PNG ends early");
	case 57:
		return fail(png, "bad CRC in a chunk");
	case 58:
		return fail(png, "bad Adler-32 checksum");
	default:
		return fail(png, lodepng_error_text(code));
	}
}

int
png_open(struct png *png, const void *file, size_t size)
{
	LodePNGState state;
	unsigned code;

	png->file = static_cast<const unsigned char *>(file);
	png->size = size;
	png->at = 33;
	lodepng_state_init(&state);
	code = lodepng_inspect(&png->width, &png->height, &state, png->file,
			       size);
	png->depth = state.info_png.color.bitdepth;
	png->color = static_cast<png_color>(state.info_png.color.colortype);
	png->interlaced = state.info_png.interlace_method != 0;
	lodepng_state_cleanup(&state);
	return code ? fail_lodepng(png, code) : 0;
}

int
png_decode(struct png *png, unsigned char **pixels)
{
	LodePNGState state;
	unsigned code, width, height;

	lodepng_state_init(&state);
	state.info_raw.bitdepth = png->depth == 16 ? 16 : 8;
	state.decoder.read_text_chunks = 0;
	state.decoder.remember_unknown_chunks = 0;
	*pixels = nullptr;
	code = lodepng_decode(pixels, &width, &height, &state, png->file,
			      png->size);
	lodepng_state_cleanup(&state);
	return code ? fail_lodepng(png, code) : 0;
}
