#include "report/eval_quality.h"

#include <stdlib.h>

void
eval_quality_work_release(struct eval_quality_work *work)
{
	free(work->area);
	free(work->void_area);
	free(work->truth_area);
	free(work->truth_matched);
	free(work->prediction_matched);
	free(work->pairs);
	*work = (struct eval_quality_work){0};
}

static void
begin_scene(struct eval_quality_work *work, const struct eval_scene *scene)
{
	const size_t n = scene->prediction_count, g = scene->truth_count;

	if (n > work->prediction_room) {
		work->prediction_room = n;
		work->area = xreallocarray(work->area, n, sizeof(*work->area));
		work->void_area = xreallocarray(work->void_area, n,
						sizeof(*work->void_area));
		work->prediction_matched =
			xreallocarray(work->prediction_matched, n,
				      sizeof(*work->prediction_matched));
	}
	if (g > work->truth_room) {
		work->truth_room = g;
		work->truth_area = xreallocarray(work->truth_area, g,
						 sizeof(*work->truth_area));
		work->truth_matched =
			xreallocarray(work->truth_matched, g,
				      sizeof(*work->truth_matched));
	}
	for (size_t i = 0; i < n; i++) {
		work->area[i] = work->void_area[i] = 0;
		work->prediction_matched[i] = false;
	}
	for (size_t i = 0; i < g; i++) {
		work->truth_area[i] = 0;
		work->truth_matched[i] = false;
	}
	work->pair_count = 0;
}

static void
add_pair(struct eval_quality_work *work, uint32_t truth, uint32_t prediction,
	 double iou)
{
	if (work->pair_count == work->pair_room) {
		work->pair_room = work->pair_room ? 2 * work->pair_room : 64;
		work->pairs = xreallocarray(work->pairs, work->pair_room,
					    sizeof(*work->pairs));
	}
	work->pairs[work->pair_count++] =
		(struct eval_segment_pair){truth, prediction, iou};
}

/*
 * The pixels that each segment shows, and those of a prediction that the truth
 * leaves void.
 */
static void
measure_areas(struct eval_quality_work *work, const struct eval_scene *scene,
	      bool void_counts)
{
	for (size_t i = 0; i < scene->common_count; i++) {
		const struct eval_common *common = &scene->common[i];

		if (common->truth != EVAL_VOID)
			work->truth_area[common->truth] += common->pixels;
		if (common->prediction == EVAL_VOID)
			continue;
		work->area[common->prediction] += common->pixels;
		if (common->truth == EVAL_VOID && !void_counts)
			work->void_area[common->prediction] += common->pixels;
	}
}

static void
match(struct eval_quality_work *work, const struct eval_scene *scene,
      struct eval_quality *quality)
{
	for (size_t i = 0; i < scene->common_count; i++) {
		const struct eval_common *common = &scene->common[i];
		const struct eval_segment *truth;
		uint64_t all;
		double iou;

		if (common->truth == EVAL_VOID ||
		    common->prediction == EVAL_VOID)
			continue;
		truth = &scene->truths[common->truth];
		if (truth->crowd ||
		    truth->category !=
			    scene->predictions[common->prediction].category)
			continue;
		all = work->area[common->prediction] +
		      work->truth_area[common->truth] - common->pixels -
		      work->void_area[common->prediction];
		iou = (double)common->pixels / (double)all;
		if (iou <= 0.5)
			continue;
		work->truth_matched[common->truth] = true;
		work->prediction_matched[common->prediction] = true;
		quality[truth->category].matched++;
		quality[truth->category].iou += iou;
		add_pair(work, common->truth, common->prediction, iou);
	}
}

static void
count_missed(struct eval_quality_work *work, const struct eval_scene *scene,
	     struct eval_quality *quality)
{
	for (uint32_t i = 0; i < scene->truth_count; i++) {
		if (work->truth_matched[i] || scene->truths[i].crowd ||
		    !work->truth_area[i])
			continue;
		quality[scene->truths[i].category].false_negative++;
		add_pair(work, i, EVAL_VOID, 0);
	}
}

/* Pixels of a prediction in the last crowd of its category. */
static uint64_t
crowd_pixels(const struct eval_scene *scene, uint32_t prediction)
{
	const uint32_t category = scene->predictions[prediction].category;
	uint32_t crowd = EVAL_VOID, i;
	size_t c;

	for (i = 0; i < scene->truth_count; i++)
		if (scene->truths[i].crowd &&
		    scene->truths[i].category == category)
			crowd = i;
	for (c = 0; crowd != EVAL_VOID && c < scene->common_count; c++)
		if (scene->common[c].truth == crowd &&
		    scene->common[c].prediction == prediction)
			return scene->common[c].pixels;
	return 0;
}

static void
count_alarms(struct eval_quality_work *work, const struct eval_scene *scene,
	     struct eval_quality *quality)
{
	for (uint32_t i = 0; i < scene->prediction_count; i++) {
		uint64_t excused;

		if (work->prediction_matched[i] || !work->area[i])
			continue;
		excused = work->void_area[i] + crowd_pixels(scene, i);
		if ((double)excused / (double)work->area[i] > 0.5)
			continue;
		quality[scene->predictions[i].category].false_positive++;
		add_pair(work, EVAL_VOID, i, 0);
	}
}

void
eval_quality_add(struct eval_quality_work *work, const struct eval_scene *scene,
		 bool void_counts, struct eval_quality *quality)
{
	begin_scene(work, scene);
	measure_areas(work, scene, void_counts);
	match(work, scene, quality);
	count_missed(work, scene, quality);
	count_alarms(work, scene, quality);
}

void
eval_quality_list(const struct eval_quality_work *work,
		  const struct eval_scene *scene, struct eval_image *image)
{
	image->pair_count = 0;
	for (size_t i = 0; i < work->pair_count; i++) {
		const struct eval_segment_pair *from = &work->pairs[i];
		struct eval_pair pair = {
			.has_truth = from->truth != EVAL_VOID,
			.has_prediction = from->prediction != EVAL_VOID,
			.iou = from->iou,
		};
		const struct eval_segment *segment;

		if (pair.has_truth) {
			segment = &scene->truths[from->truth];
			pair.truth = segment->id;
			pair.category = segment->category;
		}
		if (pair.has_prediction) {
			segment = &scene->predictions[from->prediction];
			pair.prediction = segment->id;
			pair.category = segment->category;
		}
		eval_image_add(image, pair);
	}
}

struct eval_quality_means
eval_quality_mean(const struct eval_quality *quality)
{
	const double matched = (double)quality->matched;
	const double all = matched + 0.5 * (double)quality->false_positive +
			   0.5 * (double)quality->false_negative;

	if (all == 0)
		return (struct eval_quality_means){-1, -1, -1};
	return (struct eval_quality_means){
		.pq = quality->iou / all,
		.sq = quality->matched ? quality->iou / matched : 0,
		.rq = matched / all,
	};
}
