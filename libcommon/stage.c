/* SPDX-License-Identifier: ISC */
/* The life cycle of a stage: open, confine, next, close. */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libcommon/meta.h"
#include "libcommon/privilege.h"
#include "libcommon/stage_impl.h"

/*
 * Standard input, output or error that the caller has closed must not become
 * a file that we open, such as a report.  What reads or writes there fails.
 */
static void
stage_descriptors(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", flags[fd]);
}

/* --user and --chroot. */
static void
stage_privileges(const struct options *o)
{
	char error[512];

	if (privilege_drop(o->user, o->chroot, error, sizeof(error)) == -1)
		errx(1, "%s", error);
}

struct stage *
stage_open(enum stage_role role, const struct options *o, bool has_files)
{
	struct stage *s;

	stage_descriptors();
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		err(1, NULL);
	s->options = o;
	s->role = role;
	s->has_files = has_files;
	if (role != STAGE_SOURCE)
		stage_input_init(s);
	if (role != STAGE_SINK) {
		stage_terminal(o);
		stage_output_init(s);
	}
	stage_signals_init(s);
	captures_open(&s->captures, &o->captures);
	meta_json(&s->meta, o);
	if (role != STAGE_SOURCE)
		stage_privileges(o);
	return s;
}

void
stage_confine(struct stage *s, enum confine_level level, const char *dir)
{
	const char *why;

	if (s->role == STAGE_SOURCE)
		stage_privileges(s->options);
	if (!s->options->confine)
		return;
	why = confine(level, dir);
	if (why != NULL && s->options->verbose > 0)
		warnx("not confined: %s", why);
}

/* A section is over before its END: make one up, which says why. */
static bool
stage_break(struct stage *s, struct record *r)
{
	memset(r, 0, sizeof(*r));
	r->type = RECORD_END;
	r->time = RECORD_NO_TIME;
	r->body = s->end_body;		/* of length 0: stage_status() tells */
	s->broken = true;
	s->end_due = true;
	return true;
}

/* The preamble of the next section; false at the end of a whole input. */
static bool
stage_next_section(struct stage *s)
{
	const char *wrong;
	size_t left;

	memset(s->preamble, 0, sizeof(s->preamble));
	if (!stage_input_need(s, RECORD_PREAMBLE)) {
		left = s->in.end - s->in.start;
		if (left == 0 && s->sections > 0)
			return false;
		stage_truncated(s, left == 0 ?
		    "standard input: empty, not a record stream" :
		    "standard input: cut short in its first bytes");
		s->broken = true;
		return true;
	}
	wrong = record_preamble_check(s->in.buf + s->in.start);
	if (wrong != NULL) {
		if (s->sections > 0)
			stage_bad(s, "standard input: after the END of "
			    "section %u, what follows %s", s->sections,
			    wrong);
		else
			stage_bad(s, "standard input: %s", wrong);
		s->broken = true;
		return true;
	}
	memcpy(s->preamble, s->in.buf + s->in.start, RECORD_PREAMBLE);
	s->in.start += RECORD_PREAMBLE;
	stage_section_begin(s);
	return true;
}

/* The END of the input's section: does it say that all is well? */
static void
stage_check_end(struct stage *s, const struct record *r)
{
	struct end e;

	s->end_due = true;
	if (end_decode(&e, r) == -1) {
		stage_bad(s, "standard input: record %" PRIu64
		    ": malformed END", s->in_records);
		return;
	}
	if (e.status != END_WHOLE) {
		s->upstream_failed = true;
		s->exit_status = 1;
	} else if (e.records != s->in_records) {
		stage_bad(s, "standard input: END counts %" PRIu64
		    " records, but %" PRIu64 " came", e.records,
		    s->in_records);
	}
}

/* What a stage itself needs to see in a record that passes through. */
static void
stage_look(struct stage *s, const struct record *r)
{
	struct source source;

	if (r->type == RECORD_SOURCE && s->captures.n > 0 &&
	    source_decode(&source, r) == 0)
		captures_bind(&s->captures, &source);
	if (r->type != RECORD_META)
		stage_section_meta(s);
	if (r->type == 0 || (r->type >= RECORD_TYPES &&
	    (r->flags & RECORD_CRITICAL) != 0)) {
		if (!s->critical_said)
			stage_bad(s, "standard input: record %" PRIu64
			    ": type %u is not known here but must be",
			    s->in_records, (unsigned)r->type);
		s->critical_said = true;
	}
	if (r->type == RECORD_END)
		stage_check_end(s, r);
}

/* The next whole record of the section; false: it is broken off here. */
static bool
stage_record(struct stage *s, struct record *r)
{
	if (!stage_input_need(s, RECORD_HEADER)) {
		stage_truncated(s, "standard input: ended after %" PRIu64
		    " records without END", s->in_records);
		return false;
	}
	record_header_decode(r, s->in.buf + s->in.start);
	if (r->length > RECORD_BODY_MAX) {
		stage_bad(s, "standard input: record %" PRIu64 ": a body of "
		    "%" PRIu32 " bytes is over the limit of %d",
		    s->in_records + 1, r->length, RECORD_BODY_MAX);
		return false;
	}
	if (!stage_input_need(s, record_size(r->length))) {
		stage_truncated(s, "standard input: cut short in record %"
		    PRIu64, s->in_records + 1);
		return false;
	}
	r->body = s->in.buf + s->in.start + RECORD_HEADER;
	s->in.start += record_size(r->length);
	return true;
}

bool
stage_next_any(struct stage *s, struct record *r)
{
	if (s->end_due)			/* the caller kept the END */
		stage_section_end(s, NULL);
	if (s->broken)
		return false;
	if (!s->open && !stage_next_section(s))
		return false;
	if (s->broken || !stage_record(s, r))
		return stage_break(s, r);
	stage_look(s, r);
	if (r->type != RECORD_END)
		s->in_records++;
	return true;
}

const uint8_t *
stage_preamble(const struct stage *s)
{
	return s->preamble[0] != 0 ? s->preamble : NULL;
}

const uint8_t *
stage_bytes(struct stage *s, const struct reference *ref,
    const uint8_t *inline_bytes)
{
	const uint8_t *p;

	if (inline_bytes != NULL || ref->length == 0)
		return inline_bytes != NULL ? inline_bytes : s->in.buf;
	p = captures_bytes(&s->captures, ref);
	if (p == NULL)
		stage_bad(s, "%s", s->captures.error);
	return p;
}

const uint8_t *
stage_mapped(struct stage *s, const struct reference *ref)
{
	return captures_mapped(&s->captures, ref);
}

bool
stage_wants(const struct stage *s, const char *kind, size_t size,
    const char *const *otherwise)
{
	size_t n = strnlen(kind, size);

	if (s->options->kinds.n > 0)
		return words_have(&s->options->kinds, kind, n);
	if (otherwise == NULL)
		return true;
	for (; *otherwise != NULL; otherwise++)
		if (strlen(*otherwise) == n &&
		    memcmp(*otherwise, kind, n) == 0)
			return true;
	return false;
}

void
stage_on_idle(struct stage *s, unsigned milliseconds,
    void (*fn)(struct stage *, void *), void *arg)
{
	s->idle = fn;
	s->idle_arg = arg;
	s->idle_ms = milliseconds;
}

int
stage_verbose(const struct stage *s)
{
	return s->options->verbose;
}

int
stage_close(struct stage *s)
{
	int status;

	if (s->end_due)
		stage_section_end(s, NULL);
	if (s->role == STAGE_SOURCE) {
		if (!s->open && s->sections == 0)
			stage_section_begin(s);
		if (s->open)
			stage_section_end(s, NULL);
	}
	stage_output_close(s);
	status = s->exit_status;
	captures_close(&s->captures);
	jsontext_free(&s->meta);
	free(s->in.buf);
	options_free(s->options);
	free(s);
	return status;
}
