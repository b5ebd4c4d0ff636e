/* SPDX-License-Identifier: ISC */
/* The encapsulation path of a packet, in and out of its bytes. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "formats/encap.h"
#include "libcommon/cursor.h"

enum { ENCAP_LAYER_FIXED = 8 };

static const struct {
	const char	*name;
	bool		 has_id;	/* shown even when it is 0 */
	bool		 own_id;	/* each direction chooses its own */
} kinds[ENCAP_KINDS] = {
	[ENCAP_VLAN] = { "vlan", true, false },
	[ENCAP_PPPOE] = { "pppoe", true, false },
	[ENCAP_PBB] = { "pbb", true, false },
	[ENCAP_VNTAG] = { "vntag", false, false },
	[ENCAP_IPIP] = { "ipip", false, false },
	[ENCAP_GRE] = { "gre", false, false },
	[ENCAP_PPTP] = { "pptp", true, true },
	[ENCAP_NVGRE] = { "nvgre", true, false },
	[ENCAP_ETHERIP] = { "etherip", false, false },
	[ENCAP_L2TP] = { "l2tp", true, true },
	[ENCAP_ERSPAN] = { "erspan", true, false },
	[ENCAP_VXLAN] = { "vxlan", true, false },
	[ENCAP_GENEVE] = { "geneve", true, false },
	[ENCAP_GTPU] = { "gtpu", true, true },
	[ENCAP_TEREDO] = { "teredo", false, false },
	[ENCAP_AYIYA] = { "ayiya", false, false },
	[ENCAP_LISP] = { "lisp", false, false },
};

/* Bytes of one outer address. */
static size_t
address_size(uint8_t family)
{
	return family == 4 ? 4 : family == 6 ? 16 : 0;
}

/* The next layer that is no VLAN tag; as encap_next(). */
static int
next_but_vlan(struct encap_layer *layer, const uint8_t *path, size_t length,
    size_t *at)
{
	int got;

	do
		got = encap_next(layer, path, length, at);
	while (got == 1 && layer->kind == ENCAP_VLAN);
	return got;
}

static bool
layer_is_reverse(const struct encap_layer *a, const struct encap_layer *b)
{
	bool swapped, same;

	if (a->kind != b->kind || a->family != b->family)
		return false;
	if (a->id != b->id &&
	    (a->kind >= ENCAP_KINDS || !kinds[a->kind].own_id))
		return false;
	swapped = memcmp(a->src, b->dst, sizeof(a->src)) == 0 &&
	    memcmp(a->dst, b->src, sizeof(a->dst)) == 0;
	same = memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
	    memcmp(a->dst, b->dst, sizeof(a->dst)) == 0;
	return swapped || same;
}

/* One layer as text; returns its length as snprintf(3) does. */
static int
layer_text(char *buf, size_t size, const struct encap_layer *layer)
{
	const char *name = encap_kind_name(layer->kind);
	char kind[16], id[16] = "", ends[2 * INET6_ADDRSTRLEN + 2] = "";
	char src[INET6_ADDRSTRLEN] = "", dst[INET6_ADDRSTRLEN] = "";
	int family = layer->family == 4 ? AF_INET : AF_INET6;

	if (name == NULL) {
		snprintf(kind, sizeof(kind), "layer-%u", layer->kind);
		name = kind;
	}
	if (layer->id != 0 ||
	    (layer->kind < ENCAP_KINDS && kinds[layer->kind].has_id))
		snprintf(id, sizeof(id), " %u", layer->id);
	if (layer->family != 0) {
		inet_ntop(family, layer->src, src, sizeof(src));
		inet_ntop(family, layer->dst, dst, sizeof(dst));
		snprintf(ends, sizeof(ends), " %s>%s", src, dst);
	}
	return snprintf(buf, size, "%s%s%s", name, id, ends);
}

int
encap_push(struct encap_path *path, const struct encap_layer *layer)
{
	size_t each = address_size(layer->family);
	size_t size = ENCAP_LAYER_FIXED + 2 * each;
	uint8_t *p = path->bytes + path->length;

	if (path->depth >= ENCAP_DEPTH_MAX || (each == 0 && layer->family != 0))
		return -1;
	p[0] = layer->kind;
	p[1] = layer->family;
	le16_put(p + 2, 0);
	le32_put(p + 4, layer->id);
	memcpy(p + ENCAP_LAYER_FIXED, layer->src, each);
	memcpy(p + ENCAP_LAYER_FIXED + each, layer->dst, each);
	path->length = (uint16_t)(path->length + size);
	path->depth++;
	return 0;
}

int
encap_next(struct encap_layer *layer, const uint8_t *path, size_t length,
    size_t *at)
{
	struct cursor c;
	const uint8_t *src, *dst;
	size_t each;

	if (*at >= length)
		return 0;
	memset(layer, 0, sizeof(*layer));
	cursor_init(&c, path, length);
	cursor_skip(&c, *at);
	layer->kind = cursor_u8(&c);
	layer->family = cursor_u8(&c);
	cursor_skip(&c, 2);
	layer->id = cursor_le32(&c);
	each = address_size(layer->family);
	src = cursor_bytes(&c, each);
	dst = cursor_bytes(&c, each);
	if (c.bad || (each == 0 && layer->family != 0))
		return -1;
	memcpy(layer->src, src, each);
	memcpy(layer->dst, dst, each);
	*at = length - cursor_left(&c);
	return 1;
}

bool
encap_is_reverse(const uint8_t *a, size_t a_length, const uint8_t *b,
    size_t b_length)
{
	struct encap_layer a_layer, b_layer;
	size_t a_at = 0, b_at = 0;
	int a_got, b_got;

	for (;;) {
		a_got = next_but_vlan(&a_layer, a, a_length, &a_at);
		b_got = next_but_vlan(&b_layer, b, b_length, &b_at);
		if (a_got != 1 || b_got != 1)
			return a_got == 0 && b_got == 0;
		if (!layer_is_reverse(&a_layer, &b_layer))
			return false;
	}
}

const char *
encap_kind_name(uint8_t kind)
{
	return kind < ENCAP_KINDS ? kinds[kind].name : NULL;
}

uint8_t
encap_kind_number(const char *name)
{
	uint8_t i;

	for (i = 1; i < ENCAP_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return i;
	return 0;
}

char *
encap_text(char *buf, size_t size, const uint8_t *path, size_t length)
{
	struct encap_layer layer;
	size_t at = 0, used = 0;
	int n;

	if (size > 0)
		buf[0] = '\0';
	while (used < size && encap_next(&layer, path, length, &at) == 1) {
		if (used > 0) {
			n = snprintf(buf + used, size - used, ", ");
			used += (size_t)n;
			if (used >= size)
				break;
		}
		n = layer_text(buf + used, size - used, &layer);
		used += (size_t)n;
	}
	return buf;
}
