/* SPDX-License-Identifier: ISC */
/*
 * What a program says of itself: the body of its META, and the members that
 * every STATS has.  The members are listed in flow-record(5).
 */
#ifndef LIBCOMMON_META_H
#define LIBCOMMON_META_H

#include "libcommon/jsontext.h"
#include "libcommon/options.h"

/* The META of this process, whole. */
void	meta_json(struct jsontext *, const struct options *);

/* Resources used up to now and the time, as members of an open object. */
void	meta_usage_json(struct jsontext *);

#endif
