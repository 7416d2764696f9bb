/* Names asked for, and which were met. */
#include <stdio.h>

#include "base/diag.h"
#include "record/asked.h"
#include "tap.h"

int
main(void)
{
	struct asked *asked = asked_open("none is called");
	struct buf said = {0};
	char name[32];
	size_t i, place = 0;
	bool good = true;

	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		good &= asked_add(asked, slice_of(name)) == i;
	}
	ok(good, "names have places in the order they came");
	ok(asked_add(asked, slice_of("n7")) == 7 && asked_count(asked) == 5000,
	   "one that is there keeps its own");
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		good &= asked_find(asked, slice_of(name), &place) && place == i;
	}
	ok(good, "all are found");
	ok(!asked_find(asked, slice_of("n5000"), &place), "no other is");
	for (i = 2; i < 5000; i++) {
		asked_meet(asked, i);
		asked_meet(asked, i);
	}
	ok(asked_unmet(asked) == 2 && asked_met(asked, 2) &&
		   !asked_met(asked, 1),
	   "those that were met are counted once");
	diag_capture(&said);
	asked_say_unmet(asked, NULL);
	diag_capture(NULL);
	ok(slice_is(buf_view(&said),
		    "seg: none is called n0\nseg: none is called n1\n"),
	   "the others are said");
	asked_close(asked);
	buf_release(&said);
	return done_testing();
}
