#include "base/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/ending.h"
#include "base/mem.h"

/* Pieces for each thread: so many can wait while the calling one is busy. */
enum { PIECES = 4 };

/*
 * Pieces are numbered as they are sent; number i stands in place i % size. At
 * any time taken <= begun <= sent <= taken + size.
 */
struct crew {
	struct crew_rules rules;
	pthread_mutex_t lock;
	pthread_cond_t wanted; /* a piece was sent, or none will be */
	pthread_cond_t done;   /* the oldest piece has been worked on */
	size_t size, sent, begun, taken;
	char *pieces;
	bool *finished; /* by place */
	bool over;
	pthread_t *threads;
	unsigned started;
	void **workers; /* the calling thread's, then the threads' */
};

unsigned
crew_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
	cpu_set_t set;

	/* What a batch system gave may be less than the machine has. */
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
#endif
	return n > 0 ? (unsigned)n : 1;
}

struct crew *
crew_open(const struct crew_rules *rules)
{
	struct crew *crew = xcalloc(1, sizeof(*crew));
	const size_t jobs = rules->jobs ? rules->jobs : 1;

	crew->rules = *rules;
	crew->size = jobs > 1 ? PIECES * jobs : 1;
	crew->pieces = xcalloc(crew->size, rules->piece_size);
	crew->finished = xcalloc(crew->size, sizeof(*crew->finished));
	crew->threads = xcalloc(jobs, sizeof(*crew->threads));
	crew->workers = xcalloc(jobs, sizeof(*crew->workers));
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->wanted, NULL);
	pthread_cond_init(&crew->done, NULL);
	return crew;
}

static void *
piece_of(const struct crew *crew, size_t number)
{
	return crew->pieces + number % crew->size * crew->rules.piece_size;
}

/* Works on the next piece that waits; the lock is held, but not meanwhile. */
static void
work_on_next(struct crew *crew, void **worker)
{
	const size_t number = crew->begun++;

	pthread_mutex_unlock(&crew->lock);
	if (!*worker)
		*worker = crew->rules.worker_open
				  ? crew->rules.worker_open(crew->rules.context)
				  : crew->rules.context;
	crew->rules.work(*worker, piece_of(crew, number));
	pthread_mutex_lock(&crew->lock);
	crew->finished[number % crew->size] = true;
	if (number == crew->taken)
		pthread_cond_signal(&crew->done);
}

/* What a thread is begun with. */
struct beginner {
	struct crew *crew;
	void **worker;
};

static void *
work_on_all(void *argument)
{
	struct beginner beginner = *(struct beginner *)argument;
	struct crew *crew = beginner.crew;

	free(argument);
	pthread_mutex_lock(&crew->lock);
	for (;;) {
		while (crew->begun == crew->sent && !crew->over)
			pthread_cond_wait(&crew->wanted, &crew->lock);
		if (crew->begun == crew->sent)
			break;
		work_on_next(crew, beginner.worker);
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

/* One thread more; the work is done without it where there is no room. */
static void
start_thread(struct crew *crew)
{
	struct beginner *beginner = xmalloc(sizeof(*beginner));
	sigset_t before;

	*beginner = (struct beginner){crew, &crew->workers[crew->started + 1]};
	/* Signals are for the calling thread. */
	ending_block(&before);
	if (pthread_create(&crew->threads[crew->started], NULL, work_on_all,
			   beginner) == 0)
		crew->started++;
	else
		free(beginner);
	ending_unblock(&before);
}

/* Takes the oldest piece, which is finished; the lock is held. */
static void
take_oldest(struct crew *crew)
{
	crew->finished[crew->taken % crew->size] = false;
	pthread_mutex_unlock(&crew->lock);
	if (crew->rules.take)
		crew->rules.take(crew->rules.context,
				 piece_of(crew, crew->taken));
	pthread_mutex_lock(&crew->lock);
	crew->taken++;
}

/* Takes what is finished, works, or waits, until so few pieces are out. */
static void
reduce(struct crew *crew, size_t most)
{
	pthread_mutex_lock(&crew->lock);
	for (;;) {
		if (crew->taken < crew->begun &&
		    crew->finished[crew->taken % crew->size])
			take_oldest(crew);
		else if (crew->sent - crew->taken <= most)
			break;
		else if (crew->begun < crew->sent)
			work_on_next(crew, &crew->workers[0]);
		else
			pthread_cond_wait(&crew->done, &crew->lock);
	}
	pthread_mutex_unlock(&crew->lock);
}

void *
crew_piece(struct crew *crew)
{
	reduce(crew, crew->size - 1);
	return piece_of(crew, crew->sent);
}

void
crew_send(struct crew *crew)
{
	bool some_wait;

	if (crew->rules.jobs <= 1) {
		crew->sent++;
		reduce(crew, 0);
		return;
	}
	pthread_mutex_lock(&crew->lock);
	some_wait = crew->begun < crew->sent;
	crew->sent++;
	pthread_cond_signal(&crew->wanted);
	pthread_mutex_unlock(&crew->lock);
	if (some_wait && crew->started + 1 < crew->rules.jobs)
		start_thread(crew);
}

void
crew_wait(struct crew *crew)
{
	reduce(crew, 0);
}

void
crew_close(struct crew *crew)
{
	size_t i;

	if (!crew)
		return;
	reduce(crew, 0);
	pthread_mutex_lock(&crew->lock);
	crew->over = true;
	pthread_cond_broadcast(&crew->wanted);
	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < crew->started; i++)
		pthread_join(crew->threads[i], NULL);
	for (i = 0; crew->rules.worker_open && i <= crew->started; i++)
		if (crew->workers[i])
			crew->rules.worker_close(crew->rules.context,
						 crew->workers[i]);
	for (i = 0; crew->rules.release && i < crew->size; i++)
		crew->rules.release(crew->pieces + i * crew->rules.piece_size);
	pthread_mutex_destroy(&crew->lock);
	pthread_cond_destroy(&crew->wanted);
	pthread_cond_destroy(&crew->done);
	free(crew->pieces);
	free(crew->finished);
	free(crew->threads);
	free(crew->workers);
	free(crew);
}
