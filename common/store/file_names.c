#include "store/file_names.h"

#include <stdlib.h>

#include "codec/digest.h"
#include "net/url.h"
#include "store/path.h"

/*
 * What is known of a path: a claim of this run, a line of the manifest, or
 * that it is a directory. 16 bytes each, so that two million files take 40 MB.
 */
struct name {
	uint64_t key;  /* digest of the folded path; 0: free */
	uint64_t fact; /* two bits of kind, one of use, and the rest */
};

#define KIND ((uint64_t)3 << 62)
#define CLAIM ((uint64_t)1 << 62) /* 31 bits each of owner and URL */
#define LINE ((uint64_t)2 << 62)  /* offset of its line */
#define DIRECTORY ((uint64_t)3 << 62)
#define USED ((uint64_t)1 << 61) /* a line that this run has handed out */
#define LINE_AT (USED - 1)

struct file_names {
	struct name *table;
	size_t room, count;
};

struct file_names *
file_names_open(void)
{
	struct file_names *names = xcalloc(1, sizeof(*names));

	names->room = 1024;
	names->table = xcalloc(names->room, sizeof(*names->table));
	return names;
}

void
file_names_close(struct file_names *names)
{
	if (!names)
		return;
	free(names->table);
	free(names);
}

/* The entry of a key, or the free one where it would go. */
static struct name *
find(const struct file_names *names, uint64_t key)
{
	__extension__ typedef unsigned __int128 wide;
	size_t i = (size_t)((wide)key * names->room >> 64);

	while (names->table[i].key && names->table[i].key != key)
		i = i + 1 < names->room ? i + 1 : 0;
	return &names->table[i];
}

static void
resize(struct file_names *names, size_t room)
{
	struct name *old = names->table;
	size_t i, n = names->room;

	names->room = room;
	names->table = xcalloc(room, sizeof(*names->table));
	for (i = 0; i < n; i++)
		if (old[i].key)
			*find(names, old[i].key) = old[i];
	free(old);
}

void
file_names_reserve(struct file_names *names, size_t count)
{
	size_t room = names->count + count;

	room += room / 4 + 16;
	if (room > names->room)
		resize(names, room);
}

static void
put(struct file_names *names, uint64_t key, uint64_t fact)
{
	struct name *name;

	if (names->count >= names->room - names->room / 8)
		resize(names, names->room + names->room / 2);
	name = find(names, key);
	names->count += !name->key;
	*name = (struct name){key, fact};
}

static uint64_t
key_of(struct slice path)
{
	struct buf folded = {0};
	uint64_t key;

	path_put_folded(&folded, path);
	key = digest_hash(buf_view(&folded));
	buf_release(&folded);
	return key ? key : 1;
}

/*
 * Takes the directories of a path below the one it is in any case: true when
 * none of them is a file.
 */
static bool
take_directories(struct file_names *names, struct slice path)
{
	const char *first = memchr(path.p, '/', path.n), *p;
	bool free_of_files = true;

	for (p = first ? first + 1 : path.p + path.n; p < path.p + path.n;
	     p++) {
		struct slice above = {path.p, (size_t)(p - path.p)};
		uint64_t key;
		struct name *name;

		if (*p != '/')
			continue;
		key = key_of(above);
		name = find(names, key);
		if (!name->key)
			put(names, key, DIRECTORY);
		else if ((name->fact & KIND) != DIRECTORY)
			free_of_files = false;
	}
	return free_of_files;
}

void
file_names_put_line(struct file_names *names, struct slice path, uint64_t line)
{
	take_directories(names, path);
	put(names, key_of(path), LINE | (line & LINE_AT));
}

/* The kinds of an image's ending that are two spellings of one. */
static bool
same_suffix(const char *a, const char *b)
{
	if (strcmp(a, ".jpeg") == 0)
		a = ".jpg";
	if (strcmp(b, ".jpeg") == 0)
		b = ".jpg";
	return strncmp(a, b, 4) == 0;
}

/*
 * Parts the name from the ending that its file is to have: the label's is
 * added to the whole name, the image's is that of its URL, where the name has
 * none of that kind itself.
 */
static void
split_suffix(const struct remote *remote, struct slice *stem,
	     struct slice *suffix)
{
	const char *own = url_image_suffix(remote->name);
	const char *asked = url_image_suffix(url_path(remote->url));
	size_t n;

	*stem = remote->name;
	*suffix = slice_of(asked ? asked : "");
	if (remote->kind == ASSET_LABEL) {
		*suffix = slice_of(".png");
		return;
	}
	if (!own || (asked && !same_suffix(own, asked)))
		return;
	n = strlen(own);
	if (stem->p[stem->n - n - 1] == '/')
		return;
	stem->n -= n;
	*suffix = (struct slice){stem->p + stem->n, n};
}

static bool
is_default_labelset(struct slice labelset)
{
	return !labelset.n || slice_is(labelset, "ground-truth") ||
	       slice_is(labelset, "segmentation");
}

/* The paths to try, in this order: what is put in front of the ending. */
enum {
	PLAIN,
	WITH_OWNER,
	WITH_URL,
	FLAT_WITH_OWNER, /* a file stands where a directory would have to */
	FLAT_WITH_URL,
	CANDIDATES
};

static void
put_candidate(struct buf *to, const struct remote *remote,
	      const struct claim *claim, int candidate)
{
	struct slice stem, suffix;

	split_suffix(remote, &stem, &suffix);
	buf_puts(to, remote->kind == ASSET_IMAGE ? "images" : "labels");
	if (remote->kind == ASSET_LABEL &&
	    !is_default_labelset(remote->labelset)) {
		buf_putc(to, '-');
		path_put_part(to, remote->labelset);
	}
	buf_putc(to, '/');
	if (candidate >= FLAT_WITH_OWNER)
		path_put_part(to, stem);
	else
		path_put(to, stem);
	if (candidate == WITH_OWNER || candidate == FLAT_WITH_OWNER)
		buf_printf(to, "~%08x", (unsigned)(claim->owner >> 32));
	if (candidate == WITH_URL || candidate == FLAT_WITH_URL)
		buf_printf(to, "~%08x%08x", (unsigned)(claim->owner >> 32),
			   (unsigned)(claim->url >> 32));
	buf_slice(to, suffix);
}

static uint64_t
claim_fact(const struct claim *claim)
{
	const uint64_t half = ((uint64_t)1 << 31) - 1;

	return CLAIM | (claim->owner & half) << 31 | (claim->url & half);
}

/* What an entry means to one who wants its path; NAME_NONE: another's. */
static enum name_state
judge(const struct name *name, const struct claim *claim,
      const struct claims *claims)
{
	struct claim has;

	if (!name->key)
		return NAME_FRESH;
	if ((name->fact & KIND) == CLAIM)
		return name->fact == claim_fact(claim) ? NAME_USED : NAME_NONE;
	if ((name->fact & KIND) == DIRECTORY)
		return NAME_NONE;
	if (!claims->read(claims->context, name->fact & LINE_AT, &has))
		return NAME_FRESH;
	if (has.owner != claim->owner)
		return NAME_NONE;
	if (has.url == claim->url)
		return NAME_KNOWN;
	return name->fact & USED ? NAME_NONE : NAME_FRESH;
}

enum name_state
file_names_choose(struct file_names *names, const struct remote *remote,
		  const struct claims *claims, struct buf *path, uint64_t *line)
{
	struct claim claim = remote_claim(remote);
	const size_t start = path->len;
	int candidate;

	for (candidate = PLAIN; candidate < CANDIDATES; candidate++) {
		enum name_state state;
		struct slice at;
		uint64_t key;
		struct name *name;

		path->len = start;
		put_candidate(path, remote, &claim, candidate);
		at = (struct slice){path->data + start, path->len - start};
		key = key_of(at);
		name = find(names, key);
		state = judge(name, &claim, claims);
		if (state == NAME_NONE ||
		    (!name->key && !take_directories(names, at)))
			continue;
		if (state == NAME_KNOWN) {
			name->fact |= USED;
			*line = name->fact & LINE_AT;
		} else {
			put(names, key, claim_fact(&claim));
		}
		return state;
	}
	return NAME_NONE;
}

bool
file_names_find(const struct file_names *names, const struct remote *remote,
		const struct claims *claims, struct buf *path, uint64_t *line)
{
	struct claim claim = remote_claim(remote);
	const size_t start = path->len;
	int candidate;

	for (candidate = PLAIN; candidate < CANDIDATES; candidate++) {
		const struct name *name;
		struct slice at;

		path->len = start;
		put_candidate(path, remote, &claim, candidate);
		at = (struct slice){path->data + start, path->len - start};
		name = find(names, key_of(at));
		if (!name->key)
			break;
		if (judge(name, &claim, claims) != NAME_KNOWN)
			continue;
		*line = name->fact & LINE_AT;
		return true;
	}
	path->len = start;
	return false;
}

bool
file_names_held(const struct file_names *names, struct slice path,
		const struct remote *remote)
{
	struct claim claim = remote_claim(remote);

	return find(names, key_of(path))->fact == claim_fact(&claim);
}

void
file_names_retake(struct file_names *names, struct slice path,
		  const struct remote *remote)
{
	struct claim claim = remote_claim(remote);

	put(names, key_of(path), claim_fact(&claim));
}
