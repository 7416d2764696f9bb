/* Sequences: a record that was a frame belongs to a video. */
#include <stdlib.h>

#include "output/coco_parts.h"

static bool
is_video(const struct video *video, struct slice name, struct slice sensor)
{
	return slice_equal(buf_view(&video->name), name) &&
	       slice_equal(buf_view(&video->sensor), sensor);
}

static size_t
add_video(struct coco *coco, struct slice name, struct slice sensor)
{
	struct video video = {0};

	buf_slice(&video.name, name);
	buf_slice(&video.sensor, sensor);
	coco->videos = xreallocarray(coco->videos, coco->video_count + 1,
				     sizeof(*coco->videos));
	coco->videos[coco->video_count] = video;
	return coco->video_count++;
}

size_t
coco_find_video(struct coco *coco, const struct record *record)
{
	struct slice name, sensor = {0};
	size_t i;

	if (!json_find(record->frame, "sequence", &name) || !coco_given(name))
		return SIZE_MAX;
	if (json_find(record->frame, "sensor", &sensor) && !coco_given(sensor))
		sensor = (struct slice){0};
	/* Frames of a sequence mostly come one after the other. */
	for (i = coco->video_count; i-- > 0;)
		if (is_video(&coco->videos[i], name, sensor))
			return i;
	return add_video(coco, name, sensor);
}

void
coco_put_videos(const struct coco *coco, struct buf *to)
{
	const char *before = "\n";
	size_t i;

	if (!coco->video_count)
		return;
	buf_puts(to, ",\n\"videos\":[");
	for (i = 0; i < coco->video_count; i++) {
		const struct video *video = &coco->videos[i];

		/* All its frames failed. */
		if (!video->images)
			continue;
		buf_puts(to, before);
		buf_puts(to, "{\"id\":");
		buf_uint(to, i + 1);
		json_put_member(to, slice_of("name"), buf_view(&video->name));
		if (video->sensor.len)
			json_put_member(to, slice_of("sensor"),
					buf_view(&video->sensor));
		buf_puts(to, ",\"length\":");
		buf_uint(to, video->images);
		buf_putc(to, '}');
		before = ",\n";
	}
	buf_puts(to, "\n]");
}
