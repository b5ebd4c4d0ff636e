/* SPDX-License-Identifier: ISC */
/*
 * Sections: how one begins and ends, for the reader and for the writer.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <err.h>

#include "libcommon/meta.h"
#include "libcommon/stage_impl.h"

void
stage_section_begin(struct stage *s)
{
	uint8_t preamble[RECORD_PREAMBLE];

	record_preamble_encode(preamble);
	stage_output_raw(s, preamble, sizeof(preamble));
	s->open = true;
	s->meta_due = true;
	s->in_records = s->out_records = 0;
	s->upstream_failed = s->stats_sent = s->critical_said = false;
	s->status = END_WHOLE;
	s->text[0] = '\0';
	memset(s->complaint, 0, sizeof(s->complaint));
	s->sections++;
	captures_reset(&s->captures);
}

void
stage_section_meta(struct stage *s)
{
	struct record r = { .type = RECORD_META, .time = RECORD_NO_TIME };

	if (!s->meta_due)
		return;
	s->meta_due = false;
	r.body = (const uint8_t *)s->meta.text;
	r.length = (uint32_t)s->meta.length;
	stage_emit(s, &r);
}

void
stage_stats(struct stage *s, const char *members)
{
	struct record r = { .type = RECORD_STATS, .time = RECORD_NO_TIME };
	struct jsontext j = { 0 };

	jsontext_object(&j, NULL);
	jsontext_string(&j, "program", s->options->program);
	jsontext_unsigned(&j, "pid", (uint64_t)getpid());
	if (members != NULL && members[0] != '\0')
		jsontext_raw(&j, NULL, members, strlen(members));
	meta_usage_json(&j);
	jsontext_object_end(&j);
	r.body = (const uint8_t *)j.text;
	r.length = (uint32_t)j.length;
	stage_emit(s, &r);
	jsontext_free(&j);
	s->stats_sent = true;
}

/* Say a message, or only count it when many of its kind have been said. */
static void
section_say(struct stage *s, const char *format, const char *text)
{
	struct stage_complaint *c = s->complaint;
	size_t i;

	for (i = 0; i < STAGE_COMPLAINTS - 1; i++)
		if (c[i].format == format || c[i].format == NULL)
			break;
	c[i].format = format;
	if (c[i].count++ >= STAGE_COMPLAINT_MAX)
		return;
	warnx("%s", text);
	snprintf(c[i].said, sizeof(c[i].said), "%s", text);
}

/* What was counted but not said. */
static void
section_unsaid(const struct stage *s)
{
	const struct stage_complaint *c;

	for (c = s->complaint; c < s->complaint + STAGE_COMPLAINTS; c++)
		if (c->count > STAGE_COMPLAINT_MAX)
			warnx("%" PRIu64 " more messages like \"%s\"",
			    c->count - STAGE_COMPLAINT_MAX, c->said);
}

void
stage_section_end(struct stage *s, const struct record *in)
{
	struct record r = { .type = RECORD_END, .time = RECORD_NO_TIME };
	struct end e;

	if (s->status == END_WHOLE && captures_check(&s->captures) == -1)
		stage_bad(s, "%s", s->captures.error);
	section_unsaid(s);
	if (!s->stats_sent)
		stage_stats(s, NULL);
	stage_status(s, in, &e);
	e.records = s->out_records;
	r.time = in != NULL ? in->time : RECORD_NO_TIME;
	r.length = (uint32_t)end_encode(s->end_body, sizeof(s->end_body), &e);
	r.body = s->end_body;
	stage_emit(s, &r);
	s->open = false;
	s->end_due = false;
}

__attribute__((format(printf, 3, 0)))
static void
section_failed(struct stage *s, enum end_status status, const char *fmt,
    va_list ap)
{
	char text[STAGE_TEXT_MAX];

	vsnprintf(text, sizeof(text), fmt, ap);
	section_say(s, fmt, text);
	s->exit_status = 1;
	if (s->status != END_WHOLE)
		return;
	s->status = status;
	memcpy(s->text, text, sizeof(s->text));
}

void
stage_bad(struct stage *s, const char *fmt, ...)
{
	va_list ap;

	if (!s->open)
		stage_section_begin(s);
	va_start(ap, fmt);
	section_failed(s, END_ERROR, fmt, ap);
	va_end(ap);
}

void
stage_truncated(struct stage *s, const char *fmt, ...)
{
	va_list ap;

	if (!s->open)
		stage_section_begin(s);
	va_start(ap, fmt);
	section_failed(s, END_TRUNCATED, fmt, ap);
	va_end(ap);
}

void
stage_interrupted(struct stage *s)
{
	if (!s->open)
		stage_section_begin(s);
	s->exit_status = 1;
	if (s->status != END_WHOLE)
		return;
	s->status = END_INTERRUPTED;
	snprintf(s->text, sizeof(s->text), "interrupted by a signal");
}

/* The worse of what came in and of what happened here. */
void
stage_status(const struct stage *s, const struct record *in, struct end *e)
{
	if (in != NULL && s->upstream_failed && end_decode(e, in) == 0)
		return;
	e->status = s->status;
	e->text = s->text;
	e->text_length = strlen(s->text);
	e->program = s->options->program;
	e->program_length = s->status == END_WHOLE ? 0 : strlen(e->program);
	e->records = s->in_records;
}
