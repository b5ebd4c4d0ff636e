/* SPDX-License-Identifier: ISC */
/* -w: a capture of the packets that are not used. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/pcap-demux/save.h"
#include "formats/pcapng_encode.h"

enum { SAVE_SNAPLEN = 262144 };

/* An interface of the pcapng file that is written. */
struct face {
	uint32_t	 source, interface, link_type;
	bool		 nano;
};

struct save {
	FILE		*file;
	bool		 ng;
	bool		 begun;		/* pcap: the header is written */
	struct pcap_format format;
	struct face	*face;
	uint32_t	 faces, last;
	int		 error;		/* an errno, 0: none yet */
	const char	*why;		/* or a text */
};

static void
put(struct save *s, const void *bytes, size_t n)
{
	if (s->error == 0 && fwrite(bytes, 1, n, s->file) != n)
		s->error = errno != 0 ? errno : EIO;
}

static void
ng_interface(struct save *s, const struct face *f)
{
	uint8_t b[PCAPNG_INTERFACE_SIZE];

	pcapng_encode_interface(b, f->link_type, 0);
	if (!f->nano)
		pcapng_encode_micro(b);
	put(s, b, sizeof(b));
}

/* The number of an interface in the file, which may have to be added. */
static uint32_t
ng_face(struct save *s, const struct face *f)
{
	struct face *grown;

	if (s->last < s->faces &&
	    memcmp(&s->face[s->last], f, sizeof(*f)) == 0)
		return s->last;
	for (s->last = 0; s->last < s->faces; s->last++)
		if (memcmp(&s->face[s->last], f, sizeof(*f)) == 0)
			return s->last;
	grown = realloc(s->face, (s->faces + 1) * sizeof(*grown));
	if (grown == NULL) {
		s->error = ENOMEM;
		return 0;
	}
	s->face = grown;
	s->face[s->faces++] = *f;
	ng_interface(s, f);
	return s->last;
}

static void
ng_packet(struct save *s, uint32_t face, const struct pcap_packet *p)
{
	uint8_t head[PCAPNG_PACKET_HEAD], tail[PCAPNG_PACKET_TAIL_MAX];
	struct pcap_packet copy = *p;
	unsigned n;

	copy.interface = face;
	if (!p->nano)
		copy.time /= 1000;
	n = pcapng_encode_packet(head, tail, &copy);
	put(s, head, sizeof(head));
	put(s, p->data, p->captured);
	put(s, tail, n);
}

static void
begin_pcap(struct save *s, uint32_t link_type, bool nano, uint8_t fcs_length)
{
	uint8_t h[PCAP_FILE_HEADER];

	s->format.nano = nano;
	s->format.link_type = link_type;
	s->format.snaplen = SAVE_SNAPLEN;
	s->format.fcs_length = fcs_length;
	pcap_header_encode(h, &s->format);
	put(s, h, sizeof(h));
	s->begun = true;
}

struct save *
save_open(const char *path, bool ng, const char **why)
{
	struct save *s = calloc(1, sizeof(*s));
	uint8_t section[PCAPNG_SECTION_SIZE];

	if (s == NULL || (s->file = fopen(path, "we")) == NULL) {
		*why = strerror(errno);
		free(s);
		return NULL;
	}
	s->ng = ng;
	if (ng) {
		pcapng_encode_section(section);
		put(s, section, sizeof(section));
	}
	return s;
}

bool
save_packet(struct save *s, uint32_t source, const struct pcap_packet *p)
{
	uint8_t h[PCAP_PACKET_HEADER];
	struct face face;

	if (s->ng) {
		memset(&face, 0, sizeof(face));
		face.source = source;
		face.interface = p->interface;
		face.link_type = p->link_type;
		face.nano = p->nano;
		ng_packet(s, ng_face(s, &face), p);
		return true;
	}
	if (!s->begun)
		begin_pcap(s, p->link_type, p->nano, p->fcs_length);
	if (s->format.link_type != p->link_type) {
		s->why = "packets of another link type were left out";
		return false;
	}
	if (p->nano && !s->format.nano && s->why == NULL)
		s->why = "nanoseconds were left out";
	pcap_packet_encode(h, p, s->format.nano);
	put(s, h, sizeof(h));
	put(s, p->data, p->captured);
	return true;
}

void
save_default(struct save *s, const struct pcap_format *f)
{
	if (!s->ng && !s->begun)
		begin_pcap(s, f->link_type, f->nano, f->fcs_length);
}

const char *
save_close(struct save *s)
{
	const char *why = s->why;

	if (fclose(s->file) != 0 && s->error == 0)
		s->error = errno;
	if (s->error != 0)
		why = strerror(s->error);
	free(s->face);
	free(s);
	return why;
}
