/* SPDX-License-Identifier: ISC */
/* The header of a TCP segment (RFC 9293 section 3.1) and its checksum. */
#ifndef FORMATS_TCP_H
#define FORMATS_TCP_H

#include "formats/layer.h"

enum { TCP_HEADER_MIN = 20 };

/*
 * Sets ports, sequence numbers, flags, window and payload.  With
 * packet.checksums a segment that was captured whole is judged: GOOD, BAD,
 * or neither for 0 and for the sum of the pseudo header alone, which is
 * what a card that sums later (checksum offload) leaves in the capture.
 */
enum layer	tcp_decode(struct packet *);

#endif
