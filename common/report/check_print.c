#include "report/check_print.h"

#include <stdlib.h>

#include "base/lines.h"
#include "report/fingerprint.h"
#include "report/html.h"
#include "report/sample_index.h"
#include "json/json.h"

struct check_printer {
	struct out *out;
	enum check_format format;
	struct sample_index *known; /* findings of the baseline */
	uint64_t counts[SEVERITY_ERROR + 1];
	bool found[RULE_COUNT];
	struct buf text, scratch;
};

struct check_printer *
check_printer_open(struct out *out, enum check_format format)
{
	struct check_printer *printer = xcalloc(1, sizeof(*printer));

	printer->out = out;
	printer->format = format;
	printer->known = sample_index_open();
	if (format == CHECK_JUNIT)
		out_put(out, slice_of("<?xml version=\"1.0\" "
				      "encoding=\"UTF-8\"?>\n<testsuites>\n"
				      "<testsuite name=\"seg-check\">\n"));
	return printer;
}

/* A rule that found nothing has passed. */
static void
put_passed(struct check_printer *printer)
{
	size_t i;

	buf_reset(&printer->text);
	for (i = 0; i < RULE_COUNT; i++)
		if (!printer->found[i])
			buf_printf(&printer->text,
				   "<testcase classname=\"seg-check\" "
				   "name=\"%s\"/>\n",
				   check_rules[i].name);
	buf_puts(&printer->text, "</testsuite>\n</testsuites>\n");
	out_put(printer->out, buf_view(&printer->text));
}

void
check_printer_close(struct check_printer *printer)
{
	if (!printer)
		return;
	if (printer->format == CHECK_JUNIT)
		put_passed(printer);
	sample_index_close(printer->known);
	buf_release(&printer->text);
	buf_release(&printer->scratch);
	free(printer);
}

/* What makes two findings the same: all but how much, where and how bad. */
static struct fingerprint
print_of(struct check_printer *printer, struct slice line)
{
	static const char *const keys[] = {"rule",     "name",    "uuid",
					   "labelset", "frame",   "annotation",
					   "category", "image_id"};
	struct fingerprint sum = {1, 2}, one;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct slice value = json_get(line, keys[i]);

		one = fingerprint_value(value.p ? value : slice_of("null"),
					&printer->scratch);
		sum.a = fingerprint_bytes(sum.a,
					  (struct slice){(const char *)&one.a,
							 sizeof(one.a)});
		sum.b = fingerprint_bytes(sum.b,
					  (struct slice){(const char *)&one.b,
							 sizeof(one.b)});
	}
	return sum;
}

int
check_printer_take_baseline(struct check_printer *printer, const char *path)
{
	char *name = xstrdup(path);
	char *operands[] = {name, NULL};
	struct lines *lines = lines_open(operands, RECORD_MAX);
	struct json_error error;
	struct place place = {0};
	struct slice line;
	const char *why = NULL;
	int got = 0;

	while (!why && (got = lines_next(lines, &line, &place)) > 0) {
		if (json_validate(line, &error) < 0)
			why = error.what;
		else if (!json_get(line, "rule").p)
			why = "no finding of seg-check";
		else
			sample_index_take(printer->known, SAMPLE_OLD,
					  print_of(printer, line));
	}
	if (why)
		diag_say(&place, "%s", why);
	lines_close(lines);
	free(name);
	return why || got < 0 ? -1 : 0;
}

/* A raw string's text, in a buffer of the printer's. */
static struct slice
text_of(struct check_printer *printer, struct slice value)
{
	buf_reset(&printer->scratch);
	if (!json_string(value, &printer->scratch))
		buf_slice(&printer->scratch, value);
	return buf_view(&printer->scratch);
}

static enum severity
severity_of(struct check_printer *printer, struct slice line)
{
	const struct slice name = text_of(printer, json_get(line, "severity"));
	int severity = SEVERITY_ERROR;

	while (severity > SEVERITY_INFO &&
	       !slice_is(name, severity_names[severity]))
		severity--;
	return (enum severity)severity;
}

static enum check_rule
rule_of(struct check_printer *printer, struct slice line)
{
	return check_rule_find(text_of(printer, json_get(line, "rule")));
}

bool
check_printer_wants(struct check_printer *printer, struct slice line)
{
	enum check_rule rule;

	if (sample_index_count(printer->known) &&
	    sample_index_match(printer->known, SAMPLE_NEW,
			       print_of(printer, line)))
		return false;
	rule = rule_of(printer, line);
	if (rule < RULE_COUNT)
		printer->found[rule] = true;
	printer->counts[severity_of(printer, line)]++;
	return true;
}

uint64_t
check_printer_count(const struct check_printer *printer, enum severity severity)
{
	uint64_t sum = 0;
	size_t i;

	for (i = severity; i <= SEVERITY_ERROR; i++)
		sum += printer->counts[i];
	return sum;
}

static void
put_text(struct check_printer *printer, const char *before, struct slice value)
{
	if (!value.p)
		return;
	buf_puts(&printer->text, before);
	diag_escape(&printer->text, text_of(printer, value));
}

/* The message, its place and the limit. */
static void
put_message(struct check_printer *printer, struct slice line)
{
	enum check_rule rule = rule_of(printer, line);
	struct json_iter at = json_iterate(json_get(line, "at"));
	struct json_member number;
	const char *before = ", at ";

	put_text(printer, "", json_get(line, "message"));
	while (json_next(&at, &number) > 0) {
		put_text(printer, before, number.value);
		before = ",";
	}
	if (!json_get(line, "limit").p || rule == RULE_COUNT)
		return;
	put_text(printer, " (limit ", json_get(line, "limit"));
	buf_printf(&printer->text, " %s)", check_rules[rule].unit);
}

/* file:line: element: */
static void
put_file(struct check_printer *printer, struct slice line)
{
	if (!json_get(line, "file").p)
		return;
	put_text(printer, "", json_get(line, "file"));
	put_text(printer, ":", json_get(line, "line"));
	buf_puts(&printer->text, ": ");
	put_text(printer, "", json_get(line, "element"));
	buf_puts(&printer->text, json_get(line, "element").p ? ": " : "");
}

/* stream:line: sample: annotation 3 (car): warning: ... [rule] */
static void
put_line(struct check_printer *printer, struct slice line,
	 const struct place *place)
{
	const struct slice annotation = json_get(line, "annotation");

	put_file(printer, line);
	if (place->stream)
		buf_printf(&printer->text, "%s:%llu: ", place->stream,
			   place->line);
	put_text(printer, "", json_get(line, "name"));
	buf_puts(&printer->text, json_get(line, "name").p ? ": " : "");
	put_text(printer, "annotation ", annotation);
	put_text(printer, annotation.p ? " (" : "category ",
		 json_get(line, "category"));
	if (json_get(line, "category").p)
		buf_puts(&printer->text, annotation.p ? "): " : ": ");
	else if (annotation.p)
		buf_puts(&printer->text, ": ");
	put_text(printer, "", json_get(line, "severity"));
	buf_puts(&printer->text, ": ");
	put_message(printer, line);
	put_text(printer, " [", json_get(line, "rule"));
	buf_puts(&printer->text, "]\n");
}

/* Attribute values of XML, in quotes. */
static void
put_attribute(struct check_printer *printer, const char *before,
	      struct slice value)
{
	if (!value.p)
		return;
	buf_puts(&printer->text, before);
	html_put(&printer->text, text_of(printer, value));
}

static void
put_case(struct check_printer *printer, struct slice line)
{
	struct buf message = {0}, kept = printer->text;
	struct slice name = json_get(line, "name");
	struct slice category = json_get(line, "category");

	if (!category.p)
		category = json_get(line, "file");
	/* The message is made in the buffer of the text. */
	printer->text = message;
	put_message(printer, line);
	message = printer->text;
	printer->text = kept;
	put_attribute(printer, "<testcase classname=\"seg-check.",
		      json_get(line, "rule"));
	put_attribute(printer, "\" name=\"", name.p ? name : category);
	put_attribute(printer, ", annotation ", json_get(line, "annotation"));
	put_attribute(printer, "\"><failure type=\"",
		      json_get(line, "severity"));
	buf_puts(&printer->text, "\" message=\"");
	html_put(&printer->text, buf_view(&message));
	buf_puts(&printer->text, "\"/></testcase>\n");
	buf_release(&message);
}

void
check_printer_put(struct check_printer *printer, struct slice line,
		  const struct place *place)
{
	buf_reset(&printer->text);
	switch (printer->format) {
	case CHECK_NDJSON:
		buf_slice(&printer->text, line);
		buf_putc(&printer->text, '\n');
		break;
	case CHECK_TEXT:
		put_line(printer, line, place);
		break;
	case CHECK_JUNIT:
		put_case(printer, line);
		break;
	}
	out_put(printer->out, buf_view(&printer->text));
}

/* Appends text in lines of 76 columns at most. */
static void
put_folded(struct buf *to, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column && column + 1 + n > 76) {
			buf_putc(to, '\n');
			column = 0;
		} else if (column) {
			buf_putc(to, ' ');
			column++;
		}
		buf_put(to, text, n);
		column += n;
		text += n + (text[n] == ' ');
	}
	buf_putc(to, '\n');
}

void
check_put_rule(struct buf *to, enum check_rule rule, bool whole)
{
	const struct check_rule_facts *facts = &check_rules[rule];
	const char *before = "breaks: ";
	size_t i;

	if (!whole) {
		buf_printf(to, "%-17s %-7s  %s\n", facts->name,
			   severity_names[facts->severity], facts->what);
		return;
	}
	buf_printf(to, "%s (%s): %s\n\n", facts->name,
		   severity_names[facts->severity], facts->what);
	put_folded(to, facts->why);
	if (facts->limit >= 0)
		buf_printf(to, "\nlimit: %g %s\n", facts->limit, facts->unit);
	for (i = 0; i < READERS && facts->breaks; i++) {
		if (!(facts->breaks >> i & 1))
			continue;
		buf_printf(to, "%s%s", *before == 'b' ? "\nbreaks: " : ", ",
			   check_reader_names[i]);
		before = ", ";
	}
	buf_puts(to, facts->breaks ? "\n" : "");
}
