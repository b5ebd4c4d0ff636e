/* SPDX-License-Identifier: ISC */
/*
 * One temporary file in which many small streams wait for their end: each
 * is a chain of blocks, in the order in which they were put.  Blocks that
 * are given back are used again, so the file is never larger than what
 * waited at one time; in memory a block costs four bytes.
 */
#ifndef FLOW_STORE_SPOOL_H
#define FLOW_STORE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

struct spool_chain {			/* zeroed: nothing */
	uint32_t	 first, last;	/* blocks; 0: none */
	uint32_t	 used;		/* bytes */
};

struct spool {				/* zeroed, but for fd */
	int		 fd;		/* owned; open for both */
	uint32_t	*next;		/* of each block, in its list, or 0 */
	uint32_t	 blocks;	/* known so far, with block 0 */
	uint32_t	 room;		/* for so many in `next` */
	uint32_t	 free;		/* list of those given back */
};

/*
 * n more bytes at the end of a chain.  0, or -1 with errno: then the chain
 * is good for nothing but spool_drop().
 */
int	spool_put(struct spool *, struct spool_chain *, const void *,
	    uint32_t n);

/* All bytes of a chain, chain->used of them.  0, or -1 with errno. */
int	spool_get(const struct spool *, const struct spool_chain *, void *);

/* Give the blocks back; the chain is then empty. */
void	spool_drop(struct spool *, struct spool_chain *);

/* Close the file. */
void	spool_free(struct spool *);

#endif
