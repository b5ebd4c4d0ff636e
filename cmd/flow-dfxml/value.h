/* SPDX-License-Identifier: ISC */
/* JSON values of META and STATS as XML; what is of another type is left out. */
#ifndef FLOW_DFXML_VALUE_H
#define FLOW_DFXML_VALUE_H

#include <jansson.h>

#include "formats/dfxml.h"

/* A string, or a number as JSON writes it; nothing for other types. */
void	value_attr(struct dfxml *, const char *name, json_t *);
void	value_element(struct dfxml *, const char *element, json_t *);
double	value_real(json_t *object, const char *member);
int64_t	value_integer(json_t *object, const char *member);

/* Add the words of an array to a command line that sh(1) would take. */
void	value_command(json_t *words, char **line, size_t *length);

#endif
