#include "report/html.h"

#include "base/utf8.h"

/* Characters that are not shown, or that change how others are. */
static bool
is_shown(uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code < 0xa0) &&
	       code != 0x061c && !(code >= 0x200e && code <= 0x200f) &&
	       !(code >= 0x202a && code <= 0x202e) &&
	       !(code >= 0x2066 && code <= 0x2069) && code != 0xfeff &&
	       (code & 0xfffe) != 0xfffe;
}

static const char *
entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
		return " ";
	default:
		return NULL;
	}
}

void
html_put(struct buf *to, struct slice text)
{
	size_t at, n;
	uint32_t code;

	for (at = 0; at < text.n; at += n) {
		n = utf8_decode(text.p + at, text.n - at, &code);
		if (n == 0) {
			n = 1;
			code = 0;
		}
		if (entity(code))
			buf_puts(to, entity(code));
		else if (is_shown(code))
			buf_put(to, text.p + at, n);
		else
			buf_puts(to, "\ufffd");
	}
}

void
html_put_head_of(struct buf *to, struct slice title, const char *images,
		 const char *style)
{
	buf_puts(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		     "<meta charset=\"utf-8\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; "
		     "style-src 'unsafe-inline'; base-uri 'none'; "
		     "form-action 'none'");
	if (images) {
		buf_puts(to, "; img-src ");
		buf_puts(to, images);
	}
	buf_puts(to, "\">\n<meta name=\"viewport\" "
		     "content=\"width=device-width, initial-scale=1\">\n"
		     "<meta name=\"color-scheme\" content=\"light dark\">\n"
		     "<title>");
	buf_slice(to, title);
	buf_puts(to, "</title>\n<style>\n");
	buf_puts(to, style);
	buf_puts(to, "</style>\n</head>\n<body>\n");
}

void
html_put_head(struct buf *to, struct slice title, const char *images,
	      const char *style)
{
	struct buf text = {0};

	html_put(&text, title);
	html_put_head_of(to, buf_view(&text), images, style);
	buf_release(&text);
}
