/* SPDX-License-Identifier: ISC */
/* pcap-demux: captures to TCP segments. */

#include <sys/random.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/pcap-demux/demux.h"
#include "formats/link.h"

/* The words of a filter, joined as tcpdump joins them. */
static char *
join_words(const struct words *w)
{
	size_t i, length = 1;
	char *text;

	for (i = 0; i < w->n; i++)
		length += strlen(w->word[i]) + 1;
	text = calloc(1, length);
	if (text == NULL)
		err(1, NULL);
	for (i = 0; i < w->n; i++) {
		if (i > 0)
			strcat(text, " ");
		strcat(text, w->word[i]);
	}
	return text;
}

static struct filter *
new_filter(const char *text)
{
	struct filter *f;

	if (text == NULL || text[0] == '\0')
		return NULL;
	f = filter_new(text);
	if (f == NULL)
		err(1, NULL);
	return f;
}

static void
init(struct demux *d, const char *filter)
{
	uint64_t seed = 0;
	const char *why;

	d->filter = new_filter(filter);
	d->inner_filter = new_filter(d->set.inner_filter);
	if (d->inner_filter != NULL &&
	    filter_prepare(d->inner_filter, LINK_RAW, &why) == -1)
		stage_bad(d->stage, "--inner-filter: %s", why);
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == -1)
		seed = (uint64_t)getpid();
	d->fragments = frag_new((size_t)d->set.frag_memory,
	    (int64_t)d->set.frag_seconds * 1000000000, seed);
	if (d->fragments == NULL)
		err(1, NULL);
	d->packet.tunnels = !d->set.no_tunnels;
	d->packet.checksums = d->set.checksums;
	d->packet.damaged = d->set.no_check_fcs;
	d->packet.fragments = d->fragments;
	d->clock = RECORD_NO_TIME;
	progress_init(&d->progress, &d->set);
}

static void
open_save(struct demux *d)
{
	struct pcap_format format;
	const char *why;

	if (d->set.save == NULL)
		return;
	d->save = save_open(d->set.save, settings_differ(&d->set), &why);
	if (d->save == NULL) {
		stage_bad(d->stage, "%s: %s", d->set.save, why);
		d->done = true;		/* and the stages behind see an END */
		return;
	}
	if (settings_format(&d->set, &format))
		save_default(d->save, &format);
}

static void
close_save(struct demux *d)
{
	struct pcap_format format = { .link_type = LINK_ETHERNET };
	const char *why;

	if (d->save == NULL)
		return;
	if (d->source.told)
		format.link_type = d->source.record.link_type;
	save_default(d->save, &format);
	why = save_close(d->save);
	if (why != NULL)
		stage_bad(d->stage, "%s: %s", d->set.save, why);
}

static void
read_all(struct demux *d)
{
	size_t programs = settings_programs(&d->set), i;

	d->may_confine = true;
	if (d->set.inputs == 0 && !demux_over(d))
		live_read(d);
	for (i = 0; i < d->set.inputs && !demux_over(d); i++) {
		d->may_confine = i + 1 >= programs;
		offline_read(d, d->set.input[i].path, d->set.input[i].no_new);
	}
	if (stage_stopping(d->stage) != 0 && (i < d->set.inputs ||
	    d->source.record.referable))
		stage_interrupted(d->stage);
	progress_end(&d->progress);
	demux_finish(d);
}

static void
report(struct demux *d)
{
	const struct frag_counts *f = frag_counts(d->fragments);
	struct jsontext j = { 0 };

	counts_json(&d->counts, f, &j);
	stage_stats(d->stage, j.text);
	jsontext_free(&j);
	if (stage_verbose(d->stage) > 0)
		counts_print(&d->counts, f);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct demux d = { .options = &o };
	char *filter;
	int status;

	settings_read(&d.set, &o, argc, argv);
	filter = join_words(&o.operands);
	d.stage = stage_open(STAGE_SOURCE, &o, d.set.save != NULL);
	init(&d, filter);
	open_save(&d);
	read_all(&d);
	close_save(&d);
	report(&d);
	status = stage_close(d.stage);
	frag_free(d.fragments);
	filter_free(d.filter);
	filter_free(d.inner_filter);
	settings_free(&d.set);
	free(filter);
	return status;
}
