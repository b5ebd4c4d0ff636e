/* SPDX-License-Identifier: ISC */
/*
 * Where packets come from, each distinct answer kept once and known by a
 * number: what a connection would otherwise have to hold for itself.
 *
 * A path is one VLAN id and encapsulation path (formats/encap.h); it is
 * part of a stream's identity.  A place is what both directions of a
 * connection share of it: the VLAN id, and the path without what differs
 * between directions.  A link is a path with the MAC addresses, the raw tag
 * and the source of a stream's first packet.  Links are counted by their
 * users; paths and places are kept for the section.
 */
#ifndef FLOW_REASM_PLACE_H
#define FLOW_REASM_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "formats/flow.h"
#include "libcommon/siphash.h"
#include "libcommon/table.h"

enum {
	PLACE_BITS = 20,		/* a place's number fits */
	PLACE_PATHS_MAX = 1 << 19,	/* paths in one section */
	PLACE_SEARCH = 64,		/* places tried for a peer */
	PLACE_PARTNERS = 8		/* other places of one place's peers */
};

struct path {
	uint32_t	 place;
	uint32_t	 identity;	/* the path that stands for it */
	int32_t		 vlan;		/* -1: no tag */
	uint16_t	 length;
	uint8_t		*bytes;
};

struct place {
	uint32_t	 sibling;	/* next place of the same shape */
	uint32_t	 paths;		/* that are of this place */
	int32_t		 vlan;
	uint16_t	 length;
	uint8_t		 partners;
	uint32_t	 partner[PLACE_PARTNERS];
	uint8_t		*bytes;		/* canonical path */
};

struct link {
	uint32_t	 users;
	uint32_t	 path;
	uint32_t	 identity;	/* of that path */
	uint32_t	 source;
	uint16_t	 tci;
	uint8_t		 info;
	uint8_t		 macs[12];	/* source, destination */
};

struct places {
	struct siphash_key seed;
	struct table	 paths, places, links;
	bool		 ignore_vlan;
	uint32_t	 recent;	/* path found last */
	uint32_t	 recent_link[2]; /* links found last, 0: none */
};

void	places_init(struct places *, bool ignore_vlan);
void	places_free(struct places *);

/* Find the path of a packet; it is `recent` then. */
void	places_look(struct places *, const struct flow_key *);

/* The link of a stream's first packet, with one more user; and one less. */
uint32_t	places_link(struct places *, const struct flow_key *,
		    uint32_t source);
void		places_unlink(struct places *, uint32_t link);

/* Fill in what a link stands for. */
void	places_key(const struct places *, uint32_t link, struct flow_key *);

/* May these two identity paths be the two directions of a connection? */
bool	places_reverse(const struct places *, uint32_t path, uint32_t other);

/* Remember that connections of place `other` also live in place `id`. */
bool	places_partner(struct places *, uint32_t id, uint32_t other);

static inline struct path *
places_path_at(const struct places *p, uint32_t i)
{
	return table_at(&p->paths, i);
}

static inline struct place *
places_at(const struct places *p, uint32_t i)
{
	return table_at(&p->places, i);
}

/* Is this the path of a packet? */
static inline bool
path_is(const struct path *path, const struct flow_key *key)
{
	int32_t vlan = (key->info & FLOW_HAS_TCI) != 0 ? key->tci & 0xfff : -1;

	return path->vlan == vlan && path->length == key->path_length &&
	    (path->length == 0 ||
	    memcmp(path->bytes, key->path, path->length) == 0);
}

/* The identity path of a packet; new ones are remembered. */
static inline uint32_t
places_path(struct places *p, const struct flow_key *key)
{
	if (!path_is(places_path_at(p, p->recent), key))
		places_look(p, key);
	return places_path_at(p, p->recent)->identity;
}

/* Its place if its path was that of the packet before, else 0. */
static inline uint32_t
places_guess(const struct places *p, const struct flow_key *key)
{
	const struct path *path = places_path_at(p, p->recent);

	return path_is(path, key) ? path->place : 0;
}

/* The identity path of a link. */
static inline uint32_t
places_link_path(const struct places *p, uint32_t i)
{
	return ((const struct link *)table_at(&p->links, i))->identity;
}

#endif
