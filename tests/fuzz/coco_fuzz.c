/* Any bytes as a COCO file: read, or refused with a message; then evaluated. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"
#include "fuzz.h"
#include "report/eval_coco.h"

static void
evaluate(const struct coco_input *file)
{
	static const unsigned most[] = {1, 10, 100};
	const struct eval_rules rules = {.iou = EVAL_SEGM, .most = 100};
	struct eval_coco *eval;
	struct eval_left_out left_out = {0};
	struct eval_totals totals;

	for (size_t i = 0; i < file->image_count; i++)
		if ((uint64_t)file->images[i].width * file->images[i].height >
		    1 << 14)
			return;
	eval = eval_coco_open(file, file, &rules, 1);
	if (!eval)
		return;
	totals = eval_totals_make(file->category_count, most);
	eval_coco_run(eval, 0, eval_coco_images(eval), &totals, &left_out,
		      NULL);
	eval_score_finish(totals.score, 1);
	PROMISE(eval_score_precision(totals.score, EVAL_ALL, EVAL_ALL, 0, 2) <=
			1,
		"no precision above 1");
	eval_totals_release(&totals);
	eval_coco_close(eval);
}

static void
read_again(const char *path, const struct coco_input *file, struct buf *said)
{
	const size_t said_once = said->len;
	struct coco_input *again = coco_input_read(path, 2);

	PROMISE(said->len == 2 * said_once && !again == !file &&
			(!file ||
			 file->annotation_count == again->annotation_count),
		"two threads read the same");
	coco_input_close(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf said;
	static int fd = -1;
	struct coco_input *file;
	char path[64];

	if (fd < 0)
		fd = memfd_create("coco", 0);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	buf_reset(&said);
	diag_capture(&said);
	file = coco_input_read(path, 1);
	PROMISE(file || said.len, "what is refused is told");
	/* Threads are begun anew, which takes longer than all else. */
	if (size % 16 == 0)
		read_again(path, file, &said);
	if (file)
		evaluate(file);
	coco_input_close(file);
	diag_capture(NULL);
	return 0;
}
