/*
 * Records with bytes changed at random: whatever comes in, what is decoded is
 * JSON and counts as decoded, and what is written is a sound COCO file.
 */
#include "output/coco.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "base/stream.h"
#include "label/label.h"
#include "random.h"
#include "tap.h"

enum { ROUNDS = 40000 };

/* 1 1 . 5 / 1 . . 5 / . 300 300 300, as the service writes it. */
static const unsigned char bitmap[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x03,
	0x08, 0x06, 0x00, 0x00, 0x00, 0xb4, 0xf4, 0xae, 0xc6, 0x00, 0x00, 0x00,
	0x01, 0x73, 0x52, 0x47, 0x42, 0x00, 0xae, 0xce, 0x1c, 0xe9, 0x00, 0x00,
	0x00, 0x20, 0x49, 0x44, 0x41, 0x54, 0x78, 0x5e, 0x63, 0x64, 0x64, 0x60,
	0xf8, 0xcf, 0xc0, 0x00, 0x21, 0x58, 0x81, 0x98, 0x11, 0x24, 0x00, 0x16,
	0x81, 0x09, 0x80, 0x24, 0x75, 0x18, 0x19, 0xe0, 0x00, 0x00, 0xa4, 0x8d,
	0x05, 0x38, 0x67, 0xe7, 0x15, 0xdf, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
	0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

#define RELEASE                                                          \
	"\"release\":{\"name\":\"v\",\"dataset\":\"d\",\"categories\":[" \
	"{\"id\":1,\"name\":\"a\",\"color\":[1,2,3]},"                   \
	"{\"id\":2,\"name\":\"b\",\"supercategory\":\"c\"}]}"

static const char *const originals[] = {
	"{\"name\":\"a\",\"uuid\":\"u\",\"attributes\":{\"image\":{\"url\":"
	"\"http://x/a.jpg\"}},\"label\":{\"attributes\":{\"annotations\":["
	"{\"id\":1,\"category_id\":1},{\"id\":5,\"category_id\":2,"
	"\"attributes\":{\"is_crowd\":\"1\"}},{\"id\":300,\"category_id\":1}],"
	"\"segmentation_bitmap\":{\"path\":\"%s\"}}}," RELEASE "}",
	"{\"name\":\"b/c.png\",\"attributes\":{\"image\":{\"path\":"
	"\"d/images/b/c.png\",\"width\":40,\"height\":30}},\"label\":{"
	"\"label_status\":\"LABELED\",\"attributes\":{\"annotations\":["
	"{\"category_id\":1,\"type\":\"polygon\",\"points\":[[1,2],[9,2.5],"
	"[4,8]]},{\"category_id\":2,\"type\":\"bbox\",\"points\":[[3,4],[1,2]"
	"],\"track_id\":7},{\"category_id\":1,\"type\":\"point\",\"points\":["
	"[1e0,2]]},{\"category_id\":2,\"type\":\"polyline\",\"points\":[[1,2]"
	",[3,4]]}]}}," RELEASE "}",
	"{\"name\":\"k\",\"attributes\":{\"image\":{\"width\":40,\"height\":30}}"
	",\"label\":{\"attributes\":{\"annotations\":[{\"id\":1,"
	"\"category_id\":1,\"type\":\"bbox\",\"points\":[[1,1],[30,20]],"
	"\"attributes\":{\"p\":\"1\"}},{\"id\":2,\"category_id\":2,\"type\":"
	"\"point\",\"points\":[[9,9]],\"attributes\":{\"p\":1}},{\"id\":3,"
	"\"category_id\":2,\"type\":\"point\",\"points\":[[35,9.5]],"
	"\"attributes\":{\"p\":\"\\u0031\"}}],\"links\":[{\"from_id\":1,"
	"\"to_id\":2},{\"from_id\":3,\"to_id\":2}]}}," RELEASE "}",
	"{\"name\":\"d\",\"attributes\":{\"image\":{\"width\":4,\"height\":3}}"
	",\"label\":{\"attributes\":{\"annotations\":[{\"id\":1,"
	"\"category_id\":1,\"bbox\":[0,0,2,2],\"area\":3,\"segmentation\":{"
	"\"size\":[3,4],\"counts\":\"021O7\"},\"iscrowd\":0,\"score\":0.5}]}}"
	"," RELEASE "}",
};

static const char path[] = "a.png";
static char directory[] = "/tmp/coco_test.XXXXXX";

/* Goes to a directory of its own, which has the bitmap. */
static void
write_bitmap(void)
{
	FILE *to;

	if (mkdtemp(directory) && chdir(directory) == 0 &&
	    (to = fopen(path, "wb")) != NULL &&
	    fwrite(bitmap, 1, sizeof(bitmap), to) == sizeof(bitmap) &&
	    fclose(to) == 0)
		return;
	printf("Bail out! no temporary file\n");
	exit(2);
}

/* Changes up to three bytes, mostly to others that mean something. */
static void
mutate(struct buf *line)
{
	static const char likely[] = "{}[]\",:\\0159.-eEntfu \n\x80\xc3";
	uint32_t n = random_below(4);

	while (n--) {
		size_t at = random_below((uint32_t)line->len);
		char byte = likely[random_below(sizeof(likely) - 1)];

		if (random_below(4) == 0)
			byte = (char)random_below(256);
		line->data[at] = byte;
	}
}

/* What all rounds share. */
struct bench {
	struct label_decoder *decoder;
	struct coco *coco;
	struct coco_file *file;
	struct record record, again;
	struct buf line, decoded;
	uint64_t written, refused, broken;
	uint64_t unsound; /* decoded, and not what it should be */
};

static bool
is_sound(struct bench *bench)
{
	struct record *again = &bench->again;
	struct json_error error;

	return record_parse(again, buf_view(&bench->decoded), &error) == 0 &&
	       json_validate(again->label, &error) == 0 &&
	       json_validate(again->attributes, &error) == 0 &&
	       label_decoded(again);
}

static void
run_round(struct bench *bench)
{
	const struct record *record = &bench->record;
	struct json_error error;
	int got;

	if (record_parse(&bench->record, buf_view(&bench->line), &error) < 0) {
		bench->broken++;
		return;
	}
	buf_reset(&bench->decoded);
	if (!label_decoded(record)) {
		got = label_decode(bench->decoder, record, &bench->decoded);
		bench->refused += got < 0;
		if (got < 0)
			return;
		if (got > 0) {
			bench->unsound += !is_sound(bench);
			record = &bench->again;
		}
	}
	if (coco_add(bench->file, record) == COCO_WRITTEN)
		bench->written++;
	else
		bench->refused++;
}

static void
run_rounds(struct bench *bench)
{
	const size_t kinds = sizeof(originals) / sizeof(*originals);
	struct buf said = {0};
	int i;

	for (i = 0; i < ROUNDS; i++) {
		const char *original = originals[random_below(kinds)];
		const char *mark = strstr(original, "%s");

		buf_reset(&bench->line);
		buf_reset(&said);
		buf_puts(&bench->line, original);
		if (mark) {
			bench->line.len = (size_t)(mark - original);
			buf_puts(&bench->line, path);
			buf_puts(&bench->line, mark + 2);
		}
		mutate(&bench->line);
		diag_capture(&said);
		run_round(bench);
		diag_capture(NULL);
	}
	buf_release(&said);
}

/* True when all elements of a list have ids from 1 on, in their order. */
static bool
is_numbered(struct slice file, const char *key, uint64_t *count)
{
	struct slice list, id;
	struct json_iter iter;
	struct json_member element;
	int64_t n = 0, found;

	if (!json_find(file, key, &list))
		return false;
	iter = json_iterate(list);
	while (json_next(&iter, &element) > 0)
		if (!json_find(element.value, "id", &id) ||
		    !json_int(id, &found) || found != ++n)
			return false;
	*count = (uint64_t)n;
	return true;
}

static void
check_file(const struct bench *bench, int fd)
{
	struct json_error error = {0};
	struct buf text = {0};
	uint64_t images = 0, annotations = 0;
	off_t size = lseek(fd, 0, SEEK_END);
	bool valid;

	lseek(fd, 0, SEEK_SET);
	text.len = (size_t)size;
	text.data = xmalloc(text.len);
	valid = read(fd, text.data, text.len) == size &&
		json_validate(buf_view(&text), &error) == 0;
	ok(valid, "the file is JSON (%s at %zu)", error.what ? error.what : "",
	   error.offset);
	ok(is_numbered(buf_view(&text), "images", &images) &&
		   images == bench->written,
	   "its images are those written, numbered");
	ok(is_numbered(buf_view(&text), "annotations", &annotations) &&
		   annotations > images,
	   "so are its annotations");
	buf_release(&text);
}

/* All rounds with a writer of its own. */
static void
test_writer(const struct coco_options *options, struct label_decoder *decoder)
{
	struct image_names *names = image_names_open(options->file_name);
	struct bench bench = {.decoder = decoder};
	int fd = stream_temporary();
	struct out *out = out_open(fd, "temporary file");

	bench.coco = coco_open(options, names);
	bench.file = coco_file_open(bench.coco, out);
	run_rounds(&bench);
	ok(bench.written > ROUNDS / 4 && bench.refused > 1000 &&
		   bench.broken > 1000,
	   "%llu records written, %llu refused, %llu broken",
	   (unsigned long long)bench.written, (unsigned long long)bench.refused,
	   (unsigned long long)bench.broken);
	ok(bench.unsound == 0, "what is decoded is JSON and counts as decoded");
	ok(coco_file_close(bench.file) == 0 && out_close(out) == 0,
	   "the file is finished");
	check_file(&bench, fd);
	close(fd);
	coco_close(bench.coco);
	image_names_close(names);
	record_release(&bench.record);
	record_release(&bench.again);
	buf_release(&bench.line);
	buf_release(&bench.decoded);
}

int
main(void)
{
	static const struct asset_options assets = {
		.directory = "/nonexistent",
		.offline = true,
	};
	static const struct coco_options options[] = {
		{.keep_duplicates = true},
		{.keep_duplicates = true,
		 .points.by = POINTS_BY_LINKS,
		 .category_ids = CATEGORY_IDS_BY_NAME,
		 .used_categories = true},
		{.keep_duplicates = true,
		 .points.by = POINTS_BY_BOX,
		 .points.keypoints = "b",
		 .box_polygons = true},
		{.keep_duplicates = true,
		 .points.by = POINTS_BY_ATTRIBUTE,
		 .points.attribute = "p",
		 .image_extra = true},
	};
	struct asset_source *source = asset_source_open(&assets);
	struct label_decoder *decoder =
		label_decoder_open(&label_defaults, asset_reader_open(source));
	size_t i;

	write_bitmap();
	random_seed(7);
	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		test_writer(&options[i], decoder);
	label_decoder_close(decoder);
	asset_source_close(source);
	unlink(path);
	rmdir(directory);
	return done_testing();
}
