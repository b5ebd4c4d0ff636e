/* SPDX-License-Identifier: ISC */
/* What each event of a direction does. */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"

static struct message *
message_new(struct http *h)
{
	struct message *m = h->messages;
	struct jsontext note;

	if (m == NULL)
		return http_allocate(sizeof(*m));
	h->messages = m->next;
	note = m->note;
	memset(m, 0, offsetof(struct message, suffix));
	m->note = note;
	return m;
}

static void
message_free(struct http *h, struct message *m)
{
	if (m->note.size > NOTE_KEEP)
		jsontext_free(&m->note);
	m->next = h->messages;
	h->messages = m;
}

/* This direction is HTTP, so the other one is too. */
static void
message_wake_peer(struct direction *d)
{
	if (d->peer == NULL || d->peer->http.known)
		return;
	if (d->peer->http.kind == HTTP_UNKNOWN)
		d->peer->http.kind = d->http.kind == HTTP_REQUEST ?
		    HTTP_RESPONSE : HTTP_REQUEST;
	http_stream_wake(&d->peer->http);
}

static void
message_keep_head(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	if (d->heads.id == 0)
		derived_open(h, d, &d->heads, "http-head", ev->offset,
		    "-HTTP");
	if (ev->kept != NULL)
		derived_bytes(h, &d->heads, ev->kept, (size_t)ev->length);
	else
		derived_part(h, &d->heads, ev->at, (size_t)ev->length);
}

/* Framing by the header fields, RFC 9112 section 6.3. */
static enum http_framing
message_framing(const struct http_head *head)
{
	if (head->chunked)
		return HTTP_BY_CHUNKS;
	if (head->content_length > 0)
		return HTTP_BY_LENGTH;
	if (head->content_length == 0)
		return HTTP_NO_BODY;
	return head->kind == HTTP_RESPONSE || head->transfer.n > 0 ?
	    HTTP_BY_END : HTTP_NO_BODY;
}

static void
message_body(struct http *h, struct direction *d, struct message *m,
    enum http_framing framing, bool peek, bool likely_none)
{
	static const char *const names[] = {
		"none", "length", "chunked", "close"
	};
	const struct http_head *head = &h->head;

	if (framing != HTTP_NO_BODY)
		bodies_begin(h, d, m, head, names[framing]);
	m->to_end = framing == HTTP_BY_END;
	m->chunked = framing == HTTP_BY_CHUNKS;
	http_stream_body(&d->http, framing, head->content_length > 0 ?
	    (uint64_t)head->content_length : 0, peek, likely_none);
}

/* What a tunnel will be, as a request or, better, its answer says. */
static void
message_protocol(struct connection *c, const struct http_head *head,
    bool connect)
{
	struct http_text name = head->upgrade;

	if (connect)
		name = (struct http_text){ "connect", 7 };
	if (name.length > PROTOCOL_MAX - 1)
		name.length = PROTOCOL_MAX - 1;
	if (name.length == 0)
		return;
	memcpy(c->protocol, name.at, name.length);
	c->protocol[name.length] = '\0';
}

static void
message_request(struct http *h, struct direction *d, struct message *m)
{
	struct late answered;
	struct pending *p = pairs_request(h, d, &h->head, &answered);
	bool ask = p->connect || p->upgrade;

	message_protocol(d->connection, &h->head, p->connect);
	notes_request(h, d, m, &h->head, p, &answered);
	if (answered.number > 0)
		pairs_free(h, p);
	else if (ask)
		http_stream_ask(&d->http);
	message_body(h, d, m, message_framing(&h->head), false, false);
}

/* After this response both directions are something else. */
static bool
response_opens_tunnel(const struct http_head *head, const struct pending *p)
{
	static const char said[] = "onnection established";
	size_t n = sizeof(said) - 1;

	if (head->status == 101)
		return true;
	if (head->status < 200 || head->status > 299)
		return false;
	if (p != NULL)
		return p->connect;
	return head->content_length == -1 && !head->chunked &&
	    head->type.at == NULL && head->reason.length >= n &&
	    strncasecmp(head->reason.at + head->reason.length - n, said,
	    n) == 0;
}

static void
response_tunnel(struct direction *d, const struct http_head *head)
{
	message_protocol(d->connection, head, head->status != 101);
	http_stream_ask(&d->http);
	http_stream_answer(&d->http, true);
	if (d->peer != NULL)
		http_stream_answer(&d->peer->http, true);
}

static void
message_response(struct http *h, struct direction *d, struct message *m)
{
	const struct http_head *head = &h->head;
	struct pending *p = pairs_response(h, d, head);
	bool interim = head->status >= 100 && head->status < 200;
	bool unsure = p == NULL || d->connection->unsure;
	bool none = interim || head->status == 204 || head->status == 304 ||
	    (p != NULL && p->head && !unsure);

	notes_response(h, d, m, head, p);
	if (response_opens_tunnel(head, p)) {
		http_stream_body(&d->http, HTTP_NO_BODY, 0, false, false);
		response_tunnel(d, head);
	} else {
		if (p != NULL && (p->connect || p->upgrade) &&
		    d->peer != NULL)
			http_stream_answer(&d->peer->http, false);
		message_body(h, d, m, none ? HTTP_NO_BODY :
		    message_framing(head), unsure, p != NULL && p->head);
	}
	pairs_free(h, p);
}

static void
message_head(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	struct message *m = message_new(h);

	d->message = m;
	d->messages++;
	m->first = d->first;
	m->offset = ev->offset;
	m->head_end = ev->offset + ev->length;
	message_wake_peer(d);
	if (h->options.heads)
		message_keep_head(h, d, ev);
	if (d->http.kind == HTTP_REQUEST)
		message_request(h, d, m);
	else
		message_response(h, d, m);
}

static const char *
message_ending(struct message *m, enum http_ending ending,
    const char *cause)
{
	if (ending == HTTP_BROKEN && m->error == NULL)
		m->error = cause;
	if (m->why == CLOSE_LIMIT)
		return "limit";
	if (m->why == CLOSE_DECODE || ending == HTTP_BROKEN)
		return "decode error";
	if (m->missing > 0 || ending == HTTP_GAP)
		return "gap";
	return ending == HTTP_CUT ? "cut" : "complete";
}

static void
message_end(struct http *h, struct direction *d, const struct http_event *ev)
{
	struct message *m = d->message;
	enum http_ending ending = ev->ending;
	bool whole = ev->whole;

	if (m->to_end && h->now.in.end && h->now.why != CLOSE_FIN) {
		whole = false;
		if (ending == HTTP_COMPLETE)
			ending = HTTP_CUT;
	}
	if (d->http.not_chunked)
		m->anomalies |= HTTP_NOT_CHUNKED;
	if (whole)
		bodies_finish(h, d, m);
	decoders_leave(h, m);
	notes_body_end(m, ev->offset);
	notes_end(h, d, m, message_ending(m, ending, ev->cause));
	bodies_close(h, d, m, ending == HTTP_BROKEN ? CLOSE_DECODE :
	    whole ? CLOSE_COMPLETE : CLOSE_CUT);
	d->message = NULL;
	d->first = h->now.time;
	message_free(h, m);
}

/* They end the body: what its decoder has to say stands before them. */
static void
message_trailers(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	bodies_finish(h, d, d->message);
	notes_body_end(d->message, ev->offset + ev->length);
	notes_trailers(d->message, &h->head);
}

/*
 * Bytes after a request for a tunnel, whose answer is not known: another
 * request, or the tunnel?
 */
static void
message_ask(struct direction *d, const struct http_event *ev,
    const struct http_input *in)
{
	bool request = http_head_start(HTTP_REQUEST, in->bytes + ev->at,
	    (size_t)in->length - ev->at) != -1;

	http_stream_answer(&d->http, !request);
}

static void
message_tunnel(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	if (d->tunnel.id == 0) {
		if (d->peer != NULL)
			d->tunnel.peer = d->peer->tunnel.id;
		derived_open(h, d, &d->tunnel, "tunnel", ev->offset, NULL);
		notes_tunnel(h, d, ev->offset);
	}
	if (ev->type == HTTP_TUNNEL_HOLE)
		derived_gap(h, &d->tunnel, ev->length);
	else
		derived_part(h, &d->tunnel, ev->at, (size_t)ev->length);
}

/* A range without messages; of a stream without any nothing is said. */
static void
message_skipped(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	if (!d->http.known && h->now.in.end)
		return;
	notes_skipped(h, d, ev);
	d->connection->unsure = true;
}

/* Deal with one event; false when the input is used up. */
static bool
messages_event(struct http *h, struct direction *d,
    const struct http_event *ev)
{
	switch (ev->type) {
	case HTTP_MORE:
		return false;
	case HTTP_LOOK:
		if (bodies_bytes(h) == NULL)
			h->now.in.gap = true;
		break;
	case HTTP_HEAD:
		message_head(h, d, ev);
		break;
	case HTTP_BODY:
		bodies_span(h, d, d->message, ev);
		break;
	case HTTP_HOLE:
		bodies_hole(h, d, d->message, ev);
		break;
	case HTTP_TRAILERS:
		message_trailers(h, d, ev);
		break;
	case HTTP_END:
		message_end(h, d, ev);
		break;
	case HTTP_ASK:
		message_ask(d, ev, &h->now.in);
		break;
	case HTTP_TUNNEL:
	case HTTP_TUNNEL_HOLE:
		message_tunnel(h, d, ev);
		break;
	case HTTP_SKIPPED:
		message_skipped(h, d, ev);
		break;
	}
	return true;
}

void
messages_input(struct http *h, struct direction *d)
{
	struct http_event ev;

	if (http_stream_idle(&d->http))
		d->first = h->now.time;
	do
		http_stream_next(&d->http, &h->now.in, &h->head, &ev);
	while (messages_event(h, d, &ev));
	if (d->http.state == HTTP_STATE_LOST && d->http.known)
		d->connection->unsure = true;
}

/*
 * Late bytes find their place in bodies that are as they were sent; those
 * of other bodies would have to go through a decoder that is past them.
 */
void
messages_late(struct http *h, struct direction *d)
{
	struct message *m = d->message;
	int64_t place = h->now.record->offset;

	if (m == NULL || place < 0)
		return;
	if (!m->chunked && m->coding == NULL && !m->stopped &&
	    m->body.id != 0)
		derived_late(h, &m->body, (uint64_t)place, m->body_offset);
	if (!m->chunked && m->encoded.id != 0)
		derived_late(h, &m->encoded, (uint64_t)place,
		    m->body_offset);
}

void
messages_drain(struct http *h)
{
	struct message *m;

	while ((m = h->messages) != NULL) {
		h->messages = m->next;
		jsontext_free(&m->note);
		free(m);
	}
}
