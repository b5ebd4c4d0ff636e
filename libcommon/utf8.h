/* SPDX-License-Identifier: ISC */
/*
 * Bytes from the wire out of JSON strings, where each stands as one code
 * point U+0000-U+00FF (flow-record(5), rule 9).
 */
#ifndef LIBCOMMON_UTF8_H
#define LIBCOMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes that valid UTF-8 of n bytes stands for, into out, which has
 * room for n.  Returns their count, or SIZE_MAX when a code point is over
 * U+00FF.
 */
size_t	utf8_bytes(uint8_t *out, const char *text, size_t n);

#endif
