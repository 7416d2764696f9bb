/* shapes: the same pixels from every stage of a record. */
#include "label/shapes.h"

#include <stdlib.h>

#include "tap.h"

static struct record record;
static struct shape_reader *reader;
static struct shapes shapes;

static int
read_line(const char *line)
{
	struct json_error error = {0};

	record.place = (struct place){.stream = "test", .line = 1};
	if (record_parse(&record, slice_of(line), &error) < 0)
		return -2;
	return shapes_read(reader, &record, &shapes);
}

/* Tells the shapes: "id:category:crowd:x.y0-y1,..." for each. */
static bool
tells(const char *text)
{
	struct buf told = {0};
	size_t i, k;
	bool same;

	for (i = 0; i < shapes.count; i++) {
		const struct shape *shape = &shapes.list[i];

		buf_printf(&told, "%s%lld:%lld:%d:", i ? " " : "",
			   (long long)shape->id, (long long)shape->category_id,
			   shape->crowd);
		for (k = 0; k < shape->instance.count; k++)
			buf_printf(&told, "%s%u.%u-%u", k ? "," : "",
				   shape->instance.runs[k].x,
				   shape->instance.runs[k].y0,
				   shape->instance.runs[k].y1);
	}
	same = slice_is(buf_view(&told), text);
	if (!same)
		printf("# %s\n", buf_cstr(&told));
	buf_release(&told);
	return same;
}

#define RECORD(annotations)                                                     \
	"{\"index\":0,\"name\":\"a\",\"attributes\":{\"image\":{\"url\":\"u\"," \
	"\"width\":4,\"height\":3}},\"label\":{\"attributes\":{"                \
	"\"annotations\":[" annotations "]}},\"release\":{}}"

int
main(void)
{
	struct asset_options options = {
		.directory = "/none",
		.offline = true,
	};
	struct asset_source *source = asset_source_open(&options);
	struct slice url;

	reader = shape_reader_open(
		label_decoder_open(&label_defaults, asset_reader_open(source)));
	ok(read_line(RECORD("{\"id\":1,\"category_id\":2,\"type\":\"bbox\","
			    "\"points\":[[3,2],[1,1]]},"
			    "{\"id\":2,\"category_id\":3,\"type\":\"polygon\","
			    "\"points\":[[0,0],[2,0],[2,2],[0,2]]}")) == 1 &&
		   tells("1:2:0:1.1-2,2.1-2 2:3:0:0.0-2,1.0-2") &&
		   shapes.width == 4 && shapes.height == 3,
	   "points that were not decoded");
	ok(read_line(RECORD(
		   "{\"id\":5,\"category_id\":2,\"iscrowd\":1,"
		   "\"bbox\":[0,0,2,2],\"area\":3,\"segmentation\":{\"size\":"
		   "[3,4],\"counts\":[1,2,1,1,7]}},"
		   "{\"track_id\":7,\"category_id\":1,\"iscrowd\":0,"
		   "\"bbox\":[0,0,1,1],\"area\":12,\"segmentation\":{\"size\":"
		   "[3,4],\"counts\":\"0<\"}}")) == 1 &&
		   tells("5:2:1:0.1-3,1.1-2 7:1:0:0.0-3,1.0-3,2.0-3,3.0-3"),
	   "both run-length encodings, a crowd, a track");
	ok(read_line(RECORD("{\"id\":5,\"category_id\":2,\"iscrowd\":0,"
			    "\"bbox\":[0,0,2,2],\"area\":4,\"segmentation\":"
			    "[[0,0,2,0,2,2,0,2]]},"
			    "{\"id\":6,\"iscrowd\":0,\"bbox\":null}")) == 1 &&
		   tells("5:2:0:0.0-2,1.0-2 6:0:0:") &&
		   shapes.without_pixels == 1 && !shapes.list[1].categorized,
	   "a polygon, and one without geometry or category");
	ok(read_line(RECORD("{\"id\":5,\"iscrowd\":0,\"bbox\":[0,0,2,2],"
			    "\"area\":4,\"segmentation\":{\"size\":[9,4],"
			    "\"counts\":[36]}}")) == -1,
	   "another size is refused: %s", shape_failure(reader, &url));
	ok(read_line(RECORD("")) == 1 && shapes.count == 0,
	   "a label with no annotations has no shapes");
	ok(read_line("{\"index\":0,\"label\":null,\"release\":{}}") == 0,
	   "nothing was labelled");
	shape_reader_close(reader);
	asset_source_close(source);
	record_release(&record);
	return done_testing();
}
