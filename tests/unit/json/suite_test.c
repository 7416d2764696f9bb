/*
 * JSONTestSuite (github.com/nst/JSONTestSuite): what must be accepted, what
 * must be refused, and what we do where the standard leaves it open; each text
 * by itself and as a member's value.
 */
#include <dirent.h>
#include <stdlib.h>

#include "tap.h"
#include "json/json_parts.h"

/* The open cases that are accepted; all others are refused. */
static const char *const accepted[] = {
	/* Numbers of any size are numbers. */
	"i_number_double_huge_neg_exp.json",
	"i_number_huge_exp.json",
	"i_number_neg_int_huge_exp.json",
	"i_number_pos_double_huge_exp.json",
	"i_number_real_neg_overflow.json",
	"i_number_real_pos_overflow.json",
	"i_number_real_underflow.json",
	"i_number_too_big_neg_int.json",
	"i_number_too_big_pos_int.json",
	"i_number_very_big_negative_int.json",
	/* Escapes of surrogates need not come in pairs. */
	"i_object_key_lone_2nd_surrogate.json",
	"i_string_1st_surrogate_but_2nd_missing.json",
	"i_string_1st_valid_surrogate_2nd_invalid.json",
	"i_string_incomplete_surrogate_and_escape_valid.json",
	"i_string_incomplete_surrogate_pair.json",
	"i_string_incomplete_surrogates_escape_valid.json",
	"i_string_invalid_lonely_surrogate.json",
	"i_string_invalid_surrogate.json",
	"i_string_inverted_surrogates_U+1D11E.json",
	"i_string_lone_second_surrogate.json",
};

enum { FILES_Y = 95, FILES_N = 188, FILES_I = 35 };

static bool
must_accept(const char *name)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(*accepted); i++)
		if (strcmp(name, accepted[i]) == 0)
			return true;
	/* A grammar has no word on them, RFC 8259 calls them unpredictable. */
	if (strncmp(name, "y_object_duplicated_key", 23) == 0)
		return false;
	return name[0] == 'y';
}

static void
read_file(const char *directory, const char *name, struct buf *text)
{
	struct buf path = {0};
	FILE *file;
	size_t got;

	buf_printf(&path, "%s/%s", directory, name);
	file = fopen(buf_cstr(&path), "r");
	buf_reset(text);
	do {
		got = file ? fread(buf_reserve(text, 4096), 1, 4096, file) : 0;
		text->len += got;
	} while (got);
	if (file)
		fclose(file);
	buf_release(&path);
}

/* Accepted or refused as it should be, alone and inside of an object. */
static bool
judge(const char *name, struct slice text)
{
	struct json_error error = {0, NULL};
	bool right = must_accept(name), alone, inside;
	struct buf wrapped = {0};

	alone = json_validate(text, &error) == 0;
	if (!alone && (!error.what || error.offset > text.n))
		return false;
	buf_puts(&wrapped, "{\"metadata\":");
	buf_slice(&wrapped, text);
	buf_puts(&wrapped, "}");
	inside = json_validate(buf_view(&wrapped), &error) == 0;
	buf_release(&wrapped);
	if (alone != right || inside != right)
		printf("# %s: %d alone, %d inside\n", name, alone, inside);
	return alone == right && inside == right;
}

static void
test_suite(const char *directory, const struct json_kernel *kernel)
{
	int files[128] = {0}, wrong[128] = {0};
	DIR *dir = opendir(directory);
	struct buf text = {0};
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int kind = entry->d_name[0] & 127;

		if (!slice_ends(slice_of(entry->d_name), ".json"))
			continue;
		read_file(directory, entry->d_name, &text);
		files[kind]++;
		wrong[kind] += !judge(entry->d_name, buf_view(&text));
	}
	if (dir)
		closedir(dir);
	ok(files['y'] == FILES_Y && !wrong['y'], "%s: %d accepted",
	   kernel->name, files['y']);
	ok(files['n'] == FILES_N && !wrong['n'], "%s: %d refused", kernel->name,
	   files['n']);
	ok(files['i'] == FILES_I && !wrong['i'], "%s: %d left open by RFC 8259",
	   kernel->name, files['i']);
	buf_release(&text);
}

int
main(void)
{
	const char *data = getenv("SEGTOOLS_DATA");
	struct buf directory = {0};
	DIR *there;

	buf_printf(&directory, "%s/conformance/jsontestsuite",
		   data ? data : "../shared/data");
	there = opendir(buf_cstr(&directory));
	if (!there) {
		puts("1..0 # SKIP no JSONTestSuite here");
		buf_release(&directory);
		return 0;
	}
	closedir(there);
	for (const struct json_kernel *const *k = json_kernels(); *k; k++) {
		json_use_kernel(*k);
		test_suite(buf_cstr(&directory), *k);
	}
	buf_release(&directory);
	return done_testing();
}
