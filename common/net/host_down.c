#include "net/host_down.h"

#include <pthread.h>

#include "base/mem.h"

/* What of hosts that are down is said; never freed. */
struct down_text {
	struct down_text *next;
	struct buf text;
};

static struct down_text *down_texts;
static pthread_mutex_t down_lock = PTHREAD_MUTEX_INITIALIZER;

/* Of this thread's last URL; NULL where its host is not down. */
static _Thread_local const char *last_down;
static _Thread_local struct buf last_url;

/* Only one for each text. */
static const char *
intern_down(const char *host)
{
	struct buf text = {0};
	struct down_text *known;

	buf_printf(&text, "%s cannot be reached", host);
	pthread_mutex_lock(&down_lock);
	for (known = down_texts; known; known = known->next)
		if (slice_equal(buf_view(&known->text), buf_view(&text)))
			break;
	if (!known) {
		known = xcalloc(1, sizeof(*known));
		known->text = text;
		known->next = down_texts;
		down_texts = known;
		text = (struct buf){0};
	}
	pthread_mutex_unlock(&down_lock);
	buf_release(&text);
	return buf_cstr(&known->text);
}

const char *
host_down_get(struct slice url)
{
	return last_down && slice_equal(buf_view(&last_url), url) ? last_down
								  : NULL;
}

void
host_down_set(struct slice url, const char *host)
{
	last_down = host ? intern_down(host) : NULL;
	buf_reset(&last_url);
	if (host)
		buf_slice(&last_url, url);
	else
		buf_release(&last_url);
}
