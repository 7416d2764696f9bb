/*
 * Any bytes as an RLE: what is read is inside of its bitmap and in order, and
 * written again it reads the same.
 */
#include <string.h>

#include "fuzz.h"
#include "image/rle.h"
#include "image/rle_read.h"
#include "json/json.h"

enum { WIDTH = 61, HEIGHT = 47 };

static void
check_runs(const struct run_list *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		const struct run *run = &runs->list[i];
		const struct run *last = i ? run - 1 : run;

		PROMISE(run->x < WIDTH && run->y0 < run->y1 &&
				run->y1 <= HEIGHT,
			"inside of the bitmap");
		PROMISE(i == 0 || last->x < run->x ||
				(last->x == run->x && last->y1 < run->y0),
			"in order, never touching");
	}
}

static void
check_again(const struct run_list *runs)
{
	const struct instance instance =
		instance_of(1, runs->list, runs->count);
	struct run_list again = {0};
	struct buf rle = {0};

	for (int form = 0; form < 2; form++) {
		buf_reset(&rle);
		again.count = 0;
		(form ? rle_put_counts : rle_put_compressed)(&rle, &instance,
							     WIDTH, HEIGHT);
		PROMISE(!rle_read(buf_view(&rle), WIDTH, HEIGHT, 1, &again) &&
				again.count == runs->count &&
				(runs->count == 0 ||
				 memcmp(again.list, runs->list,
					runs->count * sizeof(*runs->list)) ==
					 0),
			"it comes back");
	}
	buf_release(&rle);
	run_list_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice counts = {(const char *)data, size};
	struct run_list runs = {0};
	struct json_error error;
	struct buf rle = {0};

	buf_printf(&rle, "{\"size\":[%d,%d],\"counts\":", HEIGHT, WIDTH);
	if (size && (data[0] == '[' || data[0] == '"'))
		buf_slice(&rle, counts);
	else
		json_put_string(&rle, counts);
	buf_putc(&rle, '}');
	if (json_validate(buf_view(&rle), &error) == 0 &&
	    !rle_read(buf_view(&rle), WIDTH, HEIGHT, 1, &runs)) {
		check_runs(&runs);
		check_again(&runs);
	}
	buf_release(&rle);
	run_list_release(&runs);
	return 0;
}
