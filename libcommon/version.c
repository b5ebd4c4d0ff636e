/* SPDX-License-Identifier: ISC */
/* The version that every program prints; the Makefile says it. */
#include "libcommon/options.h"

const char flowpipe_version[] = VERSION;
