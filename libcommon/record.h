/* SPDX-License-Identifier: ISC */
/*
 * The frame of the record stream: preamble, record header, record types,
 * and the bodies that say something about the stream of records itself
 * (SOURCE, END, references).  flow-record(5) is the specification; the
 * bodies about flows are in formats/flow.h.  All integers are
 * little-endian; every record begins at a multiple of 8 bytes.
 */
#ifndef LIBCOMMON_RECORD_H
#define LIBCOMMON_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcommon/bytes.h"

enum {
	RECORD_PREAMBLE = 16,		/* bytes of a section's preamble */
	RECORD_HEADER = 32,		/* bytes of a record's header */
	RECORD_BODY_MAX = 1 << 20,	/* longest body, bytes */
	RECORD_MAJOR = 1,
	RECORD_MINOR = 0,
	REFERENCE_SIZE = 16,
	FINGERPRINT_SIZE = 32,		/* SHA-256 */
	FINGERPRINT_SPAN = 65536	/* bytes of a capture that it covers */
};

#define RECORD_NO_TIME	INT64_MIN

/* The numbers are part of the format: never reuse one. */
enum record_type {
	RECORD_META = 1,
	RECORD_SOURCE = 2,
	RECORD_SEGMENT = 3,
	RECORD_FRAME = 4,
	RECORD_CLOCK = 5,
	RECORD_OPEN = 6,
	RECORD_DATA = 7,
	RECORD_GAP = 8,
	RECORD_LATE = 9,
	RECORD_ARRIVAL = 10,
	RECORD_CONFLICT = 11,
	RECORD_NAME = 12,
	RECORD_STORED = 13,
	RECORD_DIGEST = 14,
	RECORD_NOTE = 15,
	RECORD_CLOSE = 16,
	RECORD_STATS = 17,
	RECORD_END = 18,
	RECORD_TYPES			/* one past the last known type */
};

/* Flags 0x0100-0x8000 must be understood by whoever decodes the record. */
enum record_flag {
	RECORD_BYREF = 0x0100,		/* the bytes do not travel */
	RECORD_CRITICAL = 0x0200,	/* unknown type: an error */
	RECORD_NO_NEW = 0x0400,		/* SOURCE: begin no streams */
	RECORD_REPLACE = 0x0400,	/* LATE: replaces bytes sent before */
	RECORD_SUFFIX = 0x0400,		/* NAME: goes after the parent's name */
	RECORD_FLAGS_CRITICAL = 0xff00
};

/*
 * One record.  The body is borrowed: from the stage's input buffer, valid
 * until the next stage_next(), or from whoever fills the struct.
 */
struct record {
	const uint8_t	*body;
	uint32_t	 length;	/* of the body, bytes, no padding */
	uint16_t	 type;		/* enum record_type, or unknown */
	uint16_t	 flags;
	uint64_t	 stream;	/* 0: about no one stream */
	int64_t		 time;		/* ns since the epoch, or NO_TIME */
	int64_t		 offset;	/* where in the stream, bytes */
};

/*
 * Where bytes lie: source is the index of a SOURCE of this section, 0 is
 * nowhere (inflated or reassembled bytes); offset counts from the start of
 * the capture (of its decompressed form where it is compressed).
 */
struct reference {
	uint64_t	 offset;
	uint32_t	 source;
	uint32_t	 length;	/* bytes */
};

enum source_format {
	SOURCE_UNKNOWN,
	SOURCE_PCAP,
	SOURCE_PCAPNG,
	SOURCE_LIVE,			/* an interface */
	SOURCE_OTHER			/* read through libpcap */
};

/* SOURCE: one capture.  `name` is not NUL-terminated. */
struct source {
	uint32_t	 index;		/* from 1 */
	uint32_t	 link_type;	/* LINKTYPE_ of its first interface */
	uint32_t	 snaplen;
	uint16_t	 format;	/* enum source_format */
	bool		 referable;	/* a plain file that -r can name */
	uint64_t	 size;		/* bytes of the file, 0: unknown */
	uint8_t		 fingerprint[FINGERPRINT_SIZE]; /* 0s: unknown */
	const char	*name;
	size_t		 name_length;
};

enum { SOURCE_FIXED = 56 };

enum end_status {
	END_WHOLE,
	END_TRUNCATED,			/* an input was cut short */
	END_ERROR,			/* a stage failed */
	END_INTERRUPTED,		/* ended by a signal before its time */
	END_STATUSES
};

/* END: how the section ended.  The texts are not NUL-terminated. */
struct end {
	enum end_status	 status;
	uint64_t	 records;	/* in this section, END not counted */
	const char	*program;	/* who said so, empty when whole */
	size_t		 program_length;
	const char	*text;		/* the message */
	size_t		 text_length;
};

enum { END_FIXED = 16 };

/* Bytes of padding after a body of this length. */
static inline uint32_t
record_padding(uint32_t length)
{
	return -length & 7;
}

/* Bytes a record takes in the stream. */
static inline size_t
record_size(uint32_t length)
{
	return RECORD_HEADER + (size_t)length + record_padding(length);
}

/* Write the 16-byte preamble of a section. */
void	record_preamble_encode(uint8_t[RECORD_PREAMBLE]);

/*
 * Is this a preamble that we can read?  Returns NULL, or what is wrong
 * with it as a constant text ("is a packet capture, ...").
 */
const char	*record_preamble_check(const uint8_t[RECORD_PREAMBLE]);

/* Header only; the body pointer is neither read nor set. */
static inline void
record_header_encode(uint8_t p[RECORD_HEADER], const struct record *r)
{
	le32_put(p, r->length);
	le16_put(p + 4, r->type);
	le16_put(p + 6, r->flags);
	le64_put(p + 8, r->stream);
	le64_put(p + 16, (uint64_t)r->time);
	le64_put(p + 24, (uint64_t)r->offset);
}

static inline void
record_header_decode(struct record *r, const uint8_t p[RECORD_HEADER])
{
	r->length = le32_get(p);
	r->type = le16_get(p + 4);
	r->flags = le16_get(p + 6);
	r->stream = le64_get(p + 8);
	r->time = (int64_t)le64_get(p + 16);
	r->offset = (int64_t)le64_get(p + 24);
}

void	reference_encode(uint8_t[REFERENCE_SIZE], const struct reference *);
void	reference_decode(struct reference *, const uint8_t[REFERENCE_SIZE]);

/* The fixed part; the name follows it.  Decode: 0, or -1 when malformed. */
void	source_encode(uint8_t[SOURCE_FIXED], const struct source *);
int	source_decode(struct source *, const struct record *);

/*
 * Encode END into buf of `size` bytes; the text is cut to fit.  Returns the
 * length of the body.  Decode: 0, or -1 when malformed.
 */
size_t	end_encode(uint8_t *buf, size_t size, const struct end *);
int	end_decode(struct end *, const struct record *);

/* "data", "open", ... or NULL for an unknown type; and back, 0 = unknown. */
const char	*record_type_name(uint16_t type);
uint16_t	 record_type_number(const char *name);

#endif
