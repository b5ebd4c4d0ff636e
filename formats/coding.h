/* SPDX-License-Identifier: ISC */
/*
 * Content codings taken off: gzip (RFC 1952), deflate (RFC 1950 or raw 1951),
 * br (RFC 7932), zstd (RFC 8878), in a stack.  Bytes go in piece by piece
 * and come out through fixed buffers.  coding_zlib.c, coding_brotli.c and
 * coding_zstd.c each hide one library; without HAVE_BROTLI or HAVE_ZSTD the
 * last two know nothing.
 */
#ifndef FORMATS_CODING_H
#define FORMATS_CODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CODING_STACK_MAX = 8,		/* codings on top of each other */
	CODING_BUFFER = 32768,		/* bytes that come out at a time */
	CODING_RATIO_FLOOR = 1 << 20,	/* no ratio is judged below, bytes:
					 * br and zstd make thousands of one
					 * where a plain file begins with NULs
					 * or repeats itself */
	CODING_ZSTD_WINDOW = 23		/* log2 of the largest window */
};

enum coding_kind {
	CODING_UNKNOWN, CODING_GZIP, CODING_DEFLATE, CODING_BR, CODING_ZSTD
};

enum coding_result {
	CODING_MORE,		/* all input taken, or the output is full */
	CODING_END,		/* complete; more may be given */
	CODING_OVER,		/* complete, and what follows is no part */
	CODING_ERROR
};

/* Bytes through one decoder: both ends are moved by what was used. */
struct coding_io {
	const uint8_t	*in;
	size_t		 in_left;
	uint8_t		*out;
	size_t		 out_left;
};

/*
 * One coding.  open() returns NULL when there is no memory; reset() begins
 * anew, and is NULL where that gains nothing.
 */
struct coding_ops {
	void		*(*open)(enum coding_kind);
	enum coding_result (*run)(void *, struct coding_io *);
	const char	*(*error)(const void *); /* constant text */
	size_t		(*weight)(const void *); /* memory, bytes */
	void		(*close)(void *);
	void		(*reset)(void *, enum coding_kind);
};

/* NULL: the coding is unknown here. */
const struct coding_ops	*coding_zlib(enum coding_kind);
const struct coding_ops	*coding_brotli(enum coding_kind);
const struct coding_ops	*coding_zstd(enum coding_kind);

enum { CODING_VERSION_MAX = 32 };

/* Versions of the libraries for -V, in text or not; NULL: not built in. */
const char	*coding_zlib_version(void);
const char	*coding_brotli_version(char text[CODING_VERSION_MAX]);
const char	*coding_zstd_version(void);

/* "gzip", "x-gzip", ... in any case; UNKNOWN also when not built in. */
enum coding_kind	coding_kind(const char *name, size_t length);
/* "GZIP", "DEFLATE", "BR", "ZSTD": for file names. */
const char	*coding_label(enum coding_kind);

struct coding_layer {
	const struct coding_ops *ops;
	enum coding_kind kind;
	void		*state;
	uint64_t	 made;		/* bytes that came out */
	bool		 ended;		/* complete as far as it goes */
	bool		 over;		/* and nothing more is taken */
};

struct coding_stack;

/* Takes what comes out; false: no more is wanted. */
typedef bool	coding_sink(void *, const uint8_t *, size_t);

/*
 * They hold for the decoded bytes, and much the same for what goes from one
 * layer to the next: it can be huge while nothing of it comes out.
 */
struct coding_limits {
	uint64_t	 size;		/* decoded bytes */
	uint64_t	 ratio;		/* decoded to encoded */
};

/*
 * A stack for n codings, the one applied last first.  NULL when one is
 * unknown, n is over CODING_STACK_MAX or there is no memory.
 */
struct coding_stack	*coding_open(const enum coding_kind *, unsigned n,
			    const struct coding_limits *);
void	coding_close(struct coding_stack *);
/*
 * Use a stack that has done its work for another body, as if it were newly
 * opened; false when it does not do for these codings.
 */
bool	coding_reopen(struct coding_stack *, const enum coding_kind *,
	    unsigned n, const struct coding_limits *);

enum coding_state {
	CODING_GOING,		/* give more */
	CODING_DONE,		/* finished and complete */
	CODING_FAILED,		/* see coding_error() */
	CODING_LIMITED,		/* over a limit */
	CODING_STOPPED		/* the sink wanted no more */
};

/* Decode n more bytes into the sink. */
enum coding_state	coding_feed(struct coding_stack *, const uint8_t *,
			    size_t n, coding_sink *, void *);

/* The input is over: DONE, or FAILED when something was left open. */
enum coding_state	coding_finish(struct coding_stack *);

/* Memory that its decoders have, in bytes; it grows as they are fed. */
size_t		coding_weight(const struct coding_stack *);

uint64_t	coding_made(const struct coding_stack *);   /* bytes out */
bool		coding_trailing(const struct coding_stack *);
const char	*coding_error(const struct coding_stack *);

#endif
