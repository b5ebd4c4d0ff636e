/* SPDX-License-Identifier: ISC */
/* A capture for each connection. */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-store/file.h"
#include "cmd/flow-store/frames.h"
#include "cmd/flow-store/front.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/rewrite.h"
#include "formats/pcapng_encode.h"

enum format { FORMAT_NONE, FORMAT_MICRO, FORMAT_NANO, FORMAT_NG };

enum { FRAMES_SNAPLEN = 262144 };

static const char suffix[] = ".pcap";

struct frames {
	struct file	*file;
	unsigned	 streams;	/* that it is open for */
	enum format	 format;
	uint64_t	 size;		/* bytes so far */
	unsigned	 links;
	uint32_t	 link[FRAMES_LINKS_MAX]; /* by interface */
};

static struct frames *
frames_new(struct store *s, const struct file *f)
{
	struct frames *x = calloc(1, sizeof(*x));
	const char *old;
	char *pattern;
	size_t n;

	old = file_pattern(s, f, &n);
	pattern = malloc(n + sizeof(suffix));
	if (x == NULL || pattern == NULL)
		err(1, NULL);
	memcpy(pattern, old, n);
	memcpy(pattern + n, suffix, sizeof(suffix) - 1);
	x->file = file_new(s, pattern, n + sizeof(suffix) - 1, f->time);
	free(pattern);
	return x;
}

/* The capture of a stream: its own, its peer's, or a new one. */
static struct frames *
frames_of(struct store *s, struct file *f)
{
	struct extra *x = front_extra(f);
	struct file *peer;

	if (x->frames != NULL)
		return x->frames;
	peer = x->peer == 0 ? NULL : idmap_get(&s->streams, x->peer);
	if (peer != NULL && peer->extra != NULL)
		x->frames = peer->extra->frames;
	if (x->frames == NULL)
		x->frames = frames_new(s, f);
	x->frames->streams++;
	return x->frames;
}

/* Bytes for the end of the capture. */
static void
put(struct store *s, struct frames *x, const void *bytes, size_t n)
{
	struct reference ref = { .length = (uint32_t)n };

	if (n > 0)
		held_add(s, x->file, (int64_t)x->size, &ref, bytes);
	x->size += n;
}

static void
classic_header(uint8_t header[PCAP_FILE_HEADER], const struct frames *x,
    bool nano)
{
	struct pcap_format format = { .nano = nano, .minor = 4,
	    .link_type = x->link[0], .snaplen = FRAMES_SNAPLEN };

	pcap_header_encode(header, &format);
}

/* The old packets of a classic capture, into the new format. */
static void
convert_packets(struct rewrite *w, enum format to,
    const struct pcap_format *old)
{
	uint8_t head[PCAPNG_PACKET_HEAD], tail[PCAPNG_PACKET_TAIL_MAX];
	struct pcap_packet p = { 0 };
	const uint8_t *at;
	size_t n, part;

	while (rewrite_get(w, PCAP_PACKET_HEADER, &at) >=
	    PCAP_PACKET_HEADER && pcap_packet_decode(&p, old, at) == 0) {
		rewrite_used(w, PCAP_PACKET_HEADER);
		n = to == FORMAT_NG ? pcapng_encode_packet(head, tail, &p) :
		    0;
		if (to == FORMAT_NANO)
			pcap_packet_encode(head, &p, true);
		rewrite_put(w, head, to == FORMAT_NG ? PCAPNG_PACKET_HEAD :
		    PCAP_PACKET_HEADER);
		for (; p.captured > 0; p.captured -= (uint32_t)part) {
			part = rewrite_get(w, 1, &at);
			if (part == 0)
				return;
			if (part > p.captured)
				part = p.captured;
			rewrite_put(w, at, part);
			rewrite_used(w, part);
		}
		rewrite_put(w, tail, n);
	}
}

static void
convert(struct store *s, struct frames *x, enum format to)
{
	uint8_t block[PCAPNG_SECTION_SIZE + PCAPNG_INTERFACE_SIZE];
	struct pcap_format old;
	const uint8_t *at;
	struct rewrite w;

	if (held_flush(s, x->file) == -1 ||
	    rewrite_begin(&w, s, x->file) == -1)
		return;
	if (to == FORMAT_NG) {
		pcapng_encode_section(block);
		pcapng_encode_interface(block + PCAPNG_SECTION_SIZE,
		    x->link[0], FRAMES_SNAPLEN);
		rewrite_put(&w, block, sizeof(block));
	} else {
		classic_header(block, x, true);
		rewrite_put(&w, block, PCAP_FILE_HEADER);
	}
	if (rewrite_get(&w, PCAP_FILE_HEADER, &at) >= PCAP_FILE_HEADER &&
	    pcap_header_decode(&old, at) == 0) {
		rewrite_used(&w, PCAP_FILE_HEADER);
		convert_packets(&w, to, &old);
	}
	if (rewrite_end(&w) == 0)
		x->size = x->file->size;
}

/* Begin the file, or make it what this packet needs. */
static void
frames_format(struct store *s, struct frames *x, const struct pcap_packet *p)
{
	uint8_t header[PCAP_FILE_HEADER];
	enum format to = p->time % 1000 != 0 ? FORMAT_NANO : FORMAT_MICRO;

	if (p->time < 0 || p->time / 1000000000 > UINT32_MAX ||
	    (x->links > 0 && x->link[0] != p->link_type))
		to = FORMAT_NG;
	if (to <= x->format)
		return;
	if (x->format == FORMAT_NONE) {
		x->link[0] = p->link_type;
		x->links = 1;
		x->format = to == FORMAT_NG ? FORMAT_NANO : to;
		classic_header(header, x, x->format == FORMAT_NANO);
		put(s, x, header, sizeof(header));
	}
	if (to > x->format)
		convert(s, x, to);
	x->format = to;
}

/* The interface of a link type, written when it is a new one. */
static uint32_t
frames_interface(struct store *s, struct frames *x, uint32_t link_type)
{
	uint8_t block[PCAPNG_INTERFACE_SIZE];
	unsigned i;

	for (i = 0; i < x->links; i++)
		if (x->link[i] == link_type)
			return i;
	if (i == FRAMES_LINKS_MAX) {
		stage_bad(s->stage, "more than %d link types in one "
		    "connection", FRAMES_LINKS_MAX);
		return 0;
	}
	x->link[x->links++] = link_type;
	pcapng_encode_interface(block, link_type, FRAMES_SNAPLEN);
	put(s, x, block, sizeof(block));
	return i;
}

void
frames_add(struct store *s, struct file *f, const struct record *r)
{
	uint8_t head[PCAPNG_PACKET_HEAD], tail[PCAPNG_PACKET_TAIL_MAX];
	struct pcap_packet p = { 0 };
	struct frames *x;
	struct frame fr;
	unsigned n = 0;

	if (frame_decode(&fr, r) == -1) {
		stage_bad(s->stage, "stream %" PRIu64 ": malformed FRAME",
		    r->stream);
		return;
	}
	x = frames_of(s, f);
	p.time = r->time;
	p.link_type = fr.link_type;
	p.captured = fr.ref.length;
	p.on_wire = fr.wire_length;
	frames_format(s, x, &p);
	if (x->format == FORMAT_NG) {
		p.interface = frames_interface(s, x, p.link_type);
		n = pcapng_encode_packet(head, tail, &p);
		put(s, x, head, PCAPNG_PACKET_HEAD);
	} else {
		pcap_packet_encode(head, &p, x->format == FORMAT_NANO);
		put(s, x, head, PCAP_PACKET_HEADER);
	}
	if (p.captured > 0)
		held_add(s, x->file, (int64_t)x->size, &fr.ref, fr.bytes);
	x->size += p.captured;
	put(s, x, tail, n);
}

struct file *
frames_close(struct store *s, struct file *f)
{
	struct frames *x = f->extra == NULL ? NULL : f->extra->frames;
	struct file *file;

	if (x == NULL)
		return NULL;
	f->extra->frames = NULL;
	if (--x->streams > 0)
		return NULL;
	file = x->file;
	free(x);
	(void)file_finish(s, file);
	return file;
}
