/* SPDX-License-Identifier: ISC */
/* What earlier objects said of each open stream. */
#include <err.h>
#include <stdlib.h>

#include "cmd/flow-json/known.h"

struct known_stream *
known_get(struct known *k, uint64_t stream)
{
	struct known_stream *s = idmap_get(&k->streams, stream);

	if (s != NULL)
		return s;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		err(1, NULL);
	s->opened = s->last = RECORD_NO_TIME;
	idmap_put(&k->streams, stream, s);
	return s;
}

void
known_forget(struct known *k, uint64_t stream)
{
	free(idmap_take(&k->streams, stream));
}

void
known_reset(struct known *k)
{
	size_t at = 0;
	void *s;

	while ((s = idmap_each(&k->streams, &at)) != NULL)
		free(s);
	idmap_free(&k->streams);
	k->time = RECORD_NO_TIME;
	k->records = 0;
}
