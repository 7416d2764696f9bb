#include "output/mask_name.h"

#include "store/path.h"

struct mask_names
mask_names_open(void)
{
	return (struct mask_names){
		.by_name = image_names_open(IMAGE_BY_NAME),
		.by_uuid = image_names_open(IMAGE_BY_UUID),
	};
}

void
mask_names_close(struct mask_names *names)
{
	image_names_close(names->by_name);
	image_names_close(names->by_uuid);
	buf_release(&names->path);
	buf_release(&names->text);
}

/* True for a path that stays below the directory it is put into. */
static bool
is_below(struct slice path)
{
	size_t i, from = 0;

	for (i = 0; i <= path.n; i++) {
		struct slice part = {path.p + from, i - from};

		if (i < path.n && path.p[i] != '/')
			continue;
		if (!part.n || slice_is(part, ".") || slice_is(part, ".."))
			return false;
		from = i + 1;
	}
	return true;
}

/* True where the image lies as --names uuid of seg-fetch calls it. */
static bool
lies_by_uuid(struct mask_names *names, const struct record *record)
{
	struct buf *path = &names->path, *uuid = &names->text;
	struct slice image, value;

	buf_reset(path);
	buf_reset(uuid);
	if (!record_asset(record, ASSET_IMAGE, &image) ||
	    !json_find(image, "path", &value) || !json_string(value, path))
		return false;
	buf_puts(uuid, "images/");
	return image_names_put(names->by_uuid, record, uuid) &&
	       slice_ends(buf_view(path), buf_cstr(uuid));
}

void
mask_names_put(struct mask_names *names, const struct record *record,
	       struct buf *to)
{
	image_names_put(lies_by_uuid(names, record) ? names->by_uuid
						    : names->by_name,
			record, to);
	if (is_below(buf_view(to)))
		return;
	buf_reset(to);
	path_put(to, record->place.sample);
}

struct slice
mask_name_stem(struct slice name)
{
	const char *slash = memrchr(name.p, '/', name.n);
	const char *base = slash ? slash + 1 : name.p;
	const char *dot = memrchr(base, '.', (size_t)(name.p + name.n - base));

	if (dot && dot > base)
		name.n = (size_t)(dot - name.p);
	return name;
}
