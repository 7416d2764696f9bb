/*
 * Any bytes as a data.yaml, and as a COCO file to judge: read, or refused with
 * a message.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"
#include "fuzz.h"
#include "report/check_files.h"
#include "report/data_yaml.h"

static void
read_yaml(struct slice text)
{
	static const char *const keys[] = {"train", "val", "names", NULL};
	struct data_yaml yaml;
	const int result = data_yaml_read(&yaml, text, keys);
	size_t i, k;

	PROMISE(result == 0 || yaml.error[0], "what is refused is told");
	for (i = 0; i < yaml.count; i++)
		for (k = 0; k < yaml.members[i].count; k++) {
			const struct slice value =
				data_yaml_text(&yaml,
					       yaml.members[i].items[k].value);

			PROMISE(value.n <= text.n, "no text grows");
			yaml_type_of(value);
		}
	data_yaml_release(&yaml);
}

static void
forget(void *findings)
{
	buf_reset(findings);
}

static void
judge(const char *path)
{
	struct check_options options = check_options_default();
	struct buf findings = {0};
	struct check_sink sink = {
		.options = &options,
		.findings = &findings,
		.take = forget,
		.context = &findings,
	};

	options.max_pixels = 1 << 20;
	check_coco(&sink, path, NULL);
	buf_release(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf said;
	const int fd = memfd_create("coco", 0);
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_yaml((struct slice){(const char *)data, size});
	buf_reset(&said);
	diag_capture(&said);
	judge(path);
	diag_capture(NULL);
	close(fd);
	return 0;
}
