/* SPDX-License-Identifier: ISC */
/* The beginning of the document: who made this report, from what. */
#ifndef FLOW_DFXML_HEAD_H
#define FLOW_DFXML_HEAD_H

#include "cmd/flow-dfxml/report.h"

/*
 * Declaration and root, before confinement: what this program says of
 * itself takes a look into the password file.
 */
void	head_begin(struct report *);
/* One META body; said to the stage when it is not JSON. */
void	head_meta(struct report *, struct stage *, const struct record *);
/* metadata and creator, when all META of the first section are in. */
void	head_creator(struct report *);
/* <source>, before the first fileobject. */
void	head_source(struct report *);
/* The programs of this section as <pipeline>. */
void	head_pipeline(struct report *);

#endif
