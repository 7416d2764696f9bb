/* What the readers of an image's size share. */
#ifndef IMAGE_SIZE_PARTS_H
#define IMAGE_SIZE_PARTS_H

#include "image/image_size.h"

/* How the reader of a format ends. */
enum size_found {
	FOUND_ALL,   /* what there is to be found was */
	FOUND_SHORT, /* the bytes do not reach; head.need tells how far */
	FOUND_FAULT, /* head.what is wrong */
};

struct file_head {
	const unsigned char *p;
	size_t n;
	uint64_t need;
	/* As the file has them; 0 until they are found. */
	uint32_t width, height, orientation;
	const char *what;
};

/* Whether the bytes [at, at + size) are there; if not, asks for them. */
bool file_head_has(struct file_head *head, uint64_t at, uint64_t size);
enum size_found file_head_fault(struct file_head *head, const char *what);

/* Files made of boxes, and the codestreams in them. */
enum size_found image_size_read_heif(struct file_head *head);
enum size_found image_size_read_jpeg_2000(struct file_head *head);
enum size_found image_size_read_jpeg_xl(struct file_head *head);

#endif
