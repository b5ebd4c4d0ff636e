/* SPDX-License-Identifier: ISC */
/* Capture formats that only libpcap reads; no references into them. */
#ifndef PCAP_DEMUX_OTHER_H
#define PCAP_DEMUX_OTHER_H

#include "cmd/pcap-demux/demux.h"
#include "cmd/pcap-demux/input.h"

void	other_read(struct demux *, const char *path, struct input *);

#endif
