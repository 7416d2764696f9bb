#include "output/status_tally.h"

#include "base/diag.h"
#include "record/status.h"

static const enum label_status told[STATUS_TALLY_KINDS] = {
	LABEL_SKIPPED,
	LABEL_REJECTED,
	LABEL_PRELABELED,
	LABEL_LABELING_IN_PROGRESS,
	LABEL_REVIEWING_IN_PROGRESS,
};

/* The place of a record's status, or STATUS_TALLY_KINDS. */
static size_t
find_status(const struct record *record)
{
	const enum label_status status = label_status_of(record->label);
	size_t i = 0;

	while (i < STATUS_TALLY_KINDS && told[i] != status)
		i++;
	return i;
}

void
status_tally_image(struct status_tally *tally, const struct record *record,
		   uint64_t annotations)
{
	size_t i = find_status(record);

	if (i == STATUS_TALLY_KINDS)
		return;
	tally->of[i].images++;
	tally->of[i].empty += annotations == 0;
}

void
status_tally_left_out(struct status_tally *tally, const struct record *record)
{
	size_t i = find_status(record);

	if (i < STATUS_TALLY_KINDS)
		tally->of[i].left_out++;
}

void
status_tally_say(const struct status_tally *tally)
{
	size_t i;

	for (i = 0; i < STATUS_TALLY_KINDS; i++)
		if (tally->of[i].images || tally->of[i].left_out)
			diag_say(NULL,
				 "%s labels: images %llu (without annotations "
				 "%llu), left out %llu; seg-filter --status "
				 "chooses",
				 label_status_names[told[i]],
				 (unsigned long long)tally->of[i].images,
				 (unsigned long long)tally->of[i].empty,
				 (unsigned long long)tally->of[i].left_out);
}
