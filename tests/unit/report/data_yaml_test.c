/* What of a data.yaml is understood, and how the rest is refused. */
#include "report/data_yaml.h"

#include <string.h>

#include "tap.h"

static void
put_text(struct buf *to, const struct data_yaml *yaml, struct yaml_text text)
{
	buf_slice(to, data_yaml_text(yaml, text));
	if (text.quoted)
		buf_putc(to, '\'');
}

/* `key=text`, `key=[item|item]` or `key={key:text|key:text}`. */
static void
put_member(struct buf *to, const struct data_yaml *yaml,
	   const struct yaml_member *member)
{
	buf_printf(to, "%s=%s", member->key,
		   member->kind == YAML_LIST  ? "["
		   : member->kind == YAML_MAP ? "{"
					      : "");
	for (size_t i = 0; i < member->count; i++) {
		buf_puts(to, i ? "|" : "");
		put_text(to, yaml, member->items[i].key);
		buf_puts(to, member->kind == YAML_MAP ? ":" : "");
		put_text(to, yaml, member->items[i].value);
	}
	buf_puts(to, member->kind == YAML_LIST  ? "]"
		     : member->kind == YAML_MAP ? "}"
						: "");
}

/* What is there of `a` and `b`, or what is refused in which line. */
static void
is(const char *text, size_t n, const char *want, const char *name)
{
	static const char *const keys[] = {"a", "b", NULL};
	struct data_yaml yaml;
	struct buf got = {0};
	const bool good =
		data_yaml_read(&yaml, (struct slice){text, n}, keys) == 0;

	if (!good)
		buf_printf(&got, "%lu: %s", yaml.error_line, yaml.error);
	for (size_t i = 0; good && i < yaml.count; i++) {
		const struct yaml_member *member =
			data_yaml_find(&yaml, keys[i]);

		if (!member->there)
			continue;
		buf_puts(&got, got.len ? " " : "");
		put_member(&got, &yaml, member);
	}
	if (!ok(strcmp(buf_cstr(&got), want) == 0, "%s", name))
		printf("# got %s\n# not %s\n", buf_cstr(&got), want);
	buf_release(&got);
	data_yaml_release(&yaml);
}

struct row {
	const char *text, *want, *name;
};

static const struct row understood[] = {
	{"", "", "an empty file"},
	{"\xef\xbb\xbf"
	 "a: 1",
	 "a=1", "a byte order mark"},
	{"--- # one\na: 1\n", "a=1", "the line that begins a document"},
	{"a: 1 # one\r\n\r\n \t\r\nb:\t2\t\r\n", "a=1 b=2",
	 "blanks, ends of lines of another system, and a comment"},
	{"a: x#y:z\n", "a=x#y:z", "# and : within a word"},
	{"a: 'it''s'\nb: \"\\t\\\"\\\\\"\n", "a=it's' b=\t\"\\'",
	 "quoted texts, and what is escaped in them"},
	{"'a': 1\n\"b\": 2\n", "a=1 b=2", "quoted keys"},
	{"a:\nb: 1\n", "a= b=1", "a member without a value"},
	{"a: # nothing\n", "a=", "and one at the end"},
	{"a: [x, 'y', z ]\nb: []\n", "a=[x|y'|z] b=[]", "a list in brackets"},
	{"a: [ # one\n  x,\n  y, # two\n]\n", "a=[x|y]", "over several lines"},
	{"a: {0: x, 1: 'y'}\n", "a={0:x|1:y'}", "a mapping in brackets"},
	{"a: {0:, 1: }\n", "a={0:|1:}", "whose values are nothing"},
	{"a: {x:y: z}\n", "a={x:y:z}", "a colon within a key"},
	{"a:\n  - x\n  - 'y'\n  -\n", "a=[x|y'|]", "a list of lines"},
	{"a:\n- x\n- y\nb: 1\n", "a=[x|y] b=1", "at the left edge"},
	{"a:\n  0: x # one\n\n  1: y\nb: 1\n", "a={0:x|1:y} b=1",
	 "a mapping of lines"},
	{"c: &x\n  - - 1\n  d: [\n]\nc2: !t {\n}\n- x\na: 1\n", "a=1",
	 "what is not asked for may be anything"},
};

static const struct row refused[] = {
	{" a: 1\n", "1: a line that begins with blanks", "a line with blanks"},
	{"a: 1\na: 2\n", "2: a key that stands twice", "a key twice"},
	{"a: 1\n---\nb: 1\n", "2: a second document", "a second document"},
	{"--- x\n", "1: more than one value on a line",
	 "a document in the line that begins one"},
	{"- a\n", "1: no \"key: value\"", "a list"},
	{"a\n", "1: no \"key: value\"", "a text"},
	{"'a\n", "1: a text without its last quote", "a key without its quote"},
	{"a: 'x\n", "1: a text without its last quote",
	 "a value without its quote"},
	{"a: \"\\x41\"\n", "1: an escape that is not understood",
	 "an escape by number"},
	{"a: \"\\", "1: an escape that is not understood",
	 "an escape that the file ends in"},
	{"a: 'x' y\n", "1: more than one value on a line", "two values"},
	{"a: &x 1\n", "1: a value of a kind that is not understood",
	 "an anchor"},
	{"a: |\n  x\n", "1: a value of a kind that is not understood",
	 "a text over several lines"},
	{"\n@a: 1\n", "2: a value of a kind that is not understood",
	 "a key of a kind that YAML keeps for itself"},
	{"a: [x\n", "2: a bracket that is not closed", "an open bracket"},
	{"a: [", "1: a bracket that is not closed", "one with nothing in it"},
	{"a: [x] y\n", "1: more than one value on a line",
	 "a text behind a bracket"},
	{"a: [x y, 'z' w]\n", "1: a list without a comma",
	 "a list without a comma"},
	{"a: [x, [y]]\n", "1: a list within a list", "a list within a list"},
	{"a: [x, *y]\n", "1: a value of a kind that is not understood",
	 "an alias in a list"},
	{"a: {0: [x]}\n", "1: a list within a mapping",
	 "a list within a mapping"},
	{"a: {0: &x 1}\n", "1: a value of a kind that is not understood",
	 "an anchor within a mapping"},
	{"a: {'0: x}\n", "1: a text without its last quote",
	 "a key in brackets without its quote"},
	{"a: {x}\n", "1: a key without a colon", "a key without a colon"},
	{"a:\n  - x\n  y\n", "3: an item without its dash",
	 "an item without its dash"},
	{"a:\n  -x\n", "2: a dash without a space", "a dash without a space"},
	{"a:\n  - [x]\n", "2: a list within a list",
	 "a list within a list of lines"},
	{"a:\n  - !t x\n", "2: a value of a kind that is not understood",
	 "a tag in a list of lines"},
	{"a:\n  0: x\n    1: y\n", "3: a line that is deeper than those before",
	 "a deeper line"},
	{"a:\n  0 x\n", "2: a key without a colon",
	 "a line without a colon in a mapping"},
};

/* As PyYAML 6 reads them. */
static void
test_types(void)
{
	static const struct {
		const char *text;
		enum yaml_type type;
	} rows[] = {
		{"", YAML_NULL},
		{"~", YAML_NULL},
		{"null", YAML_NULL},
		{"Null", YAML_NULL},
		{"NULL", YAML_NULL},
		{"nULL", YAML_STRING},
		{"no", YAML_BOOL},
		{"No", YAML_BOOL},
		{"NO", YAML_BOOL},
		{"nO", YAML_STRING},
		{"on", YAML_BOOL},
		{"False", YAML_BOOL},
		{"FALse", YAML_STRING},
		{"falsehood", YAML_STRING},
		{"7", YAML_NUMBER},
		{"-7", YAML_NUMBER},
		{"+7", YAML_NUMBER},
		{"1.5", YAML_NUMBER},
		{".5", YAML_NUMBER},
		{"1_000", YAML_NUMBER},
		{"1.5e+3", YAML_NUMBER},
		{"1.5E-3", YAML_NUMBER},
		{"1e3", YAML_STRING},
		{"1.5e", YAML_STRING},
		{"e.5", YAML_STRING},
		{"7-", YAML_STRING},
		{"0x1F", YAML_NUMBER},
		{"0xfg", YAML_STRING},
		{"1x1", YAML_STRING},
		{"0x", YAML_STRING},
		{"1:30", YAML_NUMBER},
		{":1", YAML_STRING},
		{"_1", YAML_STRING},
		{".", YAML_STRING},
		{".nan", YAML_NUMBER},
		{".inf", YAML_NUMBER},
		{"-.inf", YAML_NUMBER},
		{"nan", YAML_STRING},
		{"2026-11-26", YAML_DATE},
		{"2026-11-26 10:00", YAML_DATE},
		{"2026/11/26", YAML_STRING},
		{"2026-1x-26", YAML_STRING},
		{"2026-11", YAML_STRING},
		{"donut", YAML_STRING},
		{"Donut hole", YAML_STRING},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ok(yaml_type_of(slice_of(rows[i].text)) == rows[i].type,
		   "what \"%s\" is taken for", rows[i].text);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(understood) / sizeof(*understood); i++)
		is(understood[i].text, strlen(understood[i].text),
		   understood[i].want, understood[i].name);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		is(refused[i].text, strlen(refused[i].text), refused[i].want,
		   refused[i].name);
	test_types();
	is("a: 1\0\n", 6, "1: no text", "bytes that are no text");
	return done_testing();
}
