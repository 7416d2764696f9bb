#include "record/status.h"

#include <strings.h>

#include "json/json.h"

const char *const label_status_names[LABEL_STATUSES + 1] = {
	[LABEL_REVIEWED] = "REVIEWED",
	[LABEL_VERIFIED] = "VERIFIED",
	[LABEL_REVIEWING_IN_PROGRESS] = "REVIEWING_IN_PROGRESS",
	[LABEL_LABELED] = "LABELED",
	[LABEL_LABELING_IN_PROGRESS] = "LABELING_IN_PROGRESS",
	[LABEL_PRELABELED] = "PRELABELED",
	[LABEL_SKIPPED] = "SKIPPED",
	[LABEL_REJECTED] = "REJECTED",
	[LABEL_UNLABELED] = "UNLABELED",
};

enum label_status
label_status_find(struct slice name)
{
	unsigned i;

	for (i = 0; i < LABEL_STATUSES; i++)
		if (strncasecmp(name.p, label_status_names[i], name.n) == 0 &&
		    label_status_names[i][name.n] == '\0')
			break;
	return (enum label_status)i;
}

struct slice
label_status_text(struct slice label, struct buf *text)
{
	size_t i;

	buf_reset(text);
	buf_reserve(text, 1);
	if (json_type(label) != JSON_OBJECT)
		buf_puts(text, label_status_names[LABEL_UNLABELED]);
	else
		json_string(json_get(label, "label_status"), text);
	for (i = 0; i < text->len; i++)
		if (text->data[i] >= 'a' && text->data[i] <= 'z')
			text->data[i] -= 'a' - 'A';
	return buf_view(text);
}

enum label_status
label_status_of(struct slice label)
{
	struct slice value;
	struct buf text = {0};
	enum label_status status;

	if (json_type(label) != JSON_OBJECT)
		return LABEL_UNLABELED;
	value = json_get(label, "label_status");
	if (json_type(value) == JSON_NONE || json_type(value) == JSON_NULL)
		return LABEL_WITHOUT;
	if (json_type(value) != JSON_STRING)
		return LABEL_STATUSES;
	/* Without an escape the text stands there as it is. */
	if (!memchr(value.p, '\\', value.n))
		return label_status_find(
			(struct slice){value.p + 1, value.n - 2});
	json_string(value, &text);
	status = label_status_find(buf_view(&text));
	buf_release(&text);
	return status;
}
