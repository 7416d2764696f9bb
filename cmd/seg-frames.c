/* seg-frames: takes sequences apart into records of single images. */
#include <stdlib.h>

#include "base/opts.h"
#include "flow/pump.h"
#include "record/frames.h"

enum { SENSOR = 256, KEYFRAMES, MAX_RECORD };

static const struct opt table[] = {
	{SENSOR, "sensor", "NAME", "only the frames of this camera"},
	{KEYFRAMES, "keyframes", NULL,
	 "only frames where an annotation is a keyframe"},
	{MAX_RECORD, "max-record", "SIZE",
	 "refuse records larger than this (default 256M)"},
	{0},
};

struct config {
	struct frames_options options;
	const char **sensors;
	size_t max_record;
	struct outcome outcome;
	/* What has come so far. */
	struct frames *frames;
	uint64_t passed, no_image;
};

static void
add_sensor(struct config *config, const char *name)
{
	size_t n = config->options.sensor_count++;

	config->sensors =
		xreallocarray(config->sensors, n + 1, sizeof(*config->sensors));
	config->sensors[n] = name;
	config->options.sensors = config->sensors;
}

static char **
parse(struct config *config, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Take sequences apart into records of single "
			   "images.",
		.table = table,
		.outcome = &config->outcome,
	};
	int key;

	while ((key = opts_next(&o, argc, argv)) != -1) {
		if (key == SENSOR)
			add_sensor(config, o.arg);
		else if (key == KEYFRAMES)
			config->options.keyframes = true;
		else
			config->max_record = opts_bytes(&o);
	}
	config->options.sensor_met =
		xcalloc(config->options.sensor_count + 1, sizeof(bool));
	return o.rest;
}

static enum verdict
take_apart(void *context, const struct record *record, struct buf *to)
{
	struct config *config = context;

	switch (frames_begin(config->frames, record)) {
	case FRAMES_SEQUENCE:
		return frames_next(config->frames, to) ? PUMP_WRITE : PUMP_DROP;
	case FRAMES_BROKEN:
		return pump_fail(record, to, slice_of(""), "%s",
				 frames_failure(config->frames));
	case FRAMES_NO_IMAGE:
		config->no_image++;
		break;
	default:
		break;
	}
	config->passed++;
	return PUMP_PASS;
}

static bool
next_frame(void *context, struct buf *to)
{
	return frames_next(((struct config *)context)->frames, to);
}

static void
count(const char *what, uint64_t n)
{
	if (n)
		diag_say(NULL, "%s: %llu", what, (unsigned long long)n);
}

/* Says what the reader may miss: a status that is to be raised to. */
static int
report(const struct config *config)
{
	const struct frames_counts *counts = frames_counted(config->frames);
	const struct frames_options *options = &config->options;
	int status = STATUS_OK;
	size_t i;

	for (i = 0; i < options->sensor_count; i++) {
		if (options->sensor_met[i])
			continue;
		diag_say(NULL, "no record has a sensor called %s",
			 options->sensors[i]);
		if (!counts->frames && !config->passed)
			status = STATUS_FATAL;
	}
	if (config->outcome.quiet)
		return status;
	count("passed as they are, without an image to draw on",
	      config->no_image);
	count("left out, sensors that are no cameras", counts->no_cameras);
	count("frames that their sequence's label leaves unlabelled",
	      counts->unlabelled);
	return status;
}

int
main(int argc, char **argv)
{
	struct config config = {0};
	struct pump pump = {
		.work = take_apart,
		.more = next_frame,
		.context = &config,
		.outcome = &config.outcome,
		.jobs = 1,
	};
	char **operands;
	int status, told;

	diag_init(argv[0]);
	stream_start();
	broken_off_watch();
	operands = parse(&config, argc, argv);
	config.frames = frames_open(&config.options);
	pump.max_record = config.max_record;
	status = pump_run(&pump, operands);
	told = report(&config);
	frames_close(config.frames);
	free(config.sensors);
	free(config.options.sensor_met);
	return outcome_end(&config.outcome, told > status ? told : status);
}
