#include "output/status_tally.h"

#include <strings.h>

#include "base/diag.h"

static const char *const statuses[STATUS_TALLY_KINDS] = {
	"SKIPPED",
	"REJECTED",
	"PRELABELED",
	"LABELING_IN_PROGRESS",
	"REVIEWING_IN_PROGRESS",
};

/* The place of a record's status, whatever its case, or STATUS_TALLY_KINDS. */
static size_t
find_status(const struct record *record)
{
	struct slice value;
	size_t i;

	if (!json_find(record->label, "label_status", &value) || value.n < 2)
		return STATUS_TALLY_KINDS;
	for (i = 0; i < STATUS_TALLY_KINDS; i++)
		if (strlen(statuses[i]) == value.n - 2 &&
		    strncasecmp(statuses[i], value.p + 1, value.n - 2) == 0)
			break;
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
				 statuses[i],
				 (unsigned long long)tally->of[i].images,
				 (unsigned long long)tally->of[i].empty,
				 (unsigned long long)tally->of[i].left_out);
}
