#include "output/tree_image.h"

enum { IMAGE_MAX = 1 << 30 /* bytes of an image file */ };

/* Fetches what is not here and puts it: 0, or -1. */
static int
put_fetched(struct tree *tree, struct asset_reader *assets,
	    const struct record *record, struct slice path, struct buf *why)
{
	struct buf file = {0};
	const char *failure =
		asset_read(assets, record, ASSET_IMAGE, IMAGE_MAX, &file);
	int result = -1;

	if (failure)
		buf_printf(why, "image: %s", failure);
	else
		result = tree_put(tree, record->place.number, path,
				  buf_view(&file), why);
	buf_release(&file);
	return result;
}

int
tree_image_put(struct tree *tree, enum tree_link link,
	       struct asset_reader *assets, const struct record *record,
	       struct slice path, struct buf *why)
{
	struct buf local = {0};
	int result;

	if (link == TREE_NONE)
		return 0;
	if (asset_find(assets, record, ASSET_IMAGE, &local))
		result = tree_place(tree, record->place.number, path,
				    buf_cstr(&local), why);
	else
		result = put_fetched(tree, assets, record, path, why);
	buf_release(&local);
	return result;
}
