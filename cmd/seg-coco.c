/* seg-coco: writes records as a COCO instance file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/out.h"
#include "flow/label_worker.h"
#include "flow/pump.h"
#include "output/coco.h"
#include "record/release_info.h"

enum {
	PARTIAL = 400,
	RELEASE,
	CATEGORY_IDS,
	USED_CATEGORIES,
	DUPLICATES,
	IMAGE_IDS,
	IMAGE_EXTRA,
	BOXES,
	GROUP_BY,
	KEYPOINT_NAMES,
	OBJECT_CATEGORY,
};

static const struct opt table[] = {
	{'o', "output", "FILE",
	 "write to FILE, which appears when all is well (default: stdout)"},
	{PARTIAL, "partial", NULL,
	 "let FILE appear even if records failed or input broke off"},
	{RELEASE, "release", "FILE",
	 "a release, or its --info: info and categories without records"},
	{CATEGORY_IDS, "category-ids", "keep|contiguous|zero|by-name",
	 "as in the release (default), or from 1, from 0, joined by name"},
	{USED_CATEGORIES, "used-categories", NULL,
	 "list only categories that have annotations"},
	{DUPLICATES, "duplicates", "fail|keep",
	 "about a sample that comes again (default fail)"},
	{IMAGE_IDS, "image-ids", "sequence|index",
	 "images are 1, 2, ... (default), or by the index of their record"},
	{IMAGE_EXTRA, "image-extra", NULL,
	 "add metadata and image_attributes to images"},
	{BOXES, "boxes", "plain|polygon",
	 "polygon: boxes have their corners as segmentation"},
	{GROUP_BY, "group-by", "links|box|attribute:NAME",
	 "gather points into keypoints of their objects"},
	{KEYPOINT_NAMES, "keypoints", "NAME,...",
	 "categories that are keypoints, in this order"},
	{OBJECT_CATEGORY, "object-category", "NAME",
	 "of points of one object that is not drawn itself"},
	{'q', "quiet", NULL, "do not count what was left out"},
	{0},
};

struct config {
	struct label_work decode;
	struct coco_options coco;
	const char *output, *release;
	bool partial, quiet;
	/* What has come so far. */
	struct coco *writer;
	struct coco_file *file;
	struct record record;
	uint64_t unlabelled, failed;
};

/* What makes points one object's; an attribute is named behind a colon. */
static void
take_group(struct coco_options *coco, const struct opts *o)
{
	static const char attribute[] = "attribute";
	const size_t n = sizeof(attribute) - 1;

	coco->group_attribute = NULL;
	if (strcmp(o->arg, "links") == 0) {
		coco->group = COCO_GROUP_LINKS;
	} else if (strcmp(o->arg, "box") == 0) {
		coco->group = COCO_GROUP_BOX;
	} else if (strncmp(o->arg, attribute, n) == 0 && o->arg[n] &&
		   strchr(":= ", o->arg[n]) && o->arg[n + 1]) {
		coco->group = COCO_GROUP_ATTRIBUTE;
		coco->group_attribute = o->arg + n + 1;
	} else {
		opts_fail(o, "--group-by %s: not links, box or attribute:NAME",
			  o->arg);
	}
}

static void
check_group(const struct coco_options *coco, const struct opts *o)
{
	if (coco->group)
		return;
	if (coco->keypoints)
		opts_fail(o, "--keypoints goes with --group-by");
	if (coco->object_category)
		opts_fail(o, "--object-category goes with --group-by");
}

/* An option of how the file is written; false for others. */
static bool
take_form(struct coco_options *coco, const struct opts *o, int key)
{
	static const char *const ids[] = {"keep", "contiguous", "zero",
					  "by-name", NULL};
	static const char *const again[] = {"fail", "keep", NULL};
	static const char *const order[] = {"sequence", "index", NULL};
	static const char *const boxes[] = {"plain", "polygon", NULL};

	if (key == CATEGORY_IDS)
		coco->category_ids = (enum category_ids)opts_choice(o, ids);
	else if (key == USED_CATEGORIES)
		coco->used_categories = true;
	else if (key == DUPLICATES)
		coco->keep_duplicates = opts_choice(o, again);
	else if (key == IMAGE_IDS)
		coco->index_ids = opts_choice(o, order);
	else if (key == IMAGE_EXTRA)
		coco->image_extra = true;
	else if (key == BOXES)
		coco->box_polygons = opts_choice(o, boxes);
	else if (key == GROUP_BY)
		take_group(coco, o);
	else if (key == KEYPOINT_NAMES)
		coco->keypoints = o->arg;
	else if (key == OBJECT_CATEGORY)
		coco->object_category = o->arg;
	else
		return false;
	return true;
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Write records as a COCO instance file.",
		.table = table,
		.shared = label_option_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		if (key == 'o')
			config->output = o.arg;
		else if (key == PARTIAL)
			config->partial = true;
		else if (key == 'q')
			config->quiet = true;
		else if (key == RELEASE)
			config->release = o.arg;
		else if (!take_form(&config->coco, &o, key))
			label_work_take_option(&config->decode, &o, key);
	} while (key != -1);
	check_group(&config->coco, &o);
	if (config->partial && !config->output)
		opts_fail(&o, "--partial goes with -o");
	return o.rest;
}

static void *
open_worker(void *config)
{
	return label_worker_open(&((struct config *)config)->decode);
}

static int
write_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};

	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	switch (coco_add(config->file, &config->record)) {
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
report(const struct config *config, uint64_t failed)
{
	const struct coco_counts *count = coco_count(config->writer);
	const struct {
		const char *what;
		uint64_t count;
	} facts[] = {
		{"left out, unlabelled", config->unlabelled},
		{"left out, annotations without geometry",
		 count->without_geometry},
		{"left out, records with an error", failed},
		{"of these, samples written already",
		 config->coco.keep_duplicates ? 0 : count->duplicates},
		{"samples written more than once",
		 config->coco.keep_duplicates ? count->duplicates : 0},
		{"points of no object, each an instance of its own",
		 config->coco.group ? count->single_points : 0},
		{"left out, points of a kind that their object has already",
		 count->points_again},
		{"annotations without instance_id, as their track is no "
		 "number from 1",
		 count->untracked},
	};
	size_t i;

	if (config->quiet)
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
write_all(struct config *config, struct out *out, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = label_worker_close,
		.work = label_worker_run,
		.take = write_record,
		.context = config,
		.drops_failed = true,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status;

	if (take_release(config) < 0)
		return STATUS_FATAL;
	config->file = coco_file_open(config->writer, out);
	if (!config->file)
		return STATUS_FATAL;
	status = pump_run(&pump, operands);
	if (config->failed && status < STATUS_FAILED)
		status = STATUS_FAILED;
	report(config, pump.failed + config->failed);
	if (coco_file_close(config->file) < 0)
		status = STATUS_FATAL;
	record_release(&config->record);
	return status;
}

static int
write_stdout(struct config *config, char **operands)
{
	struct out *out = out_open(STDOUT_FILENO, "<stdout>");
	int status = write_all(config, out, operands);

	return out_close_stdout(out) < 0 ? STATUS_FATAL : status;
}

/* Writes to a file that gets its name only when all went well. */
static int
write_file(struct config *config, char **operands)
{
	struct file *file = file_create(AT_FDCWD, config->output);
	struct out *out;
	int status;

	if (!file) {
		diag_say(NULL, "%s: %s", config->output, strerror(errno));
		return STATUS_FATAL;
	}
	out = out_open(file_fd(file), config->output);
	status = write_all(config, out, operands);
	if (out_close(out) < 0) {
		file_drop(file);
		return STATUS_FATAL;
	}
	if (status != STATUS_OK && !config->partial) {
		diag_say(NULL, "%s: not written; --partial would",
			 config->output);
		file_drop(file);
		return status;
	}
	if (file_publish(file) == 0)
		return status;
	diag_say(NULL, "%s: %s", config->output, strerror(errno));
	return STATUS_FATAL;
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
	names = image_names_open(config.decode.assets.directory);
	if (names && label_work_open(&config.decode) == 0) {
		config.writer = coco_open(&config.coco, names);
		status = config.output ? write_file(&config, operands)
				       : write_stdout(&config, operands);
	}
	coco_close(config.writer);
	image_names_close(names);
	label_work_close(&config.decode);
	return status;
}
