#include "output/annotation_members.h"

#include "json/lookup.h"

const struct slice annotation_keys[MEMBERS] = {
	[TYPE] = {"type", 4},
	[ID] = {"id", 2},
	[CATEGORY_ID] = {"category_id", 11},
	[POINTS] = {"points", 6},
	[BBOX] = {"bbox", 4},
	[AREA] = {"area", 4},
	[SEGMENTATION] = {"segmentation", 12},
	[ISCROWD] = {"iscrowd", 7},
	[KEYPOINTS] = {"keypoints", 9},
	[NUM_KEYPOINTS] = {"num_keypoints", 13},
	[IOU] = {"iou", 3},
	[SCORE] = {"score", 5},
	[TRACK_ID] = {"track_id", 8},
	[ATTRIBUTES] = {"attributes", 10},
};

void
annotation_find(struct slice annotation, struct slice found[MEMBERS])
{
	members_find(annotation, annotation_keys, MEMBERS, found);
}

struct point_item
annotation_item(const struct slice found[MEMBERS])
{
	return (struct point_item){
		.type = found[TYPE],
		.id = found[ID],
		.bbox = found[BBOX],
		.area = found[AREA],
		.keypoints = found[KEYPOINTS],
		.attributes = found[ATTRIBUTES],
		.point = json_type(found[KEYPOINTS]) == JSON_ARRAY &&
			 json_type(found[NUM_KEYPOINTS]) == JSON_NUMBER,
	};
}
