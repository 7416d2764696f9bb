#include "report/check.h"

#include <stdlib.h>

#include "base/diag.h"
#include "image/image_size.h"
#include "net/url.h"
#include "report/check_parts.h"
#include "report/fingerprint.h"
#include "json/lookup.h"

struct check_options
check_options_default(void)
{
	struct check_options options = {.max_pixels = 100000000};
	size_t i;

	for (i = 0; i < RULE_COUNT; i++)
		options.limits[i] = check_rules[i].limit;
	return options;
}

/* What is found of an annotation, ready but for its value. */
static struct finding
finding_of(enum check_rule rule, const struct judged *annotation,
	   const double *at)
{
	struct finding finding = {.rule = rule,
				  .severity = SEVERITY_ERROR,
				  .at = at};

	if (!annotation)
		return finding;
	finding.annotation = annotation->id_text;
	finding.category = annotation->category;
	if (annotation->area >= 0)
		finding.box = annotation->box;
	return finding;
}

void
judge_put(struct judge *judge, enum check_rule rule,
	  const struct judged *annotation, const double *at, const char *format,
	  ...)
{
	struct finding finding = finding_of(rule, annotation, at);
	va_list args;

	va_start(args, format);
	check_vput(judge->options, &judge->subject, &judge->findings, &finding,
		   format, args);
	va_end(args);
}

void
judge_put_value(struct judge *judge, enum check_rule rule,
		const struct judged *annotation, const double *at, double value,
		const char *format, ...)
{
	struct finding finding = finding_of(rule, annotation, at);
	va_list args;

	finding.valued = true;
	finding.value = value;
	va_start(args, format);
	check_vput(judge->options, &judge->subject, &judge->findings, &finding,
		   format, args);
	va_end(args);
}

struct judge *
judge_open(const struct check_options *options, struct asset_reader *assets)
{
	struct judge *judge = xcalloc(1, sizeof(*judge));

	judge->options = options;
	judge->assets = assets;
	judge->bitmap = bitmap_open();
	bitmap_keep_columns(judge->bitmap);
	if (options->max_label)
		bitmap_limit_runs(judge->bitmap,
				  (size_t)(options->max_label / 64));
	judge->finder = component_finder_open();
	judge->rasterizers[0] = rasterizer_open();
	judge->rasterizers[1] = rasterizer_open();
	judge->even_odd = even_odd_open();
	return judge;
}

void
judge_close(struct judge *judge)
{
	if (!judge)
		return;
	asset_reader_close(judge->assets);
	bitmap_close(judge->bitmap);
	component_finder_close(judge->finder);
	rasterizer_close(judge->rasterizers[0]);
	rasterizer_close(judge->rasterizers[1]);
	even_odd_close(judge->even_odd);
	left_out_release(&judge->left_out);
	free(judge->list);
	free(judge->gaps);
	free(judge->columns);
	free(judge->points);
	free(judge->point_ends);
	buf_release(&judge->file);
	buf_release(&judge->findings);
	buf_release(&judge->release);
	buf_release(&judge->text);
	free(judge);
}

/* A side of the image that the record tells, or 0. */
static uint32_t
known_side(struct slice image, const char *key)
{
	struct slice value;
	int64_t side;

	if (!json_find(image, key, &value) || !json_int(value, &side) ||
	    side < 1 || side > UINT32_MAX)
		return 0;
	return (uint32_t)side;
}

/* From the file itself, if it is here. */
static void
measure_image(struct judge *judge)
{
	struct image_size size = {.need = IMAGE_SIZE_FIRST};
	enum image_size_result got = IMAGE_SIZE_MORE;
	bool whole;

	if (!asset_local(judge->assets, judge->record, ASSET_IMAGE))
		return;
	while (got == IMAGE_SIZE_MORE) {
		buf_reset(&judge->file);
		if (asset_read_head(judge->assets, judge->record, ASSET_IMAGE,
				    size.need, &judge->file, &whole))
			return;
		got = image_size_read(buf_view(&judge->file), whole, &size);
	}
	if (got != IMAGE_SIZE_OK)
		return;
	judge->width = size.width;
	judge->height = size.height;
}

void
judge_learn_size(struct judge *judge)
{
	struct slice image;

	judge->width = judge->height = 0;
	if (!record_asset(judge->record, ASSET_IMAGE, &image))
		return;
	judge->width = known_side(image, "width");
	judge->height = known_side(image, "height");
	if (!judge->width || !judge->height)
		measure_image(judge);
}

static struct slice
find_category(const struct record *record, struct slice wanted)
{
	struct slice list, id;
	struct json_iter iter;
	struct json_member category;
	int64_t number, other;

	if (!json_int(wanted, &number) ||
	    !json_find(record->release, "categories", &list))
		return (struct slice){0};
	iter = json_iterate(list);
	while (json_next(&iter, &category) > 0)
		if (json_find(category.value, "id", &id) &&
		    json_int(id, &other) && other == number)
			return category.value;
	return (struct slice){0};
}

static void
add_judged(struct judge *judge, struct slice text, size_t frame)
{
	enum { ID, TRACK_ID, CATEGORY_ID, MEMBERS };
	static const struct slice keys[MEMBERS] = {{"id", 2},
						   {"track_id", 8},
						   {"category_id", 11}};
	struct slice found[MEMBERS];
	struct judged *judged;

	if (judge->count == judge->room) {
		judge->room = 2 * judge->room + 64;
		judge->list = xreallocarray(judge->list, judge->room,
					    sizeof(*judge->list));
	}
	judged = &judge->list[judge->count++];
	*judged = (struct judged){.text = text, .frame = frame, .area = -1};
	members_find(text, keys, MEMBERS, found);
	judged->id_text = found[ID].p ? found[ID] : found[TRACK_ID];
	if (!json_int(judged->id_text, &judged->id))
		judged->id = 0;
	judged->definition = find_category(judge->record, found[CATEGORY_ID]);
	if (json_find(judged->definition, "name", &judged->category) &&
	    json_type(judged->category) != JSON_STRING)
		judged->category = (struct slice){0};
}

static void
add_annotations(struct judge *judge, struct slice attributes, size_t frame)
{
	struct slice list;
	struct json_iter iter;
	struct json_member member;

	if (!json_find(attributes, "annotations", &list))
		return;
	iter = json_iterate(list);
	while (json_next(&iter, &member) > 0)
		if (json_type(member.value) == JSON_OBJECT)
			add_judged(judge, member.value, frame);
}

static void
list_annotations(struct judge *judge)
{
	struct slice attributes, frames;
	struct json_iter iter;
	struct json_member frame;
	size_t n = 0;

	judge->count = 0;
	if (!json_find(judge->record->label, "attributes", &attributes))
		return;
	add_annotations(judge, attributes, 0);
	if (!json_find(attributes, "frames", &frames))
		return;
	iter = json_iterate(frames);
	while (json_next(&iter, &frame) > 0)
		add_annotations(judge, frame.value, ++n);
}

/* A fingerprint of a file's URL, or of a name; 0 where there is none. */
static uint64_t
print_url(struct judge *judge)
{
	struct slice image, url;
	size_t start;

	buf_reset(&judge->text);
	if (!record_asset(judge->record, ASSET_IMAGE, &image) ||
	    !json_find(image, "url", &url) || !json_string(url, &judge->text) ||
	    !judge->text.len)
		return 0;
	start = judge->text.len;
	buf_reserve(&judge->text, 2 * start + 16);
	url_put_stable(&judge->text, (struct slice){judge->text.data, start});
	return fingerprint_bytes(1, (struct slice){judge->text.data + start,
						   judge->text.len - start}) |
	       1;
}

/* Of a name without its ending, in small letters. */
static uint64_t
print_stem(struct judge *judge)
{
	struct buf *text = &judge->text;
	size_t i;

	buf_reset(text);
	if (!json_string(judge->record->name, text) || !text->len)
		return 0;
	for (i = text->len; i > 0 && text->data[i - 1] != '/'; i--)
		if (text->data[i - 1] == '.') {
			text->len = i > 1 ? i - 1 : text->len;
			break;
		}
	for (i = 0; i < text->len; i++)
		if (text->data[i] >= 'A' && text->data[i] <= 'Z')
			text->data[i] += 'a' - 'A';
	return fingerprint_bytes(2, buf_view(text)) | 1;
}

/* Of what the sample is: not of its frame, nor of the labelset. */
static uint64_t
print_sample(const struct record *record)
{
	struct slice text = record->uuid;

	if (json_type(text) != JSON_STRING)
		text = record->index.p ? record->index : record->name;
	return fingerprint_bytes(3, text);
}

static void
put_objects(const struct judge *judge, struct buf *to)
{
	const char *before = ",\"objects\":[";
	size_t i, side;

	for (i = 0; i < judge->count; i++) {
		const struct judged *judged = &judge->list[i];

		if (!judged->category.p || judged->frame)
			continue;
		buf_puts(to, before);
		before = ",";
		buf_putc(to, '[');
		buf_slice(to, judged->category);
		buf_putc(to, ',');
		buf_slice(to, judged->id_text.p ? judged->id_text
						: slice_of("null"));
		buf_putc(to, ',');
		json_put_double(to, judged->area);
		for (side = 0; side < 4; side++) {
			buf_putc(to, ',');
			json_put_double(to, judged->box[side]);
		}
		buf_putc(to, ']');
	}
	buf_puts(to, *before == ',' && before[1] ? "" : "]");
}

/* The categories, the first time that a release is seen here. */
static void
put_categories(struct judge *judge, struct buf *to)
{
	struct slice list;

	if (slice_equal(buf_view(&judge->release), judge->record->release) &&
	    judge->release.len)
		return;
	buf_reset(&judge->release);
	buf_slice(&judge->release, judge->record->release);
	if (json_find(judge->record->release, "categories", &list))
		json_put_member(to, slice_of("categories"), list);
}

static size_t
count_lines(struct slice text)
{
	const char *lf;
	size_t n = 0;

	while (text.n && (lf = memchr(text.p, '\n', text.n)) != NULL) {
		n++;
		text.n -= (size_t)(lf - text.p) + 1;
		text.p = lf + 1;
	}
	return n;
}

/* The line for the watcher. */
static void
put_facts(struct judge *judge, struct buf *to)
{
	buf_printf(to, "{\"findings\":%zu",
		   count_lines(buf_view(&judge->findings)));
	check_put_subject(to, &judge->subject);
	buf_printf(to, ",\"keys\":[\"%llx\",\"%llx\",\"%llx\"]",
		   (unsigned long long)print_sample(judge->record),
		   (unsigned long long)print_stem(judge),
		   (unsigned long long)print_url(judge));
	put_categories(judge, to);
	put_objects(judge, to);
	buf_puts(to, "}\n");
}

static int
check_json(const struct record *record, const char **why)
{
	struct json_error error;

	if (json_validate(record->line, &error) == 0)
		return 0;
	*why = error.what;
	return -1;
}

static void
judge_failed(struct judge *judge)
{
	struct slice program, message;
	struct buf text = {0};

	if (json_find(judge->record->error, "program", &program) &&
	    json_string(program, &text))
		buf_puts(&text, ": ");
	if (json_find(judge->record->error, "message", &message))
		json_string(message, &text);
	judge_put(judge, RULE_FAILED, NULL, NULL, "%s", buf_cstr(&text));
	buf_release(&text);
}

int
judge_record(struct judge *judge, const struct record *record, struct buf *to,
	     const char **why)
{
	struct slice labelset = {0}, points;

	if (check_json(record, why) < 0)
		return -1;
	json_find(record->release, "labelset", &labelset);
	judge->record = record;
	judge->subject = (struct check_subject){.name = record->name,
						.uuid = record->uuid,
						.index = record->index,
						.labelset = labelset,
						.frame = record->frame};
	buf_reset(&judge->findings);
	list_annotations(judge);
	if (record->error.p)
		judge_failed(judge);
	judge_members(judge);
	judge_learn_size(judge);
	if (asset_named(record, ASSET_LABEL))
		judge_bitmap(judge);
	else if (judge->count && !judge->list[0].frame &&
		 json_find(judge->list[0].text, "points", &points))
		judge_vector(judge);
	put_facts(judge, to);
	buf_slice(to, buf_view(&judge->findings));
	return 0;
}
