#include "report/eval_pass.h"

#include <stdlib.h>

#include "record/edits.h"
#include "report/check_parts.h"
#include "report/eval_print.h"
#include "json/json.h"

struct eval_pass {
	struct check_options options;
	struct record record;
	struct check_subject subject;
	struct edits edits;
	struct buf findings, text, id, category;
};

struct eval_pass *
eval_pass_open(void)
{
	struct eval_pass *pass = xcalloc(1, sizeof(*pass));

	pass->options = check_options_default();
	return pass;
}

void
eval_pass_close(struct eval_pass *pass)
{
	if (!pass)
		return;
	record_release(&pass->record);
	edits_release(&pass->edits);
	buf_release(&pass->findings);
	buf_release(&pass->text);
	buf_release(&pass->id);
	buf_release(&pass->category);
	free(pass);
}

/* The box of an annotation, or NULL. */
static const double *
box_of(const struct eval_label *label, int64_t id)
{
	size_t i;

	for (i = 0; i < label->count; i++) {
		const struct coco_annotation *a =
			coco_input_annotation(label->file, label->from + i);

		if (a->id == id)
			return a->has_box ? a->box : NULL;
	}
	return NULL;
}

static struct finding
pair_finding(struct eval_pass *pass, enum check_rule rule,
	     const struct eval_passed *what, const struct eval_pair *pair,
	     int64_t id)
{
	const struct coco_category *category =
		&what->categories[pair->category];

	buf_reset(&pass->id);
	buf_int(&pass->id, id);
	buf_reset(&pass->category);
	json_put_string(&pass->category, category->name);
	return (struct finding){
		.rule = rule,
		.severity = SEVERITY_ERROR,
		.annotation = buf_view(&pass->id),
		.category = buf_view(&pass->category),
	};
}

/* What is wrong with a prediction, or with how it was found. */
static void
put_prediction(struct eval_pass *pass, const struct eval_passed *what,
	       const struct eval_pair *pair)
{
	const double limit = pass->options.limits[RULE_INEXACT];
	struct finding finding =
		pair_finding(pass,
			     pair->has_truth ? RULE_INEXACT
					     : RULE_FALSE_POSITIVE,
			     what, pair, pair->prediction);

	finding.box = box_of(&what->predictions, pair->prediction);
	if (!pair->has_truth) {
		check_put(&pass->options, &pass->subject, &pass->findings,
			  &finding, "no true object is this one, score %.6g",
			  pair->score);
		return;
	}
	if (pair->iou >= limit)
		return;
	finding.valued = true;
	finding.value = pair->iou;
	check_put(&pass->options, &pass->subject, &pass->findings, &finding,
		  "it is the true object %lld, by an IoU of %.3f",
		  (long long)pair->truth, pair->iou);
}

static void
put_truth(struct eval_pass *pass, const struct eval_passed *what,
	  const struct eval_pair *pair)
{
	struct finding finding =
		pair_finding(pass, RULE_MISSED, what, pair, pair->truth);

	finding.box = box_of(&what->truths, pair->truth);
	check_put(&pass->options, &pass->subject, &pass->findings, &finding,
		  "no prediction is this one");
}

/* The list of findings, JSON, from lines. */
static void
put_list(const struct buf *findings, struct buf *to)
{
	size_t i;

	buf_putc(to, '[');
	for (i = 0; i + 1 < findings->len; i++)
		buf_putc(to,
			 findings->data[i] == '\n' ? ',' : findings->data[i]);
	buf_putc(to, ']');
}

static void
list_findings(struct eval_pass *pass, const struct eval_passed *what)
{
	const struct record *record = &pass->record;
	struct slice labelset = {0};
	size_t i;

	json_find(record->release, "labelset", &labelset);
	pass->subject = (struct check_subject){.name = record->name,
					       .uuid = record->uuid,
					       .index = record->index,
					       .labelset = labelset,
					       .frame = record->frame};
	buf_reset(&pass->findings);
	for (i = 0; i < what->image->pair_count; i++) {
		const struct eval_pair *pair = &what->image->pairs[i];

		if (what->predicted && pair->has_prediction)
			put_prediction(pass, what, pair);
		if (what->truth && !pair->has_prediction)
			put_truth(pass, what, pair);
	}
}

void
eval_pass_put(struct eval_pass *pass, struct slice line,
	      const struct eval_passed *what, struct buf *to)
{
	struct json_error error;

	if (!what->image || (!what->truth && !what->predicted) ||
	    record_parse(&pass->record, line, &error) < 0) {
		buf_slice(to, line);
		buf_putc(to, '\n');
		return;
	}
	list_findings(pass, what);
	buf_reset(&pass->text);
	json_put_double(&pass->text, eval_image_quality(what->image));
	edits_set(&pass->edits, line, "quality", buf_view(&pass->text));
	if (pass->findings.len) {
		buf_reset(&pass->text);
		put_list(&pass->findings, &pass->text);
		edits_set(&pass->edits, line, "findings",
			  buf_view(&pass->text));
	}
	edits_apply(&pass->edits, line, to);
	buf_putc(to, '\n');
}
