/* SPDX-License-Identifier: ISC */
/* The state of pcap-demux, and what its files do with it. */
#ifndef PCAP_DEMUX_DEMUX_H
#define PCAP_DEMUX_DEMUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/pcap-demux/counts.h"
#include "cmd/pcap-demux/filter.h"
#include "cmd/pcap-demux/progress.h"
#include "cmd/pcap-demux/save.h"
#include "cmd/pcap-demux/settings.h"
#include "formats/frag.h"
#include "formats/layer.h"
#include "formats/pcap.h"
#include "libcommon/stage.h"

/* One capture that is being read. */
struct demux_source {
	struct source	 record;	/* its SOURCE */
	bool		 told;		/* SOURCE has been emitted */
	bool		 no_new;	/* -R */
	bool		 failed;	/* damaged, and that was said */
	bool		 has_offsets;	/* packets' offsets are known */
};

struct demux {
	struct stage	*stage;
	struct settings	 set;
	struct filter	*filter, *inner_filter;	/* NULL: none */
	struct save	*save;		/* NULL: none */
	struct frag_table *fragments;
	struct counts	 counts;
	struct demux_source source;	/* the present one */
	uint32_t	 sources;
	struct packet	 packet;	/* the present one */
	uint64_t	 number;	/* of the present packet */
	uint64_t	 matched;	/* packets that the filter asks for */
	int64_t		 clock;		/* what SEGMENT or CLOCK said last */
	int64_t		 first_time;	/* of the first packet of all */
	uint32_t	 link_type;	/* of which first_layer is */
	enum layer	 first_layer;
	bool		 link_type_said; /* an unknown one was complained of */
	struct progress	 progress;
	bool		 done;		/* a limit that was asked for */
	struct options	*options;
	bool		 confined;	/* demux_confine() has been here */
	bool		 may_confine;	/* no program is still to be run */
};

/* demux.c: packets to records. */

/* A capture begins; fills in its index. */
void	demux_source_begin(struct demux *, const char *name, bool no_new);
/* Its link type is known: emit SOURCE unless that was done. */
void	demux_source_tell(struct demux *, uint32_t link_type,
	    uint32_t snaplen);
/* One packet of it; its data is borrowed. */
void	demux_packet(struct demux *, const struct pcap_packet *);
/* Time has gone on without packets. */
void	demux_clock(struct demux *, int64_t now);
/* Between packets: the counts so far, if SIGUSR1 has asked for them. */
void	demux_tell_counts(const struct demux *);
/* No more packets of any capture: incomplete datagrams go out. */
void	demux_finish(struct demux *);
/* May no more packets be read: a limit or a signal? */
bool	demux_over(const struct demux *);

/* offline.c: captures in files and pipes. */
void	offline_read(struct demux *, const char *path, bool no_new);

/* live.c: an interface, until a signal or a limit. */
void	live_read(struct demux *);

/*
 * demux_confine.c: a capture is open, nothing of it has been looked at: give up
 * root and all that is not needed for the captures still to come.
 */
void	demux_confine(struct demux *);

#endif
