/* SPDX-License-Identifier: ISC */
/* Paths, places and links, each kept once. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-reasm/place.h"

enum {
	BLOCK_WORDS = 1 + ENCAP_PATH_MAX / 8,
	LINK_INFO = FLOW_HAS_MAC | FLOW_HAS_TCI
};

static uint64_t
bytes_hash(const struct siphash_key *seed, int32_t vlan, const uint8_t *bytes,
    size_t length)
{
	uint64_t block[BLOCK_WORDS];

	block[0] = (uint64_t)(uint32_t)vlan << 32 | length;
	if (length > 0)
		memcpy(block + 1, bytes, length);
	return siphash(seed, block, 1 + length / 8);
}

static uint64_t
link_value_hash(const struct places *p, const struct link *l)
{
	uint64_t block[4] = { 0 };

	block[0] = (uint64_t)l->path << 32 | l->source;
	block[1] = (uint64_t)l->tci << 8 | l->info;
	memcpy(block + 2, l->macs, sizeof(l->macs));
	return siphash(&p->seed, block, 4);
}

static uint8_t *
bytes_copy(const uint8_t *bytes, size_t length)
{
	uint8_t *copy;

	if (length == 0)
		return NULL;
	copy = malloc(length);
	if (copy == NULL)
		err(1, "out of memory");
	memcpy(copy, bytes, length);
	return copy;
}

static bool
bytes_same(const uint8_t *a, size_t a_length, const uint8_t *b,
    size_t b_length)
{
	return a_length == b_length &&
	    (a_length == 0 || memcmp(a, b, a_length) == 0);
}

/*
 * What both directions have in common: no VLAN layers, no ids that each
 * direction chooses, outer addresses in ascending order.
 */
static void
canonical(struct encap_path *to, const uint8_t *bytes, size_t length)
{
	struct encap_layer layer;
	uint8_t swap[16];
	size_t at = 0;

	to->length = 0;
	to->depth = 0;
	while (encap_next(&layer, bytes, length, &at) == 1) {
		if (layer.kind == ENCAP_VLAN)
			continue;
		if (layer.kind == ENCAP_PPTP || layer.kind == ENCAP_L2TP ||
		    layer.kind == ENCAP_GTPU)
			layer.id = 0;
		if (memcmp(layer.src, layer.dst, sizeof(swap)) > 0) {
			memcpy(swap, layer.src, sizeof(swap));
			memcpy(layer.src, layer.dst, sizeof(swap));
			memcpy(layer.dst, swap, sizeof(swap));
		}
		if (encap_push(to, &layer) == -1)
			break;
	}
}

/* Without its VLAN layers, for --ignore-vlan. */
static void
untagged(struct encap_path *to, const uint8_t *bytes, size_t length)
{
	struct encap_layer layer;
	size_t at = 0;

	to->length = 0;
	to->depth = 0;
	while (encap_next(&layer, bytes, length, &at) == 1)
		if (layer.kind != ENCAP_VLAN &&
		    encap_push(to, &layer) == -1)
			break;
}

static uint32_t
place_find(struct places *p, int32_t vlan, const uint8_t *bytes, size_t length)
{
	uint64_t hash = bytes_hash(&p->seed, vlan, bytes, length);
	struct table_walk walk;
	struct place *place;
	uint32_t i;

	for (i = table_first(&p->places, hash, &walk); i != 0;
	    i = table_next(&p->places, &walk)) {
		place = places_at(p, i);
		if (place->vlan == vlan &&
		    bytes_same(place->bytes, place->length, bytes, length))
			return i;
	}
	return 0;
}

/* All places of one shape are a ring: who may be each other's peers. */
static uint32_t
place_new(struct places *p, int32_t vlan, const uint8_t *bytes, size_t length)
{
	uint32_t i = table_new(&p->places, false), head = 0;
	struct place *place = places_at(p, i);

	if (vlan != -1)
		head = place_find(p, -1, bytes, length);
	if (vlan != -1 && head == 0)
		head = place_new(p, -1, bytes, length);
	place->vlan = vlan;
	place->length = (uint16_t)length;
	place->bytes = bytes_copy(bytes, length);
	place->sibling = i;
	if (head != 0) {
		place->sibling = places_at(p, head)->sibling;
		places_at(p, head)->sibling = i;
	}
	table_insert(&p->places, i,
	    bytes_hash(&p->seed, vlan, bytes, length));
	return i;
}

static uint32_t
path_find(struct places *p, int32_t vlan, const uint8_t *bytes, size_t length)
{
	uint64_t hash = bytes_hash(&p->seed, vlan, bytes, length);
	struct table_walk walk;
	struct path *path;
	uint32_t i;

	for (i = table_first(&p->paths, hash, &walk); i != 0;
	    i = table_next(&p->paths, &walk)) {
		path = places_path_at(p, i);
		if (path->vlan == vlan &&
		    bytes_same(path->bytes, path->length, bytes, length))
			return i;
	}
	return 0;
}

/* A path that is not there yet; identity 0: itself. */
static uint32_t
path_add(struct places *p, int32_t vlan, const uint8_t *bytes, size_t length,
    uint32_t identity)
{
	struct encap_path shape;
	struct path *path;
	uint32_t i = table_new(&p->paths, false);

	path = places_path_at(p, i);
	path->vlan = vlan;
	path->length = (uint16_t)length;
	path->bytes = bytes_copy(bytes, length);
	path->identity = identity != 0 ? identity : i;
	table_insert(&p->paths, i,
	    bytes_hash(&p->seed, vlan, bytes, length));
	canonical(&shape, bytes, length);
	if (p->ignore_vlan)
		vlan = -1;
	path->place = place_find(p, vlan, shape.bytes, shape.length);
	if (path->place == 0)
		path->place = place_new(p, vlan, shape.bytes, shape.length);
	places_at(p, path->place)->paths++;
	return i;
}

/*
 * A section with too many different paths (somebody makes them up): the
 * rest share the first one, which merges only streams of equal tuples.
 */
static uint32_t
path_get(struct places *p, int32_t vlan, const uint8_t *bytes, size_t length)
{
	struct encap_path bare;
	uint32_t i = path_find(p, vlan, bytes, length), identity = 0;

	if (i != 0)
		return i;
	if (p->paths.used >= PLACE_PATHS_MAX)
		return 1;
	untagged(&bare, bytes, length);
	if (p->ignore_vlan && (vlan != -1 || bare.length != length)) {
		identity = path_find(p, -1, bare.bytes, bare.length);
		if (identity == 0)
			identity = path_add(p, -1, bare.bytes, bare.length, 0);
	}
	return path_add(p, vlan, bytes, length, identity);
}

void
places_init(struct places *p, bool ignore_vlan)
{
	memset(p, 0, sizeof(*p));
	p->ignore_vlan = ignore_vlan;
	siphash_seed(&p->seed);
	table_init(&p->paths, sizeof(struct path), 0);
	table_init(&p->places, sizeof(struct place), 0);
	table_init(&p->links, sizeof(struct link), 0);
	p->recent = path_get(p, -1, NULL, 0);
}

void
places_free(struct places *p)
{
	uint32_t i;

	for (i = 1; i <= p->paths.entries[0].made; i++)
		free(places_path_at(p, i)->bytes);
	for (i = 1; i <= p->places.entries[0].made; i++)
		free(places_at(p, i)->bytes);
	table_free(&p->paths);
	table_free(&p->places);
	table_free(&p->links);
}

void
places_look(struct places *p, const struct flow_key *key)
{
	p->recent = path_get(p, flow_vlan(key), key->path, key->path_length);
}

static bool
link_is(const struct places *p, uint32_t i, const struct flow_key *key,
    uint32_t source)
{
	const struct link *l;

	if (i == 0)
		return false;
	l = table_at(&p->links, i);
	return l->path == p->recent && l->source == source &&
	    l->tci == key->tci && l->info == (key->info & LINK_INFO) &&
	    memcmp(l->macs, key->src_mac, 6) == 0 &&
	    memcmp(l->macs + 6, key->dst_mac, 6) == 0;
}

/* A link that is not one of the last two. */
static uint32_t
link_get(struct places *p, const struct flow_key *key, uint32_t source)
{
	struct link l = { .path = p->recent, .source = source,
	    .tci = key->tci, .info = key->info & LINK_INFO };
	struct table_walk walk;
	uint64_t hash;
	uint32_t i;

	l.identity = places_path_at(p, l.path)->identity;
	memcpy(l.macs, key->src_mac, 6);
	memcpy(l.macs + 6, key->dst_mac, 6);
	hash = link_value_hash(p, &l);
	for (i = table_first(&p->links, hash, &walk); i != 0;
	    i = table_next(&p->links, &walk))
		if (link_is(p, i, key, source))
			return i;
	i = table_new(&p->links, false);
	memcpy(table_at(&p->links, i), &l, sizeof(l));
	table_insert(&p->links, i, hash);
	return i;
}

/* Fewer users; the link goes with the last one. */
static void
link_settle(struct places *p, uint32_t i, uint32_t fewer)
{
	struct link *l = table_at(&p->links, i);

	l->users -= fewer;
	if (l->users > 0)
		return;
	table_remove(&p->links, i, link_value_hash(p, l));
	table_delete(&p->links, i);
}

uint32_t
places_link(struct places *p, const struct flow_key *key, uint32_t source)
{
	uint32_t *recent = p->recent_link, i;

	(void)places_path(p, key);	/* is p->recent now */
	if (link_is(p, recent[0], key, source)) {
		i = recent[0];
	} else if (link_is(p, recent[1], key, source)) {
		i = recent[1];
	} else {
		i = link_get(p, key, source);
		if (recent[1] != 0)
			link_settle(p, recent[1], 0);
		recent[1] = recent[0];
		recent[0] = i;
	}
	((struct link *)table_at(&p->links, i))->users++;
	return i;
}

void
places_unlink(struct places *p, uint32_t i)
{
	/* One of the last two is kept: it will be asked for again. */
	if (i == p->recent_link[0] || i == p->recent_link[1])
		((struct link *)table_at(&p->links, i))->users--;
	else
		link_settle(p, i, 1);
}

void
places_key(const struct places *p, uint32_t i, struct flow_key *key)
{
	const struct link *l = table_at(&p->links, i);
	const struct path *path = places_path_at(p, l->path);

	key->info = l->info;
	key->tci = l->tci;
	memcpy(key->src_mac, l->macs, 6);
	memcpy(key->dst_mac, l->macs + 6, 6);
	key->path = path->bytes;
	key->path_length = path->length;
}

bool
places_reverse(const struct places *p, uint32_t a, uint32_t b)
{
	const struct path *x = places_path_at(p, a);
	const struct path *y = places_path_at(p, b);

	return (x->length == 0 && y->length == 0) ||
	    encap_is_reverse(x->bytes, x->length, y->bytes, y->length);
}

bool
places_partner(struct places *p, uint32_t id, uint32_t other)
{
	struct place *place = places_at(p, id);
	unsigned i;

	for (i = 0; i < place->partners; i++)
		if (place->partner[i] == other)
			return true;
	if (place->partners == PLACE_PARTNERS)
		return false;
	place->partner[place->partners++] = other;
	return true;
}
