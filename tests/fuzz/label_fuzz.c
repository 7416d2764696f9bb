/*
 * Any lines as records of labels: they are decoded, judged and compared,
 * or it is told why not; what comes out is records and lines of JSON, and to
 * decode it again changes nothing.
 */
#include <string.h>

#include "base/diag.h"
#include "fuzz.h"
#include "label/label.h"
#include "label/shapes.h"
#include "report/check.h"
#include "report/eval_samples.h"

static const unsigned most[] = {1, 10, 100};

static struct asset_source *source;
static struct label_decoder *decoder;
static struct judge *judge;
static struct check_options check;
static struct label_options options;

static void
begin(void)
{
	static const struct asset_options assets = {.directory = "/nowhere",
						    .offline = true};

	source = asset_source_open(&assets);
	options = label_defaults;
	options.segmentation = SEGMENTATION_POLYGON;
	options.max_pixels = 1 << 16;
	decoder = label_decoder_open(&options, asset_reader_open(source));
	check = check_options_default();
	check.max_pixels = 1 << 16;
	judge = judge_open(&check, asset_reader_open(source));
}

static void
check_lines(struct slice lines)
{
	struct json_error error;

	while (lines.n) {
		const char *lf = memchr(lines.p, '\n', lines.n);

		PROMISE(lf, "whole lines");
		PROMISE(json_validate((struct slice){lines.p,
						     (size_t)(lf - lines.p)},
				      &error) == 0,
			"each is JSON");
		lines.n -= (size_t)(lf - lines.p) + 1;
		lines.p = lf + 1;
	}
}

static void
judge_it(const struct record *record)
{
	struct watcher *watcher = watcher_open(&check);
	struct buf findings = {0}, more = {0};
	const char *why, *lf;
	uint64_t awaited;

	if (judge_record(judge, record, &findings, &why) == 0) {
		check_lines(buf_view(&findings));
		lf = memchr(findings.data, '\n', findings.len);
		watcher_take(watcher,
			     (struct slice){findings.data,
					    (size_t)(lf - findings.data)},
			     &more, &awaited);
		watcher_end(watcher, &more);
		check_lines(buf_view(&more));
	}
	watcher_close(watcher);
	buf_release(&findings);
	buf_release(&more);
}

/* True with `to` the decoded record, if there is one. */
static bool
decode(const struct record *record, struct buf *to)
{
	struct record decoded = {0};
	struct json_error error;
	struct slice url;
	struct buf again = {0};
	int got = label_decode(decoder, record, to);

	if (got < 0)
		PROMISE(*label_failure(decoder, &url), "why it is not");
	if (got <= 0)
		return false;
	PROMISE(record_parse(&decoded, buf_view(to), &error) == 0 &&
			label_decoded(&decoded),
		"what is decoded is a decoded record");
	PROMISE(json_validate(decoded.label, &error) == 0 &&
			json_validate(decoded.attributes, &error) == 0,
		"what was looked into is JSON");
	if (label_decode(decoder, &decoded, &again) == 1)
		PROMISE(slice_equal(buf_view(to), buf_view(&again)),
			"once more, it is the same");
	record_release(&decoded);
	buf_release(&again);
	return true;
}

static void
take(struct eval_samples *samples, struct slice line)
{
	struct record record = {0}, decoded = {0};
	struct json_error error;
	struct buf text = {0};

	if (record_parse(&record, line, &error) == 0) {
		judge_it(&record);
		if (decode(&record, &text) &&
		    record_parse(&decoded, buf_view(&text), &error) == 0) {
			judge_it(&decoded);
			(void)eval_samples_add(samples, &decoded);
		}
	}
	record_release(&record);
	record_release(&decoded);
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf said;
	struct slice rest = {(const char *)data, size};
	const struct eval_samples_options how = {
		.truth = "a",
		.predicted = "b",
		.rules = {.iou = EVAL_SEGM, .most = 100},
		.most = most,
	};
	struct eval_samples *samples;

	/* A record names files to be read: none that is here. */
	if (size == 0 || size > 5000 || memmem(data, size, "path", 4))
		return 0;
	if (!judge)
		begin();
	buf_reset(&said);
	diag_capture(&said);
	samples = eval_samples_open(&how);
	for (int i = 0; i < 3 && rest.n; i++)
		take(samples, fuzz_line(&rest));
	eval_samples_end(samples);
	eval_samples_close(samples);
	diag_capture(NULL);
	return 0;
}
