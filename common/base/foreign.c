#include "base/foreign.h"

#include <ctype.h>
#include <strings.h>

#include "base/diag.h"

#define MAGIC(text) text, sizeof(text) - 1

static const struct format {
	const char *magic;
	size_t n;
	const char *what;
	const char *unpack; /* a command that takes the file, or NULL */
} formats[] = {
	{MAGIC("\x1f\x8b"), "gzip-compressed", "zcat"},
	{MAGIC("PK\x03\x04"), "zip-compressed", "unzip -p"},
	{MAGIC("\xfd"
	       "7zXZ"),
	 "xz-compressed", "xzcat"},
	{MAGIC("BZh"), "bzip2-compressed", "bzcat"},
	{MAGIC("\x28\xb5\x2f\xfd"), "zstd-compressed", "zstdcat"},
	{MAGIC("7z\xbc\xaf\x27\x1c"), "a 7z archive", "7z e -so"},
	{MAGIC("\xff\xfe\0\0"), "UTF-32", "iconv -f UTF-32 -t UTF-8"},
	{MAGIC("\0\0\xfe\xff"), "UTF-32", "iconv -f UTF-32 -t UTF-8"},
	{MAGIC("\xff\xfe"), "UTF-16", "iconv -f UTF-16 -t UTF-8"},
	{MAGIC("\xfe\xff"), "UTF-16", "iconv -f UTF-16 -t UTF-8"},
	{MAGIC("{\0"), "UTF-16", "iconv -f UTF-16LE -t UTF-8"},
	{MAGIC("\0{"), "UTF-16", "iconv -f UTF-16BE -t UTF-8"},
	{MAGIC("\x89PNG"), "a PNG image", NULL},
	{MAGIC("\xff\xd8\xff"), "a JPEG image", NULL},
	{MAGIC("GIF8"), "a GIF image", NULL},
	{MAGIC("RIFF"), "a WebP image or another RIFF file", NULL},
	{MAGIC("II*\0"), "a TIFF image", NULL},
	{MAGIC("MM\0*"), "a TIFF image", NULL},
	{MAGIC("BM"), "a BMP image", NULL},
	{MAGIC("%PDF"), "a PDF document", NULL},
	{MAGIC("\x7f"
	       "ELF"),
	 "a program", NULL},
	{MAGIC("PAR1"), "a Parquet file", NULL},
	{MAGIC("SQLite format 3"), "an SQLite database", NULL},
};

/* Its magic stands behind the first file's name, mode and so on. */
static const struct format tar = {NULL, 0, "a tar archive", "tar -xOf"};

enum { TAR_MAGIC_AT = 257 };

void
foreign_put_name(const char *stream, struct buf *to)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./+@%,-";

	if (strcmp(stream, "<stdin>") == 0)
		return;
	if (!*stream || *stream == '-' ||
	    strspn(stream, plain) != strlen(stream))
		stream = "FILE";
	buf_putc(to, ' ');
	buf_puts(to, stream);
}

/* Text between angle brackets: the first words of a page tell the most. */
static bool
tell_markup(struct slice head, struct buf *to)
{
	bool html = head.n >= 5 && (strncasecmp(head.p, "<html", 5) == 0 ||
				    strncasecmp(head.p, "<!doc", 5) == 0);
	size_t n = 0;

	if (!head.n || *head.p != '<')
		return false;
	while (n < head.n && n < 80 && head.p[n] != '\n' && head.p[n] != '\r')
		n++;
	buf_printf(to, "is %s, not JSON; it begins: %.*s",
		   html ? "an HTML page" : "XML or HTML", (int)n, head.p);
	return true;
}

static void
tell_format(const struct format *format, const char *stream, struct buf *to)
{
	buf_printf(to, "is %s", format->what);
	if (!format->unpack)
		return;
	buf_printf(to, "; try: %s", format->unpack);
	foreign_put_name(stream, to);
	buf_printf(to, " | %s", diag_program());
}

bool
foreign_tell(struct slice head, const char *stream, struct buf *to)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		const struct format *format = &formats[i];

		if (head.n < format->n ||
		    memcmp(head.p, format->magic, format->n) != 0)
			continue;
		tell_format(format, stream, to);
		return true;
	}
	if (head.n >= TAR_MAGIC_AT + 5 &&
	    memcmp(head.p + TAR_MAGIC_AT, "ustar", 5) == 0) {
		tell_format(&tar, stream, to);
		return true;
	}
	while (head.n && isspace((unsigned char)*head.p)) {
		head.p++;
		head.n--;
	}
	return tell_markup(head, to);
}
