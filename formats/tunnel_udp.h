/* SPDX-License-Identifier: ISC */
/* What the tunnels over UDP share with those directly over IP. */
#ifndef FORMATS_TUNNEL_UDP_H
#define FORMATS_TUNNEL_UDP_H

#include "formats/layer.h"

/*
 * An L2TPv3 data packet from its session id on.  The lengths of cookie and
 * sublayer were agreed on in messages that need not be in the capture, so
 * they are found by what then follows.
 */
enum layer	tunnel_l2tp_session(struct packet *);

#endif
