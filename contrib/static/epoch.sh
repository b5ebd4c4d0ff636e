#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The time of the release in seconds since the epoch: what everything that
# is packed is dated.  From the changelog, so that no clock has a part in it.
when=$(sed -n 's/^ -- .*>  //p' "$(dirname "$0")/../debian/changelog" |
    head -n 1)
date -u -d "$when" +%s
