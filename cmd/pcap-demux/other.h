/* SPDX-License-Identifier: ISC */
/* Capture formats that only libpcap reads; no references into them. */
#ifndef PCAP_DEMUX_OTHER_H
#define PCAP_DEMUX_OTHER_H

#include "demux.h"
#include "input.h"

void	other_read(struct demux *, const char *path, struct input *);

#endif
