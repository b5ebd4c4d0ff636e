/* SPDX-License-Identifier: ISC */
/* A packet's walk through its layers. */

#include <string.h>

#include "formats/ether.h"
#include "formats/ip.h"
#include "formats/layer.h"
#include "formats/link.h"
#include "formats/ppp.h"
#include "formats/tcp.h"
#include "formats/tunnel.h"
#include "formats/wlan.h"

static enum layer (*const decoders[LAYERS])(struct packet *) = {
	[LAYER_ETHER] = ether_decode,
	[LAYER_ETHERTYPE] = ether_type_decode,
	[LAYER_LLC] = ether_llc_decode,
	[LAYER_SNAP] = ether_snap_decode,
	[LAYER_TOKEN_RING] = ether_token_ring_decode,
	[LAYER_MPLS] = ether_mpls_decode,
	[LAYER_PPPOE] = ether_pppoe_decode,
	[LAYER_PPP] = ppp_decode,
	[LAYER_PPP_HDLC] = ppp_hdlc_decode,
	[LAYER_PPP_WITH_DIR] = ppp_with_dir_decode,
	[LAYER_PPP_PPPD] = ppp_pppd_decode,
	[LAYER_CHDLC] = ppp_chdlc_decode,
	[LAYER_FRELAY] = ppp_frelay_decode,
	[LAYER_NULL] = link_null_decode,
	[LAYER_SLIP] = link_slip_decode,
	[LAYER_ATM] = link_atm_decode,
	[LAYER_SLL] = link_sll_decode,
	[LAYER_SLL2] = link_sll2_decode,
	[LAYER_ENC] = link_enc_decode,
	[LAYER_PFLOG] = link_pflog_decode,
	[LAYER_NFLOG] = link_nflog_decode,
	[LAYER_IPNET] = link_ipnet_decode,
	[LAYER_ARCNET] = link_arcnet_decode,
	[LAYER_ARCNET_LINUX] = link_arcnet_linux_decode,
	[LAYER_ERF] = link_erf_decode,
	[LAYER_FDDI] = link_fddi_decode,
	[LAYER_FC] = link_fc_decode,
	[LAYER_FIREWIRE] = link_firewire_decode,
	[LAYER_NETANALYZER] = link_netanalyzer_decode,
	[LAYER_PKTAP] = link_pktap_decode,
	[LAYER_WLAN] = wlan_decode,
	[LAYER_RADIOTAP] = wlan_radiotap_decode,
	[LAYER_PRISM] = wlan_prism_decode,
	[LAYER_AVS] = wlan_avs_decode,
	[LAYER_PPI] = wlan_ppi_decode,
	[LAYER_IP] = ip_decode,
	[LAYER_IPV4] = ip_v4_decode,
	[LAYER_IPV6] = ip_v6_decode,
	[LAYER_PROTOCOL] = ip_protocol_decode,
	[LAYER_GRE] = tunnel_gre_decode,
	[LAYER_UDP] = tunnel_udp_decode,
	[LAYER_L2TP_IP] = tunnel_l2tp_ip_decode,
	[LAYER_ETHERIP] = tunnel_etherip_decode,
	[LAYER_IPIP] = tunnel_ipip_decode,
	[LAYER_NSH] = tunnel_nsh_decode,
	[LAYER_TCP] = tcp_decode,
};

static const struct {
	const char	*name;
	const char	*text;
} fates[FATES] = {
	[FATE_TCP] = { "tcp", "TCP segments" },
	[FATE_FRAGMENT] = { "fragment", "fragments kept for their datagram" },
	[FATE_UDP] = { "udp", "UDP" },
	[FATE_ICMP] = { "icmp", "ICMP" },
	[FATE_SCTP] = { "sctp", "SCTP" },
	[FATE_ESP] = { "esp", "ESP (encrypted)" },
	[FATE_OTHER_IP] = { "other_ip", "other IP protocols" },
	[FATE_ARP] = { "arp", "ARP" },
	[FATE_NOT_IP] = { "not_ip", "other network protocols" },
	[FATE_CONTROL] = { "control", "control frames of the link" },
	[FATE_PROTECTED] = { "protected", "encrypted by the link" },
	[FATE_CUT] = { "cut", "headers cut off by the capture" },
	[FATE_BAD_LINK] = { "bad_link", "malformed link layer" },
	[FATE_BAD_IP] = { "bad_ip", "malformed IP" },
	[FATE_BAD_TUNNEL] = { "bad_tunnel", "malformed tunnel" },
	[FATE_BAD_TCP] = { "bad_tcp", "malformed TCP" },
	[FATE_BAD_FRAGMENT] = { "bad_fragment", "impossible fragments" },
	[FATE_TOO_DEEP] = { "too_deep", "nested too deep" },
	[FATE_LINK_TYPE] = { "link_type", "unknown link type" },
	[FATE_FILTERED] = { "filtered", "not what the filter asks for" },
	[FATE_INNER_FILTERED] = { "inner_filtered",
	    "not what the inner filter asks for" },
};

void
layer_frame(struct packet *p, const uint8_t *frame, uint32_t captured,
    uint32_t on_wire)
{
	cursor_init(&p->at, frame, captured);
	p->cut = on_wire > captured ? on_wire - captured : 0;
	p->more = p->at;
	p->more.at = p->more.end;
	p->seg.wire_length = on_wire;
	p->seg.cap_length = captured;
	p->steps = 0;
	p->reassembled = false;
	p->ip = NULL;
	p->seg.key.info = 0;
	p->seg.key.tci = 0;
	p->seg.key.family = 0;
	p->path.length = 0;
	p->path.depth = 0;
	p->seg.payload = NULL;
	p->seg.ref.length = p->seg.payload_length = 0;
}

void
layer_walk(struct packet *p, enum layer next)
{
	p->fate = FATE_LINK_TYPE;
	while (next != LAYER_END) {
		if (p->steps++ >= LAYER_STEPS_MAX) {
			p->fate = FATE_TOO_DEEP;
			break;
		}
		next = decoders[next](p);
	}
	p->seg.key.path = p->path.bytes;
	p->seg.key.path_length = p->path.length;
	if ((p->seg.key.info & FLOW_HAS_MAC) == 0) {
		memset(p->seg.key.src_mac, 0, sizeof(p->seg.key.src_mac));
		memset(p->seg.key.dst_mac, 0, sizeof(p->seg.key.dst_mac));
	}
}

bool
layer_walk_more(struct packet *p)
{
	if (cursor_left(&p->more) == 0)
		return false;
	p->steps = 0;
	p->seg.key.info &= FLOW_HAS_MAC;
	p->seg.key.tci = 0;
	p->path.length = 0;
	p->path.depth = 0;
	p->ip = NULL;
	p->seg.ref.length = p->seg.payload_length = 0;
	layer_walk(p, wlan_amsdu_decode(p));
	return true;
}

int
layer_push(struct packet *p, enum encap_kind kind, uint32_t id, bool outer)
{
	struct encap_layer layer = { .kind = (uint8_t)kind, .id = id };

	if (outer) {
		layer.family = p->seg.key.family;
		memcpy(layer.src, p->seg.key.src, sizeof(layer.src));
		memcpy(layer.dst, p->seg.key.dst, sizeof(layer.dst));
	}
	return encap_push(&p->path, &layer);
}

const char *
fate_name(enum fate fate)
{
	return fates[fate].name;
}

const char *
fate_text(enum fate fate)
{
	return fates[fate].text;
}
