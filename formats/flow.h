/* SPDX-License-Identifier: ISC */
/*
 * Bodies of the records about packets and streams, as structs.
 * flow-record(5) gives the layout byte by byte.
 *
 * *_decode(): 0, or -1 when the body is malformed or has a flag that must
 * be understood and is not; pointers in the struct borrow the record's
 * body.  *_encode() writes the fixed part into a caller's array; the bytes
 * that follow it (path, payload, text) are given to stage_emitv() after it.
 * Addresses are in network order, IPv4 in the first 4 of 16 bytes with the
 * rest zero.  Everything else is in host order in the structs.
 */
#ifndef FORMATS_FLOW_H
#define FORMATS_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/encap.h"
#include "libcommon/record.h"

enum {
	SEGMENT_FIXED = 96,
	OPEN_FIXED = 128,
	CLOSE_FIXED = 128,		/* an OPEN body follows */
	CLOSE_MAX = CLOSE_FIXED + OPEN_FIXED + ENCAP_PATH_MAX,
	GAP_SIZE = 16,
	CONFLICT_FIXED = 40,
	FRAME_FIXED = 24,
	STORED_FIXED = 24,
	DIGEST_FIXED = 16,
	KIND_SIZE = 16,
	BYREF_MIN = 64			/* shorter payloads always travel */
};

/* Bits of `info` in SEGMENT and OPEN. */
enum flow_info {
	FLOW_HAS_MAC = 0x01,		/* the link has 6-byte addresses */
	FLOW_HAS_TCI = 0x02,		/* there was an 802.1Q tag */
	FLOW_CHECKSUM_GOOD = 0x04,	/* judged and right */
	FLOW_CHECKSUM_BAD = 0x08,	/* and wrong; neither: not judged */
	FLOW_FRAGMENTED = 0x10		/* came in IP fragments */
};

/* TCP flags, RFC 9293 section 3.1. */
enum tcp_flag {
	TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08,
	TCP_ACK = 0x10, TCP_URG = 0x20, TCP_ECE = 0x40, TCP_CWR = 0x80
};

/* Who is talking to whom, and how it is wrapped. */
struct flow_key {
	uint8_t		 src[16], dst[16];
	uint16_t	 sport, dport;
	uint8_t		 family;	/* 4 or 6 */
	uint8_t		 info;		/* enum flow_info */
	uint16_t	 tci;		/* raw outermost tag, if HAS_TCI */
	uint8_t		 src_mac[6], dst_mac[6]; /* if HAS_MAC */
	uint16_t	 path_length;	/* bytes, a multiple of 8 */
	const uint8_t	*path;		/* encap.h, borrowed */
};

/* SEGMENT: one TCP segment.  header: time; offset = packet number from 1. */
struct segment {
	struct flow_key	 key;
	struct reference ref;		/* the captured payload */
	uint32_t	 seq, ack;
	uint16_t	 window;
	uint8_t		 tcp_flags;
	uint32_t	 wire_length;	/* of the whole frame */
	uint32_t	 cap_length;
	uint32_t	 payload_length; /* by the headers, >= ref.length */
	const uint8_t	*payload;	/* ref.length bytes, NULL: BYREF */
};

/*
 * FRAME: a captured frame.  header: stream (once known), time, offset =
 * packet number.
 */
struct frame {
	struct reference ref;		/* the whole captured frame */
	uint32_t	 wire_length;
	uint32_t	 link_type;	/* LINKTYPE_ */
	const uint8_t	*bytes;		/* ref.length, NULL: BYREF */
};

enum flow_role { ROLE_UNKNOWN, ROLE_CLIENT, ROLE_SERVER };

/* OPEN: header: stream; time of its first packet; offset 0. */
struct flow_open {
	char		 kind[KIND_SIZE]; /* "tcp", "http-body", NUL-padded */
	uint64_t	 parent;	/* stream it was decoded from, 0 */
	int64_t		 parent_offset;	/* where in it, -1: no parent */
	uint64_t	 peer;		/* the other direction, 0: none yet */
	uint64_t	 number;	/* of the direction, from 0 */
	uint64_t	 session;	/* both directions, from 0 */
	uint64_t	 packet;	/* first packet's number, 0: none */
	struct flow_key	 key;
	uint8_t		 role;		/* enum flow_role: of the sender */
	uint32_t	 source;	/* SOURCE of the first packet */
	uint32_t	 first_seq;	/* TCP: sequence number of offset 0 */
};

/* DATA, LATE, ARRIVAL: header: stream, time of the packet, offset. */
struct data {
	struct reference ref;
	const uint8_t	*bytes;		/* ref.length, NULL: BYREF */
};

enum gap_cause {
	GAP_UNKNOWN,
	GAP_MISSED,		/* acknowledged, never captured */
	GAP_SNAPLEN,		/* cut when it was captured */
	GAP_LIMIT,		/* -b: not wanted */
	GAP_EVICTED,		/* given up for want of memory (-M) */
	GAP_START,		/* before the first byte seen */
	GAP_UNSENT,		/* nothing shows that it was ever sent */
	GAP_FRAGMENT,		/* a fragment never came */
	GAP_DAMAGED,		/* bytes that could not be read */
	GAP_CAUSES
};

/* GAP: header: stream, time, offset. */
struct gap {
	uint64_t	 length;	/* bytes */
	uint32_t	 cause;		/* enum gap_cause */
};

/* CONFLICT: header: stream, time, offset: two versions of a range. */
struct conflict {
	uint32_t	 length;	/* bytes */
	bool		 last_won;	/* --overlap last */
	struct reference kept, other;
	const uint8_t	*bytes;		/* the losing version, NULL: BYREF */
};

/*
 * NAME: a file name in which the counter is not yet filled in.  Bytes, not
 * NUL-terminated; a NUL byte is followed by the letter of a counter:
 *   c  the number, when it is not 0       C  the letter c, when it is not 0
 *   #  the number, always
 * Without SUFFIX: a path below the output directory.  With: text to go after
 * the parent's final path, no counter in it.
 */
enum name_flag {		/* of the record */
	NAME_UNSTORED = 0x0001		/* do not store it */
};

struct name {
	const char	*pattern;
	size_t		 length;
};

enum stored_flag {
	STORED_LIMITED = 1		/* cut by flow-store's own limit */
};

/* STORED: header: stream, time. */
struct stored {
	uint64_t	 size;		/* of the file, bytes */
	uint64_t	 shift;		/* bytes before the stream's offset 0 */
	uint32_t	 flags;
	const char	*path;		/* not NUL-terminated */
	size_t		 path_length;
};

enum digest_algorithm {
	DIGEST_MD5 = 1, DIGEST_SHA1 = 2, DIGEST_SHA256 = 3, DIGEST_ALGORITHMS
};

enum digest_flag {
	DIGEST_GAPS = 1,		/* gaps were hashed as zeros */
	DIGEST_PARTIAL = 2		/* not all of the stream is covered */
};

/* DIGEST: header: stream, time. */
struct digest {
	uint16_t	 algorithm;
	uint32_t	 flags;
	uint64_t	 covered;	/* bytes */
	const uint8_t	*value;
	size_t		 value_length;
};

enum close_why {
	CLOSE_UNKNOWN, CLOSE_FIN, CLOSE_RST, CLOSE_TIMEOUT,
	CLOSE_SKIP,			/* a jump over -m, or a new SYN */
	CLOSE_EVICTED,			/* --max-connections */
	CLOSE_INPUT,			/* the input ended */
	CLOSE_COMPLETE,			/* a derived stream, complete */
	CLOSE_CUT,			/* derived: its parent ended early */
	CLOSE_DECODE,			/* derived: cannot be decoded further */
	CLOSE_LIMIT,			/* derived: over a limit */
	CLOSE_REASONS
};

/*
 * CLOSE: header: stream; time when it closed; offset = length.  The last
 * record of its stream, and the only one of a stream that never had bytes.
 */
struct flow_close {
	uint16_t	 why;		/* enum close_why */
	uint64_t	 length;	/* DATA and GAP tile [0, length) */
	uint64_t	 packets;
	uint64_t	 wire_bytes;	/* tcpflow's len */
	uint64_t	 cap_bytes;	/* tcpflow's caplen */
	uint64_t	 out_of_order;
	uint64_t	 violations;
	uint64_t	 gaps;		/* GAP records, of any cause */
	uint64_t	 missing;	/* bytes in them, less those LATE */
	uint64_t	 late;		/* bytes in LATE records */
	uint64_t	 conflicts;
	int64_t		 start, end;	/* first and last packet, ns */
	struct flow_open	 open;		/* as its OPEN said */
};

void	segment_encode(uint8_t[SEGMENT_FIXED], const struct segment *);
int	segment_decode(struct segment *, const struct record *);
void	frame_encode(uint8_t[FRAME_FIXED], const struct frame *);
int	frame_decode(struct frame *, const struct record *);
void	flow_open_encode(uint8_t[OPEN_FIXED], const struct flow_open *);
int	flow_open_decode(struct flow_open *, const struct record *);
int	data_decode(struct data *, const struct record *);
void	gap_encode(uint8_t[GAP_SIZE], const struct gap *);
int	gap_decode(struct gap *, const struct record *);
void	conflict_encode(uint8_t[CONFLICT_FIXED], const struct conflict *);
int	conflict_decode(struct conflict *, const struct record *);
int	name_decode(struct name *, const struct record *);
void	stored_encode(uint8_t[STORED_FIXED], const struct stored *);
int	stored_decode(struct stored *, const struct record *);
void	digest_encode(uint8_t[DIGEST_FIXED], const struct digest *);
int	digest_decode(struct digest *, const struct record *);

/*
 * CLOSE with its OPEN and path, whole, into buf; returns its length, at
 * most CLOSE_MAX.
 */
size_t	flow_close_encode(uint8_t buf[CLOSE_MAX], const struct flow_close *);
int	flow_close_decode(struct flow_close *, const struct record *);

/* Set a kind field from a text (cut to fit, NUL-padded); compare. */
void	kind_set(char[KIND_SIZE], const char *);
bool	kind_is(const char[KIND_SIZE], const char *);

/* Names for the enums, "missed", "fin", "md5"; NULL or 0 when unknown. */
const char	*gap_cause_name(uint32_t);
const char	*close_why_name(uint32_t);
const char	*digest_name(uint32_t);
const char	*role_name(uint32_t);
uint32_t	 gap_cause_number(const char *);
uint32_t	 close_why_number(const char *);
uint32_t	 digest_number(const char *);
uint32_t	 role_number(const char *);

/* The VLAN id, or -1 when there was no tag. */
int	flow_vlan(const struct flow_key *);

enum { FLOW_ADDRESS_TEXT = 46 };

/* Address as inet_ntop(3) gives it. */
char	*flow_address(char[FLOW_ADDRESS_TEXT], uint8_t family,
	    const uint8_t[16]);
/* The same; returns where it ends, and the NUL is. */
char	*flow_address_put(char[FLOW_ADDRESS_TEXT], uint8_t family,
	    const uint8_t[16]);

#endif
