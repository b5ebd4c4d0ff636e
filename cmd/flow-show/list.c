/* SPDX-License-Identifier: ISC */
/* The listing: one line for each stream when it closes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/flow-show/show.h"

#define LIST_TROUBLE	"\033[1;31m"
#define LIST_PLAIN	"\033[0m"

void
list_time(int64_t ns)
{
	int64_t seconds = ns / 1000000000, rest = ns % 1000000000;
	struct tm tm;
	time_t t;
	char text[64];

	if (ns == RECORD_NO_TIME) {
		printf("%-27s", "-");
		return;
	}
	if (rest < 0) {
		rest += 1000000000;
		seconds--;
	}
	t = (time_t)seconds;
	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%06d ", text, (int)(rest / 1000));
}

void
list_endpoint(uint8_t family, const uint8_t address[16], uint16_t port)
{
	char text[FLOW_ADDRESS_TEXT];

	printf(family == 6 ? "[%s]:%u" : "%s:%u",
	    flow_address(text, family, address), port);
}

/* Number and word, "1 gap" or "2 gaps". */
static void
list_count(uint64_t n, const char *one, const char *more)
{
	printf("%" PRIu64 " %s", n, n == 1 ? one : more);
}

static void
list_wrapping(const struct flow_key *key)
{
	char text[512];
	int vlan = flow_vlan(key);

	if (vlan >= 0)
		printf(" vlan %d", vlan);
	if (key->path_length > 0)
		printf(" in %s", encap_text(text, sizeof(text), key->path,
		    key->path_length));
}

/* What is wrong with it, if anything. */
static void
list_trouble(const struct show *w, const struct flow_close *c)
{
	if (c->gaps == 0 && c->conflicts == 0 && c->violations == 0)
		return;
	if (w->colour)
		fputs(LIST_TROUBLE, stdout);
	if (c->gaps > 0) {
		printf(", %" PRIu64 " missing in ", c->missing);
		list_count(c->gaps, "gap", "gaps");
	}
	if (c->conflicts > 0) {
		fputs(", ", stdout);
		list_count(c->conflicts, "conflict", "conflicts");
	}
	if (c->violations > 0) {
		fputs(", ", stdout);
		list_count(c->violations, "violation", "violations");
	}
	if (w->colour)
		fputs(LIST_PLAIN, stdout);
}

/* A derived stream says of which kind it is and where it began. */
static void
list_kind(const struct flow_open *o)
{
	if (o->parent == 0)
		return;
	putchar(' ');
	output_safe(o->kind, strnlen(o->kind, KIND_SIZE));
	if (o->parent_offset >= 0)
		printf(" at %" PRId64, o->parent_offset);
}

static void
list_line(struct show *w, const struct flow_close *c, const struct shown *t)
{
	const struct flow_open *o = &c->open;
	const char *why = close_why_name(c->why);

	output_begin(w);
	list_time(c->start);
	list_endpoint(o->key.family, o->key.src, o->key.sport);
	fputs(" > ", stdout);
	list_endpoint(o->key.family, o->key.dst, o->key.dport);
	list_wrapping(&o->key);
	list_kind(o);
	fputs(": ", stdout);
	list_count(c->length, "byte", "bytes");
	printf(", %s", why == NULL ? "unknown" : why);
	list_trouble(w, c);
	if (t != NULL && t->name != NULL) {
		fputs(" -> ", stdout);
		output_safe(t->name, t->name_length);
	}
	putchar('\n');
	output_end(w);
}

void
list_close(struct show *w, const struct record *r)
{
	const struct shown *t = streams_get(w, r->stream), *parent;
	struct flow_close c;

	if (flow_close_decode(&c, r) == -1) {
		stage_bad(w->stage, "malformed CLOSE");
		return;
	}
	if (w->failed || !stage_wants(w->stage, c.open.kind, KIND_SIZE,
	    NULL))
		return;
	w->sum.streams++;
	w->sum.bytes += c.length;
	w->sum.missing += c.missing;
	w->sum.conflicts += c.conflicts;
	/* What flow-http found has its own line, unless more is asked for. */
	parent = c.open.parent == 0 ? NULL :
	    streams_get(w, c.open.parent);
	if (stage_verbose(w->stage) == 0 && ((t != NULL && t->has_notes) ||
	    (parent != NULL && parent->has_notes)))
		return;
	list_line(w, &c, t);
}

/* "S", "S.", "P.", "F." as tcpdump(8) has them; "none" without any. */
static void
list_flags(uint8_t flags)
{
	static const char letters[] = "FSRP.UEW";
	size_t i;

	putchar('[');
	for (i = 0; i < 8; i++)
		if (letters[i] != '.' && (flags & 1 << i) != 0)
			putchar(letters[i]);
	if ((flags & TCP_ACK) != 0)
		putchar('.');
	else if (flags == 0)
		fputs("none", stdout);
	putchar(']');
}

void
list_segment(struct show *w, const struct record *r)
{
	struct segment s;

	if (w->failed)
		return;
	if (segment_decode(&s, r) == -1) {
		stage_bad(w->stage, "packet %" PRId64 ": malformed SEGMENT",
		    r->offset);
		return;
	}
	output_begin(w);
	list_time(r->time);
	list_endpoint(s.key.family, s.key.src, s.key.sport);
	fputs(" > ", stdout);
	list_endpoint(s.key.family, s.key.dst, s.key.dport);
	list_wrapping(&s.key);
	fputs(": ", stdout);
	list_flags(s.tcp_flags);
	printf(" seq %" PRIu32, s.seq);
	if ((s.tcp_flags & TCP_ACK) != 0)
		printf(" ack %" PRIu32, s.ack);
	printf(" length %" PRIu32, s.payload_length);
	if (s.payload_length > s.ref.length)
		printf(" (%" PRIu32 " captured)", s.ref.length);
	putchar('\n');
	output_end(w);
}

void
list_sum(struct show *w)
{
	if (stage_verbose(w->stage) > 0 && !w->failed) {
		list_count(w->sum.streams, "stream", "streams");
		fputs(", ", stdout);
		list_count(w->sum.bytes, "byte", "bytes");
		printf(", %" PRIu64 " missing, ", w->sum.missing);
		list_count(w->sum.conflicts, "conflict", "conflicts");
		putchar('\n');
		output_check(w);
	}
	memset(&w->sum, 0, sizeof(w->sum));
}
