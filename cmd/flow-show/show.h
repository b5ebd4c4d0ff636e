/* SPDX-License-Identifier: ISC */
/*
 * flow-show: streams as text.  The listing has one line for each stream or
 * HTTP transaction; content mode has the bytes of each packet or run.
 */
#ifndef FLOW_SHOW_SHOW_H
#define FLOW_SHOW_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/flow.h"
#include "formats/template.h"
#include "libcommon/idmap.h"
#include "libcommon/stage.h"

enum show_form {
	SHOW_TEXT,			/* unprintable bytes as dots */
	SHOW_RAW,
	SHOW_HEX,
	SHOW_JSON
};

/* What content mode and the listing must know of a stream that is open. */
struct shown {
	uint64_t	 id;
	uint64_t	 printed;	/* bytes, for -b */
	struct flow_open open;		/* its path is not kept */
	char		*name;		/* content: with its directory; listing:
					 * where it is stored; owned; or NULL */
	size_t		 name_length;
	bool		 has_notes;	/* HTTP transactions were listed */
};

struct show {
	struct stage	*stage;
	const char	*directory;	/* put before names, or NULL */
	const char	*lock_name;	/* -L, or NULL */
	uint64_t	 limit;		/* -b, UINT64_MAX: none */
	enum show_form	 form;
	bool		 content;	/* not the listing */
	bool		 header;
	bool		 newline;
	bool		 colour;
	bool		 marks;		/* say where bytes are missing */
	bool		 quiet;		/* nothing at all */
	bool		 terminal;	/* standard output is one */
	bool		 live;		/* a source is an interface */
	bool		 failed;	/* standard output cannot be written */
	int		 lock;		/* descriptor, -1: none */
	struct idmap	 streams;	/* struct shown */
	struct template	 template;	/* for streams without a NAME */
	struct {			/* the whole section, for the sum */
		uint64_t streams, bytes, missing, conflicts;
	}		 sum;
};

/* output.c: standard output.  Bytes are gathered; flush writes them. */
void	output_init(struct show *);
void	output_flush(struct show *);
/* Around the text of one packet: take turns with other writers. */
void	output_begin(struct show *);
void	output_end(struct show *);
/* End like a failed write when the reader has gone, though all is written. */
void	output_watch(struct show *);
/* Is standard output still worth writing to?  Says why not, once. */
bool	output_check(struct show *);
/*
 * Text from the wire for a terminal or a log: what is not printable ASCII
 * leaves as a dot.
 */
void	output_safe(const char *, size_t);

/* streams.c: what is known of a stream. */
struct shown	*streams_get(const struct show *, uint64_t id);
void	streams_open(struct show *, const struct record *);
void	streams_name(struct show *, const struct record *);
void	streams_stored(struct show *, const struct record *);
void	streams_close(struct show *, uint64_t id);
void	streams_reset(struct show *);

/* content.c: the bytes of a DATA, LATE or ARRIVAL; a GAP or CONFLICT. */
void	content_data(struct show *, const struct record *);
void	content_gap(struct show *, const struct record *);
void	content_conflict(struct show *, const struct record *);

/* body.c: bytes in one of the forms. */
void	body_write(const struct show *, const struct flow_open *,
	    const uint8_t *, size_t);

/*
 * list.c: one line for a CLOSE, or for a SEGMENT that no stage has put
 * together; the sum at the end of a section.
 */
void	list_close(struct show *, const struct record *);
void	list_segment(struct show *, const struct record *);
void	list_sum(struct show *);
/* "2008-10-06 17:54:54.694099 " */
void	list_time(int64_t ns);
/* "10.0.0.1:80", "[2001:db8::1]:80" */
void	list_endpoint(uint8_t family, const uint8_t[16], uint16_t port);

/* http.c: one line for a NOTE of flow-http; other NOTEs are passed over. */
void	http_note(struct show *, const struct record *);

#endif
