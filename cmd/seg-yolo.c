/* seg-yolo: writes records as a YOLO data set, a tree or one stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "flow/pump.h"
#include "output/point_options.h"
#include "output/uncategorized.h"
#include "output/yolo.h"
#include "output/yolo_worker.h"

enum {
	NDJSON = 400,
	TASK,
	SPLIT,
	BY,
	LINK,
	FILE_NAME,
	SIMPLIFY,
	FLIP,
};

static const struct opt table[] = {
	{'t', "tree", "DIR", "write images, labels and data.yaml into DIR"},
	{NDJSON, "ndjson", NULL,
	 "write one stream, with images by their URLs, instead"},
	{TASK, "task", "detect|segment|pose|obb|semantic",
	 "boxes (default), outlines, keypoints, turned boxes, maps"},
	{SPLIT, "split", "NAME:FRACTION,...",
	 "cut all into train, val and test, by hash"},
	{BY, "by", "KEY",
	 "keep records alike in KEY (such as metadata.scene) together"},
	{LINK, "link", "symlink|hard|copy|none",
	 "how images get into the tree (default symlink)"},
	{FILE_NAME, "file-name", "name|uuid",
	 "what images are called by (default name)"},
	{SIMPLIFY, "simplify", "PX",
	 "thin outlines of pixels, off by PX pixels at most"},
	POINT_OPTION_ROWS,
	{FLIP, "flip", "NAME:NAME,...",
	 "keypoints that change places in a mirror"},
	{0},
};

struct config {
	struct label_work decode;
	const char *tree, *split_text;
	bool ndjson;
	struct dataset dataset;
	struct outcome outcome;
	struct split *split;
	struct yolo_options yolo;
	struct yolo_work work;
	const char *flip;
	/* What has come so far. */
	struct yolo *writer;
	struct record record;
	uint64_t unlabelled, failed;
};

/* Outlines are thinned even if they have been made before. */
static void
take_tolerance(struct label_work *decode, const struct opts *o)
{
	decode->label.simplify = opts_double(o, 0, 1e6);
	decode->label.segmentation = SEGMENTATION_POLYGON;
	decode->anew = true;
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const tasks[] = {"detect", "segment",  "pose",
					    "obb",    "semantic", NULL};
	static const char *const namings[] = {"name", "uuid", NULL};

	if (key == 't')
		config->tree = o->arg;
	else if (key == NDJSON)
		config->ndjson = true;
	else if (key == TASK)
		config->yolo.task = (enum yolo_task)opts_choice(o, tasks);
	else if (key == SPLIT)
		config->split_text = o->arg;
	else if (key == BY)
		config->yolo.by = o->arg;
	else if (key == LINK)
		config->yolo.link = (enum tree_link)opts_choice(o, tree_links);
	else if (key == FILE_NAME)
		config->yolo.naming =
			(enum image_naming)opts_choice(o, namings);
	else if (key == SIMPLIFY)
		take_tolerance(&config->decode, o);
	else if (key == FLIP)
		config->flip = o->arg;
	else if (!dataset_take_option(&config->dataset, o, key) &&
		 !point_options_take(&config->yolo.points, o, key))
		label_work_take_option(&config->decode, o, key);
}

/* What --task pose needs, and nothing else takes. */
static void
check_pose(struct config *config, const struct opts *o)
{
	const struct point_options *points = &config->yolo.points;
	const char *why;

	point_options_check(points, o);
	if (config->yolo.task != YOLO_POSE && points->by)
		opts_fail(o, "--group-by goes with --task pose");
	if (points->by && !points->keypoints)
		opts_fail(o, "--group-by needs --keypoints NAME,...: all rows "
			     "have the same ones, in this order");
	if (config->flip && !points->by)
		opts_fail(o, "--flip goes with --group-by");
	why = yolo_keypoints_read(&config->yolo.keypoints, points,
				  config->flip);
	if (why)
		opts_fail(o, "--keypoints and --flip: %s", why);
	if (points->by &&
	    point_is_listed(points, slice_of(point_object_name(points))))
		opts_fail(o, "--object-category %s is one of --keypoints",
			  point_object_name(points));
}

/* The parts must be those that ultralytics knows, each once. */
static void
check_parts(const struct opts *o, const struct split *split)
{
	unsigned seen = 0;
	const char *name;
	size_t i;

	for (i = 0; (name = split_name(split, i)) != NULL; i++) {
		enum yolo_part part = yolo_part_named(name);

		if (part == YOLO_PARTS || seen & 1U << part)
			opts_fail(o,
				  "--split has parts train, val (or valid) and "
				  "test, not: %s",
				  name);
		seen |= 1U << part;
	}
	if (!(seen & 1U << YOLO_TRAIN))
		opts_fail(o, "--split has no part train");
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write records as a YOLO data set for ultralytics.",
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
	if (!config->tree == !config->ndjson)
		opts_fail(&o, "either --tree DIR or --ndjson");
	if (config->yolo.link && config->ndjson)
		opts_fail(&o, "--link goes with -t");
	if (config->split_text)
		config->split = split_option(&o, config->split_text);
	if (config->split)
		check_parts(&o, config->split);
	else if (config->yolo.by)
		opts_fail(&o, "--by goes with --split");
	check_pose(config, &o);
	config->yolo.split = config->split;
	config->decode.label.segmentation =
		config->yolo.task == YOLO_DETECT ||
				config->yolo.task == YOLO_POSE
			? SEGMENTATION_NONE
			: SEGMENTATION_POLYGON;
	return o.rest;
}

static void *
open_worker(void *context)
{
	struct config *config = context;

	return yolo_worker_open(&config->work);
}

static int
write_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};
	struct yolo_parcel parcel;

	yolo_unpack(&line, &parcel);
	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	switch (yolo_add(config->writer, &config->record, &parcel)) {
	case YOLO_WRITTEN:
		return 0;
	case YOLO_UNLABELLED:
		config->unlabelled++;
		return 0;
	case YOLO_FAILED:
		config->failed++;
		diag_say(&config->record.place, "%s",
			 yolo_failure(config->writer));
		return 0;
	default:
		return -1;
	}
}

static void
report(struct config *config)
{
	const struct yolo_counts *counts = yolo_counted(config->writer);
	const uint64_t *without = yolo_counted(config->writer)->without;
	const struct {
		const char *what;
		uint64_t count;
	} left_out[] = {
		{"images without a label", config->unlabelled},
		{"annotations without geometry", without[YOLO_NO_GEOMETRY]},
		{"annotations that cover nothing", without[YOLO_NO_SIZE]},
		{"annotations that have no such shape", without[YOLO_NO_SHAPE]},
		{UNCATEGORIZED_COUNTED, without[YOLO_NO_CATEGORY]},
		{"points of no object", without[YOLO_NO_OBJECT]},
		{"points of a kind that their object has already",
		 without[YOLO_POINT_AGAIN]},
		{"crowds", without[YOLO_CROWD]},
		{"annotations with the same row as another",
		 without[YOLO_AGAIN]},
	};
	uint64_t images = 0;
	size_t i;

	for (i = 0; i < YOLO_PARTS; i++)
		images += counts->images[i];
	config->outcome.failed += config->failed;
	outcome_out(&config->outcome, "images", images);
	for (i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		outcome_left_out(&config->outcome, left_out[i].what,
				 left_out[i].count);
	if (!config->outcome.quiet)
		yolo_say_statuses(config->writer);
}

/* Runs all records into the writer: an exit status. */
static int
write_all(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = yolo_worker_close,
		.work = yolo_worker_run,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.needs_release = true,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	config->work = (struct yolo_work){&config->decode, &config->yolo};
	config->writer = yolo_open(&config->yolo);
	if (!config->writer)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	report(config);
	if (split_key_say(&yolo_counted(config->writer)->key))
		status = STATUS_FATAL;
	if (yolo_close(config->writer) < 0)
		status = STATUS_FATAL;
	record_release(&config->record);
	return status;
}

static int
write_ndjson(struct config *config, char **operands)
{
	int status;

	config->yolo.out = out_open(STDOUT_FILENO, "<stdout>");
	status = write_all(config, operands);
	if (out_close_stdout(config->yolo.out) < 0)
		return STATUS_FATAL;
	(void)dataset_publishes(&config->dataset, &config->outcome, &status);
	return status;
}

static int
write_tree(struct config *config, char **operands)
{
	bool publish;
	int status;

	config->yolo.tree = tree_open(config->tree, config->yolo.link);
	if (!config->yolo.tree)
		return STATUS_FATAL;
	if (config->dataset.syncs)
		tree_syncs(config->yolo.tree);
	status = write_all(config, operands);
	config->dataset.output = config->tree;
	publish =
		dataset_publishes(&config->dataset, &config->outcome, &status);
	if (tree_close(config->yolo.tree, publish) < 0)
		status = STATUS_FATAL;
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {.decode = label_work_default()};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	if (label_work_open(&config.decode) == 0)
		status = config.tree ? write_tree(&config, operands)
				     : write_ndjson(&config, operands);
	yolo_keypoints_end(&config.yolo.keypoints);
	label_work_close(&config.decode, config.outcome.quiet);
	split_close(config.split);
	return outcome_end(&config.outcome, status);
}
