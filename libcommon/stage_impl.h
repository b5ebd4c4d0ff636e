/* SPDX-License-Identifier: ISC */
/*
 * The inside of a stage, for libcommon/stage*.c alone.
 */
#ifndef LIBCOMMON_STAGE_IMPL_H
#define LIBCOMMON_STAGE_IMPL_H

#include "libcommon/captures.h"
#include "libcommon/jsontext.h"
#include "libcommon/stage.h"

enum {
	STAGE_BATCH = 256 * 1024,	/* bytes read or gathered at a time */
	STAGE_PIECES = 256,		/* runs in one writev */
	STAGE_COPY_MAX = 512,		/* shorter runs are copied */
	STAGE_TEXT_MAX = 1024,		/* a message in END */
	STAGE_COMPLAINTS = 16,		/* kinds of message counted apart */
	STAGE_COMPLAINT_MAX = 10	/* messages of one kind in a section */
};

struct stage_input {
	uint8_t		*buf;
	size_t		 start, end;	/* what is read and not yet used */
	bool		 eof;
	bool		 regular;	/* a plain file, not a pipe */
};

/* One kind of bad input: its message as a format, how often, the last said. */
struct stage_complaint {
	const char	*format;
	uint64_t	 count;
	char		 said[STAGE_TEXT_MAX];
};

/*
 * What is to be written, in order: the pieces, what is in `copy` behind
 * them, the run of records that are being passed on.
 */
struct stage_output {
	struct iovec	 piece[STAGE_PIECES];
	int		 pieces;
	uint8_t		*copy;
	size_t		 copied;
	size_t		 listed;	/* of these: in pieces */
	const uint8_t	*run, *run_end;	/* in the input buffer, or NULL */
	bool		 lost;		/* the reader has gone away */
};

struct stage {
	const struct options *options;
	enum stage_role	 role;
	bool		 has_files;
	struct stage_input in;
	struct stage_output out;
	struct captures	 captures;
	struct jsontext	 meta;		/* META of this process */
	/* the section */
	uint8_t		 preamble[RECORD_PREAMBLE]; /* as read, or 0s */
	bool		 open;		/* its preamble is out */
	bool		 meta_due;
	bool		 end_due;	/* END was given to the caller */
	bool		 broken;	/* the input is of no more use */
	bool		 upstream_failed;
	bool		 stats_sent;
	bool		 critical_said;
	unsigned	 sections;
	uint64_t	 in_records, out_records;
	enum end_status	 status;	/* of this stage */
	char		 text[STAGE_TEXT_MAX];
	struct stage_complaint complaint[STAGE_COMPLAINTS];
	uint8_t		 end_body[END_FIXED + STAGE_TEXT_MAX];
	int		 exit_status;
	/* stage_on_idle() */
	void		(*idle)(struct stage *, void *);
	void		*idle_arg;
	unsigned	 idle_ms;
	int64_t		 idle_last;	/* monotonic, ms */
};

/* stage.c: stage_next(), whatever comes. */
bool	stage_next_any(struct stage *, struct record *);

/* stage_input.c: n bytes at in.buf + in.start; false at end of input. */
void	stage_input_init(struct stage *);
bool	stage_input_need(struct stage *, size_t n);

/* stage_output.c */
void	stage_output_init(struct stage *);
void	stage_output_close(struct stage *);
/* Bytes that are no record: a preamble. */
void	stage_output_raw(struct stage *, const uint8_t *, size_t);

/* stage_signals.c */
void	stage_signals_init(struct stage *);

/* stage_section.c */
void	stage_section_begin(struct stage *);	/* preamble, META */
void	stage_section_meta(struct stage *);	/* META, if due */
void	stage_section_end(struct stage *, const struct record *);

#endif
