/* SPDX-License-Identifier: ISC */
/* The former names of jsontext.h, until nobody uses them any more. */
#ifndef LIBCOMMON_JSON_H
#define LIBCOMMON_JSON_H

#include "libcommon/jsontext.h"

#define json			jsontext
#define json_free		jsontext_free
#define json_reset		jsontext_reset
#define json_object		jsontext_object
#define json_object_end		jsontext_object_end
#define json_array		jsontext_array
#define json_array_end		jsontext_array_end
#define json_bytes		jsontext_bytes
#define json_string		jsontext_string
#define json_unsigned		jsontext_unsigned
#define json_signed		jsontext_signed
#define json_bool		jsontext_bool
#define json_null		jsontext_null
#define json_raw		jsontext_raw

#endif
