#include "output/mask_tree.h"

#include <errno.h>
#include <stdlib.h>

#include "base/out.h"
#include "output/tree_image.h"

/* metadata.jsonl of a part. */
struct pair_rows {
	struct file *file;
	struct out *out;
};

struct mask_tree {
	const struct mask_tree_options *options;
	struct tree *tree;
	struct mask *first; /* its classes are those of the first record */
	struct mask_names names;
	struct pair_rows *rows; /* of each part */
	size_t parts;
	bool wide_said;
	struct buf text, name, why;
};

/*
 * Puts FOLDER/PART/, or what of it there is; PART/FOLDER/ where a part must
 * be a directory of its own.
 */
static void
put_folders(const struct mask_tree *tree, const struct record *record,
	    const char *folder, struct buf *to)
{
	const bool part_first = tree->options->mask.kind == MASK_HF;
	const char *parts[2] = {NULL, tree->options->images ? folder : NULL};
	size_t i;

	if (tree->options->split)
		parts[0] = split_name(tree->options->split,
				      split_part_of(tree->options->split,
						    record, tree->options->by));
	for (i = 0; i < 2; i++) {
		const char *part = parts[part_first ? i : 1 - i];

		if (part) {
			buf_puts(to, part);
			buf_putc(to, '/');
		}
	}
}

int
mask_tree_put(struct mask_tree *tree, const struct record *record,
	      const struct mask_file *file, struct buf *path, struct buf *why)
{
	buf_reset(path);
	put_folders(tree, record, "masks", path);
	buf_slice(path, mask_name_stem(file->name));
	buf_puts(path, file->ending);
	return tree_put(tree->tree, record->place.number, buf_view(path),
			file->bytes, why);
}

int
mask_tree_place(struct mask_tree *tree, struct asset_reader *assets,
		const struct record *record, struct slice name,
		struct slice *url, struct buf *why)
{
	struct buf path = {0};
	int result;

	if (!tree->options->images)
		return 0;
	put_folders(tree, record, "images", &path);
	buf_slice(&path, name);
	result = tree_image_put(tree->tree, tree->options->link, assets, record,
				buf_view(&path), why);
	if (result < 0)
		*url = asset_failed_url(assets);
	buf_release(&path);
	return result;
}

/* Says once what some readers will not take. */
static void
say_wide(struct mask_tree *tree)
{
	if (tree->wide_said || !mask_is_wide(tree->first))
		return;
	tree->wide_said = true;
	diag_say(NULL, "maps have 16 bits: a value is above 255, which "
		       "ultralytics refuses");
}

/* True where what is in a map are categories, and not annotations. */
static bool
shows_classes(enum mask_kind kind)
{
	return kind == MASK_SEMANTIC || kind == MASK_HF ||
	       kind == MASK_CITYSCAPES || kind == MASK_COLOR;
}

/*
 * All maps of a tree mean the same: NULL where this record's classes are those
 * of the first one.
 */
static const char *
compare_classes(struct mask_tree *tree, const struct record *record)
{
	const enum mask_kind kind = tree->options->mask.kind;
	struct mask *other;
	const char *why = NULL;

	if (!tree->first) {
		tree->first = mask_open(&tree->options->mask);
		return mask_take_release(tree->first, record->release);
	}
	if (!shows_classes(kind) ||
	    slice_equal(buf_view(&mask_classes_of(tree->first)->release),
			record->release))
		return NULL;
	other = mask_open(&tree->options->mask);
	why = mask_take_release(other, record->release);
	if (!why &&
	    !mask_classes_same(mask_classes_of(tree->first),
			       mask_classes_of(other), kind == MASK_COLOR))
		why = "its release has other categories than the first "
		      "record's: a tree has those of one, so give this one "
		      "another -t";
	mask_close(other);
	return why;
}

/* Adds the row of metadata.jsonl that makes a pair of image and map. */
static void
put_metadata_row(struct mask_tree *tree, const struct record *record)
{
	struct buf *text = &tree->text;
	struct buf pair = {0};
	struct slice name;

	if (tree->options->mask.kind != MASK_HF)
		return;
	buf_reset(&tree->name);
	mask_names_put(&tree->names, record, &tree->name);
	name = buf_view(&tree->name);
	buf_reset(text);
	buf_puts(&pair, "images/");
	buf_slice(&pair, name);
	buf_puts(text, "{\"file_name\":");
	json_put_string(text, buf_view(&pair));
	buf_reset(&pair);
	buf_puts(&pair, "masks/");
	buf_slice(&pair, mask_name_stem(name));
	buf_puts(&pair, ".png");
	buf_puts(text, ",\"annotation_file_name\":");
	json_put_string(text, buf_view(&pair));
	buf_puts(text, ",\"semantic_class_to_id\":");
	mask_classes_put(mask_classes_of(tree->first), true, text);
	buf_puts(text, "}\n");
	out_put(tree->rows[split_part_of(tree->options->split, record,
					 tree->options->by)]
			.out,
		buf_view(text));
	buf_release(&pair);
}

bool
mask_tree_holds(struct mask_tree *tree, const struct place *place)
{
	return tree_holds(tree->tree, place->number);
}

void
mask_tree_forget(struct mask_tree *tree, const struct place *place)
{
	tree_forget(tree->tree, place->number);
}

const char *
mask_tree_settle(struct mask_tree *tree, const struct record *record)
{
	const char *why = compare_classes(tree, record);

	buf_reset(&tree->why);
	if (!why && tree_settle(tree->tree, record->place.number,
				record->place.sample, &tree->why) < 0)
		why = buf_cstr(&tree->why);
	if (why) {
		tree_forget(tree->tree, record->place.number);
		return why;
	}
	say_wide(tree);
	put_metadata_row(tree, record);
	return NULL;
}

/* Opens what metadata.jsonl is written to, for each part. */
static int
open_rows(struct mask_tree *tree)
{
	size_t i;

	tree->parts = 1;
	while (tree->options->split &&
	       split_name(tree->options->split, tree->parts))
		tree->parts++;
	tree->rows = xcalloc(tree->parts, sizeof(*tree->rows));
	if (tree->options->mask.kind != MASK_HF)
		return 0;
	for (i = 0; i < tree->parts; i++) {
		tree->rows[i].file = tree_create(tree->tree);
		if (!tree->rows[i].file) {
			diag_say(NULL, "%s: %s", tree->options->directory,
				 strerror(errno));
			return -1;
		}
		tree->rows[i].out =
			out_open(file_fd(tree->rows[i].file), "metadata.jsonl");
	}
	return 0;
}

struct mask_tree *
mask_tree_open(const struct mask_tree_options *options)
{
	struct mask_tree *tree = xcalloc(1, sizeof(*tree));

	tree->options = options;
	tree->names = mask_names_open();
	tree->tree = tree_open(options->directory, options->link);
	if (tree->tree && options->syncs)
		tree_syncs(tree->tree);
	if (tree->tree && open_rows(tree) == 0)
		return tree;
	mask_tree_close(tree, false);
	return NULL;
}

/* Hands the rows to the tree: 0, or -1 with the message said. */
static int
close_rows(struct mask_tree *tree)
{
	struct buf path = {0};
	int result = 0;
	size_t i;

	for (i = 0; i < tree->parts && tree->rows[i].file; i++) {
		if (tree->rows[i].out && out_close(tree->rows[i].out) < 0)
			result = -1;
		buf_reset(&path);
		if (tree->options->split)
			buf_printf(&path, "%s/",
				   split_name(tree->options->split, i));
		buf_puts(&path, "metadata.jsonl");
		tree_index_file(tree->tree, buf_cstr(&path),
				tree->rows[i].file);
	}
	free(tree->rows);
	buf_release(&path);
	return result;
}

/* Gives the tree its index: what the values in the maps are called. */
static void
put_index(struct mask_tree *tree)
{
	struct buf *text = &tree->text;

	/* Instances have no names. */
	if (!tree->first || tree->options->mask.kind == MASK_INSTANCE ||
	    tree->options->mask.kind == MASK_RGB ||
	    tree->options->mask.kind >= MASK_BINARY)
		return;
	buf_reset(text);
	mask_classes_put(mask_classes_of(tree->first), false, text);
	buf_putc(text, '\n');
	tree_index(tree->tree, "id2label.json", buf_view(text));
}

int
mask_tree_close(struct mask_tree *tree, bool publish)
{
	int result;

	if (!tree)
		return 0;
	result = close_rows(tree);
	put_index(tree);
	if (tree_close(tree->tree, publish && result == 0) < 0)
		result = -1;
	mask_names_close(&tree->names);
	mask_close(tree->first);
	buf_release(&tree->text);
	buf_release(&tree->name);
	buf_release(&tree->why);
	free(tree);
	return result;
}
