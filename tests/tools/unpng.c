/*
 * unpng FILE: prints the ids of a label bitmap as the grid that mkpng reads
 * ("-" or none is stdin); with -i how the PNG was written; with -m a line
 * ID <tab> AREA X Y W H CRC for each id; with -p its pixels as bytes R, G, B,
 * A.
 */
#include <unistd.h>

#include "mask_print.h"
#include "plainpng.h"

static void
print_form(const struct png_form *form)
{
	static const char *const filters[] = {"none",    "sub",   "up",
					      "average", "paeth", "mixed"};

	printf("%ux%u colour %u depth %u filter %s idat %zu\n", form->width,
	       form->height, form->colour, form->depth, filters[form->filter],
	       form->idat);
}

static uint32_t *
gather_ids(const struct png_form *form, const uint8_t *rgba)
{
	size_t n = (size_t)form->width * form->height;
	uint32_t *ids = tool_alloc(n * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = png_id(rgba + 4 * i);
	return ids;
}

/* A line for each id but 0, as they come going along the rows. */
static void
print_masks(uint32_t *ids, uint32_t width, uint32_t height)
{
	size_t n = (size_t)width * height;
	uint8_t *mask = tool_alloc(n);

	for (size_t i = 0; i < n; i++) {
		uint32_t id = ids[i];

		if (id == 0)
			continue;
		for (size_t j = 0; j < n; j++) {
			mask[j] = ids[j] == id;
			ids[j] = mask[j] ? 0 : ids[j];
		}
		printf("%u\t", id);
		mask_print(mask, width, height);
	}
	free(mask);
}

int
main(int argc, char **argv)
{
	struct png_form form;
	uint8_t *rgba;
	uint32_t *ids;
	int how = getopt(argc, argv, "imp");

	if (how == '?')
		return 2;
	rgba = png_read(argv[optind] ? argv[optind] : "-", &form);
	ids = gather_ids(&form, rgba);
	if (how == 'i')
		print_form(&form);
	else if (how == 'm')
		print_masks(ids, form.width, form.height);
	else if (how == 'p')
		fwrite(rgba, 4, (size_t)form.width * form.height, stdout);
	else
		tool_print_grid(ids, form.width, form.height);
	free(ids);
	free(rgba);
	return 0;
}
