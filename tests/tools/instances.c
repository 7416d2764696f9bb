/*
 * instances FILE...: a line of JSON for each instance of label bitmaps, with
 * its `id`, `area` and `bbox`, and its mask as `rle` and as `counts`; and an
 * empty line behind those of each file.
 */
#include "image/bitmap.h"
#include "image/rle.h"
#include "tool.h"

static void
print_instance(const struct instance *instance, const struct bitmap_view *view,
	       struct buf *text)
{
	buf_reset(text);
	buf_printf(text, "{\"id\":%u,\"area\":%llu,\"bbox\":[%u,%u,%u,%u]",
		   instance->id, (unsigned long long)instance->area,
		   instance->box.x, instance->box.y, instance->box.w,
		   instance->box.h);
	buf_puts(text, ",\"rle\":");
	rle_put_compressed(text, instance, view->width, view->height);
	buf_puts(text, ",\"counts\":");
	rle_put_counts(text, instance, view->width, view->height);
	printf("%s}\n", buf_cstr(text));
}

int
main(int argc, char **argv)
{
	struct bitmap *bitmap = bitmap_open();
	struct buf text = {0};
	int i;

	for (i = 1; i < argc; i++) {
		struct bitmap_view view;
		struct slice file;
		uint8_t *bytes = tool_slurp(argv[i], &file.n);
		const char *error;
		size_t k;

		file.p = (const char *)bytes;
		error = bitmap_read(bitmap, file, UINT32_MAX, &view);
		if (error)
			tool_fail(error);
		for (k = 0; k < view.count; k++)
			print_instance(&view.instances[k], &view, &text);
		putchar('\n');
		free(bytes);
	}
	buf_release(&text);
	bitmap_close(bitmap);
	return 0;
}
