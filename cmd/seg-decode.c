/* seg-decode: adds the geometry of every annotation. */
#include "flow/label_worker.h"

static char **
parse(struct label_work *decode, struct outcome *outcome, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Add bbox, area, segmentation and iscrowd to every "
			   "annotation.",
		.table = label_option_rows,
		.outcome = outcome,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		label_work_take_option(decode, &o, key);
	} while (key != -1);
	return o.rest;
}

int
main(int argc, char **argv)
{
	struct label_work decode = label_work_default();
	struct outcome outcome = {0};
	struct pump pump = {
		.worker_open = label_worker_open,
		.worker_close = label_worker_close,
		.work = label_worker_run,
		.context = &decode,
		.outcome = &outcome,
	};
	char **operands;
	int status;

	diag_init(argv[0]);
	stream_start();
	broken_off_watch();
	operands = parse(&decode, &outcome, argc, argv);
	if (label_work_open(&decode) < 0)
		return STATUS_FATAL;
	pump.jobs = decode.jobs;
	pump.max_record = decode.max_record;
	status = pump_run(&pump, operands);
	label_work_close(&decode, outcome.quiet);
	return outcome_end(&outcome, status);
}
