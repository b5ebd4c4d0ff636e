/* SPDX-License-Identifier: ISC */
/*
 * The state of flow-reasm, and what its files say to each other.
 *
 * Sequence numbers are kept as 64-bit "positions" whose low 32 bits are the
 * sequence number, so that a stream may wrap any number of times; the
 * stream offset is the position less the stream's base.
 */
#ifndef FLOW_REASM_REASM_H
#define FLOW_REASM_REASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/flow-reasm/connections.h"
#include "cmd/flow-reasm/place.h"
#include "cmd/flow-reasm/window.h"
#include "formats/flow.h"
#include "libcommon/arena.h"
#include "libcommon/stage.h"

enum {
	ACK_SLACK = 64,			/* packets after an acknowledgement */
	WINDOW_SPAN = 65536,		/* bytes compared, of each stream */
	WINDOW_SHARE = 16,		/* of -M, for all windows together */
	HOLES_MAX = 65536,		/* remembered holes of a stream */
	HOLD_PACKETS = 8,		/* a start without SYN is held back */
	CLOSED_MOST = 4096,		/* recently closed streams */
	CLOSED_HOLES = 64,		/* of each; the last may be several */
	LATE_SYN_PACKETS = 64,		/* a SYN may come after so many */
	LATE_SYN_BYTES = 65535,		/* and so far before the first byte */
	RST_AHEAD = 65535,		/* a RST may be so far ahead, bytes */
	LINGER_MAX = 16384,		/* ended streams with holes */
	NO_NEW_MAX = 65536		/* SOURCE records that are NO_NEW */
};

#define HOLD_TIME	INT64_C(100000000)	/* ns */
#define SLACK_TIME	INT64_C(1000000000)	/* ns */
#define LINGER_SECONDS	60
#define HELD_NEXT	(INT64_MIN / 2)	/* next, while the start is held */
#define HELD_ACKED	(INT64_C(1) << 30) /* acked is so far before base */
#define POSITION_START	(INT64_C(1) << 40)	/* before the first wrap */

struct limits {				/* options */
	uint64_t	 memory;	/* -M */
	uint64_t	 connections;	/* --max-connections */
	int64_t		 jump;		/* -m */
	int64_t		 bytes;		/* -b, or -1 */
	int64_t		 idle;		/* --idle, s, or -1 */
	int64_t		 half_open;	/* --half-open, s, or -1 */
	bool		 timeouts;	/* one of these two is set */
	uint32_t	 ack_slack;	/* packets */
	uint32_t	 window;	/* --window, bytes */
	bool		 no_ack;
	bool		 overlap_last;
	bool		 arrival;
	bool		 ignore_vlan;
	bool		 checksums;
	bool		 no_purge;
	bool		 summary;
};

/* Bits of stream.flags. */
enum stream_flag {
	STREAM_OPEN_SENT = 1,
	STREAM_HELD = 2,		/* its start is held back */
	STREAM_FIN = 4,		/* trouble.fin is set */
	STREAM_LINGERS = 8,		/* over, but for its holes */
	STREAM_OVER = 16		/* over, unless its start was missed */
};

/* A direction that has carried data, or that is out of the ordinary. */
struct stream {
	int64_t		 base;		/* position of offset 0 */
	int64_t		 next;		/* all before it has left */
	int64_t		 last;		/* end of the last segment */
	int64_t		 acked;		/* by the peer */
	int64_t		 end;		/* time of the last packet */
	uint64_t	 wire;		/* bytes of its frames */
	uint64_t	 window;	/* last extent sent (window.h) */
	uint32_t	 packets;
	uint32_t	 out_of_order;
	uint32_t	 trouble;	/* in troubles, 0: none */
	uint32_t	 flags;		/* enum stream_flag */
};

/* What a stream needs when it is not simply in order. */
struct trouble {
	uint32_t	 waiting;	/* extents, a tree (extent.h) */
	uint32_t	 holes;		/* gaps sent and not filled, a tree */
	uint32_t	 waiting_count, hole_count;
	uint64_t	 held;		/* memory that waits, bytes */
	uint32_t	 ref;		/* connection */
	uint8_t		 second;	/* its side */
	bool		 due;		/* in the list of those that... */
	uint32_t	 older, newer;	/* ...wait, by activity */
	uint32_t	 due_older, due_newer;
	int64_t		 due_time;	/* since when */
	uint32_t	 due_packets;	/* left to come */
	int64_t		 fin;		/* position after the last byte */
	int64_t		 low;		/* lowest position sent */
	int64_t		 floor;		/* after the SYN: nothing below */
	int64_t		 forgotten;	/* holes below are forgotten */
	int64_t		 claimed;	/* acknowledged once, yet unseen */
	uint64_t	 gaps, missing, late, conflicts, violations;
	uint64_t	 cut;		/* wire bytes not captured */
	uint64_t	 carry;		/* packets / 2^32 */
};

/* One side of one connection, as the functions here pass it on. */
struct side {
	struct connection *conn;
	uint32_t	 ref;
	unsigned	 which;		/* 0: the side that began it */
	struct stream	*stream;	/* NULL: quiet */
	struct trouble	*trouble;	/* NULL: none */
};

struct hole {
	int64_t		 start, end;	/* positions */
};

/* The end of a stream that closed a short while ago. */
struct closed {
	uint64_t	 key[5];	/* addresses, ports; see closed.c */
	uint32_t	 path;
	int64_t		 base, end;	/* positions */
	int64_t		 sent;		/* up to -b */
	uint64_t	 window;
	uint32_t	 chain;		/* that it is in */
	uint32_t	 older;		/* the next in it, 1 + index; 0: none */
	struct hole	*hole;		/* that it ended with */
	uint32_t	 holes;
};

/*
 * The last CLOSED_MOST of them.  What is remembered depends on their order
 * alone, not on the seed of the hashes: the same input, the same output.
 */
struct closed_ring {
	struct closed	 last[CLOSED_MOST];
	uint32_t	 chain[CLOSED_MOST]; /* newest, 1 + index; 0: none */
	uint64_t	 added;
};

/* A double list through the troubles. */
struct trouble_list {
	uint32_t	 oldest, newest;
};

struct counters {
	uint64_t	 segments, attached, streams, malformed;
	uint64_t	 bad_checksum, stragglers, ignored, not_new;
	uint64_t	 evicted_connections, evicted_holes, timeouts;
	uint64_t	 missing, gaps, late, conflicts;
	uint64_t	 open_streams, max_open_streams, open_at_end;
	uint64_t	 max_connections;
	uint64_t	 max_held, rst_outside, crowded;
};

struct summary {
	uint64_t	 gaps, missing, conflicts;
};

struct reasm {
	struct stage	*stage;
	struct options	*options;
	struct limits	 limits;
	bool		 can_read;	/* captures were given */
	struct window	 window;	/* serves one section after another */
	struct summary	 told;		/* of all sections */
	struct ahead	*ahead;		/* the packets to come */
	bool		 ending;	/* all closes: nothing is looked up */
	/* the section */
	struct connections connections;
	struct places	 places;
	struct arena	 streams;	/* struct stream */
	struct arena	 troubles;	/* struct trouble */
	struct arena	 extents;	/* struct extent */
	struct trouble_list waiting;	/* by activity */
	struct trouble_list due_hold, due_ack; /* by time */
	struct closed_ring *closed;
	uint64_t	 held;		/* memory that waits, bytes */
	int64_t		 now;		/* time of the packet */
	uint64_t	 sessions;
	uint32_t	 source;	/* the SOURCE read last */
	uint8_t		*no_new;	/* bit set of sources */
	struct counters	 count;
	/* FRAME follows its SEGMENT */
	enum { FRAMES_UNKNOWN, FRAMES_YES, FRAMES_NO } frames;
	uint32_t	 attached;	/* connection of the last segment */
	unsigned	 attached_which;
	bool		 closing;	/* attached closes once FRAME is out */
	enum close_why	 closing_why;
};

#endif
