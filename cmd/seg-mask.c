/* seg-mask: writes label maps and pictures of labels. */
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "flow/dataset.h"
#include "flow/label_worker.h"
#include "output/mask_worker.h"
#include "output/status_tally.h"
#include "output/uncategorized.h"
#include "record/split.h"
#include "store/path.h"

enum { KIND = 400, LABELS, UNLABELED, SPLIT, BY, LINK };

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

struct config {
	struct label_work decode;
	struct mask_tree_options tree;
	struct dataset dataset;
	struct outcome outcome;
	struct mask_work work;
	/* Of the calling thread, which sees records in input order. */
	struct out *out;
	struct record record;
	struct split *split;
	struct buf text, bare;
	struct status_tally statuses;
	struct split_key key;
	unsigned long long maps, failed, had_error, unlabelled;
};

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const labels[] = {"contiguous", "keep", NULL};

	switch (key) {
	case 't':
		config->tree.directory = o->arg;
		break;
	case KIND:
		config->tree.mask.kind =
			(enum mask_kind)opts_choice(o, mask_kinds);
		break;
	case LABELS:
		config->tree.mask.keep = opts_choice(o, labels) == 1;
		break;
	case UNLABELED:
		config->tree.mask.unlabeled =
			(int64_t)opts_uint(o, 0, UINT16_MAX);
		break;
	case SPLIT:
		split_close(config->split);
		config->split = split_option(o, o->arg);
		config->tree.images = true;
		break;
	case BY:
		config->tree.by = o->arg;
		break;
	case LINK:
		config->tree.link = (enum tree_link)opts_choice(o, tree_links);
		config->tree.images = true;
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
	if (!config->tree.directory)
		opts_fail(&o, "-t DIR says where maps go");
	if (config->tree.by && !config->split)
		opts_fail(&o, "--by goes with --split");
	if (config->tree.mask.unlabeled >= 0 &&
	    config->tree.mask.kind != MASK_SEMANTIC &&
	    config->tree.mask.kind != MASK_CITYSCAPES)
		opts_fail(&o, "--unlabeled goes with --kind semantic or "
			      "cityscapes");
	if (config->tree.mask.kind == MASK_CITYSCAPES &&
	    config->tree.mask.unlabeled > UINT8_MAX)
		opts_fail(&o, "--unlabeled of cityscapes is at most 255");
	if (config->split)
		check_parts(config, &o);
	/* Its rows need images. */
	config->tree.images |= config->tree.mask.kind == MASK_HF;
	config->tree.mask.max_pixels = config->decode.label.max_pixels;
	return o.rest;
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

	diag_say(&record->place, "%s", why);
	config->failed++;
	buf_reset(&config->bare);
	put_unmasked(line, &config->bare);
	buf_reset(to);
	record_put_error(to, buf_view(&config->bare), why, slice_of(""));
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
	enum label_status status;
	const char *why;

	record->place = *place;
	if (record_parse(record, line, &error) < 0 || record->error.p) {
		mask_tree_forget(config->work.tree, place);
		config->had_error++;
		return write_line(config, line);
	}
	status = label_status_of(record->label);
	if (!mask_tree_holds(config->work.tree, place)) {
		config->unlabelled++;
		status_tally_left_out(&config->statuses, status);
		return write_line(config, line);
	}
	why = mask_tree_settle(config->work.tree, record);
	if (why)
		return write_failed(config, line, why);
	config->maps++;
	split_key_count(&config->key, record);
	status_tally_image(&config->statuses, status,
			   status_tally_is_empty(record));
	return write_line(config, line);
}

static void
report(struct config *config)
{
	struct outcome *outcome = &config->outcome;

	outcome_out(outcome, "maps", config->maps);
	outcome->failed += config->failed;
	outcome_left_out(outcome, "unlabelled",
			 config->unlabelled - config->work.without_objects);
	outcome_left_out(outcome, "labels without objects",
			 config->work.without_objects);
	outcome_left_out(outcome, UNCATEGORIZED_COUNTED,
			 config->work.uncategorized);
	outcome_left_out(outcome, "annotations without pixels",
			 config->work.without_pixels);
	if (!outcome->quiet)
		status_tally_say(&config->statuses);
}

static void *
open_worker(void *context)
{
	struct config *config = context;

	return mask_worker_open(&config->work);
}

static int
run(struct config *config, char **operands)
{
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = mask_worker_close,
		.work = mask_worker_run,
		.take = take_record,
		.takes_records = true,
		.needs_release = true,
		.context = config,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	bool publish;
	int status;

	config->tree.split = config->split;
	config->key.by = config->tree.by;
	config->tree.syncs = config->dataset.syncs;
	config->work.label = &config->decode;
	config->work.options = &config->tree;
	config->work.tree = mask_tree_open(&config->tree);
	if (!config->work.tree)
		return STATUS_FATAL;
	config->out = out_open(STDOUT_FILENO, "<stdout>");
	status = pump_run(&pump, operands);
	if (config->failed + config->had_error && status < STATUS_FAILED)
		status = STATUS_FAILED;
	if (out_close_stdout(config->out) < 0)
		status = STATUS_FATAL;
	config->dataset.output = config->tree.directory;
	report(config);
	if (split_key_say(&config->key))
		status = STATUS_FATAL;
	publish =
		dataset_publishes(&config->dataset, &config->outcome, &status);
	if (mask_tree_close(config->work.tree, publish) < 0)
		status = STATUS_FATAL;
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {
		.decode = label_work_default(),
		.tree.mask = {.unlabeled = -1},
	};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	if (label_work_open(&config.decode) == 0)
		status = run(&config, operands);
	label_work_close(&config.decode, config.outcome.quiet);
	split_close(config.split);
	record_release(&config.record);
	buf_release(&config.text);
	buf_release(&config.bare);
	return outcome_end(&config.outcome, status);
}
