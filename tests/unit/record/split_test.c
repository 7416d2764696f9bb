/* Places by hash, dotted paths and splits. */
#include "record/split.h"

#include <math.h>
#include <stdio.h>

#include "tap.h"

static double
place_of(const char *line, const char *by, const char *salt)
{
	struct record record = {0};
	struct json_error error;
	double place = -1;

	if (record_parse(&record, slice_of(line), &error) == 0)
		place = split_place(&record, by, salt);
	record_release(&record);
	return place;
}

/*
 * The numbers were computed by another program from the papers that part.c
 * names. They may never change: people's splits hang on them.
 */
static void
test_constants(void)
{
	static const char uuid[] = "{\"index\":1,\"name\":\"n\",\"uuid\":"
				   "\"1e90daec-8d23-5236-83a1-0a4a6b4d0b5e\"}";

	ok(place_of(uuid, NULL, "split") == 0x1.27e43f660b770p-4,
	   "the place of a uuid");
	ok(place_of(uuid, NULL, "sample") == 0x1.0e2a2472c82c0p-4,
	   "is another one with another salt");
	ok(place_of("{\"name\":\"caf\xc3\xa9.jpg\"}", NULL, "split") ==
		   0x1.a02435916eee2p-2,
	   "else that of a name");
	ok(place_of("{\"name\":\"caf\\u00e9.jpg\"}", NULL, "split") ==
		   0x1.a02435916eee2p-2,
	   "however it is spelt");
	ok(place_of("{\"index\":7}", NULL, "split") == 0x1.238c35fca74aap-2,
	   "else that of the index");
}

static void
test_groups(void)
{
	static const char record[] =
		"{\"uuid\":\"%s\",\"metadata\":{\"scene\":%s,\"a.b\":{\"c\":3}}}";
	char one[200], other[200];

	snprintf(one, sizeof(one), record, "u1", "\"x\"");
	snprintf(other, sizeof(other), record, "u2", "\"\\u0078\"");
	ok(place_of(one, "metadata.scene", "split") ==
		   place_of(other, "metadata.scene", "split"),
	   "one group has one place");
	ok(place_of(one, NULL, "split") != place_of(other, NULL, "split"),
	   "its records have each their own");
	ok(place_of(one, "metadata.a.b.c", "split") ==
		   place_of(other, "metadata.a.b.c", "split"),
	   "a key with a dot in it is found");
	snprintf(other, sizeof(other), record, "u1", "null");
	ok(place_of(other, "metadata.scene", "split") ==
			   place_of(one, NULL, "split") &&
		   place_of(one, "metadata.none", "split") ==
			   place_of(one, NULL, "split"),
	   "without a group it is by itself");
}

/* Names alike but for a last digit fall evenly, whatever the salt. */
static void
test_even(void)
{
	enum { NAMES = 100000, PARTS = 20 };
	static const char *const salts[] = {"split", "sample"};
	unsigned counts[PARTS][PARTS] = {{0}}, i, k, good = 0;

	for (i = 0; i < NAMES; i++) {
		char line[64];
		unsigned at[2];

		snprintf(line, sizeof(line), "{\"name\":\"%06u.jpg\"}", i);
		for (k = 0; k < 2; k++)
			at[k] = (unsigned)(place_of(line, NULL, salts[k]) *
					   PARTS);
		counts[at[0]][at[1]]++;
	}
	/* Each cell has 250 on average, with a deviation of 16. */
	for (i = 0; i < PARTS; i++)
		for (k = 0; k < PARTS; k++)
			good += counts[i][k] > 170 && counts[i][k] < 330;
	ok(good == PARTS * PARTS,
	   "parts of two hashes are even and independent: %u of %d", good,
	   PARTS * PARTS);
}

static bool
has_bounds(const char *text, const char *part, double from, double to)
{
	const char *why;
	struct split *split = split_parse(text, &why);
	double got_from = -1, got_to = -1;
	bool found =
		split && split_bounds(split, part, &got_from, &got_to) && !why;

	split_close(split);
	return found && fabs(got_from - from) < 1e-12 &&
	       fabs(got_to - to) < 1e-12;
}

static bool
is_refused(const char *text, const char *wanted)
{
	const char *why;
	struct split *split = split_parse(text, &why);

	split_close(split);
	return !split && strcmp(why, wanted) == 0;
}

static void
test_splits(void)
{
	static const char not_share[] = "a part is NAME:FRACTION";
	static const char not_number[] = "a fraction is a number of at least 0";

	ok(has_bounds("train:0.8,val:0.1,test:0.1", "train", 0, 0.8) &&
		   has_bounds("train:0.8,val:0.1,test:0.1", "val", 0.8, 0.9) &&
		   has_bounds("train:0.8,val:0.1,test:0.1", "test", 0.9, 1),
	   "parts lie side by side");
	ok(has_bounds("a:b:1,c:0", "a:b", 0, 1) &&
		   has_bounds("a:b:1,c:0", "c", 1, 1),
	   "a name may have a colon, and a part be empty");
	ok(has_bounds("a:0.1,b:0.2,c:0.7", "c", 0.3, 1),
	   "rounding leaves no gap");
	ok(!has_bounds("a:1", "b", 0, 1), "another part is not there");
	ok(is_refused("", not_share) && is_refused("a", not_share) &&
		   is_refused(":1", not_share) && is_refused("a:1,", not_share),
	   "texts that are no split are refused");
	ok(is_refused("a:", not_number) && is_refused("a:x", not_number) &&
		   is_refused("a:-1,b:2", not_number) &&
		   is_refused("a:nan", not_number),
	   "so are fractions that are none");
	ok(is_refused("a:0.5", "fractions must add up to 1") &&
		   is_refused("a:inf", "fractions must add up to 1"),
	   "the sum must be 1");
	ok(is_refused("a:0.5,a:0.5", "parts must have names of their own"),
	   "a name may not come twice");
}

int
main(void)
{
	test_constants();
	test_groups();
	test_even();
	test_splits();
	return done_testing();
}
