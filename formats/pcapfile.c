/* SPDX-License-Identifier: ISC */
/* A capture of either format as a run of packets. */

#include <string.h>

#include "formats/pcapfile.h"
#include "libcommon/bytes.h"

static enum pcapfile_result
more(struct pcapfile *f, size_t need)
{
	f->need = need;
	f->used = 0;
	return PCAPFILE_MORE;
}

static enum pcapfile_result
bad(struct pcapfile *f, const char *why)
{
	f->why = why;
	f->used = 0;
	return PCAPFILE_BAD;
}

static enum pcapfile_result
advance(struct pcapfile *f, size_t n, enum pcapfile_result result)
{
	f->used = n;
	f->offset += n;
	return result;
}

static enum pcapfile_result
begin(struct pcapfile *f, const uint8_t *bytes, size_t available)
{
	if (available < PCAPFILE_MAGIC)
		return more(f, PCAPFILE_MAGIC);
	f->kind = pcapfile_recognise(bytes);
	if (f->kind == PCAPFILE_PCAPNG)
		return advance(f, 0, PCAPFILE_SKIP);
	if (f->kind != PCAPFILE_PCAP)
		return bad(f, "not a packet capture");
	if (available < PCAP_FILE_HEADER) {
		f->kind = PCAPFILE_UNKNOWN;
		return more(f, PCAP_FILE_HEADER);
	}
	if (pcap_header_decode(&f->pcap, bytes) == -1)
		return bad(f, "unknown version of pcap");
	return advance(f, PCAP_FILE_HEADER, PCAPFILE_SKIP);
}

/*
 * A packet without bytes has been announced: it may be another file's header,
 * put behind this one by cat(1), or the zeros of a disk block that was never
 * written.
 */
static enum pcapfile_result
no_packet(struct pcapfile *f, const uint8_t *bytes, size_t available,
    bool *is_packet)
{
	struct pcap_format next;

	*is_packet = false;
	if (be32_get(bytes) == 0 && be32_get(bytes + 4) == 0)
		return bad(f, "zeros where a packet should begin");
	if (pcapfile_recognise(bytes) == PCAPFILE_PCAP) {
		if (available < PCAP_FILE_HEADER)
			return more(f, PCAP_FILE_HEADER);
		if (pcap_header_decode(&next, bytes) == 0) {
			f->pcap = next;
			return advance(f, PCAP_FILE_HEADER, PCAPFILE_SKIP);
		}
	}
	*is_packet = true;
	return PCAPFILE_SKIP;
}

static enum pcapfile_result
next_pcap(struct pcapfile *f, const uint8_t *bytes, size_t available,
    struct pcap_packet *p)
{
	enum pcapfile_result result;
	bool is_packet;
	size_t size;

	if (available < PCAP_PACKET_HEADER)
		return more(f, PCAP_PACKET_HEADER);
	if (be32_get(bytes + 8) == 0 && be32_get(bytes + 12) == 0) {
		result = no_packet(f, bytes, available, &is_packet);
		if (!is_packet)
			return result;
	}
	p->data = bytes + PCAP_PACKET_HEADER;
	p->offset = f->offset + PCAP_PACKET_HEADER;
	if (pcap_packet_decode(p, &f->pcap, bytes) == -1)
		return bad(f, "packet of an impossible length");
	size = PCAP_PACKET_HEADER + (size_t)p->captured;
	if (available < size)
		return more(f, size);
	return advance(f, size, PCAPFILE_PACKET);
}

static enum pcapfile_result
next_pcapng(struct pcapfile *f, const uint8_t *bytes, size_t available,
    struct pcap_packet *p)
{
	if (available < PCAPNG_BLOCK_HEADER)
		return more(f, PCAPNG_BLOCK_HEADER);
	switch (pcapng_block(&f->ng, bytes, available, &f->block, p, &f->why)) {
	case PCAPNG_PACKET:
		p->offset += f->offset;
		return advance(f, f->block, PCAPFILE_PACKET);
	case PCAPNG_OTHER:
		return advance(f, f->block, PCAPFILE_SKIP);
	case PCAPNG_MORE:
		return more(f, f->block);
	default:
		return bad(f, f->why);
	}
}

enum pcapfile_kind
pcapfile_recognise(const uint8_t magic[PCAPFILE_MAGIC])
{
	struct pcap_format format;
	uint8_t header[PCAP_FILE_HEADER] = { 0 };

	if (pcapng_magic(magic))
		return PCAPFILE_PCAPNG;
	if (pcap_other_magic(magic))
		return PCAPFILE_OTHER;
	/* Either byte order of version 2: only the magic decides. */
	memcpy(header, magic, PCAPFILE_MAGIC);
	header[4] = 2;
	if (pcap_header_decode(&format, header) == 0)
		return PCAPFILE_PCAP;
	header[4] = 0;
	header[5] = 2;
	return pcap_header_decode(&format, header) == 0 ? PCAPFILE_PCAP :
	    PCAPFILE_UNKNOWN;
}

enum pcapfile_result
pcapfile_next(struct pcapfile *f, const uint8_t *bytes, size_t available,
    struct pcap_packet *p)
{
	switch (f->kind) {
	case PCAPFILE_PCAP:
		return next_pcap(f, bytes, available, p);
	case PCAPFILE_PCAPNG:
		return next_pcapng(f, bytes, available, p);
	default:
		return begin(f, bytes, available);
	}
}

void
pcapfile_free(struct pcapfile *f)
{
	pcapng_free(&f->ng);
}
