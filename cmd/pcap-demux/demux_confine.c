/* SPDX-License-Identifier: ISC */
/* Giving up what is not needed once a capture is open. */

#include <stdio.h>
#include <unistd.h>

#include "cmd/pcap-demux/demux.h"

#define NOBODY	"65534:65534"		/* also where there is no passwd(5) */

enum { NOBODY_ID = 65534 };

/*
 * Is there a nobody to become?  Not in a user namespace that knows no user
 * but its root; without /proc nothing says so.
 */
static bool
nobody_exists(void)
{
	FILE *f = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, n, known = 0;

	if (f == NULL)
		return true;
	while (fscanf(f, "%lu %lu %lu", &inside, &outside, &n) == 3)
		known += n;
	fclose(f);
	return known > NOBODY_ID;
}

void
demux_confine(struct demux *d)
{
	bool live = d->source.record.format == SOURCE_LIVE;

	if (d->confined)
		return;
	d->confined = true;
	if (live && geteuid() == 0 && d->options->user == NULL &&
	    nobody_exists())
		d->options->user = NOBODY;
	if (!d->may_confine)
		d->options->confine = false;
	stage_confine(d->stage, live ? CONFINE_PACKETS : CONFINE_OPEN, NULL);
}
