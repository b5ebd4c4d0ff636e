/* SPDX-License-Identifier: ISC */
/* A look at the input beyond the record that stage_next() returned last. */
#ifndef LIBCOMMON_STAGE_AHEAD_H
#define LIBCOMMON_STAGE_AHEAD_H

#include "libcommon/stage.h"

/*
 * The record at *at, if all of it has been read; *at moves on to the next
 * one.  Begin with *at NULL, behind the record returned last.  Returns false
 * where nothing is known yet, and after an END.
 *
 * Nothing is consumed and nothing is said: what is wrong with the record is
 * found out when stage_next() comes to it.  A record that was seen stays
 * where it is until stage_next() has returned it.
 */
bool	stage_ahead(const struct stage *, const uint8_t **at,
	    struct record *);

#endif
