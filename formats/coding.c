/* SPDX-License-Identifier: ISC */
/* Content codings: their names, and stacks of them with limits. */
#include <stdlib.h>
#include <string.h>

#include "formats/coding.h"

struct coding_stack {
	struct coding_layer layer[CODING_STACK_MAX];
	unsigned	 n;
	struct coding_limits limits;
	uint64_t	 taken, made;
	bool		 trailing;
	enum coding_state state;
	const char	*error;
	coding_sink	*sink;		/* of the call under way */
	void		*sink_arg;
	uint8_t		*buffer;	/* CODING_BUFFER for each layer */
};

struct coding_name {
	const char	*name;
	enum coding_kind kind;
};

static const struct coding_name coding_names[] = {
	{ "gzip", CODING_GZIP }, { "x-gzip", CODING_GZIP },
	{ "deflate", CODING_DEFLATE }, { "br", CODING_BR },
	{ "zstd", CODING_ZSTD }, { NULL, CODING_UNKNOWN }
};

static const struct coding_ops *
coding_find(enum coding_kind kind)
{
	switch (kind) {
	case CODING_GZIP:
	case CODING_DEFLATE:
		return coding_zlib(kind);
	case CODING_BR:
		return coding_brotli(kind);
	case CODING_ZSTD:
		return coding_zstd(kind);
	case CODING_UNKNOWN:
		break;
	}
	return NULL;
}

static bool
same_name(const char *word, const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (word[i] == '\0' || c != word[i])
			return false;
	}
	return word[length] == '\0';
}

/* What the last layer made: within the limits, it goes to the sink. */
static bool
coding_out(struct coding_stack *s, const uint8_t *p, size_t n)
{
	bool over = n > s->limits.size - s->made;

	if (over)
		n = (size_t)(s->limits.size - s->made);
	s->made += n;
	if (n > 0 && !s->sink(s->sink_arg, p, n)) {
		s->state = CODING_STOPPED;
		return false;
	}
	if (over || (s->made > CODING_RATIO_FLOOR &&
	    s->made / s->limits.ratio >= s->taken)) {
		s->state = CODING_LIMITED;
		s->error = over ? "decoded size is over the limit" :
		    "ratio of decoding is over the limit";
		return false;
	}
	return true;
}

/* What a layer made for the next: is that more than can be meant well? */
static bool
coding_swells(struct coding_stack *s, const struct coding_layer *l)
{
	uint64_t above = l->made < CODING_RATIO_FLOOR ? 0 :
	    l->made - CODING_RATIO_FLOOR;

	if (above == 0 || (above <= s->limits.size &&
	    l->made / s->limits.ratio < s->taken))
		return false;
	s->state = CODING_LIMITED;
	s->error = "what goes from one coding to the next is over the limit";
	return true;
}

/* Bytes into one layer, what it makes into the next. */
static bool
coding_run(struct coding_stack *s, unsigned i, const uint8_t *p, size_t n)
{
	struct coding_layer *l = &s->layer[i];
	uint8_t *out = s->buffer + (size_t)i * CODING_BUFFER;
	struct coding_io io = { .in = p, .in_left = n };
	enum coding_result result;
	size_t made;

	if (i == s->n)
		return coding_out(s, p, n);
	do {
		if (l->over) {
			s->trailing |= io.in_left > 0;
			return true;
		}
		io.out = out;
		io.out_left = CODING_BUFFER;
		result = l->ops->run(l->state, &io);
		made = CODING_BUFFER - io.out_left;
		l->ended = result == CODING_END || result == CODING_OVER;
		l->over = result == CODING_OVER;
		l->made += made;
		if (i + 1 < s->n && coding_swells(s, l))
			return false;
		if (made > 0 && !coding_run(s, i + 1, out, made))
			return false;
		if (result == CODING_ERROR) {
			s->error = l->ops->error(l->state);
			s->state = CODING_FAILED;
			return false;
		}
	} while (io.in_left > 0 || io.out_left == 0);
	return true;
}

enum coding_kind
coding_kind(const char *name, size_t length)
{
	const struct coding_name *c;

	for (c = coding_names; c->name != NULL; c++)
		if (same_name(c->name, name, length))
			return coding_find(c->kind) != NULL ? c->kind :
			    CODING_UNKNOWN;
	return CODING_UNKNOWN;
}

const char *
coding_label(enum coding_kind kind)
{
	static const char *const labels[] = {
		"CODED", "GZIP", "DEFLATE", "BR", "ZSTD"
	};

	return labels[kind];
}

struct coding_stack *
coding_open(const enum coding_kind *kinds, unsigned n,
    const struct coding_limits *limits)
{
	struct coding_stack *s;
	unsigned i;

	if (n == 0 || n > CODING_STACK_MAX)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->limits = *limits;
	s->buffer = malloc((size_t)n * CODING_BUFFER);
	if (s->buffer == NULL)
		goto fail;
	for (i = 0; i < n; i++) {
		s->layer[i].kind = kinds[i];
		s->layer[i].ops = coding_find(kinds[i]);
		if (s->layer[i].ops == NULL)
			goto fail;
		s->layer[i].state = s->layer[i].ops->open(kinds[i]);
		if (s->layer[i].state == NULL)
			goto fail;
		s->n++;
	}
	return s;
fail:
	coding_close(s);
	return NULL;
}

void
coding_close(struct coding_stack *s)
{
	unsigned i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		s->layer[i].ops->close(s->layer[i].state);
	free(s->buffer);
	free(s);
}

bool
coding_reopen(struct coding_stack *s, const enum coding_kind *kinds,
    unsigned n, const struct coding_limits *limits)
{
	unsigned i;

	if (n != s->n)
		return false;
	for (i = 0; i < n; i++)
		if (s->layer[i].kind != kinds[i] ||
		    s->layer[i].ops->reset == NULL)
			return false;
	for (i = 0; i < n; i++) {
		s->layer[i].ops->reset(s->layer[i].state, kinds[i]);
		s->layer[i].ended = s->layer[i].over = false;
		s->layer[i].made = 0;
	}
	s->limits = *limits;
	s->taken = s->made = 0;
	s->trailing = false;
	s->state = CODING_GOING;
	s->error = NULL;
	return true;
}

enum coding_state
coding_feed(struct coding_stack *s, const uint8_t *p, size_t n,
    coding_sink *sink, void *arg)
{
	if (s->state != CODING_GOING)
		return s->state;
	s->sink = sink;
	s->sink_arg = arg;
	s->taken += n;
	(void)coding_run(s, 0, p, n);
	return s->state;
}

enum coding_state
coding_finish(struct coding_stack *s)
{
	unsigned i;

	if (s->state != CODING_GOING)
		return s->state;
	for (i = 0; i < s->n; i++)
		if (!s->layer[i].ended) {
			s->error = "compressed data end too early";
			return s->state = CODING_FAILED;
		}
	return s->state = CODING_DONE;
}

size_t
coding_weight(const struct coding_stack *s)
{
	size_t sum = sizeof(*s) + (size_t)s->n * CODING_BUFFER;
	unsigned i;

	for (i = 0; i < s->n; i++)
		sum += s->layer[i].ops->weight(s->layer[i].state);
	return sum;
}

uint64_t
coding_made(const struct coding_stack *s)
{
	return s->made;
}

bool
coding_trailing(const struct coding_stack *s)
{
	return s->trailing;
}

const char *
coding_error(const struct coding_stack *s)
{
	return s->error;
}
