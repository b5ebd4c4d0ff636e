/* SPDX-License-Identifier: ISC */
/*
 * The life cycle of a stage: open, confine, loop (next, act, pass on),
 * close.  A stage reads records from standard input and writes records to
 * standard output; a source only writes, a sink only reads (its standard
 * output is its own).  The rules that all stages keep (flow-record(5),
 * RULES FOR STAGES) are kept here:
 *
 * - unknown types pass: whatever the loop gives to stage_pass() leaves with
 *   the same bytes and in the same order;
 * - output is flushed before a read that would block;
 * - damage is said once, by the stage that sees it, and told in END;
 * - INT, TERM, HUP end a source in order; a filter ignores the first;
 * - standard output on a terminal is handed to flow-show.
 *
 * stage_* functions may print and exit: out of memory, a write that fails
 * and bad usage end the program.  Bad input does not.
 */
#ifndef LIBCOMMON_STAGE_H
#define LIBCOMMON_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/uio.h>

#include "libcommon/confine.h"
#include "libcommon/options.h"
#include "libcommon/record.h"

enum stage_role {
	STAGE_SOURCE,		/* writes records only */
	STAGE_FILTER,		/* reads and writes records */
	STAGE_SINK		/* reads records; stdout is its own text */
};

struct stage;

/*
 * Begin.  `options` has been read to its end and must stay; it gives the
 * program's name, its arguments for META, the captures for references and
 * the kinds.  `has_files`: the stage writes files of its own, so that it
 * outlives its reader (SIGPIPE) and finishes them.  Never returns NULL.
 *
 * --user and --chroot: a filter or sink has given up root and is in the new
 * root directory when this returns, so what it opens next lies there; its
 * captures are open.  A source does so in stage_confine(), when its device
 * or first capture is open.
 */
struct stage	*stage_open(enum stage_role, const struct options *,
		    bool has_files);

/* Let go of all that is not needed from here on (privilege.h, confine.h). */
void	stage_confine(struct stage *, enum confine_level, const char *dir);

/*
 * The next record; false when the input is over.  Preambles, the order of
 * META, damage and the count of records are dealt with inside.  A META of
 * this stage is put after those that came in.  Every section that began is
 * given an END, made up if none came: on RECORD_END the caller finishes
 * what belongs to the section (ids and sources end with it), emits its
 * STATS and passes the END on, whose status then covers this stage too.
 */
bool	stage_next(struct stage *, struct record *);

/*
 * The preamble of the section of the record last returned, as it was read;
 * NULL when there was none.
 */
const uint8_t	*stage_preamble(const struct stage *);

/* Pass a record on as it came; must be the one last returned. */
void	stage_pass(struct stage *, const struct record *);

/*
 * Write a record.  The bytes are copied (emitv: body is the pieces in
 * order, rec->length and rec->body are ignored), so they may be reused at
 * once.  A body over RECORD_BODY_MAX is a bug (abort).
 */
void	stage_emit(struct stage *, const struct record *);
void	stage_emitv(struct stage *, const struct record *,
	    const struct iovec *, int count);

/*
 * Room for a record with a body of `length` bytes.  The caller encodes header
 * and body there, all of both and before the next call; NULL when nobody
 * reads it.
 */
uint8_t	*stage_reserve(struct stage *, enum record_type, size_t length);

/*
 * Bad input: one line "program: text" on standard error, and the section's
 * END says error and the exit status is 1.  Only the first text of a
 * section goes into END; after ten messages with the same format the rest
 * are counted, and the count is said at END.  stage_truncated() is the same
 * for an input that ends too early (END says truncated).
 */
void	stage_bad(struct stage *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void	stage_truncated(struct stage *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A source ended by a signal before its work was done (END: interrupted). */
void	stage_interrupted(struct stage *);

/*
 * On RECORD_END: what the END of this section says once this stage has had
 * its say.  The texts are valid until the next stage_next().
 */
void	stage_status(const struct stage *, const struct record *,
	    struct end *);

/*
 * The bytes that a reference stands for: those at `inline_bytes` when they
 * travelled in the record (not NULL), else read from the captures of -r.
 * NULL when they cannot be had; that has been said, with stage_bad().
 * Valid until the next stage_bytes() or stage_next().
 */
const uint8_t	*stage_bytes(struct stage *, const struct reference *,
		    const uint8_t *inline_bytes);

/*
 * The same without a look at the bytes, for a stage that hands them to the
 * kernel: a mapping of the capture (MAP_SHARED), or NULL when it is not
 * mapped; user code must not touch it (SIGBUS if the file shrinks).
 */
const uint8_t	*stage_mapped(struct stage *, const struct reference *);

/*
 * Does this stage act on streams of this kind (-k, or `otherwise`, a
 * NULL-terminated list; NULL: all)?  kind is a NUL-padded field.
 */
bool	stage_wants(const struct stage *, const char *kind, size_t size,
	    const char *const *otherwise);

/* Emit STATS of this stage: a JSON object's members without braces. */
void	stage_stats(struct stage *, const char *members);

/* Write out what is buffered (sources, before they block). */
void	stage_flush(struct stage *);

/*
 * Called when the input is idle or after about `milliseconds` of wall time
 * while records are flowing, between records; NULL: never.  For stages that
 * hold output back and have a live source.
 */
void	stage_on_idle(struct stage *, unsigned milliseconds,
	    void (*)(struct stage *, void *), void *);

/* The signal that asked a source to stop, 0 if none. */
int	stage_stopping(const struct stage *);

/* The records' reader has gone away (a stage with files goes on). */
bool	stage_output_lost(const struct stage *);

/*
 * For a program that writes records without a stage, before it begins: hand
 * standard output to flow-show if it is a terminal.
 */
void	stage_terminal(const struct options *);

/*
 * flow-run(1) starts a stage with INT, TERM and HUP blocked, so that none can
 * kill it before stage_open() has made it ready.  For a program, or a child
 * of one, that never comes there.
 */
void	stage_signals_unblock(void);

/* Is -v given, that many times? */
int	stage_verbose(const struct stage *);

/*
 * End a source: END is written.  Returns the exit status: 0 when all
 * sections were whole and nothing failed here, else 1.  Frees the stage and
 * the lists in its options.
 */
int	stage_close(struct stage *);

#endif
