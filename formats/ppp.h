/* SPDX-License-Identifier: ISC */
/*
 * PPP and its relatives on serial lines: PPP (RFC 1661, RFC 1662) with or
 * without address and control, with compressed protocol fields, whole
 * multilink packets (RFC 1990), bridged Ethernet (RFC 3518); Cisco HDLC;
 * frame relay (RFC 2427).
 */
#ifndef FORMATS_PPP_H
#define FORMATS_PPP_H

#include "formats/layer.h"

enum layer	ppp_decode(struct packet *);
/* LINKTYPE_PPP_HDLC: PPP, or Cisco HDLC by its address byte. */
enum layer	ppp_hdlc_decode(struct packet *);
/* Behind a byte that tells the direction. */
enum layer	ppp_with_dir_decode(struct packet *);
/* pppd(8): the direction stands in place of the address. */
enum layer	ppp_pppd_decode(struct packet *);
enum layer	ppp_chdlc_decode(struct packet *);
enum layer	ppp_frelay_decode(struct packet *);

#endif
