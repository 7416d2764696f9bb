/* seg-eval: compares predictions with the truth. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/out.h"
#include "base/sandbox.h"
#include "flow/label_worker.h"
#include "report/eval_curves.h"
#include "report/eval_jobs.h"
#include "report/eval_print.h"
#include "report/eval_samples.h"

enum {
	COCO = 400,
	TRUTH,
	PREDICTED,
	IOU,
	AGREE,
	BY,
	FORMAT,
	PER_IMAGE,
	PASS,
	CURVES,
	SIGMAS,
	COUNT_VOID
};

static const struct opt table[] = {
	{TRUTH, "truth", "LABELSET",
	 "the labelset that is right (default ground-truth)"},
	{PREDICTED, "predicted", "LABELSET", "the one that is judged"},
	{COCO, "coco", "FILE",
	 "compare COCO files instead: FILE is the truth, the operand results"},
	{IOU, "iou", "bbox|segm|keypoints|panoptic|semantic",
	 "what is compared (default segm)"},
	{AGREE, "agree", NULL, "how far two labellers agree, neither is right"},
	{BY, "by", "KEY",
	 "also for each status, or value of a path such as metadata.city"},
	{FORMAT, "format", "text|ndjson", "for people (default) or programs"},
	{PER_IMAGE, "per-image", NULL, "a line of JSON for each image instead"},
	{PASS, "pass", NULL,
	 "pass records on with what is wrong with them in `findings`"},
	{CURVES, "curves", "NAME",
	 "write precision by recall to NAME.tsv and NAME.svg"},
	{SIGMAS, "sigmas", "N,...",
	 "of keypoints, where these are not COCO's 17"},
	{COUNT_VOID, "count-void", NULL,
	 "panoptic: predictions on unlabelled pixels are wrong"},
	{0},
};

struct config {
	struct label_work decode;
	const char *coco, *truth, *predicted, *by, *curves;
	bool agree, ndjson, per_image, pass;
	struct outcome outcome;
	struct eval_rules rules;
	double sigmas[EVAL_SIGMAS];
	struct eval_samples *samples;
	struct record record;
	struct buf text; /* what is to be written */
	struct eval_curves *curve_files;
	struct out *out;
};

static const unsigned limits[] = {1, 10, 100};
static const unsigned point_limits[] = {20, 20, 20};

static void
take_sigmas(struct config *config, const struct opts *o)
{
	const char *at = o->arg;
	size_t n = 0;
	char *end;

	do {
		if (n == EVAL_SIGMAS)
			opts_fail(o, "more than %d sigmas", EVAL_SIGMAS);
		config->sigmas[n] = strtod(at, &end);
		if (end == at || !(config->sigmas[n++] > 0))
			opts_fail(o, "'%s' is no sigma", at);
		at = end + 1;
	} while (*end == ',');
	if (*end)
		opts_fail(o, "'%s' is no list of sigmas", o->arg);
	config->rules.sigmas = config->sigmas;
	config->rules.keypoints = n;
}

static void
take_option(struct config *config, const struct opts *o, int key)
{
	static const char *const formats[] = {"text", "ndjson", NULL};

	switch (key) {
	case TRUTH:
		config->truth = o->arg;
		break;
	case PREDICTED:
		config->predicted = o->arg;
		break;
	case COCO:
		config->coco = o->arg;
		break;
	case IOU:
		config->rules.iou =
			(enum eval_iou)opts_choice(o, eval_iou_names);
		break;
	case AGREE:
		config->agree = true;
		break;
	case BY:
		config->by = o->arg;
		break;
	case FORMAT:
		config->ndjson = opts_choice(o, formats);
		break;
	case PER_IMAGE:
		config->per_image = true;
		break;
	case PASS:
		config->pass = true;
		break;
	case CURVES:
		config->curves = o->arg;
		break;
	case SIGMAS:
		take_sigmas(config, o);
		break;
	case COUNT_VOID:
		config->rules.void_counts = true;
		break;
	default:
		label_work_take_option(&config->decode, o, key);
	}
}

/* Figures of categories and sizes are always told, where there are such. */
static void
take_by(struct config *config, const struct opts *o)
{
	if (!config->by)
		return;
	if (strcmp(config->by, "size") == 0 &&
	    config->rules.iou >= EVAL_PANOPTIC)
		opts_fail(o, "--by size is of bbox, segm and keypoints");
	if (strcmp(config->by, "size") == 0 ||
	    strcmp(config->by, "category") == 0)
		config->by = NULL;
}

/* What does not go together. */
static void
check_options(const struct config *config, const struct opts *o)
{
	const enum eval_iou iou = config->rules.iou;

	if (config->coco && (config->predicted || config->by || config->agree))
		opts_fail(o, "--predicted, --by and --agree are for records, "
			     "--coco is for files");
	if (config->coco && (!o->rest[0] || o->rest[1]))
		opts_fail(o, "--coco takes one file of results");
	if (!config->coco && !config->predicted)
		opts_fail(o, "--predicted names the labelset to judge (or "
			     "--coco a file)");
	if (!config->coco && iou == EVAL_KEYPOINTS)
		opts_fail(o, "--iou keypoints goes with --coco (seg-coco "
			     "--group-by makes the files)");
	if (config->curves && iou >= EVAL_PANOPTIC)
		opts_fail(o, "--curves are of bbox, segm and keypoints");
	if (config->pass && (config->coco || config->per_image))
		opts_fail(o, "--pass is for records, and excludes --per-image");
	if (config->pass && iou == EVAL_SEMANTIC)
		opts_fail(o,
			  "--pass tells of objects, --iou semantic has none");
	if (config->agree && config->by)
		opts_fail(o, "--agree and --by exclude each other");
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...|results.json]",
		.summary = "Compare predictions with the truth.",
		.table = table,
		.outcome = &config->outcome,
		.shared = label_source_rows,
	};
	int key;

	config->rules = (struct eval_rules){
		.iou = EVAL_SEGM,
		.sigmas = eval_person_sigmas,
		.keypoints = EVAL_PERSON,
	};
	do {
		key = opts_next(&o, argc, argv);
		take_option(config, &o, key);
	} while (key != -1);
	take_by(config, &o);
	check_options(config, &o);
	if (config->agree) {
		config->rules.iou = EVAL_PANOPTIC;
		config->rules.void_counts = true;
	}
	config->rules.most = config->rules.iou == EVAL_KEYPOINTS ? 20 : 100;
	return o.rest;
}

static const unsigned *
limits_of(const struct config *config)
{
	return config->rules.iou == EVAL_KEYPOINTS ? point_limits : limits;
}

static int64_t
name_category(const void *context, size_t i, struct buf *name, bool *stuff)
{
	const struct coco_input *file = context;

	buf_slice(name, file->categories[i].name);
	*stuff = file->categories[i].stuff;
	return file->categories[i].id;
}

/* Puts what there is to tell into config->text: a status. */
static int
print_report(struct config *config, struct eval_totals *totals,
	     const struct coco_input *file, struct slice group)
{
	const struct eval_report report = {
		.totals = totals,
		.iou = config->rules.iou,
		.agree = config->agree,
		.group = group,
		.most = limits_of(config),
		.category = name_category,
		.context = file,
	};

	eval_score_finish(totals->score, config->decode.jobs);
	if (!group.n)
		outcome_out(&config->outcome, "images", totals->images);
	if (config->curves && !group.n &&
	    eval_curves_write(config->curve_files, &report) < 0)
		return STATUS_FATAL;
	if (config->per_image || config->pass)
		return STATUS_OK;
	if (config->ndjson)
		eval_print_ndjson(&report, &config->text);
	else
		eval_print_text(&report, &config->text);
	return STATUS_OK;
}

/* Tells of what there is some: true then. */
static bool
count_some(struct config *config, const struct outcome_count *count)
{
	if (count->n)
		outcome_left_out(&config->outcome, count->what, count->n);
	return count->n > 0;
}

/* What was left out: true where anything was. */
static bool
count_left_out(struct config *config, const struct eval_left_out *left_out)
{
	const struct outcome_count counts[] = {
		{"annotations of unknown images", left_out->unknown_image},
		{"of unknown categories", left_out->unknown_category},
		{"with broken masks", left_out->bad_mask},
		{"without what is compared", left_out->no_geometry},
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		any |= count_some(config, &counts[i]);
	if (left_out->unknown_image)
		diag_say(NULL,
			 "image ids that the truth has not, such as %" PRId64,
			 left_out->image);
	if (left_out->names_category)
		diag_say(NULL,
			 "category ids that are unknown, such as %" PRId64,
			 left_out->category);
	if (left_out->no_geometry && config->rules.iou == EVAL_KEYPOINTS)
		diag_say(NULL,
			 "compared are objects of %zu keypoints (try: --sigmas "
			 "with one for each)",
			 config->rules.keypoints);
	if (left_out->without_score && !config->outcome.quiet)
		diag_say(NULL, "predictions without a score, taken as 1: %llu",
			 (unsigned long long)left_out->without_score);
	return any;
}

static void
put_image_line(const struct eval_coco *eval, size_t i,
	       const struct eval_image *what, struct buf *text)
{
	const struct coco_image *image = eval_coco_image(eval, i);
	struct buf head = {0};

	buf_printf(&head, "{\"eval\":\"image\",\"image_id\":%lld,\"name\":",
		   (long long)image->id);
	json_put_string(&head, eval_coco_name(eval, i));
	eval_print_image(what, buf_view(&head), text);
	buf_release(&head);
}

/* Each of them counts. */
static void
say_repeated(const struct coco_input *file, const char *path)
{
	int64_t id = 0;
	const size_t repeated = coco_input_repeated(file, &id);

	if (repeated)
		diag_say(NULL,
			 "%s: %zu annotations have the id of another one, "
			 "such as %" PRId64,
			 path, repeated, id);
}

static int
compare_files(struct config *config, const struct coco_input *truth,
	      const struct coco_input *results, const char *results_path)
{
	struct eval_coco *eval = eval_coco_open(truth, results, &config->rules,
						config->decode.jobs);
	struct eval_left_out left_out = {0};
	struct eval_totals totals;
	int status;

	if (!eval)
		return STATUS_FATAL;
	say_repeated(truth, config->coco);
	say_repeated(results, results_path);
	config->outcome.unit = "predictions";
	config->outcome.in = results->annotation_count;
	totals = eval_totals_make(truth->category_count, limits_of(config));
	eval_jobs_run(eval, config->decode.jobs, &totals, &left_out,
		      config->per_image ? put_image_line : NULL, &config->text);
	status = print_report(config, &totals, truth, (struct slice){0});
	if (count_left_out(config, &left_out) && status == STATUS_OK)
		status = STATUS_FAILED;
	eval_totals_release(&totals);
	eval_coco_close(eval);
	return status;
}

static int
run_files(struct config *config, const char *results_path)
{
	struct coco_input *truth = coco_input_read(config->coco,
						   config->decode.jobs),
			  *results = NULL;
	int status = STATUS_FATAL;

	if (truth && truth->image_count == 0)
		diag_say(NULL, "%s: the truth has no images", config->coco);
	else if (truth)
		results = coco_input_read(results_path, config->decode.jobs);
	if (results)
		status = compare_files(config, truth, results, results_path);
	coco_input_close(truth);
	coco_input_close(results);
	return status;
}

static void *
open_worker(void *config)
{
	return label_worker_open(&((struct config *)config)->decode);
}

static void
put_lines(void *context, struct slice lines)
{
	out_put(((struct config *)context)->out, lines);
}

static int
take_record(void *context, struct slice line, const struct place *place)
{
	struct config *config = context;
	struct json_error error = {0};
	const char *why;

	config->record.place = *place;
	if (record_parse(&config->record, line, &error) < 0)
		return -1;
	why = eval_samples_add(config->samples, &config->record);
	if (!why)
		return out_failed(config->out) ? -1 : 0;
	diag_say(&config->record.place, "%s", why);
	return -1;
}

static bool
count_unpaired(struct config *config)
{
	const struct eval_unpaired *u = eval_samples_unpaired(config->samples);
	const struct outcome_count counts[] = {
		{"samples without truth", u->without_truth},
		{"without prediction", u->without_prediction},
		{"of two sizes", u->other_size},
		{"with a labelset twice", u->twice},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		count_some(config, &counts[i]);
	return u->other_size || u->twice;
}

/* Nothing compared is no result: a labelset is misspelt, or was not chosen. */
static void
say_none(const struct config *config)
{
	const struct slice labelsets = eval_samples_labelsets(config->samples);

	diag_say(NULL,
		 "no sample has labels of both '%s' and '%s' but of %.*s "
		 "(seg-samples --all-labelsets gives all)",
		 config->truth, config->predicted,
		 labelsets.n ? (int)labelsets.n : 4,
		 labelsets.n ? labelsets.p : "none");
}

static int
print_samples(struct config *config)
{
	const struct coco_input *file = eval_samples_file(config->samples);
	struct eval_group *groups;
	const size_t count = eval_samples_groups(config->samples, &groups);
	int status = STATUS_OK;

	if (groups[0].totals.images == 0) {
		say_none(config);
		return STATUS_FATAL;
	}
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = print_report(config, &groups[i].totals, file,
				      buf_view(&groups[i].key));
	return status;
}

static int
run_samples(struct config *config, char **operands)
{
	const struct eval_samples_options options = {
		.truth = config->truth,
		.predicted = config->predicted,
		.by = config->by,
		.labellers = config->agree,
		.rules = config->rules,
		.most = limits_of(config),
		.jobs = config->decode.jobs,
		.per_image = config->per_image,
		.pass = config->pass,
		.put = put_lines,
		.context = config,
	};
	struct pump pump = {
		.worker_open = open_worker,
		.worker_close = label_worker_close,
		.work = label_worker_run,
		.take = take_record,
		.context = config,
		.drops_failed = !config->pass,
		.outcome = &config->outcome,
		.jobs = config->decode.jobs,
		.max_record = config->decode.max_record,
	};
	int status, printed;
	bool left_out;

	config->samples = eval_samples_open(&options);
	status = pump_run(&pump, operands);
	eval_samples_end(config->samples);
	left_out =
		count_left_out(config, eval_samples_left_out(config->samples));
	left_out |= count_unpaired(config);
	if (left_out && status == STATUS_OK)
		status = STATUS_FAILED;
	printed = status == STATUS_FATAL ? status : print_samples(config);
	eval_samples_close(config->samples);
	record_release(&config->record);
	return printed > status ? printed : status;
}

static int
run(struct config *config, char **operands)
{
	if (!config->decode.jobs)
		config->decode.jobs = crew_processors();
	if (config->coco) {
		sandbox_enter();
		return run_files(config, operands[0]);
	}
	if (label_work_open(&config->decode) < 0)
		return STATUS_FATAL;
	return run_samples(config, operands);
}

int
main(int argc, char **argv)
{
	struct config config = {.decode = label_work_default(),
				.truth = "ground-truth"};
	char **operands;
	int status = STATUS_FATAL;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&config, argc, argv);
	config.out = out_open(STDOUT_FILENO, "<stdout>");
	if (config.pass)
		broken_off_watch();
	if (config.curves)
		config.curve_files = eval_curves_open(config.curves);
	if (!config.curves || config.curve_files)
		status = run(&config, operands);
	out_put(config.out, buf_view(&config.text));
	label_work_close(&config.decode, config.outcome.quiet);
	eval_curves_close(config.curve_files);
	buf_release(&config.text);
	if (out_close_stdout(config.out) < 0)
		status = STATUS_FATAL;
	return outcome_end(&config.outcome, status);
}
