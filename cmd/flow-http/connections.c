/* SPDX-License-Identifier: ISC */
/* Streams, and which two of them make a connection. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"

void *
http_allocate(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL)
		err(1, NULL);
	return p;
}

/* The connection that a new stream belongs to: its peer's, if it is there. */
static struct connection *
connection_find(const struct http *h, const struct flow_open *o)
{
	struct direction *peer = o->peer == 0 ? NULL :
	    idmap_get(&h->directions, o->peer);

	if (peer == NULL || peer->connection->side[1] != NULL)
		return NULL;
	return peer->connection;
}

static void
connection_join(struct connection *c, struct direction *d)
{
	struct direction *peer = c->side[0];

	c->side[peer == NULL ? 0 : 1] = d;
	d->connection = c;
	if (peer == NULL)
		return;
	d->peer = peer;
	peer->peer = d;
	d->http.known = peer->http.known;
	if (peer->http.kind != HTTP_UNKNOWN)
		d->http.kind = peer->http.kind == HTTP_REQUEST ?
		    HTTP_RESPONSE : HTTP_REQUEST;
}

/*
 * A direction is over, its last events are told.  Requests wait on for
 * their responses while the server may still send.
 */
static void
connection_leave(struct http *h, struct direction *d)
{
	struct connection *c = d->connection;

	if (d->peer == NULL || c->client != d)
		pairs_unanswered(h, c, c->client != NULL ? c->client->id :
		    d->id);
	if (c->client == d)
		c->client = NULL;
	derived_close(h, d, &d->heads, CLOSE_COMPLETE);
	derived_close(h, d, &d->tunnel, h->now.why);
	if (d->peer != NULL)
		d->peer->peer = NULL;
	else
		free(c);
	http_stream_free(&d->http);
	free((void *)(uintptr_t)d->open.key.path);
	free(d);
}

void
connection_open(struct http *h, const struct record *r)
{
	struct connection *c;
	struct flow_open o;
	struct direction *d;
	uint8_t *path;

	if (idmap_get(&h->directions, r->stream) != NULL)
		return;
	if (flow_open_decode(&o, r) == -1) {
		stage_bad(h->stage, "stream %llu: malformed OPEN",
		    (unsigned long long)r->stream);
		return;
	}
	d = http_allocate(sizeof(*d));
	d->id = r->stream;
	d->open = o;
	d->open.key.path = NULL;
	if (o.key.path_length > 0) {
		path = http_allocate(o.key.path_length);
		memcpy(path, o.key.path, o.key.path_length);
		d->open.key.path = path;
	}
	http_stream_init(&d->http, (size_t)h->options.head_max,
	    h->options.search_max);
	c = connection_find(h, &o);
	if (c == NULL)
		c = http_allocate(sizeof(*c));
	connection_join(c, d);
	idmap_put(&h->directions, d->id, d);
}

void
connection_close(struct http *h, struct direction *d)
{
	(void)idmap_take(&h->directions, d->id);
	connection_leave(h, d);
}

/* The section is over: what is still open is cut. */
void
connections_end(struct http *h)
{
	struct direction *d;
	size_t at = 0;

	h->now.why = CLOSE_INPUT;
	memset(&h->now.data, 0, sizeof(h->now.data));
	while ((d = idmap_each(&h->directions, &at)) != NULL) {
		h->now.in = (struct http_input){ .end = true };
		messages_input(h, d);
		connection_leave(h, d);
	}
	idmap_free(&h->directions);
}
