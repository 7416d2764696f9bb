/*
 * Any bytes as a record: what is parsed can be edited and written, and is then
 * a record with that member; all the rest is there as it came.
 */
#include <string.h>

#include "fuzz.h"
#include "record/edits.h"
#include "record/record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = {(const char *)data, size};
	struct record record = {0}, again = {0};
	struct json_error error;
	struct edits edits = {0};
	struct buf to = {0};

	/* Lines come without white space around the object. */
	if (size < 2 || data[0] != '{' || data[size - 1] != '}' ||
	    memchr(data, '\n', size))
		return 0;
	if (record_parse(&record, line, &error) == 0) {
		edits_set(&edits, record.line, "mask",
			  slice_of("{\"kind\":\"x\"}"));
		edits_apply(&edits, record.line, &to);
		PROMISE(record_parse(&again, buf_view(&to), &error) == 0,
			"what was edited is a record");
		PROMISE(slice_equal(again.name, record.name) &&
				slice_equal(again.label, record.label) &&
				slice_equal(again.release, record.release),
			"its other members are as they came");
		buf_reset(&to);
		record_put_error(&to, record.line, "why", slice_of(""));
		PROMISE(to.len && to.data[to.len - 1] == '\n', "a whole line");
		to.len--;
		PROMISE(record_parse(&again, buf_view(&to), &error) == 0 &&
				again.error.n,
			"a record with an error is one");
	}
	buf_release(&to);
	edits_release(&edits);
	record_release(&record);
	record_release(&again);
	return 0;
}
