/* SPDX-License-Identifier: ISC */
/* Unit test: the encapsulation path. */
#include "formats/encap.h"
#include "tests/unit/unit.h"

static struct encap_layer
layer(enum encap_kind kind, uint32_t id, uint8_t src, uint8_t dst)
{
	struct encap_layer l = { .kind = (uint8_t)kind, .id = id };

	if (src != 0) {
		l.family = 4;
		l.src[0] = 10;
		l.src[3] = src;
		l.dst[0] = 10;
		l.dst[3] = dst;
	}
	return l;
}

static struct encap_path
path(struct encap_layer a, struct encap_layer b)
{
	struct encap_path p = { 0 };

	CHECK(encap_push(&p, &a) == 0);
	CHECK(encap_push(&p, &b) == 0);
	return p;
}

static bool
reverse(const struct encap_path *a, const struct encap_path *b)
{
	return encap_is_reverse(a->bytes, a->length, b->bytes, b->length);
}

static void
test_text(void)
{
	struct encap_path p = path(layer(ENCAP_VXLAN, 7, 1, 2),
	    layer(ENCAP_VLAN, 5, 0, 0));
	char text[80], small[10];

	CHECK(p.length == 16 + 8 && p.depth == 2);
	CHECK_STR(encap_text(text, sizeof(text), p.bytes, p.length),
	    "vxlan 7 10.0.0.1>10.0.0.2, vlan 5");
	CHECK_STR(encap_text(small, sizeof(small), p.bytes, p.length),
	    "vxlan 7 1");
	CHECK_STR(encap_text(text, sizeof(text), p.bytes, 0), "");
}

static void
test_reverse(void)
{
	struct encap_path a = path(layer(ENCAP_VXLAN, 7, 1, 2),
	    layer(ENCAP_GTPU, 8, 1, 2));
	struct encap_path b = path(layer(ENCAP_VXLAN, 7, 2, 1),
	    layer(ENCAP_GTPU, 9, 2, 1));
	struct encap_path other = path(layer(ENCAP_VXLAN, 6, 2, 1),
	    layer(ENCAP_GTPU, 9, 2, 1));
	struct encap_path tagged = path(layer(ENCAP_VLAN, 5, 0, 0),
	    layer(ENCAP_VXLAN, 7, 2, 1));
	struct encap_path plain = { 0 };
	struct encap_layer l = layer(ENCAP_VXLAN, 7, 1, 2);

	CHECK(reverse(&a, &b));		/* each chooses its own TEID */
	CHECK(!reverse(&a, &other));	/* but the VNI is one */
	CHECK(encap_push(&plain, &l) == 0);
	CHECK(reverse(&plain, &tagged));
	CHECK(reverse(&tagged, &plain));
	CHECK(reverse(&plain, &plain));	/* a mirror */
	CHECK(!reverse(&plain, &a));
	CHECK(encap_is_reverse(NULL, 0, NULL, 0));
}

static void
test_limits(void)
{
	struct encap_path p = { 0 };
	struct encap_layer l = layer(ENCAP_TEREDO, 0, 0, 0), back;
	size_t at = 0;
	int i;

	l.family = 6;
	for (i = 0; i < ENCAP_DEPTH_MAX; i++)
		CHECK(encap_push(&p, &l) == 0);
	CHECK(p.length == ENCAP_PATH_MAX);
	CHECK(encap_push(&p, &l) == -1);
	CHECK(encap_next(&back, p.bytes, 39, &at) == -1);
	l.family = 5;
	p.depth = 0;
	CHECK(encap_push(&p, &l) == -1);
}

static void
test_names(void)
{
	uint8_t i;

	for (i = 1; i < ENCAP_KINDS; i++)
		CHECK(encap_kind_number(encap_kind_name(i)) == i);
	CHECK(encap_kind_name(0) == NULL);
	CHECK(encap_kind_name(ENCAP_KINDS) == NULL);
	CHECK(encap_kind_number("nonsense") == 0);
}

int
main(void)
{
	test_text();
	test_reverse();
	test_limits();
	test_names();
	return unit_status();
}
