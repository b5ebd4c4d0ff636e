/* SPDX-License-Identifier: ISC */
/*
 * The state of flow-http, and what its files say to each other.
 *
 *	main.c		options, the loop over records
 *	connections.c	streams, and which two make a connection
 *	pairs.c		requests that wait for their responses
 *	messages.c	what each event of a direction does
 *	bodies.c	bodies: decoding, and what of them is derived
 *	decoders.c	decoders: spare ones, and the memory they all have
 *	derived.c	OPEN to CLOSE of a derived stream
 *	notes.c		the JSON of notes
 */
#ifndef FLOW_HTTP_H
#define FLOW_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/coding.h"
#include "formats/flow.h"
#include "formats/http_stream.h"
#include "libcommon/idmap.h"
#include "libcommon/jsontext.h"
#include "libcommon/stage.h"

enum {
	LATE_MAX = 8,		/* responses that wait for their request */
	PENDING_MAX = 1000,	/* requests that wait, in one connection */
	PENDING_TEXT = 512,	/* bytes of method and URL in a pooled one */
	URL_MAX = 8192,		/* bytes of a URL that are kept */
	HELD_MIN = 1024,	/* bytes of a body kept until it decodes */
	HELD_MAX = 256 << 10,	/* at most: a block of zstd is half of it */
	SUFFIX_MAX = 96,	/* bytes of "-HTTPBODY-001.html" */
	PROTOCOL_MAX = 64,	/* bytes of the name of a tunnel's protocol */
	SPARE_MAX = 16,		/* decoders kept for bodies to come */
	SPARE_WEIGHT = 1 << 20,	/* and how large each may be, bytes */
	NOTE_KEEP = 16384	/* largest buffer that goes to the pool */
};

/* A stream that is made here. */
struct derived {
	uint64_t	 id;		/* 0: not opened */
	const char	*kind;
	int64_t		 parent_offset;
	uint64_t	 peer;
	uint32_t	 source;
	uint64_t	 length, missing, gaps, late;
	int64_t		 start, end;	/* times of first and last byte */
};

/* A request that waits for its response. */
struct pending {
	struct pending	*next;
	uint64_t	 number;
	int64_t		 time;
	bool		 head, connect, upgrade;
	bool		 pooled;	/* room for PENDING_TEXT */
	size_t		 method_length, url_length;
	char		 text[];	/* method, then URL */
};

/* A response that came before its request did. */
struct late {
	uint64_t	 number;
	int64_t		 time;
};

/* A message under way. */
struct message {
	struct message	*next;		/* in the pool */
	struct message	*staler, *fresher; /* among those that decode */
	size_t		 weight;	/* of what decoding needs, bytes */
	struct jsontext	 note;
	bool		 noted;		/* not so: --no-notes */
	bool		 body_open;	/* note is inside of "body" */
	bool		 to_end;	/* the body ends with the stream */
	bool		 chunked;
	int64_t		 first;		/* time of the first byte */
	uint64_t	 offset;	/* of the head */
	uint64_t	 head_end;	/* in the stream */
	unsigned	 anomalies;
	/* the body */
	bool		 begun;		/* its first byte has come */
	uint64_t	 body_offset;
	uint64_t	 missing;	/* bytes of it, encoded */
	struct derived	 body, encoded;
	struct coding_stack *coding;	/* NULL: left as it is, or stopped */
	bool		 stopped;	/* decoding has ended early */
	uint16_t	 why;		/* enum close_why, if stopped */
	const char	*error;
	uint8_t		*held;		/* encoded, nothing decoded yet */
	size_t		 held_length, held_size;
	char		 suffix[SUFFIX_MAX]; /* of the body's name */
	char		 encoded_suffix[SUFFIX_MAX];
};

struct connection;

struct direction {
	uint64_t	 id;		/* of the stream */
	struct connection *connection;
	struct direction *peer;
	struct flow_open open;		/* key.path is owned */
	struct http_stream http;
	uint64_t	 messages;	/* so far */
	struct message	*message;	/* under way, or NULL */
	int64_t		 first;		/* time the next message began */
	bool		 unstored;	/* its name is not to be a file */
	struct derived	 heads, tunnel;
};

struct connection {
	struct direction *side[2];
	struct pending	*oldest, *newest;
	unsigned	 pending;
	struct direction *client;	/* who sent those, while it is open */
	uint64_t	 client_id;	/* its stream, also when it is closed */
	bool		 unsure;	/* something was missing */
	bool		 pipelined;
	struct late	 late[LATE_MAX];
	unsigned	 lates;
	char		 protocol[PROTOCOL_MAX]; /* of its tunnel */
};

struct http_options {
	bool		 heads, keep_encoded, leave_encoded, classic;
	bool		 no_notes;
	uint64_t	 head_max, headers_max, search_max;
	uint64_t	 memory_max;	/* of all decoders, bytes */
	struct coding_limits limits;
};

struct http_counts {
	uint64_t	 requests, responses, bodies, decoded, tunnels;
	uint64_t	 unanswered, skipped, skipped_bytes, failed;
};

/* The record that is being looked at. */
struct now {
	const struct record *record;
	struct data	 data;		/* of DATA and LATE, else zeroed */
	struct http_input in;
	int64_t		 time;
	uint16_t	 why;		/* of CLOSE */
};

struct http {
	struct stage	*stage;
	struct http_options options;
	struct idmap	 directions;
	struct http_head head;		/* the last one */
	struct now	 now;
	struct jsontext	 scratch;	/* short notes */
	struct message	*messages;	/* pools */
	struct pending	*pendings;
	struct coding_stack *spare[SPARE_MAX]; /* decoders to use again */
	unsigned	 spares;
	struct message	*stalest, *freshest; /* that decode */
	uint64_t	 weight;	/* of these */
	uint64_t	 position;	/* stages before this one */
	uint64_t	 ids;		/* derived so far in the section */
	struct http_counts counts;
};

/* connections.c */
void	connection_open(struct http *, const struct record *);
void	connection_close(struct http *, struct direction *);
void	connections_end(struct http *);
void	*http_allocate(size_t);		/* zeroed; ends the program */

/* pairs.c */
/*
 * A request: it waits now, unless `answered` says that its response came
 * before it; then the caller frees it.
 */
struct pending *pairs_request(struct http *, struct direction *,
		    const struct http_head *, struct late *answered);
/* Who asked for this response: to be given to pairs_free(), or NULL. */
struct pending	*pairs_response(struct http *, struct direction *,
		    const struct http_head *);
void	pairs_free(struct http *, struct pending *);
/* Nothing will answer these any more: told on stream `to`. */
void	pairs_unanswered(struct http *, struct connection *, uint64_t to);
void	pairs_drain(struct http *);	/* the pool */

/* messages.c: deal with the input of h->now. */
void	messages_input(struct http *, struct direction *);
/* h->now is LATE: it may belong to the body under way. */
void	messages_late(struct http *, struct direction *);
void	messages_drain(struct http *);	/* the pool */

/* bodies.c */
void	bodies_begin(struct http *, const struct direction *,
	    struct message *, const struct http_head *, const char *framing);
void	bodies_span(struct http *, struct direction *, struct message *,
	    const struct http_event *);
void	bodies_hole(struct http *, struct direction *, struct message *,
	    const struct http_event *);
/* All bytes have come: is the decoder content? */
void	bodies_finish(struct http *, struct direction *,
	    struct message *);
void	bodies_close(struct http *, struct direction *, struct message *,
	    uint16_t why);
/* The bytes of h->now at this place, from the record or the capture. */
const uint8_t	*bodies_bytes(struct http *);

/* decoders.c */
/* A decoder for m; false: for these codings there is none. */
bool	decoders_take(struct http *, struct message *,
	    const enum coding_kind *, unsigned n);
/*
 * It has been fed, or m holds more.  Where all need too much, those that
 * have been fed least lately end.
 */
void	decoders_weigh(struct http *, struct message *);
/* m needs it no more; nothing happens when it has none. */
void	decoders_leave(struct http *, struct message *);
void	decoders_drain(struct http *);	/* spare ones */

/* derived.c */
void	derived_open(struct http *, const struct direction *,
	    struct derived *, const char *kind, uint64_t parent_offset,
	    const char *suffix);
/* Bytes made here. */
void	derived_bytes(struct http *, struct derived *, const uint8_t *,
	    size_t);
/* Bytes of h->now's record as they are. */
void	derived_part(struct http *, struct derived *, size_t at, size_t n);
void	derived_gap(struct http *, struct derived *, uint64_t length);
/*
 * Bytes for a gap that was told before: those of h->now that belong at
 * `place` in the parent, when the derived stream began at `origin`.
 */
void	derived_late(struct http *, struct derived *, uint64_t place,
	    uint64_t origin);
void	derived_close(struct http *, const struct direction *,
	    struct derived *, uint16_t why);

/* notes.c */
void	notes_request(struct http *, struct direction *, struct message *,
	    const struct http_head *, const struct pending *,
	    const struct late *answered);
void	notes_response(struct http *, struct direction *, struct message *,
	    const struct http_head *, const struct pending *);
void	notes_body(struct message *, const struct http_head *,
	    const char *framing, unsigned undecoded);
void	notes_body_end(struct message *, uint64_t stream_offset);
void	notes_trailers(struct message *, const struct http_head *);
void	notes_end(struct http *, struct direction *, struct message *,
	    const char *end);
/* Nothing will answer this one: told on stream `to`. */
void	notes_unanswered(struct http *, const struct pending *, uint64_t to);
void	notes_skipped(struct http *, const struct direction *,
	    const struct http_event *);
void	notes_tunnel(struct http *, const struct direction *,
	    uint64_t offset);

#endif
