/* seg-mask: writes label maps and pictures of labels. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "label/shapes.h"
#include "output/image_name.h"
#include "output/mask.h"
#include "output/tree.h"
#include "output/uncategorized.h"
#include "record/edits.h"
#include "record/split.h"
#include "store/path.h"

enum { KIND = 400, LABELS, UNLABELED, SPLIT, BY, LINK };

enum { IMAGE_MAX = 1 << 30 /* bytes of an image's file */ };

static const struct opt table[] = {
	{'t', "tree", "DIR", "write maps below DIR"},
	{KIND, "kind",
	 "semantic|instance|hf-instance|rgb|cityscapes|binary|color|"
	 "instance-color|overlay",
	 "what is written (default semantic)"},
	{LABELS, "labels", "contiguous|keep",
	 "classes are 0, 1, ... (default), or the release's ids"},
	{UNLABELED, "unlabeled", "N",
	 "value of pixels without a label (default 255)"},
	{SPLIT, "split", "NAME:FRACTION,...",
	 "cut all into parts, by hash, a folder each"},
	{BY, "by", "KEY",
	 "keep records alike in KEY (such as metadata.scene) together"},
	{LINK, "link", "symlink|hard|copy|none",
	 "place images beside the maps, in this way"},
	{0},
};

/* Tells what images are called; each thread has its own. */
struct image_namer {
	struct image_names *by_name, *by_uuid;
	struct buf path, text;
};

struct config {
	struct label_work decode;
	struct mask_options mask;
	const char *directory, *by;
	struct split *split;
	enum tree_link link;
	bool images; /* are placed */
	struct dataset dataset;
	struct outcome outcome;
	struct tree *tree;
	/* Of the calling thread, which sees records in input order. */
	struct out *out;
	struct record record;
	struct image_namer namer;
	struct mask *first; /* its classes are those of the first record */
	struct buf text, name, why;
	struct {
		struct file *file;
		struct out *out;
	} * rows; /* of metadata.jsonl, for each part */
	size_t parts;
	bool wide_said;
	unsigned long long failed, had_error, unlabelled;
	/* Of all workers. */
	atomic_ullong annotations, without_pixels;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const labels[] = {"contiguous", "keep", NULL};
	const char *why;

	switch (key) {
	case 't':
		config->directory = o->arg;
		break;
	case KIND:
		config->mask.kind = (enum mask_kind)opts_choice(o, mask_kinds);
		break;
	case LABELS:
		config->mask.keep = opts_choice(o, labels) == 1;
		break;
	case UNLABELED:
		config->mask.unlabeled = (int64_t)opts_uint(o, 0, UINT16_MAX);
		break;
	case SPLIT:
		split_close(config->split);
		config->split = split_parse(o->arg, &why);
		if (!config->split)
			opts_fail(o, "--split: %s", why);
		config->images = true;
		break;
	case BY:
		config->by = o->arg;
		break;
	case LINK:
		config->link = (enum tree_link)opts_choice(o, tree_links);
		config->images = true;
		break;
	default:
		if (!dataset_take_option(&config->dataset, o, key))
			label_work_take_option(&config->decode, o, key);
	}
}

/* A part's name is a folder's; one that leads elsewhere is none. */
static void
check_parts(const struct config *config, const struct opts *o)
{
	struct buf path = {0};
	const char *name;
	size_t i;

	for (i = 0; (name = split_name(config->split, i)) != NULL; i++) {
		buf_reset(&path);
		path_put_part(&path, slice_of(name));
		if (!slice_is(buf_view(&path), name))
			opts_fail(o, "--split: %s cannot be a folder's name",
				  name);
	}
	buf_release(&path);
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write label maps, and pictures of labels, as PNG.",
		.table = table,
		.shared = label_pixel_rows,
		.also = dataset_option_rows,
		.outcome = &config->outcome,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	if (!config->directory)
		opts_fail(&o, "-t DIR says where maps go");
	if (config->by && !config->split)
		opts_fail(&o, "--by goes with --split");
	if (config->mask.unlabeled >= 0 && config->mask.kind != MASK_SEMANTIC &&
	    config->mask.kind != MASK_CITYSCAPES)
		opts_fail(&o, "--unlabeled goes with --kind semantic or "
			      "cityscapes");
	if (config->mask.kind == MASK_CITYSCAPES &&
	    config->mask.unlabeled > UINT8_MAX)
		opts_fail(&o, "--unlabeled of cityscapes is at most 255");
	if (config->split)
		check_parts(config, &o);
	/* Its rows need images. */
	config->images |= config->mask.kind == MASK_HF;
	config->mask.max_pixels = config->decode.label.max_pixels;
	return o.rest;
}

/* What one thread has. */
struct mask_worker {
	struct config *config;
	struct asset_reader *assets;
	struct shape_reader *reader;
	struct mask *mask;
	const struct record *record;
	struct image_namer namer;
	struct buf name;  /* of the image */
	struct buf path;  /* of a file in the tree */
	struct buf first; /* of the files: what `mask` tells */
	struct buf image, text, why;
	struct edits edits;
};

static struct image_namer
namer_open(void)
{
	return (struct image_namer){
		.by_name = image_names_open(IMAGE_BY_NAME),
		.by_uuid = image_names_open(IMAGE_BY_UUID),
	};
}

static void
namer_close(struct image_namer *namer)
{
	image_names_close(namer->by_name);
	image_names_close(namer->by_uuid);
	buf_release(&namer->path);
	buf_release(&namer->text);
}

static void *
worker_open(void *context)
{
	struct config *config = context;
	struct mask_worker *worker = xcalloc(1, sizeof(*worker));
	struct asset_source *source = config->decode.source;

	worker->config = config;
	worker->assets = asset_reader_open(source);
	worker->reader = shape_reader_open(
		label_decoder_open(&config->decode.label,
				   asset_reader_open(source)));
	if (config->decode.anew)
		shape_reader_anew(worker->reader);
	worker->mask = mask_open(&config->mask);
	worker->namer = namer_open();
	return worker;
}

static void
worker_close(void *context)
{
	struct mask_worker *worker = context;

	asset_reader_close(worker->assets);
	shape_reader_close(worker->reader);
	mask_close(worker->mask);
	namer_close(&worker->namer);
	buf_release(&worker->name);
	buf_release(&worker->path);
	buf_release(&worker->first);
	buf_release(&worker->image);
	buf_release(&worker->text);
	buf_release(&worker->why);
	edits_release(&worker->edits);
	free(worker);
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
lies_by_uuid(struct image_namer *namer, const struct record *record)
{
	struct buf *path = &namer->path, *uuid = &namer->text;
	struct slice image, value;

	buf_reset(path);
	buf_reset(uuid);
	if (!record_asset(record, ASSET_IMAGE, &image) ||
	    !json_find(image, "path", &value) || !json_string(value, path))
		return false;
	buf_puts(uuid, "images/");
	return image_names_put(namer->by_uuid, record, uuid) &&
	       slice_ends(buf_view(path), buf_cstr(uuid));
}

/* Puts what the image is called: its path below images. */
static void
put_name(struct image_namer *namer, const struct record *record, struct buf *to)
{
	image_names_put(lies_by_uuid(namer, record) ? namer->by_uuid
						    : namer->by_name,
			record, to);
	if (is_below(buf_view(to)))
		return;
	buf_reset(to);
	path_put(to, record->place.sample);
}

static size_t
part_of(const struct config *config, const struct record *record)
{
	if (!config->split)
		return 0;
	return split_part(config->split,
			  split_place(record, config->by, "split"));
}

/*
 * Puts FOLDER/PART/, or what of it there is; PART/FOLDER/ where a part must
 * be a directory of its own.
 */
static void
put_folders(const struct config *config, const struct record *record,
	    const char *folder, struct buf *to)
{
	const bool part_first = config->mask.kind == MASK_HF;
	const char *parts[2] = {NULL, config->images ? folder : NULL};
	size_t i;

	if (config->split)
		parts[0] = split_name(config->split, part_of(config, record));
	for (i = 0; i < 2; i++) {
		const char *part = parts[part_first ? i : 1 - i];

		if (part) {
			buf_puts(to, part);
			buf_putc(to, '/');
		}
	}
}

/* A name without its extension. */
static struct slice
stem_of(struct slice name)
{
	const char *slash = memrchr(name.p, '/', name.n);
	const char *base = slash ? slash + 1 : name.p;
	const char *dot = memrchr(base, '.', (size_t)(name.p + name.n - base));

	if (dot && dot > base)
		name.n = (size_t)(dot - name.p);
	return name;
}

/* For struct mask_sink. */
static int
put_file(void *context, const char *ending, struct slice file)
{
	struct mask_worker *worker = context;
	struct buf *path = &worker->path;

	buf_reset(path);
	put_folders(worker->config, worker->record, "masks", path);
	buf_slice(path, stem_of(buf_view(&worker->name)));
	if (!worker->first.len) {
		buf_slice(&worker->first, buf_view(path));
		/* Of many files the folder is told. */
		if (*ending != '/')
			buf_puts(&worker->first, ending);
	}
	buf_puts(path, ending);
	return tree_put(worker->config->tree, worker->record->place.number,
			buf_view(path), file, &worker->why);
}

/*
 * Places the image, or writes it where it is not here yet: 0, or -1 with what
 * is wrong in worker->why.
 */
static int
place_image(struct mask_worker *worker, struct slice *url)
{
	struct config *config = worker->config;
	const struct record *record = worker->record;
	const char *why;

	if (!config->images || config->link == TREE_NONE)
		return 0;
	buf_reset(&worker->path);
	put_folders(config, record, "images", &worker->path);
	buf_slice(&worker->path, buf_view(&worker->name));
	buf_reset(&worker->text);
	if (asset_find(worker->assets, record, ASSET_IMAGE, &worker->text))
		return tree_place(config->tree, record->place.number,
				  buf_view(&worker->path),
				  buf_cstr(&worker->text), &worker->why);
	why = asset_read(worker->assets, record, ASSET_IMAGE, IMAGE_MAX,
			 &worker->image);
	if (!why)
		return tree_put(config->tree, record->place.number,
				buf_view(&worker->path),
				buf_view(&worker->image), &worker->why);
	*url = asset_failed_url(worker->assets);
	buf_printf(&worker->why, "image: %s", why);
	return -1;
}

/* Reads what an overlay is drawn over: 0, or -1 with worker->why. */
static int
read_image(struct mask_worker *worker, struct slice *url)
{
	const char *why;

	buf_reset(&worker->image);
	if (worker->config->mask.kind != MASK_OVERLAY)
		return 0;
	if (!asset_named(worker->record, ASSET_IMAGE)) {
		buf_puts(&worker->why, "no image to draw over");
		return -1;
	}
	why = asset_read(worker->assets, worker->record, ASSET_IMAGE, IMAGE_MAX,
			 &worker->image);
	if (!why)
		return 0;
	*url = asset_failed_url(worker->assets);
	buf_printf(&worker->why, "image: %s", why);
	return -1;
}

/* Draws and puts all files of a record: 0, or -1 with worker->why. */
static int
draw(struct mask_worker *worker, const struct shapes *shapes, struct slice *url)
{
	const struct mask_sink sink = {put_file, worker};
	const struct record *record = worker->record;
	const char *why = mask_take_release(worker->mask, record->release);
	size_t left_out = 0;

	if (why) {
		buf_puts(&worker->why, why);
		return -1;
	}
	put_name(&worker->namer, record, &worker->name);
	if (read_image(worker, url) < 0)
		return -1;
	if (mask_draw(worker->mask, record, shapes, buf_view(&worker->image),
		      &sink, &left_out) < 0) {
		if (!worker->why.len)
			buf_puts(&worker->why, mask_failure(worker->mask));
		return -1;
	}
	worker->config->annotations += left_out;
	worker->config->without_pixels += shapes->without_pixels;
	return place_image(worker, url);
}

/* Writes the record with `mask`. */
static void
put_record(struct mask_worker *worker, struct buf *to)
{
	struct buf *value = &worker->text;
	struct buf *path = &worker->path;

	buf_reset(path);
	buf_puts(path, worker->config->directory);
	if (path->data[path->len - 1] != '/')
		buf_putc(path, '/');
	buf_slice(path, buf_view(&worker->first));
	buf_reset(value);
	buf_puts(value, "{\"path\":");
	json_put_string(value, buf_view(path));
	buf_printf(value, ",\"kind\":\"%s\"}",
		   mask_kinds[worker->config->mask.kind]);
	edits_set(&worker->edits, worker->record->line, "mask",
		  buf_view(value));
	edits_apply(&worker->edits, worker->record->line, to);
	buf_putc(to, '\n');
}

static enum verdict
write_masks(void *context, const struct record *record, struct buf *to)
{
	struct mask_worker *worker = context;
	struct slice url = {0};
	struct shapes shapes;
	const char *why;
	int got = shapes_read(worker->reader, record, &shapes);

	if (got == 0)
		return PUMP_PASS;
	if (got < 0) {
		why = shape_failure(worker->reader, &url);
		return pump_fail(record, to, url, "%s", why);
	}
	worker->record = record;
	buf_reset(&worker->name);
	buf_reset(&worker->first);
	buf_reset(&worker->why);
	if (draw(worker, &shapes, &url) < 0)
		return pump_fail(record, to, url, "%s", buf_cstr(&worker->why));
	/* A label without objects has no files of the kind binary. */
	if (!worker->first.len)
		return PUMP_PASS;
	put_record(worker, to);
	return PUMP_WRITE;
}

/* Says once what some readers will not take. */
static void
say_wide(struct config *config)
{
	if (config->wide_said || !mask_is_wide(config->first))
		return;
	config->wide_said = true;
	diag_say(NULL, "maps have 16 bits: a value is above 255, which "
		       "ultralytics refuses");
}

/*
 * All maps of a tree mean the same: NULL where this record's classes are those
 * of the first one.
 */
static const char *
compare_classes(struct config *config, const struct record *record)
{
	struct mask *other;
	const char *why = NULL;

	if (!config->first) {
		config->first = mask_open(&config->mask);
		return mask_take_release(config->first, record->release);
	}
	if (slice_equal(buf_view(&mask_classes_of(config->first)->release),
			record->release))
		return NULL;
	other = mask_open(&config->mask);
	why = mask_take_release(other, record->release);
	if (!why && !mask_classes_same(mask_classes_of(config->first),
				       mask_classes_of(other)))
		why = "its release has other categories than the first "
		      "record's: a tree has those of one";
	mask_close(other);
	return why;
}

/* Adds the row of metadata.jsonl that makes a pair of image and map. */
static void
put_row(struct config *config, const struct record *record)
{
	struct buf *text = &config->text;
	struct buf pair = {0};
	struct slice name;

	if (config->mask.kind != MASK_HF)
		return;
	buf_reset(&config->name);
	put_name(&config->namer, record, &config->name);
	name = buf_view(&config->name);
	buf_reset(text);
	buf_puts(&pair, "images/");
	buf_slice(&pair, name);
	buf_puts(text, "{\"file_name\":");
	json_put_string(text, buf_view(&pair));
	buf_reset(&pair);
	buf_puts(&pair, "masks/");
	buf_slice(&pair, stem_of(name));
	buf_puts(&pair, ".png");
	buf_puts(text, ",\"annotation_file_name\":");
	json_put_string(text, buf_view(&pair));
	buf_puts(text, ",\"semantic_class_to_id\":");
	mask_classes_put(mask_classes_of(config->first), true, text);
	buf_puts(text, "}\n");
	out_put(config->rows[part_of(config, record)].out, buf_view(text));
	buf_release(&pair);
}

static int
write_line(struct config *config, struct slice line)
{
	out_put(config->out, line);
	out_put(config->out, slice_of("\n"));
	/* Whoever reads the other end may be waiting for it. */
	return out_flush(config->out);
}

/* Appends a record without the `mask` that its worker gave it. */
static void
put_unmasked(struct slice line, struct buf *to)
{
	struct json_iter iter = json_iterate(line);
	struct json_member member;

	buf_putc(to, '{');
	while (json_next(&iter, &member) > 0)
		if (!json_spells(member.key, slice_of("mask")))
			json_put_member(to, member.key, member.value);
	buf_putc(to, '}');
}

/* A record whose files are not its own, or do not fit: it goes on as failed. */
static int
write_failed(struct config *config, struct slice line, const char *why)
{
	struct record *record = &config->record;
	struct buf *to = &config->text;

	tree_forget(config->tree, record->place.number);
	diag_say(&record->place, "%s", why);
	config->failed++;
	buf_reset(&config->name);
	put_unmasked(line, &config->name);
	buf_reset(to);
	record_put_error(to, buf_view(&config->name), why, slice_of(""));
	to->len--; /* the newline */
	return write_line(config, buf_view(to));
}

/* Takes the result of a record, in input order. */
static int
take_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct record *record = &config->record;
	struct json_error error = {0};
	const char *why;

	record->place = *place;
	if (record_parse(record, line, &error) < 0 || record->error.p) {
		tree_forget(config->tree, place->number);
		config->had_error++;
		return write_line(config, line);
	}
	if (!tree_holds(config->tree, place->number)) {
		config->unlabelled++;
		return write_line(config, line);
	}
	why = compare_classes(config, record);
	buf_reset(&config->why);
	if (!why && tree_settle(config->tree, place->number,
				record->place.sample, &config->why) < 0)
		why = buf_cstr(&config->why);
	if (why)
		return write_failed(config, line, why);
	say_wide(config);
	put_row(config, record);
	return write_line(config, line);
}

/* Opens what metadata.jsonl is written to, for each part. */
static int
open_rows(struct config *config)
{
	size_t i;

	config->parts = 1;
	while (config->split && split_name(config->split, config->parts))
		config->parts++;
	config->rows = xcalloc(config->parts, sizeof(*config->rows));
	if (config->mask.kind != MASK_HF)
		return 0;
	for (i = 0; i < config->parts; i++) {
		config->rows[i].file = tree_create(config->tree);
		if (!config->rows[i].file) {
			diag_say(NULL, "%s: %s", config->directory,
				 strerror(errno));
			return -1;
		}
		config->rows[i].out = out_open(file_fd(config->rows[i].file),
					       "metadata.jsonl");
	}
	return 0;
}

/* Hands the rows to the tree: 0, or -1 with the message said. */
static int
close_rows(struct config *config)
{
	struct buf path = {0};
	int result = 0;
	size_t i;

	for (i = 0; i < config->parts && config->rows[i].file; i++) {
		if (config->rows[i].out && out_close(config->rows[i].out) < 0)
			result = -1;
		buf_reset(&path);
		if (config->split)
			buf_printf(&path, "%s/", split_name(config->split, i));
		buf_puts(&path, "metadata.jsonl");
		tree_index_file(config->tree, buf_cstr(&path),
				config->rows[i].file);
	}
	free(config->rows);
	buf_release(&path);
	return result;
}

/* Gives the tree its index: what the values in the maps are called. */
static void
put_index(struct config *config)
{
	struct buf *text = &config->text;

	/* Instances have no names. */
	if (!config->first || config->mask.kind == MASK_INSTANCE ||
	    config->mask.kind == MASK_RGB || config->mask.kind >= MASK_BINARY)
		return;
	buf_reset(text);
	mask_classes_put(mask_classes_of(config->first), false, text);
	buf_putc(text, '\n');
	tree_index(config->tree, "id2label.json", buf_view(text));
}

static void
report(struct config *config)
{
	struct outcome *outcome = &config->outcome;

	outcome->failed += config->failed;
	outcome_left_out(outcome, "unlabelled", config->unlabelled);
	outcome_left_out(outcome, UNCATEGORIZED_COUNTED, config->annotations);
	outcome_left_out(outcome, "annotations without pixels",
			 config->without_pixels);
}

/* Ends the tree: an exit status, `status` or worse. */
static int
finish(struct config *config, int status)
{
	bool publish;

	if (close_rows(config) < 0)
		status = STATUS_FATAL;
	publish =
		dataset_publishes(&config->dataset, &config->outcome, &status);
	put_index(config);
	if (tree_close(config->tree, publish) < 0)
		status = STATUS_FATAL;
	return status;
}

static int
run(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = worker_open,
		.worker_close = worker_close,
		.work = write_masks,
		.take = take_record,
		.needs_release = true,
		.context = config,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	config->tree = tree_open(config->directory, config->link);
	if (!config->tree || open_rows(config) < 0)
		return STATUS_FATAL;
	config->out = out_open(STDOUT_FILENO, "<stdout>");
	status = pump_run(&pump, operands);
	if (config->failed + config->had_error && status < STATUS_FAILED)
		status = STATUS_FAILED;
	if (out_close_stdout(config->out) < 0)
		status = STATUS_FATAL;
	config->dataset.output = config->directory;
	report(config);
	return finish(config, status);
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.mask = {.unlabeled = -1},
	};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	config.namer = namer_open();
	if (label_work_open(&config.decode) == 0)
		status = run(&config, operands);
	namer_close(&config.namer);
	label_work_close(&config.decode);
	mask_close(config.first);
	split_close(config.split);
	record_release(&config.record);
	buf_release(&config.text);
	buf_release(&config.name);
	buf_release(&config.why);
	return outcome_end(&config.outcome, status);
}
