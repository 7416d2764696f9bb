/* seg-decode: adds the geometry of every annotation. */
#include "flow/label_worker.h"

static char **
parse(struct decode *decode, int argc, char **argv)
{
	struct opts o = {
		.operands = "[records ...]",
		.summary = "Add bbox, area, segmentation and iscrowd to every "
			   "annotation.",
		.table = decode_option_rows,
	};
	int key;

	do {
		key = opts_next(&o, argc, argv);
		decode_take_option(decode, &o, key);
	} while (key != -1);
	return o.rest;
}

int
main(int argc, char **argv)
{
	struct decode decode = decode_default();
	struct pump pump = {
		.worker_open = decode_open_worker,
		.worker_close = decode_close_worker,
		.work = decode_record,
		.context = &decode,
	};
	char **operands;
	int status;

	diag_init(argv[0]);
	stream_start();
	operands = parse(&decode, argc, argv);
	if (decode_open(&decode) < 0)
		return STATUS_FATAL;
	pump.jobs = decode.jobs;
	pump.max_record = decode.max_record;
	status = pump_run(&pump, operands);
	decode_close(&decode);
	return status;
}
