/* SPDX-License-Identifier: ISC */
/*
 * Requests that wait for their responses.  The n-th response belongs to the
 * n-th request.  When something was missing that is no longer certain; then,
 * unless requests were pipelined, a response belongs to the last request
 * before it in time, and those before that one were not answered.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-http/flow_http.h"

static struct pending *
pending_new(struct http *h, size_t text)
{
	struct pending *p = h->pendings;
	bool pooled = text <= PENDING_TEXT;

	if (p != NULL && pooled) {
		h->pendings = p->next;
	} else {
		p = http_allocate(sizeof(*p) +
		    (pooled ? (size_t)PENDING_TEXT : text));
		p->pooled = pooled;
	}
	p->next = NULL;
	return p;
}

void
pairs_free(struct http *h, struct pending *p)
{
	if (p == NULL)
		return;
	if (!p->pooled) {
		free(p);
		return;
	}
	p->next = h->pendings;
	h->pendings = p;
}

static size_t
put(char *at, size_t used, size_t max, const char *text, size_t n)
{
	if (n > max - used)
		n = max - used;
	if (n > 0)
		memcpy(at + used, text, n);
	return used + n;
}

/* Method and URL; a target that is only a path gets scheme and host. */
static struct pending *
pending_make(struct http *h, const struct http_head *head)
{
	static const char scheme[] = "http://";
	const struct http_text *m = &head->method, *t = &head->target;
	bool path = t->at[0] == '/' && head->host.length > 0;
	size_t url = t->length, n = 0;
	struct pending *p;
	char *at;

	if (path)
		url += sizeof(scheme) - 1 + head->host.length;
	if (url > URL_MAX)
		url = URL_MAX;
	p = pending_new(h, m->length + url);
	memcpy(p->text, m->at, m->length);
	at = p->text + m->length;
	if (path) {
		n = put(at, n, url, scheme, sizeof(scheme) - 1);
		n = put(at, n, url, head->host.at, head->host.length);
	}
	(void)put(at, n, url, t->at, t->length);
	p->method_length = m->length;
	p->url_length = url;
	p->head = http_text_is(m, "head");
	p->connect = http_text_is(m, "connect");
	p->upgrade = head->upgrade.length > 0;
	return p;
}

static struct pending *
pairs_take(struct connection *c)
{
	struct pending *p = c->oldest;

	if (p == NULL)
		return NULL;
	c->oldest = p->next;
	if (c->oldest == NULL)
		c->newest = NULL;
	c->pending--;
	return p;
}

/* The oldest request will not be answered. */
static void
pairs_drop(struct http *h, struct connection *c, uint64_t to)
{
	struct pending *p = pairs_take(c);

	notes_unanswered(h, p, to);
	pairs_free(h, p);
}

/* Has its response come before it?  Then it is not to wait for one. */
static bool
pairs_late(struct connection *c, int64_t time, struct late *answered)
{
	unsigned i, n = 0;
	bool found = false;

	for (i = 0; i < c->lates; i++) {
		if (c->late[i].time < time)
			continue;
		if (!found) {
			*answered = c->late[i];
			found = true;
		} else {
			c->late[n++] = c->late[i];
		}
	}
	c->lates = n;
	return found;
}

struct pending *
pairs_request(struct http *h, struct direction *d,
    const struct http_head *head, struct late *answered)
{
	struct connection *c = d->connection;
	struct pending *p = pending_make(h, head);

	p->number = d->messages;
	p->time = d->first;
	answered->number = 0;
	c->client = d;
	c->client_id = d->id;
	if (!c->unsure && pairs_late(c, d->first, answered))
		return p;
	if (c->pending == PENDING_MAX) {
		pairs_drop(h, c, d->id);
		c->unsure = true;
	}
	if (c->newest == NULL)
		c->oldest = p;
	else
		c->newest->next = p;
	c->newest = p;
	c->pending++;
	return p;
}

/*
 * Was a request sent before the answer to the one before it began?  Their
 * times say so, and not their order here: where bytes are missing, answers
 * come late, since they were waited for.
 */
static bool
pairs_pipelined(const struct connection *c, int64_t answered)
{
	return c->oldest != NULL && c->oldest->next != NULL &&
	    c->oldest->next->time < answered;
}

struct pending *
pairs_response(struct http *h, struct direction *d,
    const struct http_head *head)
{
	struct connection *c = d->connection;

	if (head->status >= 100 && head->status < 200 && head->status != 101)
		return NULL;
	if (!c->unsure)
		c->pipelined |= pairs_pipelined(c, d->first);
	else if (!c->pipelined)
		while (c->oldest != NULL && c->oldest->next != NULL &&
		    c->oldest->next->time <= d->first)
			pairs_drop(h, c, c->client != NULL ? c->client->id :
			    d->id);
	if (c->unsure && c->oldest != NULL && c->oldest->time > d->first)
		return NULL;
	if (c->oldest == NULL && c->lates < LATE_MAX) {
		c->late[c->lates].number = d->messages;
		c->late[c->lates++].time = d->first;
	}
	return pairs_take(c);
}

void
pairs_unanswered(struct http *h, struct connection *c, uint64_t to)
{
	while (c->oldest != NULL)
		pairs_drop(h, c, to);
}

void
pairs_drain(struct http *h)
{
	struct pending *p;

	while ((p = h->pendings) != NULL) {
		h->pendings = p->next;
		free(p);
	}
}
