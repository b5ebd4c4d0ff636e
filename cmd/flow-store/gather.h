/* SPDX-License-Identifier: ISC */
/*
 * One stream of output made of bytes from here and of bytes that lie in
 * captures, which the kernel takes from the mapping.  What cannot be read
 * any more is zeros, so that what follows stays where it belongs; that and
 * a write that fails are said once, with stage_bad().
 */
#ifndef FLOW_STORE_GATHER_H
#define FLOW_STORE_GATHER_H

#include <sys/uio.h>

#include "libcommon/stage.h"

enum { GATHER_PIECES = 512, GATHER_COPY = 1 << 18 };

struct gather {
	struct stage	*stage;
	int		 fd;
	const char	*name;		/* for messages, borrowed */
	bool		 failed;
	uint64_t	 total;		/* bytes given so far */
	uint8_t		*copy;		/* GATHER_COPY bytes, of which */
	size_t		 copied;	/* so many are used */
	int		 n;
	struct iovec	 iov[GATHER_PIECES];
	struct reference ref[GATHER_PIECES]; /* length 0: bytes of ours */
};

void	gather_init(struct gather *, struct stage *, int fd,
	    const char *name);
void	gather_bytes(struct gather *, const void *, size_t);
void	gather_zeros(struct gather *, uint64_t);
void	gather_reference(struct gather *, const struct reference *);

/* Write what is there: 0, or -1 when that or an earlier write failed. */
int	gather_flush(struct gather *);

/* Flush and close.  0, or -1. */
int	gather_close(struct gather *);

#endif
