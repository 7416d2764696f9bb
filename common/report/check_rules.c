#include "report/check_rules.h"

#define ALL ((1u << READERS) - 1)
#define COCO (1u << READER_COCO)
#define YOLO (1u << READER_ULTRALYTICS)
#define RFDETR (1u << READER_RFDETR)
#define D2 (1u << READER_DETECTRON2)
#define MMDET (1u << READER_MMDET)
#define HF (1u << READER_HF)

const char *const severity_names[] = {"info", "warning", "error", NULL};

const char *const check_reader_names[READERS + 1] = {
	"coco", "ultralytics", "rfdetr", "detectron2", "mmdet", "hf", NULL,
};

const struct check_rule_facts check_rules[RULE_COUNT] = {
	[RULE_FAILED] = {"failed", SEVERITY_ERROR, -1, "", ALL,
			 "a program before failed on the record",
			 "It is in no data set. seg-filter --failed takes such "
			 "records out, to be tried again."},
	[RULE_URL_MISSING] = {"url-missing", SEVERITY_ERROR, -1, "", ALL,
			      "the image, or a label of pixels, has no URL",
			      "Nothing can be fetched. The sample was uploaded "
			      "without a file, or its label never saved."},
	[RULE_UNREADABLE] = {"unreadable", SEVERITY_ERROR, -1, "", ALL,
			     "the label's bitmap cannot be had or read",
			     "Fetch it again, or save the label again."},
	[RULE_SIZE_DIFFERS] = {"size-differs", SEVERITY_ERROR, -1, "", ALL,
			       "the bitmap's size is not the image's",
			       "The image was exchanged, or its Exif "
			       "orientation is passed over; readers stop, or "
			       "train on labels that lie elsewhere."},
	[RULE_CATEGORY_UNKNOWN] = {"category-unknown", SEVERITY_ERROR, -1, "",
				   ALL,
				   "an annotation's category is not in the "
				   "release",
				   "It was removed after the label was made. "
				   "Readers stop with a KeyError."},
	[RULE_CATEGORY_UNUSED] = {"category-unused", SEVERITY_WARNING, -1, "",
				  0, "no annotation has this category",
				  "A model is asked to learn it from nothing. "
				  "Told at the end."},
	[RULE_ATTRIBUTE_UNKNOWN] = {"attribute-unknown", SEVERITY_WARNING, -1,
				    "", 0,
				    "the category defines no such attribute",
				    "It was renamed or removed after the label "
				    "was made."},
	[RULE_ATTRIBUTE_MISSING] = {"attribute-missing", SEVERITY_WARNING, -1,
				    "", 0, "a mandatory attribute has no value",
				    "The label was made before the attribute "
				    "was."},
	[RULE_ATTRIBUTE_VALUE] = {"attribute-value", SEVERITY_WARNING, -1, "",
				  0, "a value that is not one of those offered",
				  "The values were changed after the label was "
				  "made."},
	[RULE_STATUS_UNKNOWN] = {"status-unknown", SEVERITY_WARNING, -1, "", 0,
				 "a label's status is none that is known",
				 "seg-filter --status takes it for none of "
				 "them."},
	[RULE_STATUS_EMPTY] = {"status-empty", SEVERITY_WARNING, -1, "", 0,
			       "a finished label without annotations",
			       "Is it a negative, or was it saved too early? "
			       "Of labels that were reviewed this is "
			       "information only."},
	[RULE_STALE_PRELABEL] = {"stale-prelabel", SEVERITY_WARNING, -1, "", 0,
				 "a model's label that nobody has looked at",
				 "seg-filter --status reviewed,labeled keeps "
				 "these out of training."},
	[RULE_ID_DUPLICATE] = {"id-duplicate", SEVERITY_ERROR, -1, "", ALL,
			       "two annotations have one id",
			       "Whose pixels are they? In a sequence: two "
			       "objects of a frame on one track."},
	[RULE_ID_GAP] = {"id-gap", SEVERITY_INFO, -1, "", 0,
			 "ids are not 1, 2, 3, ...",
			 "Objects were deleted; harmless."},
	[RULE_NAME_COLLIDES] = {"name-collides", SEVERITY_WARNING, -1, "",
				YOLO | D2 | HF,
				"two names differ in case or ending only",
				"Their label files, or their images on some "
				"file systems, are one."},
	[RULE_DUPLICATE_IMAGE] = {"duplicate-image", SEVERITY_WARNING, -1, "",
				  0, "another sample has the same image",
				  "Cut into parts, the one may be in training "
				  "and the other in validation."},
	[RULE_ID_UNLISTED] = {"id-unlisted", SEVERITY_ERROR, -1, "", ALL,
			      "pixels of an id that no annotation has",
			      "They belong to no object; the vendor's exporter "
			      "stops with an IndexError."},
	[RULE_ID_WITHOUT_PIXELS] = {"id-without-pixels", SEVERITY_WARNING, -1,
				    "", YOLO | D2,
				    "an annotation without a pixel",
				    "It was painted over, or erased."},
	[RULE_SPECK] = {"speck", SEVERITY_WARNING, 16, "px", YOLO,
			"a few pixels of an object apart from the rest",
			"A slip of the brush. They make the box too large, and "
			"outlines fall into parts. A component of at most so "
			"many pixels that is less than a hundredth of its "
			"object."},
	[RULE_HOLE] = {"hole", SEVERITY_WARNING, 16, "px", 0,
		       "a small unlabelled hole in an object",
		       "Missed by the brush. An unlabelled component of at "
		       "most so many pixels within one object."},
	[RULE_SLIVER] = {"sliver", SEVERITY_WARNING, 32, "px", 0,
			 "a thin unlabelled gap between objects",
			 "Outlines that were to meet do not. An unlabelled "
			 "component of at most so many pixels, two wide or "
			 "less, that two objects enclose."},
	[RULE_FRAGMENTS] = {"fragments", SEVERITY_WARNING, 8, "components",
			    YOLO, "an object in many pieces",
			    "Several objects under one id, or the work of a "
			    "threshold."},
	[RULE_FRINGE] = {"fringe", SEVERITY_WARNING, 0.2, "of its pixels", 0,
			 "much of an object is lines one pixel wide",
			 "Left over by a tool at an edge; what was once under "
			 "another object."},
	[RULE_UNLABELLED] = {"unlabelled", SEVERITY_INFO, 0.95, "of the image",
			     0, "nearly all of the image is unlabelled",
			     "Is it finished?"},
	[RULE_TOUCHES_BORDER] = {"touches-border", SEVERITY_INFO, -1, "", 0,
				 "an object touches the image's border",
				 "It may be cut off there; for who measures "
				 "sizes."},
	[RULE_ALPHA] = {"alpha", SEVERITY_WARNING, -1, "", 0,
			"a bitmap with pixels that are not opaque",
			"The service writes none such; a tool that blends them "
			"changes ids."},
	[RULE_OUTLIER_AREA] = {"outlier-area", SEVERITY_WARNING, 5, "MAD", 0,
			       "an area far from others of the category",
			       "Another category was meant, or two objects "
			       "have one id. By the logarithm of the area, "
			       "against the objects before it, once there are "
			       "30."},
	[RULE_OUTSIDE] = {"outside", SEVERITY_ERROR, 1, "px",
			  YOLO | HF | RFDETR, "points beyond the image",
			  "Some readers drop the whole image, others clip. By "
			  "more than so many pixels."},
	[RULE_DEGENERATE] = {"degenerate", SEVERITY_ERROR, -1, "",
			     COCO | YOLO | D2 | MMDET | HF,
			     "a shape that covers nothing",
			     "Too few points, or all on a line."},
	[RULE_SELF_CROSSING] = {"self-crossing", SEVERITY_WARNING, -1, "", 0,
				"an outline that crosses itself",
				"What it encloses twice is outside: readers "
				"fill by even and odd."},
	[RULE_DUPLICATE_POINT] = {"duplicate-point", SEVERITY_WARNING, -1, "",
				  0, "the same point twice in a row",
				  "A double click; the closing point of a "
				  "polygon is not repeated, either."},
	[RULE_DUPLICATE_OBJECT] = {"duplicate-object", SEVERITY_WARNING, 0.95,
				   "IoU", 0,
				   "two objects of a category are one",
				   "Labelled twice, or pasted. Readers count a "
				   "missed object."},
	[RULE_OVERLAP] = {"overlap", SEVERITY_WARNING, 0.8, "IoU", 0,
			  "two objects of a category overlap by much",
			  "Probably one object."},
	[RULE_COVERED] = {"covered", SEVERITY_WARNING, 0.95, "of its pixels", 0,
			  "an object lies within another of its category",
			  "A part of it, or a leftover."},
	[RULE_TINY] = {"tiny", SEVERITY_WARNING, 4, "px", 0,
		       "a box or polygon with a very short side",
		       "A slip of the mouse."},
	[RULE_FRAME_MISSING] = {"frame-missing", SEVERITY_ERROR, -1, "", 0,
				"frames of a sequence are not there",
				"Those between two that are. Records of "
				"seg-frames, in their order."},
	[RULE_TRACK_GAP] = {"track-gap", SEVERITY_WARNING, 0, "frames", 0,
			    "a track is away for some frames, and comes back",
			    "Forgotten, or another object's id. More than so "
			    "many frames."},
	[RULE_TRACK_JUMP] =
		{"track-jump", SEVERITY_WARNING, 1, "of its diagonal", 0,
		 "a track's object is elsewhere at once",
		 "Two objects have one id. Boxes in two frames side "
		 "by side that do not touch, and whose centres are "
		 "farther apart than so many diagonals of the "
		 "larger box."},
	[RULE_TRACK_CATEGORY] = {"track-category", SEVERITY_WARNING, -1, "", 0,
				 "a track changes its category",
				 "Two objects have one id, or one of the "
				 "categories is wrong."},
	[RULE_FILE_MISSING] = {"file-missing", SEVERITY_ERROR, -1, "", ALL,
			       "a file that is named is not there",
			       "Readers stop, or train without it. Paths are "
			       "relative to the directory of images, or to "
			       "data.yaml."},
	[RULE_FILE_BROKEN] = {"file-broken", SEVERITY_ERROR, -1, "", ALL,
			      "a file that is cut short, damaged or no image",
			      "A download that broke off; fetch it again."},
	[RULE_PATH_UNSAFE] = {"path-unsafe", SEVERITY_WARNING, -1, "",
			      RFDETR | HF,
			      "a file name that leads out of its directory",
			      "Absolute, with .. or a backslash: at another "
			      "place it names another file, or none. It is not "
			      "looked at."},
	[RULE_IMAGE_SMALL] = {"image-small", SEVERITY_WARNING, 10, "px",
			      YOLO | MMDET, "an image with a very short side",
			      "ultralytics leaves out images below 10 pixels, "
			      "mmdet those below 32."},
	[RULE_NAME_DUPLICATE] =
		{"name-duplicate", SEVERITY_ERROR, -1, "", ALL,
		 "two images, or two categories, have one name",
		 "One file is written over the other where "
		 "directories were cut off. Of categories this is "
		 "a warning: who looks for a name finds one of the "
		 "two."},
	[RULE_MEMBER_MISSING] =
		{"member-missing", SEVERITY_ERROR, -1, "", ALL,
		 "a member that every reader asks for is not there",
		 "Or it is of another kind, such as an id that is "
		 "no integer."},
	[RULE_SIZE_MISSING] = {"size-missing", SEVERITY_ERROR, -1, "",
			       COCO | RFDETR | D2 | MMDET | HF,
			       "an image without width and height",
			       "Polygons cannot be drawn without them: "
			       "pycocotools stops with a TypeError."},
	[RULE_BOX_MISSING] =
		{"bbox-missing", SEVERITY_ERROR, -1, "",
		 RFDETR | D2 | MMDET | HF,
		 "an annotation without four numbers as bbox",
		 "Readers stop with a KeyError; what is drawn with "
		 "other members they do not see."},
	[RULE_AREA_MISSING] = {"area-missing", SEVERITY_ERROR, -1, "",
			       COCO | RFDETR | MMDET | HF,
			       "an annotation without area",
			       "COCOeval stops with a KeyError."},
	[RULE_CROWD_MISSING] = {"iscrowd-missing", SEVERITY_ERROR, -1, "", COCO,
				"an annotation without iscrowd 0 or 1",
				"COCOeval stops with a KeyError."},
	[RULE_SCORE_MISSING] = {"score-missing", SEVERITY_ERROR, -1, "", COCO,
				"a result without a score",
				"Results are sorted by it."},
	[RULE_SUPERCATEGORY_MISSING] =
		{"supercategory-missing", SEVERITY_WARNING, -1, "", COCO,
		 "a category without supercategory",
		 "COCO.getCatIds stops with a KeyError when asked "
		 "for one. An empty text will do."},
	[RULE_INFO_MISSING] = {"info-missing", SEVERITY_INFO, -1, "", 0,
			       "a file without info",
			       "COCO.info stops with a KeyError."},
	[RULE_IMAGE_UNKNOWN] = {"image-unknown", SEVERITY_ERROR, -1, "", ALL,
				"an annotation of an image that is not listed",
				"Readers stop with a KeyError."},
	[RULE_ID_ZERO] = {"id-zero", SEVERITY_ERROR, -1, "", COCO | D2,
			  "an annotation's id is 0 or below",
			  "COCOeval counts a match with id 0 as none."},
	[RULE_CATEGORY_ZERO] = {"category-zero", SEVERITY_WARNING, -1, "", 0,
				"a category's id is 0 or below",
				"Readers that take ids for labels mean the "
				"background by 0, such as torchvision's "
				"reference. seg-coco --category-ids contiguous "
				"counts from 1."},
	[RULE_CATEGORY_DROPPED] =
		{"category-dropped", SEVERITY_WARNING, -1, "", RFDETR,
		 "an unused category that others have as "
		 "supercategory",
		 "RF-DETR leaves it out, and all classes behind it "
		 "move up."},
	[RULE_SEGMENTATION_EMPTY] =
		{"segmentation-empty", SEVERITY_ERROR, -1, "",
		 COCO | RFDETR | D2 | MMDET | HF,
		 "a segmentation without a part",
		 "pycocotools stops with an IndexError. Leave the "
		 "member out where there is a box only."},
	[RULE_SEGMENTATION_BROKEN] =
		{"segmentation-broken", SEVERITY_ERROR, -1, "",
		 COCO | RFDETR | D2 | MMDET | HF,
		 "a segmentation that cannot be read, or is read "
		 "as another",
		 "Polygons have an even count of numbers, 6 or "
		 "more (4 are taken for a box); the counts of an "
		 "RLE add up to the image."},
	[RULE_RLE_COMPRESSED] =
		{"rle-compressed", SEVERITY_INFO, -1, "", HF,
		 "a compressed RLE",
		 "Hugging Face's DETR and torchvision's reference "
		 "stop with a ValueError; seg-coco --segmentation "
		 "counts writes what they read."},
	[RULE_AREA_DIFFERS] =
		{"area-differs", SEVERITY_ERROR, 0.05, "of the mask",
		 COCO | MMDET, "the area is not that of the mask",
		 "COCOeval sorts objects into small, medium and "
		 "large by it. By more than such a share, for "
		 "polygons of what is drawn or what they enclose; "
		 "below 0.2 this is a warning."},
	[RULE_BOX_DIFFERS] = {"bbox-differs", SEVERITY_ERROR, 1, "px",
			      RFDETR | D2 | MMDET | HF,
			      "the bbox is not that of the mask",
			      "Detectors train on the one, segmenters on the "
			      "other. An edge is off by so much or more; below "
			      "2 pixels this is a warning."},
	[RULE_ALL_CROWD] = {"all-crowd", SEVERITY_WARNING, -1, "", COCO | D2,
			    "every annotation has iscrowd 1",
			    "Crowds train nothing, and AP is -1. An RLE does "
			    "not make a crowd."},
	[RULE_IGNORE_SET] = {"ignore-set", SEVERITY_ERROR, -1, "", D2,
			     "an annotation has ignore 1",
			     "detectron2 stops with an AssertionError."},
	[RULE_KEYPOINTS_BROKEN] =
		{"keypoints-broken", SEVERITY_ERROR, -1, "",
		 COCO | RFDETR | D2 | MMDET,
		 "keypoints that are not as their category has "
		 "them",
		 "Three numbers for each name in the category's "
		 "keypoints, the third 0, 1 or 2; num_keypoints "
		 "counts those above 0."},
	[RULE_SKELETON_RANGE] = {"skeleton-range", SEVERITY_WARNING, -1, "",
				 COCO, "a skeleton that names no keypoint",
				 "Its numbers begin with 1."},
	[RULE_SEGMENT_ID] = {"segment-id", SEVERITY_ERROR, -1, "", ALL,
			     "a segment's id is 0, or more than a PNG can hold",
			     "0 is what is not labelled; ids end at 16777215."},
	[RULE_SEGMENT_WITHOUT_PIXELS] =
		{"segment-without-pixels", SEVERITY_ERROR, -1, "",
		 COCO | D2 | MMDET | HF, "a segment that its PNG does not have",
		 "panopticapi stops with a KeyError. Ids may have "
		 "been cut to 8 or 16 bits."},
	[RULE_PNG_FORMAT] = {"png-format", SEVERITY_ERROR, -1, "",
			     COCO | D2 | MMDET | HF,
			     "a panoptic PNG that is not 8-bit RGB",
			     "Its ids are R + 256 G + 65536 B."},
	[RULE_STEM_DIFFERS] = {"stem-differs", SEVERITY_ERROR, -1, "",
			       D2 | MMDET | HF,
			       "a panoptic PNG is not called as its image",
			       "Readers make the one name from the other."},
	[RULE_IMAGE_NOT_JPG] =
		{"image-not-jpg", SEVERITY_INFO, -1, "", D2,
		 "a panoptic image that is not called .jpg",
		 "detectron2 looks for its PNG's name with .jpg: a link of that "
		 "name to the image will do."},
	[RULE_PNG_NOT_FOUND] =
		{"png-not-found", SEVERITY_INFO, -1, "", MMDET,
		 "a panoptic PNG that mmdetection will not find",
		 "It looks for the image's name, with png wherever jpg "
		 "stands."},
	[RULE_ORDER_DIFFERS] =
		{"order-differs", SEVERITY_WARNING, -1, "", MMDET | HF,
		 "annotations are not in the order of the images",
		 "Readers take the first image with the first "
		 "annotation, and so on."},
	[RULE_ANNOTATION_COUNT] = {"annotation-count", SEVERITY_ERROR, -1, "",
				   D2 | MMDET | HF,
				   "an image has not one panoptic annotation",
				   "None, or several."},
	[RULE_ISTHING_MISSING] = {"isthing-missing", SEVERITY_ERROR, -1, "",
				  COCO | D2 | MMDET | HF,
				  "a category without isthing 0 or 1",
				  "Readers stop with a KeyError."},
	[RULE_STUFF_SPLIT] =
		{"stuff-split", SEVERITY_WARNING, -1, "", 0,
		 "stuff in several segments of an image",
		 "It is one segment of each category, however many "
		 "parts it has."},
	[RULE_NAMES_BROKEN] = {"names-broken", SEVERITY_ERROR, -1, "",
			       YOLO | RFDETR,
			       "names or nc of data.yaml do not number the "
			       "classes",
			       "From 0 without a gap; nc is their count."},
	[RULE_NAME_UNQUOTED] =
		{"name-unquoted", SEVERITY_WARNING, -1, "", YOLO | RFDETR,
		 "a class name that YAML takes for something else",
		 "no is false, 1 is a number, and a first name "
		 "that begins with n0 calls for ImageNet's. Quote "
		 "every name."},
	[RULE_PATH_RELATIVE] =
		{"path-relative", SEVERITY_WARNING, -1, "", YOLO,
		 "data.yaml has a path that is not absolute",
		 "It begins where ultralytics keeps its data sets, "
		 "or where it was started. Without path it is the "
		 "directory of data.yaml."},
	[RULE_PART_EMPTY] = {"part-empty", SEVERITY_ERROR, -1, "",
			     YOLO | RFDETR, "a part without images",
			     "Training stops; files are found by their "
			     "endings."},
	[RULE_KEYPOINT_SHAPE] =
		{"keypoint-shape", SEVERITY_ERROR, -1, "", YOLO,
		 "kpt_shape or flip_idx of data.yaml is wrong",
		 "kpt_shape is [count, 2 or 3], flip_idx has so "
		 "many places from 0."},
	[RULE_ROW_BROKEN] = {"row-broken", SEVERITY_ERROR, -1, "",
			     YOLO | RFDETR, "a row that is none of YOLO's",
			     "A class and 4 numbers, or the points of a "
			     "polygon; ultralytics leaves out the image."},
	[RULE_ROWS_MIXED] = {"rows-mixed", SEVERITY_ERROR, -1, "", YOLO,
			     "boxes and polygons in one data set",
			     "In one file the image is left out; in several, "
			     "training stops."},
	[RULE_MASK_COLOURS] = {"mask-colours", SEVERITY_ERROR, -1, "", YOLO,
			       "a mask with colours",
			       "Its pixels are the numbers of classes, grey "
			       "levels of 8 bits; seg-mask writes such."},
	[RULE_COORDINATE_RANGE] =
		{"coordinate-range", SEVERITY_ERROR, 0.01, "of the image",
		 YOLO | RFDETR, "coordinates beyond the image",
		 "ultralytics leaves out the image. By more than "
		 "such a share; points of a polygon whose box is "
		 "within are a warning."},
	[RULE_LABEL_MISSING] =
		{"label-missing", SEVERITY_WARNING, -1, "", YOLO,
		 "an image without a label file",
		 "It is learnt as background, without a word. An "
		 "empty file says that it is meant."},
	[RULE_LABEL_ORPHAN] = {"label-orphan", SEVERITY_WARNING, -1, "",
			       YOLO | RFDETR, "a label file without an image",
			       "Nothing reads it: the image was not copied, or "
			       "is called otherwise."},
	[RULE_SPLIT_LEAK] = {"split-leak", SEVERITY_WARNING, -1, "", 0,
			     "the same image is in two parts",
			     "What was learnt is then tested: the result is "
			     "too good."},
	[RULE_MISSED] = {"missed", SEVERITY_ERROR, -1, "", 0,
			 "a true object that no prediction is",
			 "Told by seg-eval --pass, at an IoU of one half."},
	[RULE_FALSE_POSITIVE] = {"false-positive", SEVERITY_ERROR, -1, "", 0,
				 "a prediction that no true object is",
				 "Told by seg-eval --pass. Or somebody has not "
				 "labelled it."},
	[RULE_INEXACT] = {"inexact", SEVERITY_WARNING, 0.75, "IoU", 0,
			  "a prediction that is a true object by little",
			  "Told by seg-eval --pass. Below so much."},
};

enum check_rule
check_rule_find(struct slice name)
{
	size_t i;

	for (i = 0; i < RULE_COUNT; i++)
		if (slice_is(name, check_rules[i].name))
			break;
	return (enum check_rule)i;
}
