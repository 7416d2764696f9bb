/* rle_read.h: what rle.h wrote comes back; what is none is refused. */
#include "image/rle_read.h"

#include <stdlib.h>

#include "image/rle.h"
#include "mask.h"
#include "random.h"
#include "tap.h"

/* True when an encoding gives the runs of the mask back. */
static bool
comes_back(struct buf *rle, const struct mask *mask)
{
	struct run_list runs = {0};
	const char *why = rle_read(buf_view(rle), mask->w, mask->h, 1, &runs);
	const struct instance *is = &mask->instance;
	struct instance got = instance_of(1, runs.list, runs.count);
	bool same =
		!why && got.count == is->count && got.area == is->area &&
		(got.count == 0 || memcmp(got.runs, is->runs,
					  is->count * sizeof(*is->runs)) == 0);

	run_list_release(&runs);
	buf_reset(rle);
	return same;
}

static void
test_round_trips(void)
{
	struct buf rle = {0};
	int i, good = 0;

	for (i = 0; i < 4000; i++) {
		struct mask mask =
			mask_make(1 + random_below(40), 1 + random_below(40));
		const uint32_t share = 1 + random_below(9);

		for (size_t p = 0; p < (size_t)mask.w * mask.h; p++)
			mask.set[p] = random_below(10) < share;
		mask_update(&mask);
		rle_put_compressed(&rle, &mask.instance, mask.w, mask.h);
		good += comes_back(&rle, &mask);
		rle_put_counts(&rle, &mask.instance, mask.w, mask.h);
		good += comes_back(&rle, &mask);
		mask_free(&mask);
	}
	ok(good == 8000, "%d of 8000 encodings come back", good);
	buf_release(&rle);
}

static const char *
refusal(const char *rle)
{
	struct run_list runs = {0};
	const char *why = rle_read(slice_of(rle), 3, 2, 1, &runs);

	run_list_release(&runs);
	return why ? why : "";
}

static void
test_refusals(void)
{
	static const struct {
		const char *rle, *why;
	} cases[] = {
		{"{\"size\":[2,3],\"counts\":[6]}", ""},
		{"{\"size\":[2,3],\"counts\":[0,3,0,3]}", ""},
		{"{\"size\":[3,2],\"counts\":[6]}",
		 "an RLE for a bitmap of another size"},
		{"{\"counts\":[6]}", "an RLE without its size"},
		{"{\"size\":[2,3]}", "an RLE without counts"},
		{"{\"size\":[2,3],\"counts\":[5]}",
		 "counts of fewer pixels than the bitmap has"},
		{"{\"size\":[2,3],\"counts\":[5,2]}",
		 "counts of more pixels than the bitmap has"},
		{"{\"size\":[2,3],\"counts\":[-1,7]}",
		 "counts that are no whole numbers"},
		{"{\"size\":[2,3],\"counts\":\"6\"}", ""},
		{"{\"size\":[2,3],\"counts\":\"`\"}",
		 "counts that are no compressed RLE"},
		{"{\"size\":[2,3],\"counts\":\"@\"}",
		 "counts of more pixels than the bitmap has"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *why = refusal(cases[i].rle);

		ok(strcmp(why, cases[i].why) == 0, "%s: %s", cases[i].rle,
		   *why ? why : "taken");
	}
}

int
main(void)
{
	test_round_trips();
	test_refusals();
	return done_testing();
}
