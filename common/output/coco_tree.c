#include "output/coco_tree.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/file.h"
#include "output/tree_image.h"

/* One part: its file is written beside the tree's others. */
struct coco_part {
	const char *name; /* "" where there are no parts */
	struct file *file;
	struct out *out;
	struct coco_file *coco;
	uint64_t images;
};

struct coco_tree {
	const struct coco_tree_options *options;
	struct asset_reader *assets;
	struct tree *tree;
	struct coco_part *parts;
	size_t count;
	const struct coco_part *here; /* of the record at hand */
	struct split_key key;
	struct buf path;
};

static void
put_path(struct buf *to, const char *directory, struct slice name)
{
	buf_reset(to);
	buf_puts(to, directory);
	buf_puts(to, *directory ? "/" : "");
	buf_slice(to, name);
}

/* The name of a part's panoptic file, without .json, and of its directory. */
static void
put_panoptic(struct buf *to, const char *part)
{
	buf_puts(to, *part ? "panoptic_" : "panoptic");
	buf_puts(to, part);
}

/* The path of the PNG of an image that is called so. */
static void
put_png_path(struct buf *to, const char *part, struct slice name)
{
	put_panoptic(to, part);
	buf_putc(to, '/');
	coco_put_png_name(to, name);
}

int
coco_tree_put_png(const struct coco_tree *tree, const struct record *record,
		  struct slice name, struct slice png, struct buf *why)
{
	struct buf path = {0};
	int result;

	put_png_path(&path,
		     tree->parts[split_part_of(tree->options->split, record,
					       tree->options->by)]
			     .name,
		     name);
	result = tree_put(tree->tree, record->place.number, buf_view(&path),
			  png, why);
	buf_release(&path);
	return result;
}

/* What the record at hand has put is its own, unless another one has it. */
static int
place_files(void *context, const struct record *record, struct slice name,
	    struct buf *why)
{
	struct coco_tree *tree = context;
	const char *part = tree->here->name;

	if (tree->options->panoptic && !*part)
		part = "images";
	put_path(&tree->path, part, name);
	if (tree_image_put(tree->tree, tree->options->link, tree->assets,
			   record, buf_view(&tree->path), why) == 0 &&
	    tree_settle(tree->tree, record->place.number, record->place.sample,
			why) == 0)
		return 0;
	tree_forget(tree->tree, record->place.number);
	return -1;
}

static int
open_part(struct coco_tree *tree, struct coco *coco, const char *name)
{
	struct coco_part *part = &tree->parts[tree->count];

	part->name = name;
	part->file = tree_create(tree->tree);
	if (!part->file) {
		diag_say(NULL, "%s: %s", tree->options->directory,
			 strerror(errno));
		return -1;
	}
	tree->count++;
	part->out = out_open(file_fd(part->file), tree->options->directory);
	part->coco = coco_file_open(coco, part->out);
	if (!part->coco)
		return -1;
	coco_file_place(part->coco, place_files, tree);
	return 0;
}

static int
open_coco_parts(struct coco_tree *tree, struct coco *coco)
{
	const struct split *split = tree->options->split;
	size_t count = 1, i;

	while (split && split_name(split, count))
		count++;
	tree->parts = xcalloc(count, sizeof(*tree->parts));
	for (i = 0; i < count; i++)
		if (open_part(tree, coco, split ? split_name(split, i) : "") <
		    0)
			return -1;
	return 0;
}

struct coco_tree *
coco_tree_open(struct coco *coco, const struct coco_tree_options *options,
	       struct asset_reader *assets)
{
	struct coco_tree *tree = xcalloc(1, sizeof(*tree));

	tree->options = options;
	tree->assets = assets;
	tree->tree = tree_open(options->directory, options->link);
	if (tree->tree && options->syncs)
		tree_syncs(tree->tree);
	if (tree->tree && open_coco_parts(tree, coco) == 0)
		return tree;
	coco_tree_close(tree, false);
	return NULL;
}

enum coco_result
coco_tree_add(struct coco_tree *tree, const struct record *record,
	      struct slice facts)
{
	const struct coco_tree_options *options = tree->options;
	struct coco_part *part =
		&tree->parts[split_part_of(options->split, record,
					   options->by)];
	enum coco_result result;

	tree->key.by = options->by;
	split_key_count(&tree->key, record);
	tree->here = part;
	result = coco_add_segments(part->coco, record, facts);
	part->images += result == COCO_WRITTEN;
	return result;
}

/* Finishes a part's file and hands it to the tree, or drops it: 0, or -1. */
static int
close_part(struct coco_tree *tree, struct coco_part *part, bool publish)
{
	int result = coco_file_close(part->coco);

	if (out_close(part->out) < 0)
		result = -1;
	if (result < 0 || !publish) {
		file_drop(part->file);
		return result;
	}
	if (!part->images && *part->name)
		diag_say(NULL, "part %s has no image", part->name);
	if (tree->options->panoptic) {
		buf_reset(&tree->path);
		put_panoptic(&tree->path, part->name);
		buf_puts(&tree->path, ".json");
	} else {
		put_path(&tree->path, part->name,
			 slice_of("_annotations.coco.json"));
	}
	tree_index_file(tree->tree, buf_cstr(&tree->path), part->file);
	return 0;
}

int
coco_tree_close(struct coco_tree *tree, bool publish)
{
	int result;
	size_t i;

	if (!tree)
		return 0;
	result = split_key_say(&tree->key) ? -1 : 0;
	publish &= result == 0;
	for (i = 0; i < tree->count; i++)
		if (close_part(tree, &tree->parts[i], publish) < 0)
			result = -1;
	if (tree_close(tree->tree, publish && result == 0) < 0)
		result = -1;
	buf_release(&tree->path);
	free(tree->parts);
	free(tree);
	return result;
}
