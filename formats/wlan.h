/* SPDX-License-Identifier: ISC */
/*
 * IEEE 802.11 data frames (IEEE 802.11-2020 section 9.3.2) and the headers
 * that capturing systems put before them: radiotap, Prism, AVS, PPI.
 * Frames that the link has split are not joined: the first one gives what it
 * has.
 *
 * Protected frames are counted, never guessed at; so are those that the
 * receiver marked as damaged (radiotap, PPI), unless packet.damaged.
 */
#ifndef FORMATS_WLAN_H
#define FORMATS_WLAN_H

#include "formats/layer.h"

enum layer	wlan_decode(struct packet *);
enum layer	wlan_radiotap_decode(struct packet *);
enum layer	wlan_prism_decode(struct packet *);
enum layer	wlan_avs_decode(struct packet *);
enum layer	wlan_ppi_decode(struct packet *);

/* The next of the frames in an A-MSDU, at packet.more. */
enum layer	wlan_amsdu_decode(struct packet *);

#endif
