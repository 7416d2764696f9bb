/* seg-coco: writes records as COCO files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/out.h"
#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "flow/pump.h"
#include "output/coco.h"
#include "output/coco_options.h"
#include "output/coco_tree.h"
#include "output/panoptic_worker.h"
#include "output/uncategorized.h"
#include "record/release_info.h"

enum { RELEASE = COCO_OPTIONS_END, SPLIT, BY, LINK };

static const struct opt table[] = {
	{'o', "output", "FILE",
	 "write to FILE, which appears when all is well (default: stdout)"},
	{'t', "tree", "DIR", "write files and images into DIR instead"},
	{SPLIT, "split", "NAME:FRACTION,...",
	 "cut all into parts of the tree, by hash"},
	{BY, "by", "KEY",
	 "keep records alike in KEY (such as metadata.scene) together"},
	{LINK, "link", "symlink|hard|copy|none",
	 "how images get into the tree (default symlink)"},
	{RELEASE, "release", "FILE",
	 "a release, or its --info: info and categories without records"},
	COCO_OPTION_ROWS,
	{0},
};

struct config {
	struct label_work decode;
	struct coco_options coco;
	struct coco_tree_options tree_options;
	struct dataset dataset;
	struct outcome outcome;
	const char *output, *release, *split_text;
	bool link_given;
	struct split *split;
	/* What has come so far. */
	struct coco *writer;
	struct coco_file *file; /* or, with -t, */
	struct coco_tree *tree;
	struct panoptic_work panoptic;
	struct record record;
	uint64_t unlabelled, failed;
};

/* Parts are directories of the tree, and each has an index file. */
static void
check_split(struct config *config, const struct opts *o)
{
	const char *name;
	size_t i;

	config->split = split_option(o, config->split_text);
	for (i = 0; (name = split_name(config->split, i)) != NULL; i++)
		if (name[0] == '.' || strpbrk(name, "/\\"))
			opts_fail(o,
				  "--split: a part is a directory, and "
				  "cannot be called %s",
				  name);
	if (i > COCO_TREE_PARTS)
		opts_fail(o, "--split: more than %d parts", COCO_TREE_PARTS);
	config->tree_options.split = config->split;
}

static void
check(struct config *config, const struct opts *o)
{
	struct coco_tree_options *tree = &config->tree_options;

	coco_check_options(&config->coco, o);
	if (tree->directory && config->output)
		opts_fail(o, "either --output or --tree");
	if (config->dataset.syncs && !config->output && !tree->directory)
		opts_fail(o, "--fsync goes with -o or -t");
	if (config->dataset.partial && !config->output && !tree->directory)
		opts_fail(o, "--partial goes with -o or -t");
	if (config->coco.panoptic && !tree->directory)
		opts_fail(o, "--panoptic goes with -t");
	if (!tree->directory && (config->split_text || config->link_given))
		opts_fail(o, "%s goes with -t",
			  config->split_text ? "--split" : "--link");
	if (tree->by && !config->split_text)
		opts_fail(o, "--by goes with --split");
	if (config->split_text)
		check_split(config, o);
	config->coco.below = tree->directory != NULL;
	tree->panoptic = config->coco.panoptic;
	/* Panoptic labels have files of their own: images can do without. */
	if (tree->panoptic && !config->link_given)
		tree->link = TREE_NONE;
}

static void
take_link(struct config *config, const struct opts *o)
{
	config->tree_options.link = (enum tree_link)opts_choice(o, tree_links);
	config->link_given = true;
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	if (key == 'o')
		config->output = strcmp(o->arg, "-") == 0 ? NULL : o->arg;
	else if (key == 't')
		config->tree_options.directory = o->arg;
	else if (key == SPLIT)
		config->split_text = o->arg;
	else if (key == BY)
		config->tree_options.by = o->arg;
	else if (key == LINK)
		take_link(config, o);
	else if (key == RELEASE)
		config->release = o->arg;
	else if (!coco_take_option(&config->coco, o, key) &&
		 !dataset_take_option(&config->dataset, o, key))
		label_work_take_option(&config->decode, o, key);
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write records as COCO files.",
		.table = table,
		.shared = label_option_rows,
		.also = dataset_option_rows,
		.outcome = &config->outcome,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	if (config->output)
		dataset_check_inputs(&o, config->output, config->release);
	config->tree_options.syncs = config->dataset.syncs;
	config->dataset.output = config->output
					 ? config->output
					 : config->tree_options.directory;
	check(config, &o);
	return o.rest;
}

/* Workers decode labels or, for a panoptic tree, draw them. */
static void *
open_worker(void *context)
{
	struct config *config = context;

	return config->coco.panoptic ? panoptic_worker_open(&config->panoptic)
				     : label_worker_open(&config->decode);
}

static enum coco_result
add_record(struct config *config, struct slice facts)
{
	if (config->tree)
		return coco_tree_add(config->tree, &config->record, facts);
	return coco_add(config->file, &config->record);
}

static int
write_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};
	struct slice facts = panoptic_line(&line);

	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	switch (add_record(config, facts)) {
	case COCO_WRITTEN:
		return 0;
	case COCO_UNLABELLED:
		config->unlabelled++;
		return 0;
	case COCO_FAILED:
		config->failed++;
		diag_say(&config->record.place, "%s",
			 coco_failure(config->writer));
		return 0;
	default:
		return -1;
	}
}

static void
report(struct config *config)
{
	struct outcome *outcome = &config->outcome;
	const struct coco_counts *count = coco_count(config->writer);
	const struct {
		const char *what;
		uint64_t count;
	} facts[] = {
		{"of these, samples written already",
		 config->coco.keep_duplicates ? 0 : count->duplicates},
		{"samples written more than once",
		 config->coco.keep_duplicates ? count->duplicates : 0},
		{"points of no object, each an instance of its own",
		 config->coco.points.by ? count->single_points : 0},
		{"left out, points of a kind that their object has already",
		 count->points_again},
		{"annotations without instance_id, as their track is no "
		 "number from 1",
		 count->untracked},
	};
	size_t i;

	outcome->failed += config->failed;
	outcome_out(outcome, "images", count->images);
	outcome_out(outcome, "annotations", count->annotations);
	outcome_left_out(outcome, "unlabelled", config->unlabelled);
	outcome_left_out(outcome, "annotations without geometry",
			 count->without_geometry);
	outcome_left_out(outcome, UNCATEGORIZED_COUNTED, count->uncategorized);
	if (outcome->quiet)
		return;
	for (i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (facts[i].count)
			diag_say(NULL, "%s: %llu", facts[i].what,
				 (unsigned long long)facts[i].count);
	coco_say_keypoints(config->writer);
	coco_say_statuses(config->writer);
}

/* What --release names comes first: 0, or -1 with the message said. */
static int
take_release(struct config *config)
{
	struct buf release = {0};
	const char *why = NULL;
	int result = 0;

	if (config->release) {
		result = release_info_read(config->release, &release);
		if (result == 0)
			why = coco_take_release(config->writer,
						buf_view(&release));
	}
	if (why)
		diag_say(NULL, "%s: %s", config->release, why);
	buf_release(&release);
	return why ? -1 : result;
}

/* Runs all records into the writer: an exit status. */
static int
run_records(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = config->coco.panoptic ? panoptic_worker_close
						      : label_worker_close,
		.work = config->coco.panoptic ? panoptic_worker_run
					      : label_worker_run,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.needs_release = true,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status = pump_run(&pump, operands);

	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	report(config);
	record_release(&config->record);
	return status;
}

/* Writes one file: an exit status; *whole tells whether it is a document. */
static int
write_document(struct config *config, struct out *out, char **operands,
	       bool *whole)
{
	int status;

	config->file = coco_file_open(config->writer, out);
	*whole = false;
	if (!config->file)
		return STATUS_FATAL;
	status = run_records(config, operands);
	*whole = coco_file_close(config->file) == 0;
	return *whole ? status : STATUS_FATAL;
}

static int
write_stdout(struct config *config, char **operands)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	bool whole;
	int status = write_document(config, out, operands, &whole);

	if (out_close_stdout(out) < 0 || !whole)
		return STATUS_FATAL;
	(void)dataset_publishes(&config->dataset, &config->outcome, &status);
	return status;
}

/* Writes to a file that gets its name only when all went well. */
static int
write_file(struct config *config, char **operands)
{
	struct file *file = file_create(AT_FDCWD, config->output);
	struct out *out;
	bool whole;
	int status;

	if (!file) {
		diag_say(NULL, "%s: %s", config->output, strerror(errno));
		return STATUS_FATAL;
	}
	if (config->dataset.syncs)
		file_syncs(file);
	out = out_open(file_fd(file), config->output);
	status = write_document(config, out, operands, &whole);
	if (out_close(out) < 0 || !whole) {
		file_drop(file);
		return STATUS_FATAL;
	}
	if (!dataset_publishes(&config->dataset, &config->outcome, &status)) {
		file_drop(file);
		return status;
	}
	if (file_publish(file) == 0)
		return status;
	diag_say(NULL, "%s: %s", config->output, strerror(errno));
	return STATUS_FATAL;
}

/* Writes a tree, whose index files come last and only when all went well. */
static int
write_tree(struct config *config, char **operands)
{
	struct asset_reader *assets = asset_reader_open(config->decode.source);
	int status = STATUS_FATAL;
	bool publish;

	config->tree =
		coco_tree_open(config->writer, &config->tree_options, assets);
	config->panoptic = (struct panoptic_work){&config->decode,
						  &config->coco, config->tree};
	if (config->tree) {
		status = run_records(config, operands);
		publish = dataset_publishes(&config->dataset, &config->outcome,
					    &status);
		if (coco_tree_close(config->tree, publish) < 0)
			status = STATUS_FATAL;
	}
	asset_reader_close(assets);
	return status;
}

static int
write_dataset(struct config *config, char **operands)
{
	if (take_release(config) < 0)
		return STATUS_FATAL;
	if (config->tree_options.directory)
		return write_tree(config, operands);
	return config->output ? write_file(config, operands)
			      : write_stdout(config, operands);
}

int
main(int argc, char **argv)
{
	struct config config = {.decode = label_work_default()};
	struct image_names *names;
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	names = image_names_open(config.coco.file_name);
	if (names && label_work_open(&config.decode) == 0) {
		config.writer = coco_open(&config.coco, names);
		if (config.writer)
			status = write_dataset(&config, operands);
	}
	coco_close(config.writer);
	image_names_close(names);
	split_close(config.split);
	label_work_close(&config.decode, config.outcome.quiet);
	return outcome_end(&config.outcome, status);
}
