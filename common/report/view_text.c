/* What a page says of a record: fields, texts, findings. */
#include "base/utf8.h"
#include "report/html.h"
#include "report/view_parts.h"
#include "json/json.h"

void
view_pack(struct buf *to, struct slice field)
{
	buf_uint(to, field.n);
	buf_putc(to, ':');
	buf_slice(to, field);
}

void
view_pack_number(struct buf *to, uint64_t number)
{
	struct buf text = {0};

	buf_uint(&text, number);
	view_pack(to, buf_view(&text));
	buf_release(&text);
}

/* The number that stands at the begin of a slice, which is moved behind it. */
static uint64_t
take_digits(struct slice *rest)
{
	uint64_t number = 0;

	for (; rest->n && *rest->p >= '0' && *rest->p <= '9'; rest->n--)
		number = number * 10 + (uint64_t)(*rest->p++ - '0');
	return number;
}

struct slice
view_unpack(struct slice *rest)
{
	struct slice field = {rest->p, (size_t)take_digits(rest)};

	if (rest->n < 1 + field.n)
		return (struct slice){rest->p, 0};
	field.p = rest->p + 1;
	rest->p += 1 + field.n;
	rest->n -= 1 + field.n;
	return field;
}

uint64_t
view_unpack_number(struct slice *rest)
{
	struct slice field = view_unpack(rest);

	return take_digits(&field);
}

void
view_put_text(struct buf *to, struct slice text, size_t most)
{
	const bool cut = text.n > most;

	if (cut)
		for (text.n = most;
		     text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80;)
			text.n--;
	html_put(to, text);
	if (cut)
		buf_puts(to, "\u2026");
}

void
view_put_value(struct buf *to, struct slice value, size_t most)
{
	struct buf text = {0};

	if (!json_string(value, &text)) {
		buf_reset(&text);
		buf_slice(&text, value);
	}
	view_put_text(to, buf_view(&text), most);
	buf_release(&text);
}

const char *
view_severity(struct slice finding)
{
	struct slice value;

	if (!json_find(finding, "severity", &value))
		return "info";
	if (json_string_is(value, slice_of("error")))
		return "error";
	return json_string_is(value, slice_of("warning")) ? "warning" : "info";
}

void
view_put_finding(struct buf *to, struct slice finding)
{
	struct slice value;

	if (json_find(finding, "rule", &value))
		view_put_value(to, value, 60);
	if (!json_find(finding, "message", &value))
		return;
	buf_puts(to, ": ");
	view_put_value(to, value, 240);
}
