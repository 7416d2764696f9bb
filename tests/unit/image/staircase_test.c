/* Steps of single pixels as diagonals. */
#include "image/staircase.h"

#include <string.h>

#include "tap.h"

/* A ring from text: the way from (0, 0), a letter for each pixel's side. */
static size_t
walk(const char *way, struct point *ring)
{
	struct point at = {0, 0};
	size_t n = 0;
	char before = way[strlen(way) - 1];

	for (; *way; way++) {
		if (*way != before)
			ring[n++] = at;
		before = *way;
		at.x += (*way == 'e') - (*way == 'w');
		at.y += (*way == 's') - (*way == 'n');
	}
	return n;
}

/* The points that are left, as "x,y x,y". */
static const char *
flatten(const char *way)
{
	static char text[400];
	struct point ring[100];
	size_t n = staircase_flatten(ring, walk(way, ring)), i, used = 0;

	text[0] = '\0';
	for (i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%g,%g", i ? " " : "", ring[i].x,
					 ring[i].y);
	return text;
}

int
main(void)
{
	ok(strcmp(flatten("eeesssswwwnnnn"), "0,0 3,0 3,4 0,4") == 0,
	   "a rectangle stays");
	ok(strcmp(flatten("esesesesswwwwnnnnn"), "0,0 1,0 4,3 4,5 0,5") == 0,
	   "a staircase is one diagonal");
	ok(strcmp(flatten("esesswwnnn"), "0,0 1,0 2,1 2,3 0,3") == 0,
	   "so is a step");
	ok(strcmp(flatten("eesseesswwwwnnnn"), "0,0 2,0 2,2 4,2 4,4 0,4") == 0,
	   "steps of two pixels stay: a line between passes others");
	ok(strcmp(flatten("eseneesswwwwnn"),
		  "0,0 1,0 1,1 2,1 2,0 4,0 4,2 0,2") == 0,
	   "a notch of one pixel stays");
	ok(strcmp(flatten("enesesws"
			  "wnwn"),
		  "0,0 1,-1 2,-1 3,0 3,1 2,2 1,2 0,1") == 0,
	   "a cross of five pixels has eight corners, none of them inner");
	ok(strcmp(flatten("ssssseeeennwnwnwnw"),
		  "0,0 0,5 4,5 4,3 3,3 1,1 1,0") == 0,
	   "in a hole it is the other corners that are inner");
	return done_testing();
}
