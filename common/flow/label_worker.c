#include "flow/label_worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/diag.h"

enum {
	OFFLINE = 300,
	PUBLIC_ONLY,
	BASE,
	SEGMENTATION,
	SIMPLIFY,
	REPORT_IOU,
	MIN_AREA,
	UNLISTED,
	CROWD_ATTRIBUTE,
	MAX_PIXELS,
	MAX_LABEL,
	MAX_RECORD,
};

/* Rows of the options about where labels come from, */
#define ASSET_ROWS                                                          \
	{'d', "directory", "DIR",                                           \
	 "where seg-fetch puts files (default $SEGMENTS_DIR or segments)"}, \
		{OFFLINE, "offline", NULL, "never ask the network"},        \
		{PUBLIC_ONLY, "public-only", NULL,                          \
		 "refuse addresses of private networks"},                   \
	{                                                                   \
		BASE, "base", "DIR|URL",                                    \
			"where relative URLs of records begin"              \
	}

/* how many are taken at once, */
#define JOBS_ROW                                                        \
	{                                                               \
		'j', "jobs", "N",                                       \
			"decode on N threads (default: the processors)" \
	}

/* and how much is too much. */
#define LIMIT_ROWS                                                       \
	{MAX_PIXELS, "max-pixels", "N",                                  \
	 "refuse bitmaps of more pixels (default 100000000)"},           \
		{MAX_LABEL, "max-label", "SIZE",                         \
		 "refuse labels that take more memory (default 512M)"},  \
	{                                                                \
		MAX_RECORD, "max-record", "SIZE",                        \
			"refuse records larger than this (default 256M)" \
	}

/* What counts as an annotation, */
#define MIN_AREA_ROW                                                \
	{                                                           \
		MIN_AREA, "min-area", "N",                          \
			"leave out geometry of fewer than N pixels" \
	}

/* and what of a bitmap. */
#define CLAIM_ROWS                                                              \
	{UNLISTED, "unlisted", "warn|fail|ignore",                              \
	 "about pixels that no annotation claims (default warn)"},              \
	{                                                                       \
		CROWD_ATTRIBUTE, "crowd-attribute", "NAME",                     \
			"object attribute that sets iscrowd (default is_crowd)" \
	}

const struct opt label_asset_rows[] = {ASSET_ROWS, LIMIT_ROWS, {0}};
const struct opt label_source_rows[] = {ASSET_ROWS, JOBS_ROW, LIMIT_ROWS, {0}};
const struct opt label_pixel_rows[] = {ASSET_ROWS, JOBS_ROW,   MIN_AREA_ROW,
				       CLAIM_ROWS, LIMIT_ROWS, {0}};

const struct opt label_option_rows[] = {
	ASSET_ROWS,
	JOBS_ROW,
	{SEGMENTATION, "segmentation", "rle|counts|polygon|none",
	 "how pixels are written (default rle)"},
	{SIMPLIFY, "simplify", "PX",
	 "polygons, thinned, off by PX pixels at most"},
	{REPORT_IOU, "report-iou", NULL,
	 "add the IoU of each polygon with its mask"},
	MIN_AREA_ROW,
	CLAIM_ROWS,
	LIMIT_ROWS,
	{0},
};

struct label_work
label_work_default(void)
{
	const char *directory = getenv("SEGMENTS_DIR");

	return (struct label_work){
		.label = label_defaults,
		.assets.directory =
			directory && *directory ? directory : "segments",
		.max_record = RECORD_MAX,
	};
}

/* The last one given counts. */
static void
ask_crowd(struct label_options *label, const char *attribute)
{
	asked_close(label->crowd_asked);
	label->crowd_attribute = attribute;
	label->crowd_asked = asked_open("no annotation has the attribute");
	asked_add(label->crowd_asked, slice_of(attribute));
}

static void
take_label_option(struct label_work *decode, const struct opts *o, int key)
{
	static const char *const forms[] = {"rle", "counts", "polygon", "none",
					    NULL};
	static const char *const actions[] = {"warn", "fail", "ignore", NULL};
	struct label_options *label = &decode->label;

	decode->anew |=
		key != UNLISTED && key != MAX_PIXELS && key != MAX_LABEL;
	if (key == SEGMENTATION) {
		label->segmentation = (enum segmentation)opts_choice(o, forms);
		decode->form_given = true;
	} else if (key == SIMPLIFY) {
		label->simplify = opts_double(o, 0, 1e6);
		if (!decode->form_given)
			label->segmentation = SEGMENTATION_POLYGON;
	} else if (key == REPORT_IOU) {
		label->report_iou = true;
	} else if (key == MIN_AREA) {
		label->min_area = opts_uint(o, 0, UINT64_MAX);
	} else if (key == CROWD_ATTRIBUTE) {
		ask_crowd(label, o->arg);
	} else if (key == UNLISTED) {
		label->unlisted = (enum unlisted)opts_choice(o, actions);
	} else if (key == MAX_PIXELS) {
		label->max_pixels = opts_uint(o, 1, UINT32_MAX);
	} else if (key == MAX_LABEL) {
		label->max_label = opts_bytes(o);
	}
}

/* What there is to say of polygons needs some. */
static void
check_form(const struct label_options *label, const struct opts *o)
{
	if (label->segmentation == SEGMENTATION_POLYGON)
		return;
	if (label->simplify > 0)
		opts_fail(o, "--simplify goes with --segmentation polygon");
	if (label->report_iou)
		opts_fail(o, "--report-iou goes with --segmentation polygon");
}

void
label_work_take_option(struct label_work *decode, const struct opts *o, int key)
{
	decode->directory_given |= key == 'd';
	if (key == -1)
		check_form(&decode->label, o);
	else if (key == 'd')
		decode->assets.directory = o->arg;
	else if (key == 'j')
		decode->jobs = (unsigned)opts_uint(o, 1, 1024);
	else if (key == OFFLINE)
		decode->assets.offline = true;
	else if (key == PUBLIC_ONLY)
		decode->assets.public_only = true;
	else if (key == BASE)
		decode->assets.base = o->arg;
	else if (key == MAX_RECORD)
		decode->max_record = opts_bytes(o);
	else
		take_label_option(decode, o, key);
}

int
label_work_open(struct label_work *decode)
{
	decode->label.oddities = &decode->oddities;
	decode->label.max_record = decode->max_record;
	decode->source = asset_source_open(&decode->assets);
	return decode->source ? 0 : -1;
}

/*
 * A directory that is mistyped has no file. It is looked for at the end: the
 * seg-fetch before us in a pipe may make it.
 */
static void
say_no_directory(const struct label_work *decode)
{
	struct stat st;

	if (decode->directory_given && asset_source_missed(decode->source) &&
	    stat(decode->assets.directory, &st) < 0)
		diag_say(NULL, "-d %s: %s, so no file was found there",
			 decode->assets.directory, strerror(errno));
}

void
label_work_close(struct label_work *decode, bool quiet)
{
	struct asked *asked = decode->label.crowd_asked;

	say_no_directory(decode);
	if (!quiet)
		label_report_oddities(&decode->oddities);
	if (asked && atomic_load(&decode->decoded))
		asked_say_unmet(asked, NULL);
	asked_close(asked);
	decode->label.crowd_asked = NULL;
	asset_source_close(decode->source);
	decode->source = NULL;
}

struct label_worker {
	struct label_work *decode;
	struct label_decoder *decoder;
};

void *
label_worker_open(void *context)
{
	struct label_work *decode = context;
	struct label_worker *worker = xcalloc(1, sizeof(*worker));

	worker->decode = decode;
	worker->decoder = label_decoder_open(&decode->label,
					     asset_reader_open(decode->source));
	return worker;
}

void
label_worker_close(void *context)
{
	struct label_worker *worker = context;

	label_decoder_close(worker->decoder);
	free(worker);
}

enum verdict
label_worker_run(void *context, const struct record *record, struct buf *to)
{
	struct label_worker *worker = context;
	struct slice url;
	const char *why;
	int got;

	if (!worker->decode->anew && label_decoded(record))
		return PUMP_PASS;
	got = label_decode(worker->decoder, record, to);
	if (got == 0)
		return PUMP_PASS;
	if (got < 0) {
		why = label_failure(worker->decoder, &url);
		return pump_fail(record, to, url, "%s", why);
	}
	atomic_store_explicit(&worker->decode->decoded, true,
			      memory_order_relaxed);
	buf_putc(to, '\n');
	return PUMP_WRITE;
}
