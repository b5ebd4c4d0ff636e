/* SPDX-License-Identifier: ISC */
/*
 * The property test of reassembly.
 *
 *	property make SEED FIRST COUNT		a record stream of SEGMENTs, a
 *						section for each case
 *	property check SEED FIRST COUNT		reads what flow-reasm made of it
 *	property loose SEED FIRST COUNT		the same, where holes were
 *						forgotten for want of memory:
 *						what is late may come again
 *	property files SEED FIRST COUNT DIR	looks at what flow-store stored
 *
 * Whatever the packets were like, the stream's bytes are those that were
 * captured, no more and no fewer; DATA and GAP tile; and what is told of
 * missing and late bytes is so.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/flow.h"
#include "libcommon/record.h"
#include "tests/reasm/trial.h"
#include "tests/reasm/write.h"

enum { SPORT = 40000, DPORT = 80, SLACK = 4 };

/* What flow-reasm said of the stream with data. */
struct image {
	bool		 open;
	uint64_t	 stream;
	int64_t		 base;		/* offset 0 is this byte */
	int64_t		 next;		/* tiled up to here */
	int64_t		 low;		/* the first byte */
	uint64_t	 late, gaps;
	uint8_t		 have[TRIAL_BYTES_MAX];
	uint8_t		 bytes[TRIAL_BYTES_MAX];
};

static int failures;
static bool loose;			/* holes may be forgotten */

static void
wrong(const struct trial *t, const char *what, int64_t a, int64_t b)
{
	printf("case %" PRIu64 ": %s (%jd, %jd)\n", t->number, what,
	    (intmax_t)a, (intmax_t)b);
	failures++;
}

static void
make_segment(const struct trial *t, const struct packet *p, size_t i)
{
	struct segment s = { .tcp_flags = p->flags, .window = 65535,
	    .wire_length = 54 + p->length, .cap_length = 54 + p->length,
	    .payload_length = p->length };
	static const uint8_t server[4] = { 192, 0, 2, 1 };

	s.key.family = 4;
	write_address(p->peer ? s.key.dst : s.key.src, t->number);
	memcpy(p->peer ? s.key.src : s.key.dst, server, 4);
	s.key.sport = p->peer ? DPORT : SPORT;
	s.key.dport = p->peer ? SPORT : DPORT;
	s.ref.length = p->length;
	if (p->peer) {
		s.seq = t->peer_isn + ((p->flags & TCP_SYN) == 0);
		s.ack = t->isn + 1 + p->ack;
	} else {
		s.seq = t->isn + ((p->flags & TCP_SYN) == 0) + p->start;
		s.ack = t->peer_isn + 1;
	}
	write_segment(&s, 1000000000 + (int64_t)i * t->gap, (int64_t)i + 1,
	    t->bytes + p->start);
}

static void
make(const struct trial *t)
{
	size_t i;

	write_section();
	for (i = 0; i < t->packets; i++)
		make_segment(t, &t->packet[i], i);
	write_end(t->packets);
}

/* The next record; its body is malloc'ed.  False at the end of a section. */
static bool
get(struct record *rec)
{
	static uint8_t *body;
	uint8_t header[RECORD_PREAMBLE + RECORD_HEADER], *at = header;
	size_t n;

	if (fread(header, RECORD_PREAMBLE, 1, stdin) != 1)
		errx(1, "the records end early");
	if (record_preamble_check(header) == NULL)
		n = RECORD_HEADER;
	else
		n = RECORD_HEADER - RECORD_PREAMBLE;
	if (n == RECORD_HEADER)
		at += RECORD_PREAMBLE;
	if (fread(header + RECORD_PREAMBLE, n, 1, stdin) != 1)
		errx(1, "the records end early");
	record_header_decode(rec, at);
	body = realloc(body, rec->length + 8u);
	n = rec->length + record_padding(rec->length);
	if (body == NULL || (n > 0 && fread(body, n, 1, stdin) != 1))
		errx(1, "the records end early");
	rec->body = body;
	return rec->type != RECORD_END;
}

static void
take_open(const struct trial *t, struct image *m, const struct record *rec)
{
	struct flow_open o;

	if (flow_open_decode(&o, rec) == -1)
		errx(1, "malformed OPEN");
	if (o.key.sport != SPORT)
		return;
	if (m->open)
		wrong(t, "a second stream with data", 0, 0);
	m->open = true;
	m->stream = rec->stream;
	m->base = m->low = (int32_t)(o.first_seq - (t->isn + 1));
}

static void
take_bytes(const struct trial *t, struct image *m, const struct record *rec,
    bool late)
{
	int64_t at = rec->offset + m->base;
	bool replaces = (rec->flags & RECORD_REPLACE) != 0;
	struct data d;
	uint32_t i;

	if (data_decode(&d, rec) == -1 || d.bytes == NULL)
		errx(1, "malformed DATA");
	if (at < 0 || at + d.ref.length > t->length) {
		wrong(t, "bytes outside the stream", at, d.ref.length);
		return;
	}
	if (at < m->low)
		m->low = at;
	for (i = 0; i < d.ref.length; i++, at++) {
		if (m->have[at] && !replaces && !(loose && late))
			wrong(t, "a byte came twice", at, late);
		m->have[at] = 1;
		m->bytes[at] = d.bytes[i];
	}
	if (replaces)
		return;
	if (late) {
		m->late += d.ref.length;
		if (rec->offset >= m->next)
			wrong(t, "late bytes too early", rec->offset, m->next);
		return;
	}
	if (rec->offset != m->next)
		wrong(t, "DATA does not tile", rec->offset, m->next);
	m->next = rec->offset + d.ref.length;
}

static void
take_gap(const struct trial *t, struct image *m, const struct record *rec)
{
	struct gap g;

	if (gap_decode(&g, rec) == -1 || g.length == 0)
		errx(1, "malformed GAP");
	if (rec->offset != m->next)
		wrong(t, "GAP does not tile", rec->offset, m->next);
	m->next += (int64_t)g.length;
	m->gaps++;
}

/* Bytes of the stream, as far as it was tiled, that have not come. */
static uint64_t
image_missing(const struct trial *t, const struct image *m, int64_t from)
{
	uint64_t missing = 0;
	int64_t i;

	for (i = from; i < m->base + m->next; i++)
		missing += i < 0 || i >= t->length || !m->have[i];
	return missing;
}

static void
take_close(const struct trial *t, struct image *m, const struct record *rec)
{
	struct flow_close x;
	uint64_t missing;

	if (flow_close_decode(&x, rec) == -1)
		errx(1, "malformed CLOSE");
	if ((int64_t)x.length != m->next || rec->offset != m->next)
		wrong(t, "length", (int64_t)x.length, m->next);
	/* From the SYN if it was seen in time, else from the first byte. */
	missing = image_missing(t, m, m->low);
	if (loose ? x.missing < missing : x.missing != missing &&
	    (!t->syn || x.missing != image_missing(t, m, 0)))
		wrong(t, "missing", (int64_t)x.missing, (int64_t)missing);
	if (x.late != m->late || x.gaps < m->gaps)
		wrong(t, "late, gaps", (int64_t)x.late, (int64_t)x.gaps);
	if (x.conflicts != 0)
		wrong(t, "conflicts", (int64_t)x.conflicts, 0);
}

static void
compare(const struct trial *t, const struct image *m)
{
	uint32_t i;

	for (i = 0; i < t->length; i++) {
		if (m->have[i] != t->captured[i]) {
			wrong(t, m->have[i] ? "a byte from nowhere" :
			    "a byte was lost", i, t->length);
			return;
		}
		if (m->have[i] && m->bytes[i] != t->bytes[i]) {
			wrong(t, "another byte", i, t->length);
			return;
		}
	}
}

static void
check(const struct trial *t)
{
	static struct image m;
	struct record rec;

	memset(&m, 0, sizeof(m));
	while (get(&rec)) {
		if (rec.type == RECORD_OPEN)
			take_open(t, &m, &rec);
		if (rec.stream != m.stream || !m.open)
			continue;
		switch (rec.type) {
		case RECORD_DATA:
		case RECORD_LATE:
			take_bytes(t, &m, &rec, rec.type == RECORD_LATE);
			break;
		case RECORD_GAP:
			take_gap(t, &m, &rec);
			break;
		case RECORD_CLOSE:
			take_close(t, &m, &rec);
			break;
		}
	}
	compare(t, &m);
}

/* Where does the file differ from the stream from there on?  -1: nowhere. */
static int64_t
differs(const struct trial *t, uint32_t from, uint32_t end,
    const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (bytes[i] != (from + i < end && t->captured[from + i] ?
		    t->bytes[from + i] : 0))
			return (int64_t)i;
	return n < end - from ? (int64_t)n : -1;
}

/*
 * The file begins after the SYN; or, when there was none or it came after
 * the first bytes had left, with the first byte captured.
 */
static void
files(const struct trial *t, int dir)
{
	static uint8_t bytes[TRIAL_BYTES_MAX + SLACK];
	uint8_t a[16] = { 0 };
	uint32_t from = 0, end = t->length;
	char name[64];
	ssize_t n;
	int fd;

	while (end > 0 && !t->captured[end - 1])
		end--;
	while (from < end && !t->captured[from])
		from++;
	write_address(a, t->number);
	snprintf(name, sizeof(name), "%03u.%03u.%03u.%03u.%05u-192.000.002."
	    "001.%05u", a[0], a[1], a[2], a[3], SPORT, DPORT);
	fd = openat(dir, name, O_RDONLY);
	if (fd == -1) {
		if (end > 0)
			wrong(t, "no file", end, 0);
		return;
	}
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (n < 0)
		err(1, "%s", name);
	if ((!t->syn || differs(t, 0, end, bytes, (size_t)n) != -1) &&
	    ((t->syn && t->packet[0].flags == TCP_SYN) ||
	    differs(t, from, end, bytes, (size_t)n) != -1))
		wrong(t, "the file differs", differs(t, t->syn ? 0 : from, end,
		    bytes, (size_t)n), n);
}

static uint64_t
number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (*text == '\0' || *end != '\0')
		errx(2, "%s: not a number", text);
	return n;
}

int
main(int argc, char **argv)
{
	static struct trial t;
	uint64_t seed, first, count, i;
	int dir = -1;

	if (argc < 5)
		errx(2, "usage: property make|check|loose|files seed first "
		    "count [directory]");
	seed = number(argv[2]);
	first = number(argv[3]);
	count = number(argv[4]);
	loose = strcmp(argv[1], "loose") == 0;
	if (argc > 5 && (dir = open(argv[5], O_RDONLY | O_DIRECTORY)) == -1)
		err(1, "%s", argv[5]);
	for (i = first; i < first + count; i++) {
		trial_make(&t, seed, i);
		if (strcmp(argv[1], "make") == 0)
			make(&t);
		else if (strcmp(argv[1], "files") == 0)
			files(&t, dir);
		else
			check(&t);
		trial_free(&t);
	}
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return failures > 0;
}
