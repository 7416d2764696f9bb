/* A finding as a line of JSON. */
#include <stdarg.h>

#include "report/check_parts.h"
#include "json/json.h"

static void
put_member(struct buf *to, const char *key, struct slice value)
{
	if (value.p)
		json_put_member(to, slice_of(key), value);
}

static void
put_numbers(struct buf *to, const char *key, const double *numbers, size_t n)
{
	size_t i;

	if (!numbers)
		return;
	buf_printf(to, ",\"%s\":", key);
	for (i = 0; i < n; i++) {
		buf_putc(to, i ? ',' : '[');
		json_put_double(to, numbers[i]);
	}
	buf_putc(to, ']');
}

static void
put_readers(struct buf *to, unsigned readers)
{
	const char *before = ",\"breaks\":[";
	size_t i;

	for (i = 0; i < READERS; i++) {
		if (!(readers >> i & 1))
			continue;
		buf_printf(to, "%s\"%s\"", before, check_reader_names[i]);
		before = ",";
	}
	buf_puts(to, readers ? "]" : "");
}

/* The readers that a rule breaks, of those that read such a thing. */
static unsigned
readers_of(const struct check_options *options,
	   const struct check_rule_facts *rule)
{
	return options->read_by ? rule->breaks & options->read_by
				: rule->breaks;
}

static enum severity
severity_of(const struct check_options *options, const struct finding *finding)
{
	const struct check_rule_facts *rule = &check_rules[finding->rule];

	if (readers_of(options, rule) & options->readers)
		return SEVERITY_ERROR;
	return finding->severity < rule->severity ? finding->severity
						  : rule->severity;
}

void
check_put_subject(struct buf *to, const struct check_subject *subject)
{
	put_member(to, "file", subject->file);
	put_member(to, "line", subject->line);
	put_member(to, "element", subject->element);
	put_member(to, "image_id", subject->image_id);
	put_member(to, "name", subject->name);
	put_member(to, "uuid", subject->uuid);
	put_member(to, "index", subject->index);
	put_member(to, "labelset", subject->labelset);
	put_member(to, "frame", subject->frame);
}

void
check_vput(const struct check_options *options,
	   const struct check_subject *subject, struct buf *to,
	   const struct finding *finding, const char *format, va_list args)
{
	const struct check_rule_facts *rule = &check_rules[finding->rule];
	struct buf text = {0};

	if (options->disabled[finding->rule])
		return;
	buf_printf(to, "{\"rule\":\"%s\",\"severity\":\"%s\"", rule->name,
		   severity_names[severity_of(options, finding)]);
	check_put_subject(to, subject);
	put_member(to, "annotation", finding->annotation);
	put_member(to, "category", finding->category);
	buf_vprintf(&text, format, args);
	buf_puts(to, ",\"message\":");
	json_put_string(to, buf_view(&text));
	buf_release(&text);
	if (finding->valued) {
		buf_puts(to, ",\"value\":");
		json_put_double(to, finding->value);
		buf_puts(to, ",\"limit\":");
		json_put_double(to, options->limits[finding->rule]);
	}
	put_numbers(to, "at", finding->at, 2);
	put_numbers(to, "bbox", finding->box, 4);
	put_readers(to, readers_of(options, rule));
	buf_puts(to, "}\n");
}

void
check_put(const struct check_options *options,
	  const struct check_subject *subject, struct buf *to,
	  const struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	check_vput(options, subject, to, finding, format, args);
	va_end(args);
}
