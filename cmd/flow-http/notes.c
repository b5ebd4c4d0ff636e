/* SPDX-License-Identifier: ISC */
/* The JSON of notes; flow-http(1), NOTES, describes it. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"
#include "libcommon/digits.h"

enum { SECOND = 1000000000 };

/*
 * A note must stay below RECORD_BODY_MAX, whatever somebody sends: a head
 * of 128 KiB, each byte of it six in JSON, leaves this much for its URL,
 * for texts out of the head that are repeated, and for what we say.
 */
enum {
	NOTE_ESCAPE = 6,
	NOTE_REPEATED_MAX = 256,	/* bytes of a coding or type */
	NOTE_REST = 65536		/* what may follow the trailers */
};

/* A note is {"http":{"kind":...}}. */
static void
note_begin(struct jsontext *j, const char *kind)
{
	jsontext_reset(j);
	jsontext_object(j, NULL);
	jsontext_object(j, "http");
	jsontext_string(j, "kind", kind);
}

/* End scratch or a message's note, and send it. */
static void
notes_send(struct http *h, uint64_t stream, int64_t time, uint64_t offset,
    struct jsontext *j)
{
	struct record r = {
		.type = RECORD_NOTE, .stream = stream, .time = time,
		.offset = (int64_t)offset
	};

	jsontext_object_end(j);
	jsontext_object_end(j);
	r.body = (const uint8_t *)j->text;
	r.length = (uint32_t)j->length;
	if (j->length <= RECORD_BODY_MAX)
		stage_emit(h->stage, &r);
}

/* Nine digits and no fewer. */
static char *
notes_nanoseconds(char *at, uint32_t v)
{
	*at++ = (char)('0' + v / 100000000);
	at = digits_two(at, v / 1000000);
	at = digits_two(at, v / 10000);
	at = digits_two(at, v / 100);
	return digits_two(at, v);
}

/* Seconds with nanoseconds, as a JSON number. */
static void
notes_time(struct jsontext *j, const char *key, int64_t time)
{
	char text[32], *at = text;
	uint64_t v = time < 0 ? -(uint64_t)time : (uint64_t)time;

	if (time == RECORD_NO_TIME)
		return;
	if (time < 0)
		*at++ = '-';
	at = digits_put(at, v / SECOND);
	*at++ = '.';
	at = notes_nanoseconds(at, (uint32_t)(v % SECOND));
	jsontext_raw(j, key, text, (size_t)(at - text));
}

static void
notes_text(struct jsontext *j, const char *key, const struct http_text *t)
{
	jsontext_bytes(j, key, t->at, t->length);
}

/* What stands among the header fields already. */
static void
notes_repeat(struct jsontext *j, const char *key, struct http_text t)
{
	if (t.length > NOTE_REPEATED_MAX)
		t.length = NOTE_REPEATED_MAX;
	notes_text(j, key, &t);
}

static void
notes_url(struct jsontext *j, const struct pending *p)
{
	jsontext_bytes(j, "method", p->text, p->method_length);
	jsontext_bytes(j, "url", p->text + p->method_length, p->url_length);
}

/* A field's name and value; folded lines are joined. */
static void
notes_field(struct jsontext *j, const struct http_field *f)
{
	struct http_text value = f->value;
	char *buf = NULL;

	if ((f->value.length > 0) &&
	    memchr(value.at, '\n', value.length) != NULL) {
		buf = http_allocate(value.length);
		value = http_text_unfold(&f->value, buf);
	}
	jsontext_pair(j, f->name.at, f->name.length, value.at, value.length);
	free(buf);
}

static void
notes_fields(struct jsontext *j, const char *key,
    const struct http_head *head)
{
	bool folded = (head->anomalies & HTTP_FOLDED) != 0;
	const struct http_field *f;

	jsontext_array(j, key);
	for (f = head->fields; f < head->fields + head->n; f++)
		if (folded)
			notes_field(j, f);
		else
			jsontext_pair(j, f->name.at, f->name.length,
			    f->value.at, f->value.length);
	jsontext_array_end(j);
}

static void
notes_begin(struct direction *d, struct message *m, const char *kind,
    const struct http_head *head)
{
	struct jsontext *j = &m->note;

	m->noted = true;
	note_begin(j, kind);
	jsontext_unsigned(j, "number", d->messages);
	notes_text(j, "version", &head->version);
}

static void
notes_head(struct message *m, const struct http_head *head)
{
	struct jsontext *j = &m->note;

	notes_fields(j, "headers", head);
	jsontext_object(j, "head");
	jsontext_unsigned(j, "offset", m->offset);
	jsontext_unsigned(j, "length", m->head_end - m->offset);
	jsontext_object_end(j);
	m->anomalies = head->anomalies;
}

void
notes_request(struct http *h, struct direction *d, struct message *m,
    const struct http_head *head, const struct pending *p,
    const struct late *answered)
{
	struct jsontext *j = &m->note;

	h->counts.requests++;
	if (h->options.no_notes)
		return;
	notes_begin(d, m, "request", head);
	notes_text(j, "method", &head->method);
	notes_text(j, "target", &head->target);
	jsontext_bytes(j, "url", p->text + p->method_length, p->url_length);
	notes_head(m, head);
	if (answered->number > 0) {
		jsontext_object(j, "response");
		if (d->peer != NULL)
			jsontext_unsigned(j, "stream", d->peer->id);
		jsontext_unsigned(j, "number", answered->number);
		jsontext_object_end(j);
	}
}

void
notes_response(struct http *h, struct direction *d, struct message *m,
    const struct http_head *head, const struct pending *p)
{
	struct jsontext *j = &m->note;

	h->counts.responses++;
	if (h->options.no_notes)
		return;
	notes_begin(d, m, "response", head);
	jsontext_unsigned(j, "status", head->status);
	notes_text(j, "reason", &head->reason);
	notes_head(m, head);
	jsontext_string(j, "pairing", p == NULL ? "none" :
	    d->connection->unsure ? "unsure" : "order");
	if (p != NULL) {
		jsontext_object(j, "request");
		jsontext_unsigned(j, "stream", d->connection->client_id);
		jsontext_unsigned(j, "number", p->number);
		notes_time(j, "time", p->time);
		notes_url(j, p);
		jsontext_object_end(j);
	}
}

static void
notes_codings(struct jsontext *j, const struct http_head *head, unsigned from,
    unsigned to)
{
	unsigned i;

	for (i = from; i < to; i++)
		notes_repeat(j, NULL, i < head->content.n ?
		    head->content.name[i] :
		    head->transfer.name[i - head->content.n]);
	jsontext_array_end(j);
}

/* What the head says of the body; notes_body_end() adds what came. */
void
notes_body(struct message *m, const struct http_head *head,
    const char *framing, unsigned undecoded)
{
	struct jsontext *j = &m->note;
	unsigned n = head->content.n + head->transfer.n;
	struct http_text type = head->type;
	const char *end;

	if (!m->noted)
		return;
	jsontext_object(j, "body");
	jsontext_string(j, "framing", framing);
	if (head->content_length >= 0)
		jsontext_unsigned(j, "declared",
		    (uint64_t)head->content_length);
	if (type.at != NULL) {
		end = memchr(type.at, ';', type.length);
		if (end != NULL)
			type.length = (size_t)(end - type.at);
		while (type.length > 0 &&
		    memchr(" \t\r\n", type.at[type.length - 1], 4) != NULL)
			type.length--;
		notes_repeat(j, "type", type);
	}
	if (n > 0) {
		jsontext_array(j, "codings");
		notes_codings(j, head, 0, n);
	}
	if (undecoded > 0) {
		jsontext_array(j, "undecoded");
		notes_codings(j, head, 0, undecoded);
	}
	m->body_open = true;
}

void
notes_body_end(struct message *m, uint64_t stream_offset)
{
	struct jsontext *j = &m->note;

	if (!m->body_open)
		return;
	m->body_open = false;
	jsontext_unsigned(j, "offset", m->begun ? m->body_offset : m->head_end);
	jsontext_unsigned(j, "length", stream_offset - m->head_end);
	if (m->missing > 0)
		jsontext_unsigned(j, "missing", m->missing);
	if (m->body.id != 0) {
		jsontext_unsigned(j, "stream", m->body.id);
		jsontext_unsigned(j, "size", m->body.length);
		jsontext_string(j, "name", m->suffix);
	}
	jsontext_object_end(j);
}

/* Is there room in a note for these fields, at their longest? */
static bool
notes_have_room(const struct jsontext *j, const struct http_head *head)
{
	size_t n = j->length + NOTE_REST;
	const struct http_field *f;

	for (f = head->fields; f < head->fields + head->n; f++)
		n += NOTE_ESCAPE * (f->name.length + f->value.length + 1);
	return n <= RECORD_BODY_MAX;
}

void
notes_trailers(struct message *m, const struct http_head *head)
{
	if (!m->noted)
		return;
	if (!notes_have_room(&m->note, head)) {
		m->anomalies |= HTTP_NOT_LISTED;
		return;
	}
	notes_fields(&m->note, "trailers", head);
	m->anomalies |= head->anomalies;
}

static void
notes_anomalies(struct jsontext *j, unsigned anomalies)
{
	unsigned i;

	if (anomalies == 0)
		return;
	jsontext_array(j, "anomalies");
	for (i = 0; i < HTTP_ANOMALIES; i++)
		if ((anomalies >> i & 1) != 0)
			jsontext_string(j, NULL, http_anomaly_name(i));
	jsontext_array_end(j);
}

void
notes_end(struct http *h, struct direction *d, struct message *m,
    const char *end)
{
	struct jsontext *j = &m->note;

	if (!m->noted)
		return;
	jsontext_string(j, "end", end);
	if (m->error != NULL)
		jsontext_string(j, "error", m->error);
	jsontext_object(j, "time");
	notes_time(j, "first", m->first);
	notes_time(j, "last", h->now.time);
	jsontext_object_end(j);
	notes_anomalies(j, m->anomalies);
	notes_send(h, d->id, h->now.time, m->offset, j);
}

void
notes_unanswered(struct http *h, const struct pending *p, uint64_t to)
{
	struct jsontext *j = &h->scratch;

	h->counts.unanswered++;
	if (h->options.no_notes)
		return;
	note_begin(j, "unanswered");
	jsontext_unsigned(j, "number", p->number);
	notes_url(j, p);
	notes_time(j, "time", p->time);
	notes_send(h, to, h->now.time, 0, j);
}

void
notes_skipped(struct http *h, const struct direction *d,
    const struct http_event *ev)
{
	struct jsontext *j = &h->scratch;

	h->counts.skipped++;
	h->counts.skipped_bytes += ev->length;
	if (h->options.no_notes)
		return;
	note_begin(j, "skipped");
	jsontext_unsigned(j, "offset", ev->offset);
	jsontext_unsigned(j, "length", ev->length);
	jsontext_string(j, "cause", ev->cause);
	notes_send(h, d->id, h->now.time, ev->offset, j);
}

void
notes_tunnel(struct http *h, const struct direction *d, uint64_t offset)
{
	struct jsontext *j = &h->scratch;

	h->counts.tunnels++;
	if (h->options.no_notes)
		return;
	note_begin(j, "tunnel");
	jsontext_unsigned(j, "offset", offset);
	jsontext_unsigned(j, "stream", d->tunnel.id);
	jsontext_string(j, "protocol", d->connection->protocol);
	notes_send(h, d->id, h->now.time, offset, j);
}
