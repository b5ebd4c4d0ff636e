/* SPDX-License-Identifier: ISC */
/*
 * File name templates: text with % letters, edited by -F letters, expanded
 * for a stream into the pattern of a NAME record (formats/flow.h), in which
 * only the connection counter is still open.
 *
 *	%A %B	source, destination address: IPv4 as four numbers of three
 *		digits, IPv6 as inet_ntop(3) writes it
 *	%a %b	source, destination port, five digits
 *	%E %e	source, destination MAC address; nothing where there is none
 *	%V %v	"--" and the VLAN id; nothing where there is no tag
 *	%T %t	time of the first packet, UTC: 2011-04-21T19:55:57Z, or
 *		seconds since the epoch
 *	%C %c	"c" and the connection counter; nothing while it is 0
 *	%#	the connection counter, always
 *	%N %K %M %G	the flow's number mod 1,000, its thousands, millions
 *		and milliards mod 1,000, three digits each
 *	%S	the session's number, twenty digits
 *	%%	a percent sign
 *
 * Pure: never prints, owns nothing outside the struct.
 */
#ifndef FORMATS_TEMPLATE_H
#define FORMATS_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/flow.h"

enum {
	TEMPLATE_TEXT_MAX = 1024,	/* bytes of a template, edits too */
	TEMPLATE_PATTERN_MAX = 32768	/* bytes that one can grow to */
};

struct template {
	char	 text[TEMPLATE_TEXT_MAX + 1];
	size_t	 length;
	bool	 always;		/* -F c: the counter shows at 0 too */
	char	 error[64];		/* what was wrong, after a -1 */
};

/* "%A.%a-%B.%b%V%v%C%c" */
extern const char template_default[];

/*
 * Set the text; edits made before are gone.  0, or -1 when it is too long,
 * empty, or has a component "..".
 */
int	template_set(struct template *, const char *text);

/*
 * One -F letter: c (the counter always shows), k, m, g (directories of a
 * thousand, a million, a milliard flows), t, T (time in front).  0, or -1:
 * no such letter, or too long.
 */
int	template_edit(struct template *, char letter);

/*
 * To be called once, before template_expand(): check every letter, and put
 * %C%c at the end where no %c is in the text.  0, or -1.
 */
int	template_finish(struct template *);

/*
 * The pattern for a stream whose first packet came at `time` (ns, or
 * RECORD_NO_TIME: as if at the epoch).  A component that comes out as ".."
 * has underscores for its dots; only a slash of the template's text makes a
 * directory.  Returns the length, at least 1.
 */
size_t	template_expand(char[TEMPLATE_PATTERN_MAX], const struct template *,
	    const struct flow_open *, int64_t time);

#endif
