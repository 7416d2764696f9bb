/* seg-yolo: writes records as a YOLO data set, a tree or one stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "flow/pump.h"
#include "output/yolo.h"

enum {
	NDJSON = 400,
	TASK,
	SPLIT,
	BY,
	LINK,
	FILE_NAME,
	SIMPLIFY, /* and what follows: how labels are decoded */
	MIN_AREA,
	CROWD_ATTRIBUTE,
};

static const struct opt table[] = {
	{'t', "tree", "DIR", "write images, labels and data.yaml into DIR"},
	{NDJSON, "ndjson", NULL,
	 "write one stream, with images by their URLs, instead"},
	{TASK, "task", "detect|segment|obb",
	 "kind of label: boxes (default), outlines, turned boxes"},
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
	{MIN_AREA, "min-area", "N",
	 "leave out annotations of fewer than N pixels"},
	{CROWD_ATTRIBUTE, "crowd-attribute", "NAME",
	 "object attribute that makes a crowd (default is_crowd)"},
	{0},
};

struct config {
	struct label_work decode;
	const char *tree, *split_text;
	bool ndjson;
	struct dataset dataset;
	struct outcome outcome;
	struct split *split;
	enum image_naming naming;
	struct yolo_options yolo;
	/* What has come so far. */
	struct yolo *writer;
	struct record record;
	uint64_t unlabelled, failed;
};

/* How labels are decoded; they are, even if they have been before. */
static void
take_label_option(struct label_work *decode, const struct opts *o, int key)
{
	if (key == SIMPLIFY) {
		decode->label.simplify = opts_double(o, 0, 1e6);
		decode->label.segmentation = SEGMENTATION_POLYGON;
	} else if (key == MIN_AREA) {
		decode->label.min_area = opts_uint(o, 0, UINT64_MAX);
	} else {
		decode->label.crowd_attribute = o->arg;
	}
	decode->anew = true;
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const tasks[] = {"detect", "segment", "obb", NULL};
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
		config->naming = (enum image_naming)opts_choice(o, namings);
	else if (dataset_take_option(&config->dataset, o, key))
		return;
	else if (key >= SIMPLIFY)
		take_label_option(&config->decode, o, key);
	else
		label_work_take_option(&config->decode, o, key);
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
		.shared = label_source_rows,
		.also = dataset_option_rows,
		.outcome = &config->outcome,
	};
	const char *why = NULL;
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	if (!config->tree == !config->ndjson)
		opts_fail(&o, "either --tree DIR or --ndjson");
	if (config->split_text)
		config->split = split_parse(config->split_text, &why);
	if (why)
		opts_fail(&o, "%s: %s", why, config->split_text);
	if (config->split)
		check_parts(&o, config->split);
	else if (config->yolo.by)
		opts_fail(&o, "--by goes with --split");
	config->yolo.split = config->split;
	config->yolo.by_uuid = config->naming == IMAGE_BY_UUID;
	config->decode.label.segmentation = config->yolo.task == YOLO_DETECT
						    ? SEGMENTATION_NONE
						    : SEGMENTATION_POLYGON;
	return o.rest;
}

/* What a worker has: what decodes, and what makes rows of it. */
struct yolo_worker {
	void *decode;
	struct yolo_rows *rows;
	struct buf decoded;
	struct record record;
};

static void *
open_worker(void *context)
{
	struct config *config = context;
	struct yolo_worker *worker = xcalloc(1, sizeof(*worker));

	worker->decode = label_worker_open(&config->decode);
	worker->rows = yolo_rows_open(config->yolo.task,
				      config->tree ? YOLO_TEXT : YOLO_JSON);
	return worker;
}

static void
close_worker(void *context)
{
	struct yolo_worker *worker = context;

	label_worker_close(worker->decode);
	yolo_rows_close(worker->rows);
	buf_release(&worker->decoded);
	record_release(&worker->record);
	free(worker);
}

/* Decodes the record where that is needed: the one to go on with, or NULL. */
static const struct record *
decode_record(struct yolo_worker *worker, const struct record *record,
	      enum verdict *verdict)
{
	struct buf *decoded = &worker->decoded;
	struct json_error error = {0};

	buf_reset(decoded);
	*verdict = label_worker_run(worker->decode, record, decoded);
	if (*verdict == PUMP_PASS)
		return record;
	if (*verdict != PUMP_WRITE)
		return NULL;
	worker->record.place = record->place;
	if (record_parse(&worker->record,
			 (struct slice){decoded->data, decoded->len - 1},
			 &error) < 0)
		return NULL;
	return &worker->record;
}

static enum verdict
make_rows(void *context, const struct record *record, struct buf *to)
{
	struct yolo_worker *worker = context;
	enum verdict verdict;
	const struct record *whole = decode_record(worker, record, &verdict);

	if (!whole) {
		buf_slice(to, buf_view(&worker->decoded));
		return verdict;
	}
	if (yolo_pack(worker->rows, whole, to) < 0)
		return pump_fail(record, to, slice_of(""), "%s",
				 yolo_rows_failure(worker->rows));
	return PUMP_WRITE;
}

static int
write_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};

	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	switch (yolo_add(config->writer, &config->record)) {
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
}

/* Says what --by made of its key: a status that is to be raised to. */
static int
report_key(const struct config *config)
{
	const struct yolo_counts *counts = yolo_counted(config->writer);
	const char *by = config->yolo.by;
	uint64_t images = 0;
	size_t i;

	for (i = 0; i < YOLO_PARTS; i++)
		images += counts->images[i];
	if (!counts->without_key)
		return STATUS_OK;
	if (counts->without_key >= images) {
		diag_say(NULL, "no record has %s to keep together by", by);
		return STATUS_FATAL;
	}
	diag_say(NULL, "records without %s, each by itself: %llu of %llu", by,
		 (unsigned long long)counts->without_key,
		 (unsigned long long)images);
	return STATUS_OK;
}

/* Runs all records into the writer: an exit status. */
static int
write_all(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = close_worker,
		.work = make_rows,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.needs_release = true,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status, told;

	config->writer = yolo_open(&config->yolo);
	if (!config->writer)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	report(config);
	told = report_key(config);
	if (status < told)
		status = told;
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
	config->yolo.assets = asset_reader_open(config->decode.source);
	status = write_all(config, operands);
	config->dataset.output = config->tree;
	publish =
		dataset_publishes(&config->dataset, &config->outcome, &status);
	if (tree_close(config->yolo.tree, publish) < 0)
		status = STATUS_FATAL;
	asset_reader_close(config->yolo.assets);
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
	config.yolo.names = image_names_open(config.naming);
	if (label_work_open(&config.decode) == 0)
		status = config.tree ? write_tree(&config, operands)
				     : write_ndjson(&config, operands);
	image_names_close(config.yolo.names);
	label_work_close(&config.decode);
	split_close(config.split);
	return outcome_end(&config.outcome, status);
}
