#include "report/check_files_parts.h"
#include "json/json.h"

void
file_judge_init(struct file_judge *judge, struct check_sink *sink,
		unsigned read_by)
{
	*judge = (struct file_judge){.sink = sink, .options = *sink->options};
	judge->options.read_by = read_by;
}

void
file_judge_release(struct file_judge *judge)
{
	buf_release(&judge->file);
	buf_release(&judge->element);
	buf_release(&judge->number);
}

void
file_judge_begin(struct file_judge *judge, const char *file)
{
	buf_reset(&judge->file);
	json_put_string(&judge->file, slice_of(file));
	file_judge_end(judge);
}

void
file_judge_element(struct file_judge *judge, const char *list, uint64_t n)
{
	buf_reset(&judge->element);
	buf_printf(&judge->element, "\"%s[%llu]\"", list,
		   (unsigned long long)n);
	judge->subject.element = buf_view(&judge->element);
}

void
file_judge_line(struct file_judge *judge, uint64_t line)
{
	buf_reset(&judge->number);
	buf_uint(&judge->number, line);
	judge->subject.line = buf_view(&judge->number);
}

void
file_judge_end(struct file_judge *judge)
{
	judge->subject = (struct check_subject){.file = buf_view(&judge->file)};
	judge->annotation = judge->category = (struct slice){0};
	judge->box = judge->at = NULL;
	if (judge->sink->findings->len)
		judge->sink->take(judge->sink->context);
}

static struct finding
finding_at_hand(struct file_judge *judge, enum check_rule rule)
{
	const bool mild = judge->mild;

	judge->mild = false;
	return (struct finding){
		.rule = rule,
		.severity = mild ? SEVERITY_WARNING : SEVERITY_ERROR,
		.annotation = judge->annotation,
		.category = judge->category,
		.box = judge->box,
		.at = judge->at,
	};
}

void
file_judge_put(struct file_judge *judge, enum check_rule rule,
	       const char *format, ...)
{
	const struct finding finding = finding_at_hand(judge, rule);
	va_list args;

	va_start(args, format);
	check_vput(&judge->options, &judge->subject, judge->sink->findings,
		   &finding, format, args);
	va_end(args);
}

void
file_judge_put_value(struct file_judge *judge, enum check_rule rule,
		     double value, const char *format, ...)
{
	struct finding finding = finding_at_hand(judge, rule);
	va_list args;

	finding.valued = true;
	finding.value = value;
	va_start(args, format);
	check_vput(&judge->options, &judge->subject, judge->sink->findings,
		   &finding, format, args);
	va_end(args);
}

double
file_judge_limit(const struct file_judge *judge, enum check_rule rule)
{
	return judge->options.limits[rule];
}

struct slice
text_member(struct slice value, struct buf *text)
{
	buf_reset(text);
	json_string(value, text);
	return buf_view(text);
}
