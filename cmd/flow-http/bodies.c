/* SPDX-License-Identifier: ISC */
/* Bodies: decoding, and what of them becomes derived streams. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"
#include "formats/media_types.h"

/* Where decoded bytes go. */
struct sink {
	struct http	*h;
	struct direction *d;
	struct message	*m;
};

static void
body_ready(struct http *h, struct direction *d, struct message *m)
{
	if (m->body.id != 0)
		return;
	derived_open(h, d, &m->body, "http-body", m->body_offset, m->suffix);
	h->counts.bodies++;
}

static bool
body_decoded(void *arg, const uint8_t *bytes, size_t n)
{
	struct sink *s = arg;

	body_ready(s->h, s->d, s->m);
	derived_bytes(s->h, &s->m->body, bytes, n);
	return true;
}

/* A span of the message as it is, to one of its streams. */
static void
body_plain(struct http *h, struct derived *to, const struct http_event *ev)
{
	if (ev->kept != NULL)
		derived_bytes(h, to, ev->kept, (size_t)ev->length);
	else
		derived_part(h, to, ev->at, (size_t)ev->length);
}

/* The body ends here, whatever its message still brings. */
static void
body_stop(struct http *h, struct message *m, uint16_t why)
{
	m->stopped = true;
	m->why = why;
	decoders_leave(h, m);
}

/* Keep bytes of which nothing was decoded; false: these are too many. */
static bool
body_hold(struct message *m, const uint8_t *bytes, size_t n)
{
	size_t size = m->held_size == 0 ? HELD_MIN : m->held_size;
	uint8_t *grown;

	if (n > HELD_MAX - m->held_length)
		return false;
	while (size < m->held_length + n)
		size *= 2;
	if (size != m->held_size) {
		grown = realloc(m->held, size);
		if (grown == NULL)
			return false;
		m->held = grown;
		m->held_size = size;
	}
	memcpy(m->held + m->held_length, bytes, n);
	m->held_length += n;
	return true;
}

static void
body_release(struct message *m)
{
	free(m->held);
	m->held = NULL;
	m->held_length = m->held_size = 0;
}

/*
 * Decoding does not go on, for this cause: when nothing came of it, the body
 * is left as it was sent, and what follows goes the same way (true).
 */
static bool
body_failed(struct http *h, struct direction *d, struct message *m,
    uint16_t why, const char *error)
{
	m->error = error;
	h->counts.failed += why == CLOSE_DECODE;
	if (coding_made(m->coding) > 0) {
		body_stop(h, m, why);
		return false;
	}
	decoders_leave(h, m);
	m->why = why;
	body_ready(h, d, m);
	if (m->held_length > 0)
		derived_bytes(h, &m->body, m->held, m->held_length);
	body_release(m);
	return true;
}

/* The decoder wants more; while it has made nothing, it may still fail. */
static bool
body_goes_on(struct http *h, struct direction *d, struct message *m,
    const uint8_t *bytes, size_t n)
{
	if (coding_made(m->coding) > 0)
		body_release(m);
	else if (!body_hold(m, bytes, n) && body_failed(h, d, m,
	    CLOSE_DECODE, "nothing decoded of what came first"))
		return false;
	decoders_weigh(h, m);
	return true;
}

static void
body_decode(struct http *h, struct direction *d, struct message *m,
    const struct http_event *ev)
{
	struct sink sink = { h, d, m };
	const uint8_t *bytes = ev->kept;
	bool plain;

	if (bytes == NULL && (bytes = bodies_bytes(h)) != NULL)
		bytes += ev->at;
	if (bytes == NULL) {
		body_stop(h, m, CLOSE_CUT);
		return;
	}
	switch (coding_feed(m->coding, bytes, (size_t)ev->length,
	    body_decoded, &sink)) {
	case CODING_FAILED:
		plain = body_failed(h, d, m, CLOSE_DECODE,
		    coding_error(m->coding));
		break;
	case CODING_LIMITED:
		plain = body_failed(h, d, m, CLOSE_LIMIT,
		    coding_error(m->coding));
		break;
	default:
		plain = !body_goes_on(h, d, m, bytes, (size_t)ev->length);
		break;
	}
	if (plain)
		body_plain(h, &m->body, ev);
}

static void
body_begins(struct http *h, struct direction *d, struct message *m,
    const struct http_event *ev)
{
	if (m->begun)
		return;
	m->begun = true;
	m->body_offset = ev->offset;
	if (m->coding != NULL && h->options.keep_encoded)
		derived_open(h, d, &m->encoded, "http-encoded",
		    m->body_offset, m->encoded_suffix);
}

/* "-HTTPBODY-001"; returns its length. */
static size_t
body_name(char name[SUFFIX_MAX], uint64_t number)
{
	static const char stem[] = "-HTTPBODY-";
	char digits[24], *end = digits + sizeof(digits), *at = end;
	size_t n = sizeof(stem) - 1;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0 || end - at < 3);
	memcpy(name, stem, n);
	memcpy(name + n, at, (size_t)(end - at));
	n += (size_t)(end - at);
	name[n] = '\0';
	return n;
}

/* The names of the streams that a body may become. */
static void
body_names(const struct http *h, const struct direction *d,
    struct message *m, const struct http_head *head,
    const enum coding_kind *kinds, unsigned n)
{
	const char *extension = head->type.at == NULL ? NULL :
	    media_extension(head->type.at, head->type.length,
	    h->options.classic);
	size_t used = body_name(m->suffix, d->messages);
	char *at = m->encoded_suffix + used;

	if (n > 0)
		memcpy(m->encoded_suffix, m->suffix, used + 1);
	if (extension != NULL) {
		m->suffix[used] = '.';
		strcpy(m->suffix + used + 1, extension);
	}
	while (n-- > 0) {
		*at++ = '-';
		at = stpcpy(at, coding_label(kinds[n]));
	}
}

/* The codings that can be taken off, outermost first. */
static unsigned
body_codings(const struct http_head *head, enum coding_kind *kinds,
    unsigned *left)
{
	const struct http_text *name;
	unsigned n = 0;

	*left = head->content.n + head->transfer.n;
	while (*left > 0 && n < CODING_STACK_MAX) {
		name = *left > head->content.n ?
		    &head->transfer.name[*left - head->content.n - 1] :
		    &head->content.name[*left - 1];
		kinds[n] = coding_kind(name->at, name->length);
		if (kinds[n] == CODING_UNKNOWN)
			break;
		n++;
		(*left)--;
	}
	return n;
}

void
bodies_begin(struct http *h, const struct direction *d, struct message *m,
    const struct http_head *head, const char *framing)
{
	enum coding_kind kinds[CODING_STACK_MAX];
	unsigned n = 0, left = head->content.n + head->transfer.n;

	if (!h->options.leave_encoded && left > 0)
		n = body_codings(head, kinds, &left);
	if (n > 0) {
		if (!decoders_take(h, m, kinds, n))
			left = head->content.n + head->transfer.n;
		else
			h->counts.decoded++;
	}
	body_names(h, d, m, head, kinds, n);
	notes_body(m, head, framing, left);
}

void
bodies_span(struct http *h, struct direction *d, struct message *m,
    const struct http_event *ev)
{
	body_begins(h, d, m, ev);
	if (m->encoded.id != 0)
		body_plain(h, &m->encoded, ev);
	if (m->coding != NULL) {
		body_decode(h, d, m, ev);
	} else if (!m->stopped) {
		body_ready(h, d, m);
		body_plain(h, &m->body, ev);
	}
}

void
bodies_hole(struct http *h, struct direction *d, struct message *m,
    const struct http_event *ev)
{
	body_begins(h, d, m, ev);
	m->missing += ev->length;
	if (m->encoded.id != 0)
		derived_gap(h, &m->encoded, ev->length);
	if (m->coding != NULL) {
		body_stop(h, m, CLOSE_CUT);
	} else if (!m->stopped) {
		body_ready(h, d, m);
		derived_gap(h, &m->body, ev->length);
	}
}

void
bodies_finish(struct http *h, struct direction *d, struct message *m)
{
	if (m->coding == NULL || !m->begun)
		return;
	if (coding_finish(m->coding) == CODING_FAILED)
		(void)body_failed(h, d, m, CLOSE_DECODE,
		    coding_error(m->coding));
}

void
bodies_close(struct http *h, struct direction *d, struct message *m,
    uint16_t why)
{
	derived_close(h, d, &m->encoded, why);
	derived_close(h, d, &m->body, m->why != CLOSE_UNKNOWN ? m->why : why);
	decoders_leave(h, m);
	body_release(m);
}

const uint8_t *
bodies_bytes(struct http *h)
{
	struct now *n = &h->now;

	if (n->in.bytes == NULL && (n->record->type == RECORD_DATA ||
	    n->record->type == RECORD_LATE))
		n->in.bytes = stage_bytes(h->stage, &n->data.ref,
		    n->data.bytes);
	return n->in.bytes;
}
