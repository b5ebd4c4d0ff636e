/* SPDX-License-Identifier: ISC */
/* What is said of each section. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cmd/flow-dfxml/head.h"
#include "cmd/flow-dfxml/section.h"
#include "cmd/flow-dfxml/value.h"

/* Members of STATS that are attributes of <stage>; the rest are counters. */
static const char *const usage[] = {
	"program", "pid", "utime", "stime", "maxrss", "minflt", "majflt",
	"nswap", "inblock", "oublock", "end_time"
};

static bool
is_usage(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(usage) / sizeof(usage[0]); i++)
		if (strcmp(usage[i], name) == 0)
			return true;
	return false;
}

/* Is this STATS of the same stage? */
static bool
same_stage(json_t *a, json_t *b)
{
	return json_equal(json_object_get(a, "program"),
	    json_object_get(b, "program")) && json_equal(
	    json_object_get(a, "pid"), json_object_get(b, "pid"));
}

/* Counters by name; those of an inner object as outer.inner. */
static void
put_counters(struct dfxml *x, const char *prefix, json_t *object)
{
	char full[256];
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v) {
		if (prefix[0] == '\0' && is_usage(name))
			continue;
		snprintf(full, sizeof(full), "%s%s%s", prefix,
		    prefix[0] == '\0' ? "" : ".", name);
		if (json_is_object(v) && strlen(full) < sizeof(full) / 2) {
			put_counters(x, full, v);
			continue;
		}
		if (!json_is_number(v) && !json_is_string(v))
			continue;
		dfxml_begin(x, "counter");
		dfxml_attr_string(x, "name", full);
		value_attr(x, "value", v);
		dfxml_end(x, "counter");
	}
}

static void
put_stats(struct report *r, json_t *stats)
{
	size_t i;

	dfxml_begin(&r->x, "stage");
	for (i = 0; i < sizeof(usage) / sizeof(usage[0]); i++)
		value_attr(&r->x, usage[i],
		    json_object_get(stats, usage[i]));
	put_counters(&r->x, "", stats);
	dfxml_end(&r->x, "stage");
}

static void
add_usage(struct report_totals *t, json_t *stats)
{
	t->utime += value_real(stats, "utime");
	t->stime += value_real(stats, "stime");
	t->maxrss += value_integer(stats, "maxrss");
	t->minflt += value_integer(stats, "minflt");
	t->majflt += value_integer(stats, "majflt");
	t->nswap += value_integer(stats, "nswap");
	t->inblock += value_integer(stats, "inblock");
	t->oublock += value_integer(stats, "oublock");
}

/*
 * The totals: as the stage that makes the streams says, which alone knows
 * them all; else as counted here.
 */
static void
add_totals(struct report *r)
{
	struct report_totals *t = &r->totals;
	uint64_t flows = r->section_flows, packets = r->section_packets, max;
	json_t *stats;
	size_t i;

	for (i = 0; i < json_array_size(r->stats); i++) {
		stats = json_array_get(r->stats, i);
		add_usage(t, stats);
		if (json_object_get(stats, "total_flows") == NULL)
			continue;
		flows = (uint64_t)value_integer(stats, "total_flows");
		packets = (uint64_t)value_integer(stats, "total_packets");
		max = (uint64_t)value_integer(stats, "max_open_flows");
		if (max > t->max_open)
			t->max_open = max;
		t->open_at_end += (uint64_t)value_integer(stats,
		    "open_at_end");
	}
	t->flows += flows;
	t->packets += packets;
}

static void
put_end(struct report *r, const struct end *e)
{
	static const char *const statuses[END_STATUSES] = {
		"whole", "truncated", "error", "interrupted"
	};

	dfxml_attr_string(&r->x, "status", statuses[e->status]);
	dfxml_attr_unsigned(&r->x, "records", e->records);
	if (e->status == END_WHOLE)
		return;
	dfxml_begin(&r->x, "error");
	dfxml_attr(&r->x, "program", e->program, e->program_length);
	dfxml_attr(&r->x, "text", e->text, e->text_length);
	dfxml_end(&r->x, "error");
}

/* Text that goes out through another place than the report's end. */
static void
keep_text(struct report *r, struct spill_string *where)
{
	spill_append(&r->spill, where, r->x.text, r->x.length);
	dfxml_reset(&r->x);
}

static void
keep_part(void *arg, const uint8_t *bytes, size_t n)
{
	struct report *r = arg;

	spill_append(&r->spill, &r->sections, bytes, n);
}

void
section_begin(struct report *r)
{
	r->open = true;
	r->section++;
	json_array_clear(r->stages);
	json_array_clear(r->stats);
	r->sources = 0;
	r->section_flows = r->section_packets = 0;
}

void
section_source(struct report *r, struct stage *s, const struct record *rec)
{
	static const uint8_t zeros[FINGERPRINT_SIZE];
	static const char *const formats[] = {
		"unknown", "pcap", "pcapng", "live", "other"
	};
	char digits[2 * FINGERPRINT_SIZE + 1];
	struct source src;
	size_t i;

	if (source_decode(&src, rec) == -1) {
		stage_bad(s, "standard input: malformed SOURCE");
		return;
	}
	if (!r->sourced && r->sources++ < REPORT_SOURCES_EARLY) {
		spill_append(&r->spill, &r->early, src.name,
		    src.name_length);
		spill_append(&r->spill, &r->early, "", 1);
	}
	r->x.depth += 2;
	dfxml_begin(&r->x, "source");
	dfxml_attr_unsigned(&r->x, "index", src.index);
	dfxml_attr(&r->x, "name", src.name, src.name_length);
	dfxml_attr_string(&r->x, "format", formats[src.format <=
	    SOURCE_OTHER ? src.format : SOURCE_UNKNOWN]);
	dfxml_attr_unsigned(&r->x, "link_type", src.link_type);
	dfxml_attr_unsigned(&r->x, "snaplen", src.snaplen);
	if (src.size != 0)
		dfxml_attr_unsigned(&r->x, "size", src.size);
	for (i = 0; i < FINGERPRINT_SIZE; i++)
		snprintf(digits + 2 * i, 3, "%02x", src.fingerprint[i]);
	if (memcmp(src.fingerprint, zeros, FINGERPRINT_SIZE) != 0)
		dfxml_attr_string(&r->x, "sha256_64k", digits);
	dfxml_end(&r->x, "source");
	r->x.depth -= 2;
	keep_text(r, &r->source_text);
}

void
section_stats(struct report *r, struct stage *s, const struct record *rec)
{
	json_t *stats = json_loadb((const char *)rec->body, rec->length,
	    JSON_ALLOW_NUL, NULL);
	size_t i;

	if (!json_is_object(stats)) {
		stage_bad(s, "standard input: malformed STATS");
		json_decref(stats);
		return;
	}
	for (i = 0; i < json_array_size(r->stats); i++)
		if (same_stage(json_array_get(r->stats, i), stats))
			break;
	if (i == REPORT_STATS_MAX)
		json_decref(stats);
	else if (i < json_array_size(r->stats))
		json_array_set_new(r->stats, i, stats);
	else
		json_array_append_new(r->stats, stats);
}

void
section_end(struct report *r, struct stage *s, const struct record *rec)
{
	struct end e;
	size_t i;

	stage_status(s, rec, &e);
	if (e.status != END_WHOLE)
		r->whole = false;
	r->x.depth++;
	dfxml_begin(&r->x, "section");
	dfxml_attr_unsigned(&r->x, "number", r->section);
	put_end(r, &e);
	if (r->section > 1)
		head_pipeline(r);
	for (i = 0; i < json_array_size(r->stats); i++)
		put_stats(r, json_array_get(r->stats, i));
	keep_text(r, &r->sections);
	if (spill_drain(&r->spill, &r->source_text, keep_part, r) == -1)
		stage_bad(s, "temporary file: %s", strerror(errno));
	dfxml_end(&r->x, "section");
	keep_text(r, &r->sections);
	r->x.depth--;
	add_totals(r);
	r->open = false;
}
