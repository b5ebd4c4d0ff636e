/* SPDX-License-Identifier: ISC */
/*
 * IP datagrams out of their fragments: RFC 791 section 3.2, RFC 8200
 * section 4.5, RFC 5722.
 *
 * Fragments come in any order and more than once.  IPv4: where they overlap
 * the first one seen wins.  IPv6: an overlap that is no exact duplicate
 * spoils the datagram, fragments still to come included.  What takes longer
 * than the timeout (capture time) or does not fit in the memory is given up,
 * the oldest first; the beginning of such a datagram is handed out by
 * frag_leftover().  Fragments of protocols that cannot lead to TCP are not
 * kept.
 */
#ifndef FORMATS_FRAG_H
#define FORMATS_FRAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/layer.h"

enum {
	FRAG_DATAGRAM_MAX = 65535,	/* bytes of a datagram's payload */
	FRAG_MEMORY = 64 << 20,		/* default limit, bytes */
	FRAG_MEMORY_MIN = 128 << 10,	/* the least: one datagram */
	FRAG_SECONDS = 30		/* default timeout */
};

struct fragment {
	uint32_t	 id;
	uint32_t	 offset;	/* bytes */
	bool		 more;		/* not the last */
};

struct frag_counts {
	uint64_t	 fragments;	/* kept, or completing a datagram */
	uint64_t	 datagrams;	/* that were begun */
	uint64_t	 whole;		/* reassembled */
	uint64_t	 timed_out;
	uint64_t	 evicted;	/* for want of memory */
	uint64_t	 incomplete;	/* at the end of the input, or cut */
	uint64_t	 duplicates;	/* fragments with nothing new */
	uint64_t	 overlaps;	/* fragments that overlap others */
	uint64_t	 spoiled;	/* IPv6 datagrams that overlapped */
};

/*
 * A table that keeps at most `memory` bytes, datagrams for `timeout` ns.
 * `seed` makes its hash unpredictable.  NULL: out of memory.
 */
struct frag_table *frag_new(size_t memory, int64_t timeout, uint64_t seed);
void	frag_free(struct frag_table *);

/*
 * Has there been any fragment?  As long as not, nothing waits and nothing is
 * left over.
 */
bool	frag_used(const struct frag_table *);

/*
 * Before each packet: let go of what the last one completed and give up
 * what has waited too long.
 */
void	frag_tick(struct frag_table *, int64_t now);
/* At the end of the input: give up everything. */
void	frag_finish(struct frag_table *);

/*
 * For the IP decoders: the packet's cursor is at a fragment's bytes, key,
 * path and protocol are set.  The next layer of the whole datagram when this
 * completes it, then p->at lies in the table's memory until the next
 * frag_tick() and p->ip is a header made up for it.
 */
enum layer	frag_add(struct packet *, struct fragment);

/*
 * The next datagram that was given up and has a beginning: the packet that
 * brought it, decoded as far as the bytes go.  False: no more.  Valid until
 * the next call for this table.
 */
bool	frag_leftover(struct frag_table *, struct packet *);

const struct frag_counts *frag_counts(const struct frag_table *);

#endif
