/*
 * unpng FILE: prints the ids of a label bitmap as the grid that mkpng reads
 * ("-" or none is stdin); with -i how the PNG was written; with -p its pixels
 * as bytes R, G, B, A.
 */
#include <unistd.h>

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

static void
print_grid(const struct png_form *form, const uint8_t *rgba)
{
	for (size_t i = 0; i < (size_t)form->width * form->height; i++) {
		uint32_t id = png_id(rgba + 4 * i);

		if (id)
			printf("%u", id);
		else
			putchar('.');
		putchar((i + 1) % form->width ? ' ' : '\n');
	}
}

int
main(int argc, char **argv)
{
	struct png_form form;
	uint8_t *rgba;
	int how = getopt(argc, argv, "ip");

	if (how == '?')
		return 2;
	rgba = png_read(argv[optind] ? argv[optind] : "-", &form);
	if (how == 'i')
		print_form(&form);
	else if (how == 'p')
		fwrite(rgba, 4, (size_t)form.width * form.height, stdout);
	else
		print_grid(&form, rgba);
	free(rgba);
	return 0;
}
