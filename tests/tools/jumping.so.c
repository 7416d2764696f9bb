/* Preloaded into a program: a clock on the wall that jumps at each look. */
#include <dlfcn.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

enum { JUMP = 100000 /* seconds */ };

static long
jump(void)
{
	static unsigned n;

	return __atomic_add_fetch(&n, 1, __ATOMIC_RELAXED) % 2 ? JUMP : -JUMP;
}

int
clock_gettime(clockid_t clock, struct timespec *to)
{
	static int (*real)(clockid_t, struct timespec *);
	int result;

	if (!real) {
		void *found = dlsym(RTLD_NEXT, "clock_gettime");

		memcpy(&real, &found, sizeof(real));
	}
	result = real(clock, to);
	if (result == 0 && clock == CLOCK_REALTIME)
		to->tv_sec += jump();
	return result;
}

int
gettimeofday(struct timeval *restrict to, void *restrict zone)
{
	struct timespec now = {0};

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	to->tv_sec = now.tv_sec;
	to->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *to)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (to)
		*to = now.tv_sec;
	return now.tv_sec;
}
