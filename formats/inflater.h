/* SPDX-License-Identifier: ISC */
/*
 * DEFLATE (RFC 1951) undone piece by piece, without the wrapping of zlib and
 * gzip.  It does what zlib's inflate() does, with the same texts where data
 * are bad, in about half the time: bits are fetched eight bytes at a time,
 * matches are copied by words, and what comes out stays where it was made,
 * in a buffer that is the window as well.
 */
#ifndef FORMATS_INFLATER_H
#define FORMATS_INFLATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	INFLATER_WINDOW = 32768,	/* the longest distance */
	INFLATER_MADE = 32768,		/* bytes that come out at a time */
	INFLATER_SLACK = 32,		/* words may be written behind them */
	INFLATER_LENS = 286,		/* symbols that may be given codes */
	INFLATER_DISTS = 30,
	INFLATER_LENS_ROOT = 10,	/* bits that the first table looks at */
	INFLATER_DISTS_ROOT = 8,
	/* Most entries that complete codes take, with second tables. */
	INFLATER_LENS_SIZE = 1334,
	INFLATER_DISTS_SIZE = 402
};

/* What a code means: the entry of a table. */
struct inflater_code {
	uint16_t	 value;		/* literal, or base of what op adds */
	uint8_t		 bits;		/* of the code */
	uint8_t		 op;		/* extra bits, or enum inflater_op */
};

enum inflater_op {
	INFLATER_BAD = 0x10,
	INFLATER_LITERAL = 0x20,
	INFLATER_BLOCK_END = 0x40,
	INFLATER_SECOND = 0x80		/* a table of so many bits at value */
};

enum inflater_set { INFLATER_SET_CODES, INFLATER_SET_LENS,
	INFLATER_SET_DISTS };

enum inflater_result {
	INFLATER_MORE,			/* input used up, or output full */
	INFLATER_END,			/* the last block is over */
	INFLATER_ERROR
};

enum inflater_state {
	INFLATER_HEAD, INFLATER_STORED_HEAD, INFLATER_STORED,
	INFLATER_SIZES, INFLATER_CODE_LENGTHS, INFLATER_LENGTHS,
	INFLATER_SYMBOLS, INFLATER_DONE
};

struct inflater_bits {
	uint64_t	 hold;		/* read and not yet used, 0s above */
	unsigned	 n;		/* how many */
};

struct inflater {
	enum inflater_state state;
	bool		 last;		/* block */
	struct inflater_bits bits;
	unsigned	 left;		/* bytes of a match or a stored block */
	unsigned	 distance;	/* of the match */
	const char	*error;		/* constant text */
	/* codes of the block */
	unsigned	 lens, dists, codes, have;
	uint8_t		 length[INFLATER_LENS + INFLATER_DISTS];
	const struct inflater_code *len_table, *dist_table;
	struct inflater_code own_lens[INFLATER_LENS_SIZE];
	struct inflater_code own_dists[INFLATER_DISTS_SIZE];
	bool		 fixed_made;
	struct inflater_code fixed_lens[1 << INFLATER_LENS_ROOT];
	struct inflater_code fixed_dists[1 << INFLATER_DISTS_ROOT];
	/* what has come out */
	size_t		 used;		/* bytes in buf */
	uint8_t		 buf[INFLATER_WINDOW + INFLATER_MADE +
			    INFLATER_SLACK];
};

/* Once, before all else. */
void	inflater_init(struct inflater *);
/* Begin; what came out before is gone. */
void	inflater_begin(struct inflater *);

/*
 * Make room for INFLATER_MADE bytes.  Returns where they will be; they are
 * valid until the next call.
 */
const uint8_t	*inflater_room(struct inflater *);

/*
 * Decode; *in and *n are moved by what was used, and no byte behind the end
 * is.  At most `most` bytes come out, which must not be more than is left of
 * inflater_room(); *made says how many did.
 */
enum inflater_result	inflater_run(struct inflater *, const uint8_t **in,
			    size_t *n, size_t most, size_t *made);

/*
 * inflater_table.c: fill a table of `size` entries, of which the first
 * 2^root are looked at by the first bits, for n symbols with codes of these
 * lengths (0: none).  -1 when they are no set of codes.
 */
int	inflater_table(struct inflater_code *, size_t size, unsigned root,
	    enum inflater_set, const uint8_t *length, unsigned n);

#endif
