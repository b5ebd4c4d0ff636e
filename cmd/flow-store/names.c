/* SPDX-License-Identifier: ISC */
/* Patterns of NAME records, and the counters in them. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/flow-store/names.h"

/* One counter's text; `letter` as in NAME. */
static size_t
counter_text(char text[16], char letter, uint32_t count)
{
	if (letter == 'C' && count > 0)
		return (size_t)snprintf(text, 16, "c");
	if (letter == '#' || (letter == 'c' && count > 0))
		return (size_t)snprintf(text, 16, "%u", count);
	return 0;
}

/* FNV-1a over a seed: a collision costs a gap in the counters, no more. */
static uint64_t
pattern_hash(const struct names *m, const char *pattern, size_t length)
{
	uint64_t h = 0xcbf29ce484222325 ^ m->seed;
	size_t i;

	for (i = 0; i < length; i++)
		h = (h ^ (uint8_t)pattern[i]) * 0x100000001b3;
	return h ^ h >> 32;
}

size_t
names_path(char path[NAMES_PATH_MAX], const char *pattern, size_t length,
    uint32_t count)
{
	const char *end = pattern + length, *mark;
	bool counted = false;
	char text[16];
	size_t k, n = 0;

	if (length > NAMES_PATTERN_MAX)
		return NAMES_TOO_LONG;
	while (pattern < end) {
		mark = memchr(pattern, '\0', (size_t)(end - pattern));
		k = (size_t)((mark == NULL ? end : mark) - pattern);
		if (n + k + sizeof(text) * 2 > NAMES_PATH_MAX)
			return NAMES_TOO_LONG;
		memcpy(path + n, pattern, k);
		n += k;
		if (mark == NULL || mark + 1 == end)
			break;
		k = counter_text(text, mark[1], count);
		memcpy(path + n, text, k);
		n += k;
		counted |= mark[1] == 'c' || mark[1] == '#';
		pattern = mark + 2;
	}
	if (!counted && count > 0)
		n += (size_t)snprintf(path + n, sizeof(text), "c%u", count);
	path[n] = '\0';
	return n;
}

uint32_t
names_first(const struct names *m, const char *pattern, size_t length)
{
	const struct names_slot *s;
	uint64_t hash;

	if (m->slot == NULL)
		return 0;
	hash = pattern_hash(m, pattern, length);
	s = &m->slot[hash % NAMES_MEMORY];
	return s->hash == hash ? s->next : 0;
}

void
names_took(struct names *m, const char *pattern, size_t length,
    uint32_t count)
{
	struct names_slot *s;
	uint64_t hash;

	if (m->slot == NULL) {
		m->slot = calloc(NAMES_MEMORY, sizeof(*m->slot));
		if (m->slot == NULL)
			err(1, NULL);
		m->seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15 ^
		    (uint64_t)(uintptr_t)m->slot;
	}
	hash = pattern_hash(m, pattern, length);
	s = &m->slot[hash % NAMES_MEMORY];
	s->hash = hash;
	s->next = count + 1;
}

void
names_free(struct names *m)
{
	free(m->slot);
	memset(m, 0, sizeof(*m));
}
