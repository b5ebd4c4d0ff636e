/* SPDX-License-Identifier: ISC */
/*
 * formats/template: the first byte says how many -F letters come first, the
 * text is next up to a NUL, the rest is the stream.  No pattern may lead
 * out of the directory.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/template.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Fill the counters in with nothing and look for a component "..". */
static void
check(const char *p, size_t n)
{
	static char path[TEMPLATE_PATTERN_MAX + 2];
	size_t i, length = 0;

	path[length++] = '/';
	for (i = 0; i < n; i++)
		if (p[i] != '\0')
			path[length++] = p[i];
		else if (i + 1 == n || strchr("cC#", p[++i]) == NULL)
			abort();
		else if (p[i] == '#')
			path[length++] = '0';
	path[length] = '\0';
	if (strstr(path, "/../") != NULL ||
	    (length >= 3 && strcmp(path + length - 3, "/..") == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char pattern[TEMPLATE_PATTERN_MAX];
	struct flow_open o = { .key = { .family = 4 } };
	char text[TEMPLATE_TEXT_MAX + 8] = "";
	struct template t;
	size_t n, edits;

	if (size == 0)
		return 0;
	edits = data[0] % 8;
	data++;
	size--;
	n = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, n);
	n = strlen(text) + 1 < size ? strlen(text) + 1 : size;
	if (edits > strlen(text) ||
	    template_set(&t, text + edits) == -1)
		return 0;
	if (size - n >= sizeof(o.key.src) + 4) {
		o.key.family = (data[n] & 1) != 0 ? 6 : 4;
		o.key.info = data[n + 1];
		o.key.tci = (uint16_t)(data[n + 2] << 8 | data[n + 3]);
		memcpy(o.key.src, data + n + 4, sizeof(o.key.src));
	}
	while (edits > 0)
		if (template_edit(&t, text[--edits]) == -1)
			return 0;
	if (template_finish(&t) == -1)
		return 0;
	n = template_expand(pattern, &t, &o,
	    (int64_t)(size * 0x9e3779b97f4a7c15));
	if (n == 0 || n > sizeof(pattern))
		abort();
	check(pattern, n);
	return 0;
}
