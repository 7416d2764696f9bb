#include "codec/prefix_code.h"

#include <stdlib.h>
#include <string.h>

/* A symbol with its weight, while a code is made. */
struct leaf {
	uint32_t weight;
	uint16_t symbol;
};

static int
compare_leaves(const void *a, const void *b)
{
	const struct leaf *l = a, *m = b;

	if (l->weight != m->weight)
		return l->weight < m->weight ? -1 : 1;
	return l->symbol < m->symbol ? -1 : 1;
}

/*
 * Huffman's tree over n leaves, at least 2, in ascending order, by two queues:
 * counts how many leaves are at each depth.
 */
static void
count_depths(const struct leaf *leaves, unsigned n, unsigned *depths)
{
	uint32_t weights[PREFIX_SYMBOLS];
	uint16_t parents[2 * PREFIX_SYMBOLS] = {0},
			     depth[2 * PREFIX_SYMBOLS] = {0};
	unsigned leaf = 0, node = 0, made, i;

	for (made = 0; made < n - 1; made++) {
		uint64_t sum = 0;

		for (i = 0; i < 2; i++) {
			if (node == made ||
			    (leaf < n &&
			     leaves[leaf].weight <= weights[node])) {
				sum += leaves[leaf].weight;
				parents[leaf++] = (uint16_t)made;
			} else {
				sum += weights[node];
				parents[n + node++] = (uint16_t)made;
			}
		}
		weights[made] = (uint32_t)sum;
	}
	depth[n + n - 2] = 0;
	for (i = n - 2; i-- > 0;)
		depth[n + i] = (uint16_t)(depth[n + parents[n + i]] + 1);
	for (i = 0; i < n; i++)
		depths[depth[n + parents[i]] + 1]++;
}

/* Moves leaves that are too deep up, and others down, until all fit. */
static void
limit_depths(unsigned *depths, unsigned deepest, unsigned most)
{
	uint64_t total = 0;
	unsigned i;

	for (i = most + 1; i <= deepest; i++)
		depths[most] += depths[i];
	for (i = 1; i <= most; i++)
		total += (uint64_t)depths[i] << (most - i);
	while (total-- > (uint64_t)1 << most) {
		depths[most]--;
		for (i = most - 1; !depths[i]; i--)
			;
		depths[i]--;
		depths[i + 1] += 2;
	}
}

void
prefix_code_assign(struct prefix_code *code, unsigned n)
{
	unsigned counts[PREFIX_BITS + 1] = {0}, next[PREFIX_BITS + 2] = {0}, i,
				      k;

	for (i = 0; i < n; i++)
		counts[code->bits[i]]++;
	counts[0] = 0;
	for (i = 1; i <= PREFIX_BITS; i++)
		next[i + 1] = (next[i] + counts[i]) << 1;
	for (i = 0; i < n; i++) {
		unsigned word = code->bits[i] ? next[code->bits[i]]++ : 0;

		code->words[i] = 0;
		for (k = 0; k < code->bits[i]; k++)
			code->words[i] |=
				(uint16_t)((word >> k & 1)
					   << (code->bits[i] - 1 - k));
	}
}

void
prefix_code_make(struct prefix_code *code, const uint32_t *weights, unsigned n,
		 unsigned most)
{
	struct leaf leaves[PREFIX_SYMBOLS];
	unsigned depths[PREFIX_SYMBOLS + 1] = {0}, count = 0, i, length = most;

	memset(code->bits, 0, sizeof(code->bits));
	for (i = 0; i < n; i++)
		if (weights[i])
			leaves[count++] =
				(struct leaf){weights[i], (uint16_t)i};
	if (count < 2) {
		if (count)
			code->bits[leaves[0].symbol] = 1;
		prefix_code_assign(code, n);
		return;
	}
	qsort(leaves, count, sizeof(*leaves), compare_leaves);
	count_depths(leaves, count, depths);
	limit_depths(depths, count, most);
	for (i = 0; i < count; i++) {
		while (!depths[length])
			length--;
		code->bits[leaves[i].symbol] = (uint8_t)length;
		depths[length]--;
	}
	prefix_code_assign(code, n);
}
