/* Lines kept come back from where they are, in memory or in the file. */
#include "report/kept_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "tap.h"

enum { LINES = 3000, LONGEST = 1500 }; /* more than memory keeps */

/* Line i of the test: its number over and over, so long. */
static size_t
make_line(size_t i, char *line)
{
	size_t n = i * 7919 % LONGEST + 1;

	memset(line, 'a' + (int)(i % 26), n);
	return n;
}

int
main(int argc, char **argv)
{
	struct kept_lines *kept = kept_lines_open();
	uint64_t *places = xcalloc(LINES, sizeof(*places));
	bool put = true, same = true;
	struct buf got = {0};
	char line[LONGEST];
	size_t i, n;

	(void)argc;
	diag_init(argv[0]);
	for (i = 0; i < LINES; i++) {
		n = make_line(i, line);
		put &= kept_lines_put(kept, (struct slice){line, n},
				      &places[i]) == 0;
	}
	for (i = LINES; i-- > 0;) {
		n = make_line(i, line);
		buf_reset(&got);
		same &= kept_lines_get(kept, places[i], n, &got) == 0 &&
			slice_equal(buf_view(&got), (struct slice){line, n});
	}
	ok(put, "lines are kept");
	ok(same, "each is read again, the last first");
	kept_lines_close(kept);
	buf_release(&got);
	free(places);
	return done_testing();
}
