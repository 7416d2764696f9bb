/* Images on a page: thumbnails in it, or links to where they lie. */
#include <limits.h>
#include <stdlib.h>

#include "base/base64.h"
#include "codec/jpeg.h"
#include "image/image_size.h"
#include "image/picture.h"
#include "report/view_parts.h"
#include "json/json.h"

enum {
	IMAGE_MAX = 1 << 30, /* bytes of an image's file */
	URL_MAX = 4096,      /* bytes of one that a page refers to */
};

struct view_images {
	const struct view_options *options;
	struct asset_reader *assets;
	char *base; /* the directory of the pages, without links */
	struct picture small;
	struct buf file, jpeg, path, text;
	char why[256];
};

char *
view_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slice_dup(
			       (struct slice){path, (size_t)(slash - path) + 1})
		     : xstrdup(".");
}

/* The directory of the pages, without links; NULL where it is not there. */
static char *
real_directory(const char *output)
{
	char *name = output ? view_directory_of(output) : xstrdup(".");
	char *real = realpath(name, NULL);

	free(name);
	return real;
}

struct view_images *
view_images_open(const struct view_options *options,
		 struct asset_reader *assets)
{
	struct view_images *images = xcalloc(1, sizeof(*images));

	images->options = options;
	images->assets = assets;
	if (options->link)
		images->base = real_directory(options->output);
	return images;
}

void
view_images_close(struct view_images *images)
{
	if (!images)
		return;
	asset_reader_close(images->assets);
	free(images->base);
	picture_release(&images->small);
	buf_release(&images->file);
	buf_release(&images->jpeg);
	buf_release(&images->path);
	buf_release(&images->text);
	free(images);
}

void
view_put_address(struct buf *to, struct slice path, const char *keep)
{
	size_t i;

	for (i = 0; i < path.n; i++) {
		const unsigned char c = (unsigned char)path.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr(keep, c)))
			buf_putc(to, (char)c);
		else if (c == '&')
			buf_puts(to, "&amp;");
		else
			buf_printf(to, "%%%02X", c);
	}
}

/* Appends the way from the pages' directory to a file. */
static void
put_way(const struct view_images *images, const char *path, struct buf *to)
{
	const char *base = images->base;
	size_t i, same = 0;

	for (i = 0; path[i] && path[i] == base[i]; i++)
		if (path[i] == '/')
			same = i + 1;
	if (!base[i] && path[i] == '/')
		same = i + 1;
	else if (base[same]) {
		const char *p = base + same;

		buf_puts(to, "../");
		for (; *p; p++)
			if (*p == '/')
				buf_puts(to, "../");
	}
	view_put_address(to, slice_of(path + same), "-_.~/");
}

/*
 * Appends where a record's image is to be had by whoever opens the page; NULL,
 * or why it is not.
 */
static const char *
put_link(struct view_images *images, const struct record *record,
	 struct buf *to)
{
	struct slice image, url;
	char *real;

	buf_reset(&images->path);
	if (asset_find(images->assets, record, ASSET_IMAGE, &images->path) &&
	    images->base) {
		real = realpath(buf_cstr(&images->path), NULL);
		if (real) {
			put_way(images, real, to);
			free(real);
			return NULL;
		}
	}
	buf_reset(&images->text);
	if (!record_asset(record, ASSET_IMAGE, &image) ||
	    !json_find(image, "url", &url) || !json_string(url, &images->text))
		return "no image is named";
	url = buf_view(&images->text);
	if (url.n > URL_MAX)
		return "its URL is too long";
	if (url.n < 8 || (strncmp(url.p, "https://", 8) != 0 &&
			  strncmp(url.p, "http://", 7) != 0))
		return "it is not here, and its URL is no http";
	view_put_address(to, url, "-_.~/:?#[]@!$()*+,;=%");
	return NULL;
}

/* The size of an image of which no thumbnail is made. */
static void
read_size(struct view_images *images, const struct record *record,
	  struct view_image *image)
{
	enum image_size_result got = IMAGE_SIZE_MORE;
	size_t least = IMAGE_SIZE_FIRST;
	struct image_size size;
	bool whole = false;

	while (got == IMAGE_SIZE_MORE && !whole) {
		if (asset_read_head(images->assets, record, ASSET_IMAGE, least,
				    &images->file, &whole))
			return;
		got = image_size_read(buf_view(&images->file), whole, &size);
		least = size.need;
	}
	if (got != IMAGE_SIZE_OK)
		return;
	image->width = size.width;
	image->height = size.height;
}

static void
begin_img(struct buf *to)
{
	buf_puts(to, "<img loading=\"lazy\" decoding=\"async\" alt=\"\" "
		     "src=\"");
}

/* Makes the thumbnail as good as fits: some bytes for each pixel. */
static void
put_thumbnail(struct view_images *images, struct buf *to)
{
	const struct picture *small = &images->small;
	const struct jpeg_picture pixels = {small->pixels, small->room,
					    small->width, small->height};
	const size_t most = 1024 + (size_t)images->options->side *
					   images->options->side / 5;
	int quality = 80;

	do {
		buf_reset(&images->jpeg);
		jpeg_encode(&pixels, quality, &images->jpeg);
		quality -= 20;
	} while (quality > 0 && images->jpeg.len > most);
	begin_img(to);
	buf_puts(to, "data:image/jpeg;base64,");
	base64_put(to, buf_view(&images->jpeg));
	buf_puts(to, "\">");
}

/* NULL, or why there is no thumbnail. */
static const char *
embed(struct view_images *images, const struct record *record,
      struct view_image *image, struct buf *to)
{
	uint32_t real[2];
	const char *why;

	buf_reset(&images->file);
	why = asset_read(images->assets, record, ASSET_IMAGE, IMAGE_MAX,
			 &images->file);
	if (why)
		return why;
	why = picture_read_small(&images->small, buf_view(&images->file),
				 images->options->side,
				 images->options->max_pixels, real,
				 images->why);
	if (!why) {
		put_thumbnail(images, to);
		image->width = real[0];
		image->height = real[1];
	}
	return why;
}

static const char *
put_linked(struct view_images *images, const struct record *record,
	   struct view_image *image, struct buf *to)
{
	const char *why;

	begin_img(to);
	why = put_link(images, record, to);
	buf_puts(to, "\">");
	if (!why)
		read_size(images, record, image);
	return why;
}

struct view_image
view_image_put(struct view_images *images, const struct record *record,
	       struct buf *to)
{
	struct view_image image = {0};
	const size_t begin = to->len;
	const char *why;

	if (!asset_named(record, ASSET_IMAGE))
		why = "none is named";
	else
		why = images->options->link
			      ? put_linked(images, record, &image, to)
			      : embed(images, record, &image, to);
	image.shown = !why;
	if (!why)
		return image;
	to->len = begin;
	diag_warn(&record->place, "image: %s; the page shows none", why);
	/* The reason has names of this machine, which are no one else's. */
	buf_puts(to, "<span class=\"none\"><b>");
	view_put_text(to, record->place.sample, 120);
	buf_puts(to, "</b> no image</span>");
	return image;
}
