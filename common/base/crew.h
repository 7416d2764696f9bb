/*
 * Work in pieces, done by several threads and taken back in the order in which
 * the pieces were sent. The calling thread fills the pieces, works like the
 * others where it would wait, and takes what came of them; so with one thread
 * nothing is started. What comes of the pieces is the same for any number of
 * threads where `work` looks at its piece alone.
 *
 *	while (there is more) {
 *		struct piece *piece = crew_piece(crew);
 *		(fill it)
 *		crew_send(crew);
 *	}
 *	crew_close(crew);
 */
#ifndef CREW_H
#define CREW_H

#include <stddef.h>

struct crew;

struct crew_rules {
	unsigned jobs; /* threads, the calling one among them; 0 is 1 */
	/*
	 * Bytes of a piece. It is zeroed before its first use; later it is as
	 * `take` left it, so that its memory can be used again.
	 */
	size_t piece_size;
	/* What each thread has of its own; made by itself, closed by the
	 * calling one. All three may be NULL. */
	void *(*worker_open)(void *context);
	void (*worker_close)(void *context, void *worker);
	/* Frees what a piece has. */
	void (*release)(void *piece);
	/* Runs on any thread; `worker` is the context without worker_open. */
	void (*work)(void *worker, void *piece);
	/* Runs on the calling thread, in the order sent; may be NULL. */
	void (*take)(void *context, void *piece);
	void *context;
};

/* The processors this process may run on. */
unsigned crew_processors(void);

struct crew *crew_open(const struct crew_rules *rules);
/* The next piece to be filled. May work and take before it returns. */
void *crew_piece(struct crew *crew);
/* Hands over the piece that crew_piece returned last. */
void crew_send(struct crew *crew);
/* Works on and takes all that was sent; more may follow. */
void crew_wait(struct crew *crew);
/* Likewise; no more will. Takes NULL. */
void crew_close(struct crew *crew);

#endif
