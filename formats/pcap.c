/* SPDX-License-Identifier: ISC */
/* The classic capture file. */

#include <string.h>

#include "formats/pcap.h"
#include "libcommon/bytes.h"

#define MAGIC_MICRO	0xa1b2c3d4u
#define MAGIC_NANO	0xa1b23c4du
#define MAGIC_MODIFIED	0xa1b2cd34u	/* longer packet headers */
#define MAGIC_NAVTEL	0xa12b3c4du
#define FCS_TOLD	0x04000000u	/* of the link type field */

enum {
	VERSION_MAJOR = 2,
	MAJOR_DG_UX = 543,	/* 543.0; as of the oldest libpcaps */
	VERSION_MINOR = 4,
	MINOR_SWAPPED = 3	/* before: lengths swapped; this one: perhaps */
};

static uint16_t
get16(bool big, const uint8_t *p)
{
	return big ? be16_get(p) : le16_get(p);
}

static uint32_t
get32(bool big, const uint8_t *p)
{
	return big ? be32_get(p) : le32_get(p);
}

/* By an old libpcap, which put the length on the wire first? */
static bool
lengths_swapped(const struct pcap_format *f, uint32_t captured,
    uint32_t on_wire)
{
	if (f->minor == VERSION_MINOR)
		return false;
	return f->minor < MINOR_SWAPPED ||
	    (f->minor == MINOR_SWAPPED && captured > on_wire);
}

static int64_t
nanoseconds(uint32_t seconds, uint32_t fraction, bool nano)
{
	int64_t whole = (int64_t)seconds * 1000000000;
	int64_t rest = nano ? fraction : (int64_t)fraction * 1000;

	return rest < 1000000000 ? whole + rest : whole; /* else nonsense */
}

int
pcap_header_decode(struct pcap_format *f, const uint8_t h[PCAP_FILE_HEADER])
{
	uint32_t magic = le32_get(h), link;
	uint16_t major;

	f->big = be32_get(h) == MAGIC_MICRO || be32_get(h) == MAGIC_NANO;
	if (f->big)
		magic = be32_get(h);
	if (magic != MAGIC_MICRO && magic != MAGIC_NANO)
		return -1;
	f->nano = magic == MAGIC_NANO;
	major = get16(f->big, h + 4);
	f->minor = get16(f->big, h + 6);
	if (major != VERSION_MAJOR && (major != MAJOR_DG_UX || f->minor != 0))
		return -1;
	f->snaplen = get32(f->big, h + 16);
	link = get32(f->big, h + 20);
	f->link_type = link & 0xffff;
	f->fcs_length = (link & FCS_TOLD) != 0 ?
	    (uint8_t)(link >> 28) * 2 : 0;
	return 0;
}

bool
pcap_other_magic(const uint8_t h[4])
{
	return le32_get(h) == MAGIC_MODIFIED || be32_get(h) == MAGIC_MODIFIED ||
	    le32_get(h) == MAGIC_NAVTEL || be32_get(h) == MAGIC_NAVTEL;
}

uint32_t
pcap_caplen_max(uint32_t snaplen)
{
	if (snaplen > PCAP_CAPLEN_MAX)
		return PCAP_CAPLEN_MAX;
	return snaplen > PCAP_CAPLEN_MIN ? snaplen : PCAP_CAPLEN_MIN;
}

int
pcap_packet_decode(struct pcap_packet *p, const struct pcap_format *f,
    const uint8_t h[PCAP_PACKET_HEADER])
{
	uint32_t seconds, fraction, captured, on_wire, other;

	if (f->big) {
		seconds = be32_get(h);
		fraction = be32_get(h + 4);
		captured = be32_get(h + 8);
		on_wire = be32_get(h + 12);
	} else {
		seconds = le32_get(h);
		fraction = le32_get(h + 4);
		captured = le32_get(h + 8);
		on_wire = le32_get(h + 12);
	}
	if (lengths_swapped(f, captured, on_wire)) {
		other = captured;
		captured = on_wire;
		on_wire = other;
	}
	if (captured > PCAP_CAPLEN_MIN &&
	    captured > pcap_caplen_max(f->snaplen))
		return -1;
	p->time = nanoseconds(seconds, fraction, f->nano);
	p->captured = captured;
	p->on_wire = on_wire < captured ? captured : on_wire;
	p->link_type = f->link_type;
	p->interface = 0;
	p->snaplen = f->snaplen;
	p->fcs_length = f->fcs_length;
	p->nano = f->nano;
	p->big = f->big;
	return 0;
}

void
pcap_header_encode(uint8_t h[PCAP_FILE_HEADER], const struct pcap_format *f)
{
	memset(h, 0, PCAP_FILE_HEADER);
	le32_put(h, f->nano ? MAGIC_NANO : MAGIC_MICRO);
	le16_put(h + 4, VERSION_MAJOR);
	le16_put(h + 6, VERSION_MINOR);
	le32_put(h + 16, f->snaplen);
	le32_put(h + 20, f->link_type | (f->fcs_length == 0 ? 0 :
	    FCS_TOLD | (uint32_t)f->fcs_length / 2 << 28));
}

void
pcap_packet_encode(uint8_t h[PCAP_PACKET_HEADER],
    const struct pcap_packet *p, bool nano)
{
	int64_t seconds = p->time / 1000000000, rest = p->time % 1000000000;

	if (rest < 0) {
		rest += 1000000000;
		seconds--;
	}
	le32_put(h, (uint32_t)seconds);
	le32_put(h + 4, (uint32_t)(nano ? rest : rest / 1000));
	le32_put(h + 8, p->captured);
	le32_put(h + 12, p->on_wire);
}
