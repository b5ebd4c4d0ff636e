/* SPDX-License-Identifier: ISC */
/* Media type -> file name extension: the lookup. */
#include <string.h>

#include "formats/media_types.h"

static const struct media_type *
media_find(const char *type)
{
	size_t low = 0, high = media_types_n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(type, media_types[middle].type);
		if (order == 0)
			return &media_types[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *
media_extension(const char *value, size_t length, bool classic)
{
	const struct media_type *found;
	const char *semicolon = memchr(value, ';', length);
	char type[MEDIA_TYPE_MAX];
	size_t i;

	if (semicolon != NULL)
		length = (size_t)(semicolon - value);
	if (length == 0 || length >= sizeof(type) ||
	    memchr(value, '\0', length) != NULL)
		return NULL;
	for (i = 0; i < length; i++)
		type[i] = value[i] >= 'A' && value[i] <= 'Z' ?
		    (char)(value[i] + ('a' - 'A')) : value[i];
	type[length] = '\0';
	found = media_find(type);
	if (found == NULL || (classic && !found->classic))
		return NULL;
	return found->extension;
}
