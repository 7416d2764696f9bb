#include "record/status.h"

#include <strings.h>

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
