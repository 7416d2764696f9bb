#include "output/status_tally.h"

#include "base/diag.h"

static const struct {
	enum label_status status;
	const char *text;
} told[STATUS_TALLY_KINDS] = {
	{LABEL_SKIPPED, "SKIPPED labels"},
	{LABEL_REJECTED, "REJECTED labels"},
	{LABEL_PRELABELED, "PRELABELED labels"},
	{LABEL_LABELING_IN_PROGRESS, "LABELING_IN_PROGRESS labels"},
	{LABEL_REVIEWING_IN_PROGRESS, "REVIEWING_IN_PROGRESS labels"},
	{LABEL_STATUSES, "labels of no status that is known"},
};

/* The place of a status, or STATUS_TALLY_KINDS. */
static size_t
find_status(enum label_status status)
{
	size_t i = 0;

	while (i < STATUS_TALLY_KINDS && told[i].status != status)
		i++;
	return i;
}

void
status_tally_image(struct status_tally *tally, enum label_status status,
		   bool empty)
{
	size_t i = find_status(status);

	if (i == STATUS_TALLY_KINDS)
		return;
	tally->of[i].images++;
	tally->of[i].empty += empty;
}

void
status_tally_left_out(struct status_tally *tally, enum label_status status)
{
	size_t i = find_status(status);

	if (i < STATUS_TALLY_KINDS)
		tally->of[i].left_out++;
}

bool
status_tally_is_empty(const struct record *record)
{
	struct annotations walk = record_annotations(record);
	struct slice first;

	return !annotations_next(&walk, &first);
}

void
status_tally_say(const struct status_tally *tally)
{
	size_t i;

	for (i = 0; i < STATUS_TALLY_KINDS; i++)
		if (tally->of[i].images || tally->of[i].left_out)
			diag_say(NULL,
				 "%s: images %llu (without annotations %llu), "
				 "left out %llu; seg-filter --status chooses",
				 told[i].text,
				 (unsigned long long)tally->of[i].images,
				 (unsigned long long)tally->of[i].empty,
				 (unsigned long long)tally->of[i].left_out);
}
