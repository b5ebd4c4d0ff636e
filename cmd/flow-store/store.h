/* SPDX-License-Identifier: ISC */
/*
 * The state of flow-store, passed down everywhere, and the entry that it
 * keeps for each stream or other file that is being written.
 */
#ifndef FLOW_STORE_STORE_H
#define FLOW_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/flow-store/names.h"
#include "cmd/flow-store/spool.h"
#include "cmd/flow-store/tree.h"
#include "formats/flow.h"
#include "formats/template.h"
#include "libcommon/idmap.h"
#include "libcommon/stage.h"

enum {
	STORE_HELD = 16 << 20,		/* bytes held back, all files: -M */
	STORE_HELD_FILE = 64 << 10,	/* and of one file */
	STORE_HELD_MAX = 1 << 29,	/* of one, whatever -M is */
	STORE_HELD_PIECES = 1024,	/* runs of one file, as IOV_MAX */
	STORE_SPOOLED = 1 << 20,	/* --tar: of one file, in the spool */
	STORE_FRONT = 64 << 20,		/* held before offset 0, all files */
	STORE_FRONT_SPAN = INT32_MAX,	/* bytes before offset 0 */
	STORE_FILES_DEFAULT = 1024,	/* open at once: -f */
	STORE_STRIP = 65536,		/* bytes stripped at a time */
	STORE_SHARES_MAX = 64,		/* --share */
	STORE_CROWD = 10000,		/* entries of a directory: -q */
	STORE_IDLE_MS = 500
};

/* What a file's entry says in `flags`. */
enum file_flag {
	FILE_UNSTORED = 0x01,		/* known for its name alone */
	FILE_SETTLED = 0x02,		/* its counter is final */
	FILE_MADE = 0x04,		/* it is on the disk */
	FILE_WANTED = 0x08,		/* to be made even if empty */
	FILE_FAILED = 0x10,		/* said; nothing more is written */
	FILE_LIMITED = 0x20,		/* cut by -b */
	FILE_CAPTURED = 0x40,		/* -K: packets instead of bytes */
	FILE_PACKED = 0x80,		/* the pattern is, as in pack.h */
	FILE_SPOOLED = 0x100		/* --tar: older runs are in the spool */
};

struct held;				/* held.h */
struct archive;				/* archive.c */
struct index;				/* index.c */
struct frames;				/* frames.c */

/* What few streams need. */
struct extra {
	uint64_t	 shift;		/* bytes written before offset 0 */
	struct held	*front;		/* more of them, not yet written */
	uint64_t	 span;		/* how far before 0 these begin */
	uint32_t	 conflicts;	/* files made of losing versions */
	struct index	*index;		/* -I */
	struct frames	*frames;	/* -K */
	uint64_t	 peer;		/* -K: the other direction, or 0 */
};

/* There may be hundreds of thousands of these: keep them small. */
struct file {
	int64_t		 time;		/* of its first packet, ns */
	uint64_t	 size;		/* bytes on the disk */
	union {
		/* The first run, from offset 0, if it is a reference, alone. */
		struct {
			uint64_t first_where;
			uint32_t first_source;
			uint32_t first_length;	/* 0: none */
		};
		struct spool_chain chain;	/* FILE_SPOOLED */
	};
	struct held	*held;		/* bytes not yet on the disk */
	struct extra	*extra;
	uint32_t	 count;		/* the connection counter */
	int32_t		 slot;		/* in the cache of open files, -1 */
	uint32_t	 spill;		/* --tar: of its temporary file */
	uint16_t	 length;	/* of the pattern */
	uint16_t	 flags;		/* enum file_flag */
	char		 pattern[];	/* as in NAME, perhaps packed */
};

struct slot {				/* one open file */
	struct file	*file;		/* NULL: free */
	int		 fd;
	int32_t		 older, newer;	/* by last use; -1: none */
};

struct slots {
	struct slot	*slot;
	int32_t		 max;		/* how many may be open */
	int32_t		 used;		/* slots that ever were in use */
	int32_t		 free;		/* list by `newer` */
	int32_t		 oldest, newest;
	int32_t		 open, most;	/* now, and at any time */
};

struct held_list {
	struct held	*oldest, *newest; /* by last activity */
	struct held	*spare;		/* a large one, for the next file */
	uint64_t	 bytes;		/* allocated for all of them */
	uint64_t	 max;
};

/* The stream whose OPEN came last and that has no entry yet. */
struct pending {
	uint64_t	 stream;	/* 0: none */
	bool		 theirs;	/* another process stores it */
	int64_t		 time;
	struct flow_open open;		/* key.path is gone */
};

struct store {
	struct stage	*stage;
	struct tree	 tree;
	struct names	 names;
	struct slots	 slots;
	struct held_list held;
	struct idmap	 streams;	/* of this section: struct file */
	uint64_t	 last_id;	/* the stream looked up last */
	struct file	*last;		/* its entry; NULL: none */
	struct pending	 pending;
	struct archive	*archive;	/* --tar; NULL: a directory */
	struct template	 template;	/* for TCP streams without a NAME */
	/* options */
	const char	*dir;
	const char	*tar;		/* --tar, or NULL */
	uint64_t	 limit;		/* -b; UINT64_MAX: none */
	unsigned	 share, shares;	/* --share: from 1 to shares */
	bool		 quiet;
	bool		 index;		/* -I */
	bool		 captures;	/* -K */
	bool		 conflicts;
	bool		 strip;		/* dots for what cannot be shown */
	bool		 references;	/* pass DATA on as references */
	/* counters */
	uint64_t	 closed;	/* streams, over all sections */
	uint64_t	 files, bytes, failed; /* of this section */
	uint64_t	 front;		/* bytes held before offset 0 */
	/* scratch */
	char		 path[NAMES_PATH_MAX];
	char		 path_to[NAMES_PATH_MAX];
	char		 unpacked[NAMES_PATTERN_MAX];
	char		 pattern[TEMPLATE_PATTERN_MAX];
};

#endif
