/* SPDX-License-Identifier: ISC */
/*
 * All orders of six segments.
 *
 *	orders make NAME NANOSECONDS	a section for each of the 720 orders,
 *					packets so far apart
 *	orders expect NAME		the bytes that each of them holds
 *
 * Order n is sent from 10.0.x.y, where x and y are the bytes of n.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reasm/write.h"

enum { SEGMENTS = 6, ORDERS = 720 };

struct piece {
	uint8_t		 flags;
	uint32_t	 at;		/* offset in the stream */
	const char	*text;
};

struct conversation {
	const char	*name;
	uint32_t	 isn;
	struct piece	 piece[SEGMENTS];
};

static const struct conversation conversations[] = {
	{ "plain", 1000, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 4, "two " }, { TCP_ACK, 8, "three " },
	    { TCP_ACK, 14, "four " }, { TCP_ACK, 19, "five" } } },
	{ "ends", 1000, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 4, "two " }, { TCP_ACK, 8, "three " },
	    { TCP_ACK, 14, "four" }, { TCP_ACK | TCP_FIN, 18, "" } } },
	{ "overlap", 1000, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 2, "e two thr" }, { TCP_ACK, 8, "three " },
	    { TCP_ACK, 14, "four " }, { TCP_ACK, 19, "five" } } },
	{ "hole", 1000, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 4, "two " }, { TCP_ACK, 18, "three " },
	    { TCP_ACK, 24, "four " }, { TCP_ACK, 29, "five" } } },
	{ "wrap", 0xfffffff5, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 4, "two " }, { TCP_ACK, 8, "three " },
	    { TCP_ACK, 14, "four " }, { TCP_ACK, 19, "five" } } },
	{ "no-syn", 1000, { { TCP_ACK, 0, "one " }, { TCP_ACK, 4, "two " },
	    { TCP_ACK, 8, "three " }, { TCP_ACK, 14, "four " },
	    { TCP_ACK, 19, "five " }, { TCP_ACK | TCP_FIN, 24, "six" } } },
	{ "last-fin", 1000, { { TCP_SYN, 0, "" }, { TCP_ACK, 0, "one " },
	    { TCP_ACK, 4, "two " }, { TCP_ACK, 8, "three " },
	    { TCP_ACK, 14, "four " }, { TCP_ACK | TCP_FIN, 19, "five" } } },
};

/* Permutation n of 0 to 5, by the factorial number system. */
static void
permutation(unsigned n, unsigned order[SEGMENTS])
{
	unsigned left[SEGMENTS] = { 0, 1, 2, 3, 4, 5 }, i, k;

	for (i = SEGMENTS; i > 0; i--) {
		k = n % i;
		n /= i;
		order[SEGMENTS - i] = left[k];
		memmove(left + k, left + k + 1,
		    (i - k - 1) * sizeof(left[0]));
	}
}

static void
make_piece(const struct conversation *c, unsigned n, const struct piece *p,
    int64_t time, int64_t packet)
{
	struct segment s = { .tcp_flags = p->flags, .window = 65535 };

	s.key.family = 4;
	write_address(s.key.src, n);
	write_address(s.key.dst, 0xffffff);
	s.key.sport = 40000;
	s.key.dport = 80;
	s.seq = c->isn + ((p->flags & TCP_SYN) == 0) + p->at;
	s.ref.length = s.payload_length = (uint32_t)strlen(p->text);
	s.wire_length = s.cap_length = 54 + s.payload_length;
	write_segment(&s, time, packet, (const uint8_t *)p->text);
}

static void
make(const struct conversation *c, int64_t apart)
{
	unsigned n, i, order[SEGMENTS];

	for (n = 0; n < ORDERS; n++) {
		permutation(n, order);
		write_section();
		for (i = 0; i < SEGMENTS; i++)
			make_piece(c, n, &c->piece[order[i]],
			    1000000000 + i * apart, i + 1);
		write_end(SEGMENTS);
	}
}

static void
expect(const struct conversation *c)
{
	char text[64] = { 0 };
	size_t i, end = 0;

	for (i = 0; i < SEGMENTS; i++) {
		memcpy(text + c->piece[i].at, c->piece[i].text,
		    strlen(c->piece[i].text));
		if (c->piece[i].at + strlen(c->piece[i].text) > end)
			end = c->piece[i].at + strlen(c->piece[i].text);
	}
	fwrite(text, 1, end, stdout);
}

int
main(int argc, char **argv)
{
	size_t i, n = sizeof(conversations) / sizeof(conversations[0]);

	if (argc < 3)
		errx(2, "usage: orders make|expect name [nanoseconds]");
	for (i = 0; i < n; i++)
		if (strcmp(argv[2], conversations[i].name) == 0)
			break;
	if (i == n)
		errx(2, "%s: no such conversation", argv[2]);
	if (strcmp(argv[1], "make") == 0)
		make(&conversations[i], argc > 3 ? atoll(argv[3]) : 1000);
	else
		expect(&conversations[i]);
	if (fflush(stdout) != 0)
		err(1, "standard output");
	return 0;
}
