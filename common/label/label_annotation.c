/* Changes to the members of one annotation, gathered as few edits. */
#include <stdarg.h>

#include "label/label_parts.h"
#include "record/edits.h"
#include "json/lookup.h"

static const struct slice keys[MEMBERS] = {
	[TYPE] = {"type", 4},
	[POINTS] = {"points", 6},
	[ATTRIBUTES] = {"attributes", 10},
	[BBOX] = {"bbox", 4},
	[AREA] = {"area", 4},
	[IOU] = {"iou", 3},
	[SEGMENTATION] = {"segmentation", 12},
	[KEYPOINTS] = {"keypoints", 9},
	[NUM_KEYPOINTS] = {"num_keypoints", 13},
	[ISCROWD] = {"iscrowd", 7},
};

int
label_shown(struct slice value)
{
	enum { MOST = 40 };

	return value.n < MOST ? (int)value.n : MOST;
}

void
label_begin(struct label_decoder *decoder, const struct annotation *annotation)
{
	decoder->text = annotation->text;
	decoder->number = annotation->number;
	buf_reset(&decoder->added);
	members_find(annotation->text, keys, MEMBERS, decoder->members);
}

void
label_set(struct label_decoder *decoder, enum annotation_member member)
{
	const struct slice old = decoder->members[member];
	struct buf *added = &decoder->added;

	if (old.p) {
		edits_replace(&decoder->edits, old, buf_view(&decoder->value));
	} else {
		buf_puts(added, ",\"");
		buf_slice(added, keys[member]);
		buf_puts(added, "\":");
		buf_slice(added, buf_view(&decoder->value));
	}
	buf_reset(&decoder->value);
}

void
label_set_box(struct label_decoder *decoder, const struct box *box)
{
	const double numbers[] = {box->x, box->y, box->w, box->h};
	size_t i;

	for (i = 0; i < 4; i++) {
		buf_putc(&decoder->value, i ? ',' : '[');
		json_put_double(&decoder->value, numbers[i]);
	}
	buf_putc(&decoder->value, ']');
	label_set(decoder, BBOX);
}

void
label_clear(struct label_decoder *decoder, enum annotation_member member)
{
	if (!decoder->members[member].p)
		return;
	buf_puts(&decoder->value, "null");
	label_set(decoder, member);
}

void
label_clear_geometry(struct label_decoder *decoder)
{
	static const enum annotation_member geometry[] = {
		BBOX, AREA, IOU, SEGMENTATION, KEYPOINTS, NUM_KEYPOINTS,
	};
	size_t i;

	for (i = 0; i < sizeof(geometry) / sizeof(*geometry); i++)
		label_clear(decoder, geometry[i]);
}

void
label_leave_out(struct label_decoder *decoder, const char *format, ...)
{
	struct buf what = {0};
	struct slice id;
	va_list args;

	va_start(args, format);
	buf_vprintf(&what, format, args);
	va_end(args);
	if (!json_find(decoder->text, "id", &id))
		id = (struct slice){"", 0};
	diag_warn(&decoder->record->place,
		  "annotation no. %zu%s%.*s%s: %s, is left without geometry",
		  decoder->number, id.n ? " (id " : "", label_shown(id), id.p,
		  id.n ? ")" : "", buf_cstr(&what));
	buf_release(&what);
	label_clear_geometry(decoder);
}

/* 1, however it is spelt, or true; as itself or in a string. */
static bool
is_true(struct slice value)
{
	double number;

	if (json_double(value, &number))
		return number == 1;
	return slice_is(value, "true") ||
	       json_string_is(value, slice_of("1")) ||
	       json_string_is(value, slice_of("1.0")) ||
	       json_string_is(value, slice_of("true"));
}

bool
label_is_crowd(const struct label_decoder *decoder, struct slice attributes)
{
	const struct label_options *options = decoder->options;
	struct slice value;

	if (!json_find(attributes, options->crowd_attribute, &value))
		return false;
	if (options->crowd_asked)
		asked_meet(options->crowd_asked, 0);
	return is_true(value);
}

/* What the record takes, decoded so far: 0, or -1 where that is too much. */
static int
check_size(struct label_decoder *decoder)
{
	const uint64_t most = decoder->options->max_record;

	if (!most || decoder->record->line.n + decoder->edits.text.len <= most)
		return 0;
	return label_fail(decoder,
			  "decoded, the record has more than %llu bytes; "
			  "--max-record allows more, here and in the programs "
			  "that read it",
			  (unsigned long long)most);
}

int
label_end(struct label_decoder *decoder)
{
	const char *foot = decoder->text.p + decoder->text.n - 1;
	struct slice added;
	bool crowd = label_is_crowd(decoder, decoder->members[ATTRIBUTES]);

	buf_putc(&decoder->value, crowd ? '1' : '0');
	label_set(decoder, ISCROWD);
	added = buf_view(&decoder->added);
	/* There is no comma behind the brace of an empty one. */
	if (added.n && json_count(decoder->text) == 0) {
		added.p++;
		added.n--;
	}
	if (added.n)
		edits_replace(&decoder->edits, (struct slice){foot, 0}, added);
	return check_size(decoder);
}
