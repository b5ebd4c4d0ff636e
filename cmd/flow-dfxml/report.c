/* SPDX-License-Identifier: ISC */
/* One report: which record goes where, and the ending. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/flow-dfxml/entry.h"
#include "cmd/flow-dfxml/head.h"
#include "cmd/flow-dfxml/report.h"
#include "cmd/flow-dfxml/section.h"
#include "cmd/flow-dfxml/streams.h"
#include "cmd/flow-dfxml/value.h"
#include "libcommon/meta.h"

/* The end of the document for as long as it grows. */
static const char report_growing[] =
    "  <summary xmlns='" DFXML_OURS "' complete='no'>\n"
    "    <error program='flow-dfxml' text='not finished' />\n"
    "  </summary>\n"
    "</dfxml>\n";

static double
wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
element_seconds(struct dfxml *x, const char *element, double seconds)
{
	char text[40];

	snprintf(text, sizeof(text), "%.6f", seconds);
	dfxml_element_string(x, element, text);
}

static void
element_count(struct dfxml *x, const char *element, int64_t v)
{
	dfxml_element_unsigned(x, element, v < 0 ? 0 : (uint64_t)v);
}

/* This program's own STATS, which no record brings. */
static void
add_own_stats(struct report *r, struct stage *s)
{
	struct record rec = { .type = RECORD_STATS };
	struct jsontext text = { 0 };

	jsontext_object(&text, NULL);
	jsontext_string(&text, "program", r->options->program);
	jsontext_unsigned(&text, "pid", (uint64_t)getpid());
	meta_usage_json(&text);
	jsontext_object_end(&text);
	rec.body = (const uint8_t *)text.text;
	rec.length = (uint32_t)text.length;
	section_stats(r, s, &rec);
	jsontext_free(&text);
}

static void
put_rusage(struct report *r)
{
	const struct report_totals *t = &r->totals;

	dfxml_begin(&r->x, "rusage");
	element_seconds(&r->x, "utime", t->utime);
	element_seconds(&r->x, "stime", t->stime);
	element_count(&r->x, "maxrss", t->maxrss);
	element_count(&r->x, "minflt", t->minflt);
	element_count(&r->x, "majflt", t->majflt);
	element_count(&r->x, "nswap", t->nswap);
	element_count(&r->x, "inblock", t->inblock);
	element_count(&r->x, "oublock", t->oublock);
	element_seconds(&r->x, "clocktime", wall_clock() - r->began);
	dfxml_end(&r->x, "rusage");
}

static void
put_part(void *arg, const uint8_t *bytes, size_t n)
{
	struct report *r = arg;

	out_write(&r->out, bytes, n);
}

static int
put_summary(struct report *r)
{
	const struct report_totals *t = &r->totals;
	int result = 0;

	dfxml_begin(&r->x, "summary");
	dfxml_attr_string(&r->x, "xmlns", DFXML_OURS);
	dfxml_attr_string(&r->x, "complete", r->whole ? "yes" : "no");
	dfxml_element_unsigned(&r->x, "open_fds_at_end", t->open_at_end);
	dfxml_element_unsigned(&r->x, "max_open_flows", t->max_open);
	dfxml_element_unsigned(&r->x, "total_flows", t->flows);
	dfxml_element_unsigned(&r->x, "flow_map_size", t->open_at_end);
	dfxml_element_unsigned(&r->x, "total_packets", t->packets);
	report_put(r);
	if (spill_drain(&r->spill, &r->sections, put_part, r) == -1) {
		warnx("temporary file: %s", strerror(errno));
		result = -1;
	}
	dfxml_end(&r->x, "summary");
	return result;
}

/*
 * The ending where the last bytes of the document could not be written: in
 * place of these.
 */
static const char *
short_ending(void *arg, size_t *length)
{
	struct report *r = arg;
	const char *cause = strerror(r->out.error);

	dfxml_reset(&r->x);
	r->x.depth = 1;
	r->x.in_tag = false;
	dfxml_begin(&r->x, "summary");
	dfxml_attr_string(&r->x, "xmlns", DFXML_OURS);
	dfxml_attr_string(&r->x, "complete", "no");
	dfxml_begin(&r->x, "error");
	dfxml_attr_string(&r->x, "program", r->options->program);
	dfxml_attr_string(&r->x, "text", cause);
	dfxml_end(&r->x, "error");
	dfxml_end(&r->x, "summary");
	dfxml_end(&r->x, "dfxml");
	*length = r->x.length;
	return r->x.text;
}

static void
report_free(struct report *r)
{
	spill_close(&r->spill);
	free(r->early.bytes);
	free(r->early.extent);
	streams_drain(r);
	idmap_free(&r->streams);
	json_decref(r->self);
	json_decref(r->stages);
	json_decref(r->stats);
	dfxml_free(&r->x);
	dfxml_free(&r->name);
}

void
report_open(struct report *r, const struct options *o, const char *path)
{
	r->options = o;
	r->began = wall_clock();
	r->whole = true;
	r->stages = json_array();
	r->stats = json_array();
	if (r->stages == NULL || r->stats == NULL)
		err(1, NULL);
	if (out_open(&r->out, path, report_growing) == -1)
		err(1, "%s", path);
	spill_open(&r->spill);
	head_begin(r);
	report_put(r);
	out_place(&r->out);
	out_flush(&r->out);
}

/* META are before all else; the creator needs them all. */
static void
leave_head(struct report *r, uint16_t type)
{
	if (!r->headed)
		head_creator(r);
	if (!r->sourced && (type == RECORD_CLOSE || type == RECORD_END))
		head_source(r);
}

/* What could not be written must be known before END. */
static void
check_output(struct report *r, struct stage *s)
{
	out_flush(&r->out);
	if (r->out.error != 0 && !r->said)
		stage_bad(s, "%s: %s", r->out.path, strerror(r->out.error));
	r->said = r->out.error != 0;
}

void
report_record(struct report *r, struct stage *s, const struct record *rec)
{
	if (!r->open)
		section_begin(r);
	if (rec->type == RECORD_META) {
		head_meta(r, s, rec);
		return;
	}
	leave_head(r, rec->type);
	switch (rec->type) {
	case RECORD_SOURCE:
		section_source(r, s, rec);
		break;
	case RECORD_CLOSE:
		entry_close(r, s, rec);
		break;
	case RECORD_STATS:
		section_stats(r, s, rec);
		break;
	case RECORD_END:
		entry_orphans(r, s);
		add_own_stats(r, s);
		check_output(r, s);
		section_end(r, s, rec);
		break;
	default:
		streams_record(r, s, rec);
		break;
	}
}

int
report_close(struct report *r, int status)
{
	put_rusage(r);
	if (put_summary(r) == -1)
		status = 1;
	dfxml_end(&r->x, "dfxml");
	report_put(r);
	out_finish(&r->out, short_ending, r);
	out_close(&r->out);
	if (r->out.error != 0) {
		if (!r->said)
			warnx("%s: %s", r->out.path,
			    strerror(r->out.error));
		status = 1;
	}
	report_free(r);
	return status;
}

void
report_put(struct report *r)
{
	out_write(&r->out, r->x.text, r->x.length);
	dfxml_reset(&r->x);
}
