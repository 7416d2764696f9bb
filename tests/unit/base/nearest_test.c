/* The word that was meant. */
#include <string.h>

#include "base/nearest.h"
#include "tap.h"

int
main(void)
{
	static const char *const words[] = {"road", "sidewalk", "Car",
					    "cartwheel", NULL};
	static const struct {
		const char *typed, *nearest;
	} cases[] = {
		{"raod", "road"},
		{"rod", "road"},
		{"roads", "road"},
		{"roaf", "road"},
		{"ROAD", "road"},
		{"car", "Car"},
		{"sidewlak", "sidewalk"},
		{"sidewakl", "sidewalk"},
		{"Side", "sidewalk"},
		{"sidewalking", "sidewalk"},
		{"cart", "Car"},
		{"cartw", "cartwheel"},
		{"cartwheeling", "cartwheel"},
		{"carousel", NULL},
		{"tree", NULL},
		{"", NULL},
		{"ra", NULL},
		{"rdao", NULL},
	};
	char many[400];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = nearest_word(cases[i].typed, words);

		ok(got == cases[i].nearest ||
			   (got && cases[i].nearest &&
			    strcmp(got, cases[i].nearest) == 0),
		   "'%s' is nearest to %s", cases[i].typed,
		   cases[i].nearest ? cases[i].nearest : "none");
	}
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	ok(!nearest_word(many, words), "a long word is near to none");
	return done_testing();
}
