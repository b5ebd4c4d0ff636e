/* SPDX-License-Identifier: ISC */
/* One fileobject for each stream. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-dfxml/entry.h"
#include "cmd/flow-dfxml/runs.h"
#include "cmd/flow-dfxml/streams.h"

enum { TUNNEL_TEXT = 1024 };

/* Where an entry that was held goes, with its mark filled in. */
struct destination {
	struct report	*r;
	uint64_t	 parent;	/* hold it for this one, 0: write it */
	const char	*name;		/* of the stream it was held for */
	size_t		 name_length;
};

static void
send(struct destination *d, const void *bytes, size_t n)
{
	struct report *r = d->r;

	if (n == 0)
		return;
	if (d->parent != 0)
		spill_append(&r->spill, &streams_get(r, d->parent)->held,
		    bytes, n);
	else
		out_write(&r->out, bytes, n);
}

/* Pass entries on; each mark becomes the name. */
static void
send_filled(void *arg, const uint8_t *bytes, size_t n)
{
	struct destination *d = arg;
	struct dfxml *name = &d->r->name;
	const uint8_t *mark;

	dfxml_reset(name);
	dfxml_text(name, d->name, d->name_length);
	while ((mark = memchr(bytes, DFXML_MARK, n)) != NULL) {
		send(d, bytes, (size_t)(mark - bytes));
		send(d, name->text, name->length);
		n -= (size_t)(mark - bytes) + 1;
		bytes = mark + 1;
	}
	send(d, bytes, n);
}

static void
put_nonzero(struct dfxml *x, const char *name, uint64_t v)
{
	if (v != 0)
		dfxml_attr_unsigned(x, name, v);
}

static void
put_address(struct dfxml *x, char *at, uint8_t family,
    const uint8_t address[16])
{
	dfxml_attr_end(x, flow_address_put(at, family, address));
}

static void
put_addresses(struct dfxml *x, const struct flow_key *k)
{
	static const uint8_t zeros[6];

	if ((k->info & FLOW_HAS_MAC) != 0) {
		if (memcmp(k->dst_mac, zeros, 6) != 0)
			dfxml_attr_mac(x, "mac_daddr", k->dst_mac);
		if (memcmp(k->src_mac, zeros, 6) != 0)
			dfxml_attr_mac(x, "mac_saddr", k->src_mac);
	}
	/* AF_INET and AF_INET6 as Linux has them, on every system */
	dfxml_attr_unsigned(x, "family", k->family == 4 ? 2 : 10);
	put_address(x, dfxml_attr_begin(x, "src_ipn", FLOW_ADDRESS_TEXT),
	    k->family, k->src);
	put_address(x, dfxml_attr_begin(x, "dst_ipn", FLOW_ADDRESS_TEXT),
	    k->family, k->dst);
	dfxml_attr_unsigned(x, "srcport", k->sport);
	dfxml_attr_unsigned(x, "dstport", k->dport);
}

/* What tcpflow's report does not have: holes, conflicts, tags, tunnels. */
static void
put_extras(struct dfxml *x, const struct flow_close *c,
    const struct stream *t)
{
	char tunnel[TUNNEL_TEXT];

	if (t == NULL || !t->named)
		put_nonzero(x, "length", c->length);
	put_nonzero(x, "gaps", c->gaps);
	put_nonzero(x, "missing", c->missing);
	put_nonzero(x, "late", c->late);
	put_nonzero(x, "conflicts", c->conflicts);
	if (t != NULL && t->limited)
		dfxml_attr_string(x, "limited", "1");
	if (flow_vlan(&c->open.key) >= 0)
		dfxml_attr_signed(x, "vlan", flow_vlan(&c->open.key));
	if (c->open.key.path_length > 0)
		dfxml_attr_string(x, "tunnel", encap_text(tunnel,
		    sizeof(tunnel), c->open.key.path,
		    c->open.key.path_length));
}

static void
put_tcpflow(struct dfxml *x, const struct flow_close *c,
    const struct stream *t)
{
	dfxml_begin(x, "tcpflow");
	dfxml_attr_plain(x, "xmlns", DFXML_OURS);
	dfxml_attr_time(x, "startime", c->start);
	dfxml_attr_time(x, "endtime", c->end);
	put_addresses(x, &c->open.key);
	dfxml_attr_unsigned(x, "packets", c->packets);
	put_nonzero(x, "out_of_order_count", c->out_of_order);
	put_nonzero(x, "violations", c->violations);
	dfxml_attr_unsigned(x, "len", c->wire_bytes);
	if (c->cap_bytes != c->wire_bytes)
		dfxml_attr_unsigned(x, "caplen", c->cap_bytes);
	put_extras(x, c, t);
	dfxml_end(x, "tcpflow");
}

/* A stream decoded out of another; the parent's name is not known yet. */
static void
put_derived(struct dfxml *x, const struct flow_close *c,
    const struct stream *t)
{
	const char *why = close_why_name(c->why);

	dfxml_begin(x, "derived");
	dfxml_attr_plain(x, "xmlns", DFXML_OURS);
	dfxml_attr(x, "kind", c->open.kind, strnlen(c->open.kind,
	    KIND_SIZE));
	dfxml_attr_mark(x, "parent");
	dfxml_attr_signed(x, "offset", c->open.parent_offset);
	if (why != NULL)
		dfxml_attr_string(x, "end", why);
	dfxml_attr_time(x, "startime", c->start);
	dfxml_attr_time(x, "endtime", c->end);
	if (t == NULL || !t->named)
		put_nonzero(x, "length", c->length);
	put_nonzero(x, "gaps", c->gaps);
	put_nonzero(x, "missing", c->missing);
	dfxml_end(x, "derived");
}

static const char *
digest_type(uint16_t algorithm)
{
	switch (algorithm) {
	case DIGEST_MD5:
		return "MD5";
	case DIGEST_SHA1:
		return "SHA1";
	case DIGEST_SHA256:
		return "SHA256";
	default:
		return "OTHER";
	}
}

/* Digests of the whole; one of a part must not be taken for these. */
static void
put_digests(struct dfxml *x, const struct stream *t)
{
	const struct stream_digest *d;
	size_t i;

	for (i = 0; i < t->digests; i++) {
		d = &t->digest[i];
		if ((d->flags & DIGEST_PARTIAL) == 0)
			dfxml_hashdigest(x, digest_type(d->algorithm),
			    d->value, d->length);
	}
}

static void
put_partial(struct dfxml *x, const struct stream *t)
{
	const struct stream_digest *d;
	size_t i;

	for (i = 0; i < t->digests; i++) {
		d = &t->digest[i];
		if ((d->flags & DIGEST_PARTIAL) == 0)
			continue;
		dfxml_begin(x, "partial");
		dfxml_attr_plain(x, "xmlns", DFXML_OURS);
		dfxml_attr_unsigned(x, "covered", d->covered);
		if (d->length > 0)
			dfxml_hashdigest(x, digest_type(d->algorithm),
			    d->value, d->length);
		dfxml_end(x, "partial");
	}
}

/* What has been written of the entry goes where it belongs. */
static void
send_text(void *arg)
{
	struct destination *d = arg;

	send(d, d->r->x.text, d->r->x.length);
	dfxml_reset(&d->r->x);
}

static void
put_entry(struct destination *d, struct stage *s, const struct flow_close *c,
    struct stream *t)
{
	struct report *r = d->r;
	struct dfxml *x = &r->x;

	dfxml_begin(x, "fileobject");
	if (t != NULL && t->named)
		dfxml_element(x, "filename", t->path, t->path_length);
	dfxml_element_unsigned(x, "filesize", t == NULL || !t->named ?
	    0 : t->stored ? t->size : c->length);
	if (t != NULL) {
		if (runs_put(r, t, send_text, d) == -1)
			stage_bad(s, "temporary file: %s", strerror(errno));
		put_digests(x, t);
	}
	if (c->open.parent == 0)
		put_tcpflow(x, c, t);
	else
		put_derived(x, c, t);
	if (t != NULL)
		put_partial(x, t);
	dfxml_end(x, "fileobject");
	send_text(d);
}

static void
drain_held(struct report *r, struct stage *s, struct stream *t,
    struct destination *d)
{
	if (spill_drain(&r->spill, &t->held, send_filled, d) == -1)
		stage_bad(s, "temporary file: %s", strerror(errno));
}

void
entry_close(struct report *r, struct stage *s, const struct record *rec)
{
	struct destination d = { .r = r };
	struct stream *t = streams_take(r, rec->stream);
	struct flow_close c;

	if (flow_close_decode(&c, rec) == -1) {
		stage_bad(s, "standard input: stream %" PRIu64
		    ": malformed CLOSE", rec->stream);
		streams_free(r, t);
		return;
	}
	d.parent = c.open.parent;
	if (c.open.parent == 0) {
		r->section_flows++;
		r->section_packets += c.packets;
	}
	if (stage_wants(s, c.open.kind, KIND_SIZE, NULL))
		put_entry(&d, s, &c, t);
	if (t != NULL) {
		d.name = t->path;
		d.name_length = t->path_length;
		drain_held(r, s, t, &d);
		streams_free(r, t);
	}
	if (d.parent == 0)
		out_place(&r->out);
}

/* A file whose stream never closed: all that is known of it. */
static void
put_unclosed(struct destination *d, struct stream *t)
{
	struct dfxml *x = &d->r->x;

	dfxml_begin(x, "fileobject");
	dfxml_element(x, "filename", t->path, t->path_length);
	dfxml_element_string(x, "error", "the stream was never closed");
	dfxml_element_unsigned(x, "filesize", t->size);
	put_digests(x, t);
	put_partial(x, t);
	dfxml_end(x, "fileobject");
	send_text(d);
}

void
entry_orphans(struct report *r, struct stage *s)
{
	struct destination d = { .r = r };
	struct stream *t;
	size_t at = 0;

	while ((t = idmap_each(&r->streams, &at)) != NULL) {
		d.name = t->path;
		d.name_length = t->path_length;
		if (t->stored)
			put_unclosed(&d, t);
		drain_held(r, s, t, &d);
		streams_free(r, t);
	}
	idmap_free(&r->streams);
	out_place(&r->out);
}
