/* SPDX-License-Identifier: ISC */
/*
 * Bytes that wait to be written: runs, each with its place in the stream.
 * A run is either bytes, which are copied here, or a reference into a
 * capture, which is handed to the kernel as it lies in the mapping.  A small
 * stream is so written in one go when it closes, and a large one in few
 * calls.  What is held of all files is bounded; over the bound the files
 * that have had nothing new for longest are written out.  The first run of
 * a stream that comes by reference stays in the file's own entry until
 * there is another, because very many streams are waiting for no more.
 */
#ifndef FLOW_STORE_HELD_H
#define FLOW_STORE_HELD_H

#include "cmd/flow-store/store.h"

#define PIECE_HERE	UINT64_MAX	/* where: the bytes follow the piece */

struct piece {
	int64_t		 offset;	/* in the stream */
	uint64_t	 where;		/* in the capture, or PIECE_HERE */
	uint32_t	 source;
	uint32_t	 length;	/* bytes, at least 1 */
};

struct held {
	struct file	*file;
	struct held	*older, *newer;	/* in the store's list */
	uint32_t	 size;		/* bytes that data has room for */
	uint32_t	 used;
	uint32_t	 pieces;
	uint32_t	 last;		/* where the last piece begins */
	uint8_t		 data[];	/* pieces, 8-byte aligned */
};

/*
 * Hold bytes for a file: those at `bytes`, or what the reference stands
 * for when that is NULL.  May write out this file or others.
 */
void	held_add(struct store *, struct file *, int64_t offset,
	    const struct reference *, const uint8_t *bytes);

/* Is the first run all that is held, in the file's own entry? */
bool	held_first(const struct file *);

/* Write out what is held of this file.  0, or -1: the file has failed. */
int	held_flush(struct store *, struct file *);

/* The same for all files. */
void	held_flush_all(struct store *);

/* What is held of this file, taken out of it; give it to held_release(). */
struct held	*held_detach(struct store *, struct file *);
void	held_release(struct store *, struct held *);

/* The piece at *at, which is moved on from 0; NULL after the last. */
const struct piece	*held_next(const struct held *, uint32_t *at);

/* Forget what is held of this file. */
void	held_drop(struct store *, struct file *);

/*
 * The parts: add a run to *h, which belongs to no list and may move or be
 * NULL; returns the bytes by which it grew.  Write its runs with `shift`
 * added to their offsets; 0, or -1.
 */
size_t	held_append(struct held **h, int64_t offset,
	    const struct reference *, const uint8_t *bytes);
int	held_write(struct store *, struct file *, const struct held *,
	    uint64_t shift);

#endif
