/* SPDX-License-Identifier: ISC */
/* What the command line of pcap-demux asks for. */
#ifndef PCAP_DEMUX_SETTINGS_H
#define PCAP_DEMUX_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pcap.h"
#include "libcommon/options.h"

struct setting_input {
	const char	*path;		/* "-": standard input */
	bool		 no_new;	/* -R */
};

struct settings {
	struct library	 library[4];
	struct setting_input *input;	/* in the order given */
	size_t		 inputs;	/* 0: live */
	bool		 by_reference;
	bool		 frames;	/* FRAME after each SEGMENT */
	bool		 checksums;
	bool		 no_tunnels;
	bool		 no_promiscuous;
	bool		 no_check_fcs;	/* use frames known to be damaged */
	bool		 progress;
	const char	*interface;	/* -i, NULL: the first there is */
	const char	*save;		/* -w, NULL: not */
	const char	*inner_filter;
	uint32_t	 snaplen;
	uint32_t	 buffer;	/* bytes, 0: libpcap's own */
	int		 timeout;	/* ms the kernel may hold packets */
	uint64_t	 packets;	/* 0: no limit */
	uint64_t	 seconds;	/* 0: no limit */
	uint64_t	 frag_memory;	/* bytes */
	uint64_t	 frag_seconds;
	int64_t		 tdelta;	/* ns */
};

/* Read the command line; exits when it is bad. */
void	settings_read(struct settings *, struct options *, int argc,
	    char **argv);
void	settings_free(struct settings *);

/* The format of the first capture: false when it is not a plain pcap file. */
bool	settings_format(const struct settings *, struct pcap_format *);

/*
 * Do the inputs differ in link type or resolution, as far as can be told
 * before they are read?
 */
bool	settings_differ(const struct settings *);

/* How many inputs there are up to the last that needs a program to unpack. */
size_t	settings_programs(const struct settings *);

#endif
