/* SPDX-License-Identifier: ISC */
/* Ranges in order: a treap in an arena. */
#include "cmd/flow-reasm/extent.h"

/*
 * A node's priority.  Which number a node gets is hard to steer from
 * outside, as numbers are used again by all streams.
 */
static uint32_t
priority(uint32_t i)
{
	i ^= i >> 16;
	i *= 0x7feb352du;
	i ^= i >> 15;
	i *= 0x846ca68bu;
	return i ^ i >> 16;
}

/* Split into what starts before a position and the rest. */
static void
split(struct arena *a, uint32_t root, int64_t at, uint32_t *below,
    uint32_t *above)
{
	struct extent *e;

	while (root != 0) {
		e = extent_at(a, root);
		if (e->start < at) {
			*below = root;
			below = &e->right;
			root = e->right;
		} else {
			*above = root;
			above = &e->left;
			root = e->left;
		}
	}
	*below = 0;
	*above = 0;
}

/* All of `below` lies before all of `above`. */
static uint32_t
join(struct arena *a, uint32_t below, uint32_t above)
{
	uint32_t root = 0, *at = &root;

	while (below != 0 && above != 0) {
		if (priority(below) > priority(above)) {
			*at = below;
			at = &extent_at(a, below)->right;
			below = *at;
		} else {
			*at = above;
			at = &extent_at(a, above)->left;
			above = *at;
		}
	}
	*at = below != 0 ? below : above;
	return root;
}

int64_t
extent_end(const struct extent *e)
{
	return e->start + (int64_t)(e->absent != 0 ? e->absent : e->length);
}

uint32_t
extent_insert(struct arena *a, uint32_t root, uint32_t node)
{
	struct extent *e = extent_at(a, node);
	uint32_t *at = &root;

	while (*at != 0 && priority(*at) > priority(node))
		at = e->start < extent_at(a, *at)->start ?
		    &extent_at(a, *at)->left : &extent_at(a, *at)->right;
	split(a, *at, e->start, &e->left, &e->right);
	*at = node;
	return root;
}

uint32_t
extent_remove(struct arena *a, uint32_t root, int64_t start)
{
	uint32_t *at = &root;
	struct extent *e;

	while (*at != 0 && extent_at(a, *at)->start != start)
		at = start < extent_at(a, *at)->start ?
		    &extent_at(a, *at)->left : &extent_at(a, *at)->right;
	if (*at == 0)
		return root;
	e = extent_at(a, *at);
	*at = join(a, e->left, e->right);
	return root;
}

uint32_t
extent_first(const struct arena *a, uint32_t root)
{
	while (root != 0 && extent_at(a, root)->left != 0)
		root = extent_at(a, root)->left;
	return root;
}

uint32_t
extent_last(const struct arena *a, uint32_t root)
{
	while (root != 0 && extent_at(a, root)->right != 0)
		root = extent_at(a, root)->right;
	return root;
}

uint32_t
extent_after(const struct arena *a, uint32_t root, int64_t position)
{
	const struct extent *e;
	uint32_t found = 0;

	while (root != 0) {
		e = extent_at(a, root);
		if (extent_end(e) > position) {
			found = root;
			root = e->left;
		} else {
			root = e->right;
		}
	}
	return found;
}
