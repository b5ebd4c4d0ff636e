/* SPDX-License-Identifier: ISC */
/*
 * A capture for each connection (-K), made of the FRAME records of its two
 * streams and named as the stream that came first, with ".pcap" at the end.
 *
 * It begins as a classic capture with microseconds; the first packet that
 * needs nanoseconds, or has another link type, makes it one with
 * nanoseconds, or a pcapng file.
 */
#ifndef FLOW_STORE_FRAMES_H
#define FLOW_STORE_FRAMES_H

#include "cmd/flow-store/store.h"

enum { FRAMES_LINKS_MAX = 16 };		/* link types in one capture */

/* A FRAME of the stream with this entry. */
void	frames_add(struct store *, struct file *, const struct record *);

/*
 * The stream closes.  When it is the last of its connection the capture is
 * finished and its entry returned, for STORED; the caller frees it.
 */
struct file	*frames_close(struct store *, struct file *);

#endif
