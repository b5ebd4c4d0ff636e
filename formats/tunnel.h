/* SPDX-License-Identifier: ISC */
/*
 * Tunnels over IP and UDP.  IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784,
 * RFC 2890), PPTP (RFC 2637), NVGRE (RFC 7637), EtherIP (RFC 3378), L2TPv2
 * (RFC 2661) and L2TPv3 (RFC 3931), ERSPAN types I to III, VXLAN (RFC 7348)
 * and VXLAN-GPE, Geneve (RFC 8926), GTPv1-U (3GPP TS 29.281), Teredo (RFC
 * 4380), AYIYA, LISP (RFC 9300), MPLS in IP (RFC 4023) and UDP (RFC 7510),
 * GRE in UDP (RFC 8086), and the service header inside some (RFC 8300).
 *
 * Those over UDP are known by their ports, Teredo also by its addresses.
 * What does not look like the tunnel after all is UDP.  Without
 * packet.tunnels they all end here.
 */
#ifndef FORMATS_TUNNEL_H
#define FORMATS_TUNNEL_H

#include "formats/layer.h"

enum layer	tunnel_ipip_decode(struct packet *);
enum layer	tunnel_gre_decode(struct packet *);
enum layer	tunnel_etherip_decode(struct packet *);
enum layer	tunnel_l2tp_ip_decode(struct packet *);
enum layer	tunnel_udp_decode(struct packet *);
enum layer	tunnel_nsh_decode(struct packet *);

#endif
