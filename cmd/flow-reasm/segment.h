/* SPDX-License-Identifier: ISC */
/*
 * What one TCP segment does to the streams: to which it belongs, what it
 * begins and ends (RFC 9293, section 3.10; the rules of thumb for captures
 * are those of tcpflow).
 */
#ifndef FLOW_REASM_SEGMENT_H
#define FLOW_REASM_SEGMENT_H

#include "cmd/flow-reasm/arrival.h"

void	segment_take(struct reasm *, struct arrival *);

#endif
