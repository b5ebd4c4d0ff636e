/* SPDX-License-Identifier: ISC */
/*
 * One IP datagram that comes in fragments: which bytes of it are there.
 * Places are kept in units of 8 bytes, as IP counts them, so that the work
 * for a fragment depends on its own length only.
 */
#ifndef FORMATS_FRAG_DATAGRAM_H
#define FORMATS_FRAG_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/frag.h"
#include "formats/layer.h"

enum {
	FRAG_UNIT = 8,			/* bytes */
	FRAG_UNITS = (FRAG_DATAGRAM_MAX + FRAG_UNIT) / FRAG_UNIT
};

struct frag_datagram {
	struct frag_datagram *chain;	/* in its bucket */
	struct frag_datagram *older, *newer; /* in order of creation; `newer`
					 * alone links the other lists */
	uint32_t	 bucket;
	uint32_t	 id;
	int64_t		 created;
	struct packet	 packet;	/* of offset 0 once that has come */
	uint8_t		*buffer;	/* room for a header, the payload */
	uint32_t	 size;		/* payload bytes there is room for */
	uint32_t	 total;		/* of the payload, 0: not yet known */
	uint32_t	 end;		/* highest byte seen, plus 1 */
	uint32_t	 units;		/* that came, captured or not */
	uint32_t	 captured;	/* units of which there are bytes */
	bool		 spoiled;
	uint8_t		 came[FRAG_UNITS / 8 + 1];
	uint8_t		 have[FRAG_UNITS / 8 + 1];
};

/* How a fragment stands to what came before it. */
enum frag_novelty {
	FRAG_NEW,			/* none of it has come */
	FRAG_OVERLAP,			/* some of it, or other bytes */
	FRAG_DUPLICATE			/* all of it, the same bytes */
};

/* Memory that it takes, bytes. */
size_t	frag_datagram_memory(const struct frag_datagram *);
void	frag_datagram_free(struct frag_datagram *);

/* Bytes more of memory that a payload up to `end` would take. */
size_t	frag_datagram_growth(const struct frag_datagram *, uint32_t end);
/* Make room for them: 0, or -1 when out of memory. */
int	frag_datagram_grow(struct frag_datagram *, uint32_t end);

/* Let go of the bytes; nothing more is taken. */
void	frag_datagram_spoil(struct frag_datagram *);

/* Does a fragment contradict what is known of the length? */
bool	frag_datagram_contradicts(const struct frag_datagram *,
	    const struct fragment *, uint32_t length);

enum frag_novelty frag_datagram_compare(const struct frag_datagram *,
	    uint32_t offset, uint32_t length, const uint8_t *,
	    uint32_t captured);

/*
 * Take a fragment of `length` bytes of which `captured` are there, as far as
 * its places are free.  There is room.
 */
void	frag_datagram_place(struct frag_datagram *, const struct fragment *,
	    uint32_t length, const uint8_t *, uint32_t captured);

/* Have all places come? */
bool	frag_datagram_whole(const struct frag_datagram *);

/* Are there bytes at its beginning? */
bool	frag_datagram_begins(const struct frag_datagram *);

/*
 * Let the packet go on with the datagram: with all of it, or with its
 * beginning as far as there are bytes.
 */
void	frag_datagram_enter(const struct frag_datagram *, struct packet *);

#endif
