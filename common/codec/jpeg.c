#include "codec/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

_Static_assert(JMSG_LENGTH_MAX <= 256, "messages fit");

/* What goes back to jpeg_decode when the library finds an error. */
struct failure {
	struct jpeg_error_mgr manager; /* first: the library knows this one */
	jmp_buf back;
	char *why;
	bool damaged; /* pixels are missing, or not those that were stored */
};

_Noreturn static void
leave(j_common_ptr info)
{
	struct failure *failure = (struct failure *)info->err;

	info->err->format_message(info, failure->why);
	longjmp(failure->back, 1);
}

/*
 * Of the warnings, those that tell of damage: the library goes on with grey
 * where a file ends early. The first one is kept.
 */
static void
note_damage(j_common_ptr info, int level)
{
	struct failure *failure = (struct failure *)info->err;
	const int code = info->err->msg_code;

	if (level >= 0 || failure->damaged ||
	    (code != JWRN_JPEG_EOF && code != JWRN_HIT_MARKER &&
	     code != JWRN_HUFF_BAD_CODE && code != JWRN_ARITH_BAD_CODE &&
	     code != JWRN_MUST_RESYNC))
		return;
	failure->damaged = true;
	info->err->format_message(info, failure->why);
}

/* Ink to light: the library leaves CMYK as it is; Adobe's is inverted. */
static void
convert_cmyk(const unsigned char *from, unsigned char *to, size_t n,
	     bool inverted)
{
	size_t i;
	unsigned k;

	for (i = 0; i < n; i++, from += 4)
		for (k = 0; k < 3; k++) {
			unsigned ink = from[k], black = from[3];

			if (!inverted) {
				ink = 255 - ink;
				black = 255 - black;
			}
			*to++ = (unsigned char)(ink * black / 255);
		}
}

/* Reads all rows into `pixels`. */
static void
read_rows(struct jpeg_decompress_struct *info, unsigned char *pixels,
	  unsigned char *row)
{
	const size_t width = (size_t)info->output_width * 3;

	while (info->output_scanline < info->output_height) {
		unsigned char *to = pixels + info->output_scanline * width;
		unsigned char *at = row ? row : to;

		jpeg_read_scanlines(info, &at, 1);
		if (row)
			convert_cmyk(row, to, info->output_width,
				     info->saw_Adobe_marker);
	}
}

static void
reserve(struct jpeg_picture *picture, size_t width, size_t height)
{
	const size_t size = width * height * 3;

	if (size <= picture->room)
		return;
	free(picture->pixels);
	picture->pixels = xreallocarray(NULL, width * height, 3);
	picture->room = size;
}

/* The library scales by eighths; powers of two are the quick ones. */
static void
choose_scale(struct jpeg_decompress_struct *info, uint32_t least)
{
	const JDIMENSION side = info->image_width > info->image_height
					? info->image_width
					: info->image_height;

	while (least && info->scale_denom < 8 &&
	       side / (2 * info->scale_denom) >= least)
		info->scale_denom *= 2;
}

const char *
jpeg_decode(struct slice file, uint64_t max_pixels, uint32_t least,
	    struct jpeg_picture *picture, char why[256])
{
	struct jpeg_decompress_struct info;
	struct failure failure = {.why = why};
	/* Set between setjmp and longjmp. */
	unsigned char *volatile row = NULL;

	info.err = jpeg_std_error(&failure.manager);
	failure.manager.error_exit = leave;
	failure.manager.emit_message = note_damage;
	if (setjmp(failure.back)) {
		jpeg_destroy_decompress(&info);
		free(row);
		return why;
	}
	jpeg_create_decompress(&info);
	jpeg_mem_src(&info, (const unsigned char *)file.p, file.n);
	jpeg_read_header(&info, TRUE);
	if ((uint64_t)info.image_width * info.image_height > max_pixels) {
		jpeg_destroy_decompress(&info);
		snprintf(why, 256, "more pixels than --max-pixels");
		return why;
	}
	info.out_color_space = info.num_components == 4 ? JCS_CMYK : JCS_RGB;
	info.scale_num = info.scale_denom = 1;
	choose_scale(&info, least);
	jpeg_start_decompress(&info);
	reserve(picture, info.output_width, info.output_height);
	if (info.out_color_space == JCS_CMYK)
		row = xreallocarray(NULL, info.output_width, 4);
	read_rows(&info, picture->pixels, row);
	jpeg_finish_decompress(&info);
	picture->width = info.output_width;
	picture->height = info.output_height;
	jpeg_destroy_decompress(&info);
	free(row);
	return failure.damaged ? why : NULL;
}

void
jpeg_encode(const struct jpeg_picture *picture, int quality, struct buf *to)
{
	const size_t width = (size_t)picture->width * 3;
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr manager;
	unsigned char *file = NULL;
	unsigned long size = 0;

	/* Nothing can fail but memory, which ends the program. */
	info.err = jpeg_std_error(&manager);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &file, &size);
	info.image_width = picture->width;
	info.image_height = picture->height;
	info.input_components = 3;
	info.in_color_space = JCS_RGB;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, quality, TRUE);
	info.optimize_coding = TRUE;
	jpeg_start_compress(&info, TRUE);
	while (info.next_scanline < info.image_height) {
		JSAMPROW row = picture->pixels + info.next_scanline * width;

		jpeg_write_scanlines(&info, &row, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	buf_put(to, file, size);
	free(file);
}
