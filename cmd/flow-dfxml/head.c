/* SPDX-License-Identifier: ISC */
/* The beginning of the document. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/flow-dfxml/head.h"
#include "cmd/flow-dfxml/value.h"
#include "libcommon/meta.h"

/* The version of the schema that the report keeps to. */
#define HEAD_SCHEMA	"2.0.0-beta.0"

static void
put_libraries(struct dfxml *x, json_t *stage)
{
	json_t *libraries = json_object_get(stage, "libraries"), *version;
	const char *name;

	json_object_foreach(libraries, name, version) {
		dfxml_begin(x, "library");
		dfxml_attr_string(x, "name", name);
		value_attr(x, "version", version);
		dfxml_end(x, "library");
	}
}

/* One program with all that it said of itself. */
static void
put_stage(struct dfxml *x, json_t *stage)
{
	static const char *const members[] = {
		"program", "version", "compiler", "cflags", "host",
		"os_sysname", "os_release", "os_version", "arch", "uid",
		"username", "pid", "start_time"
	};
	json_t *words = json_object_get(stage, "arguments");
	size_t i;

	dfxml_begin(x, "stage");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		value_attr(x, members[i], json_object_get(stage, members[i]));
	for (i = 0; i < json_array_size(words); i++)
		value_element(x, "argument", json_array_get(words, i));
	put_libraries(x, stage);
	dfxml_end(x, "stage");
}

/* The libraries of all stages, each once. */
static void
put_all_libraries(struct report *r)
{
	json_t *all = json_object(), *one = json_object();
	size_t i;

	for (i = 0; i < json_array_size(r->stages); i++)
		json_object_update(all, json_object_get(
		    json_array_get(r->stages, i), "libraries"));
	json_object_set(one, "libraries", all);
	put_libraries(&r->x, one);
	json_decref(one);
	json_decref(all);
}

/* The pipeline as one would type it. */
static void
put_command(struct report *r)
{
	char *line = NULL;
	size_t length = 0, i;

	for (i = 0; i < json_array_size(r->stages); i++)
		value_command(json_object_get(json_array_get(r->stages, i),
		    "arguments"), &line, &length);
	dfxml_element(&r->x, "command_line", line == NULL ? "" : line,
	    length);
	free(line);
}

static void
put_execution(struct report *r, json_t *self)
{
	static const char *const members[] = {
		"os_sysname", "os_release", "os_version", "host", "arch"
	};
	size_t i;

	dfxml_begin(&r->x, "execution_environment");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		value_element(&r->x, members[i],
		    json_object_get(self, members[i]));
	put_command(r);
	value_element(&r->x, "uid", json_object_get(self, "uid"));
	value_element(&r->x, "username", json_object_get(self, "username"));
	value_element(&r->x, "start_time",
	    json_object_get(self, "start_time"));
	dfxml_end(&r->x, "execution_environment");
}

/* This program's own META, which no record brings. */
static json_t *
own_meta(const struct options *o)
{
	struct jsontext text = { 0 };
	json_t *meta;

	meta_json(&text, o);
	meta = json_loadb(text.text, text.length, JSON_ALLOW_NUL, NULL);
	jsontext_free(&text);
	return meta != NULL ? meta : json_object();
}

void
head_begin(struct report *r)
{
	r->self = own_meta(r->options);
	dfxml_declaration(&r->x);
	dfxml_begin(&r->x, "dfxml");
	dfxml_attr_string(&r->x, "xmlns", DFXML_NAMESPACE);
	dfxml_attr_string(&r->x, "xmlns:dc", DFXML_DC);
	dfxml_attr_string(&r->x, "version", HEAD_SCHEMA);
	dfxml_inside(&r->x);
}

void
head_meta(struct report *r, struct stage *s, const struct record *rec)
{
	json_t *meta = json_loadb((const char *)rec->body, rec->length,
	    JSON_ALLOW_NUL, NULL);

	if (!json_is_object(meta)) {
		stage_bad(s, "standard input: malformed META");
		json_decref(meta);
		return;
	}
	if (json_array_size(r->stages) >= REPORT_STAGES_MAX) {
		stage_bad(s, "standard input: more than %d META",
		    REPORT_STAGES_MAX);
		json_decref(meta);
		return;
	}
	json_array_append_new(r->stages, meta);
}

void
head_pipeline(struct report *r)
{
	size_t i;

	dfxml_begin(&r->x, "pipeline");
	dfxml_attr_string(&r->x, "xmlns", DFXML_OURS);
	for (i = 0; i < json_array_size(r->stages); i++)
		put_stage(&r->x, json_array_get(r->stages, i));
	dfxml_end(&r->x, "pipeline");
}

void
head_creator(struct report *r)
{
	json_t *self = r->self;

	json_array_append(r->stages, self);
	dfxml_begin(&r->x, "metadata");
	dfxml_element_string(&r->x, "dc:type", "Feature Extraction");
	head_pipeline(r);
	dfxml_end(&r->x, "metadata");
	dfxml_begin(&r->x, "creator");
	value_element(&r->x, "program", json_object_get(self, "program"));
	value_element(&r->x, "version", json_object_get(self, "version"));
	dfxml_begin(&r->x, "build_environment");
	value_element(&r->x, "compiler", json_object_get(self, "compiler"));
	put_all_libraries(r);
	dfxml_end(&r->x, "build_environment");
	put_execution(r, self);
	dfxml_end(&r->x, "creator");
	report_put(r);
	out_place(&r->out);
	r->headed = true;
}

void
head_source(struct report *r)
{
	const char *at = (const char *)r->early.bytes, *end;

	r->sourced = true;
	if (r->early.length == 0)
		return;
	end = at + r->early.length;
	dfxml_begin(&r->x, "source");
	for (; at < end; at += strlen(at) + 1)
		dfxml_element_string(&r->x, "image_filename", at);
	dfxml_end(&r->x, "source");
	report_put(r);
	out_place(&r->out);
}
