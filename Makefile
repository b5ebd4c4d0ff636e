# flowpipe: every program, the libraries under them, and what proves them.
#
#	make			everything into build/, programs in build/bin
#	make BUILD=build/asan CFLAGS='-g -O1 -fsanitize=address,undefined'
#				a variant beside it
#
# A new program is a folder below cmd/; a new decoder a file in formats/.
# Only what a program links beyond the two archives is said here.

VERSION	= 0.1.0
BUILD	= build
CC	= cc
AR	= ar
CFLAGS	= -O2 -g
WARN	= -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wvla \
	  -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
CPPFLAGS =
LDFLAGS	=
PREFIX	= /usr/local

ALL_CPPFLAGS = -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARN) -fstack-protector-strong $(CFLAGS)

PROGRAMS = $(filter-out tcpflow $(if $(HAVE_NETTLE),,flow-hash),$(notdir \
	$(patsubst %/,%,$(wildcard cmd/*/))))
COMMON := $(patsubst %.c,$(BUILD)/%.o,$(wildcard libcommon/*.c))
FORMATS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard formats/*.c))
ARCHIVES = $(BUILD)/libformats.a $(BUILD)/libcommon.a

# Decoders that are built in where their headers are; HAVE_ZSTD= leaves out.
HASH := \#
have = $(shell printf '%s\n' '$(HASH)include <$(1)>' | \
	$(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1 && echo 1)
HAVE_BROTLI := $(call have,brotli/decode.h)
HAVE_ZSTD := $(call have,zstd.h)
HAVE_NETTLE := $(call have,nettle/md5.h)

# What each program links beyond our own archives.
LIBS_pcap-demux = -lpcap -lz $(HAVE_ZSTD:1=-lzstd)
LIBS_flow-dfxml = -ljansson
LIBS_flow-json = -ljansson
LIBS_flow-show = -ljansson
LIBS_flow-http = -lz $(HAVE_BROTLI:1=-lbrotlidec) $(HAVE_ZSTD:1=-lzstd)
LIBS_flow-hash = $(HAVE_NETTLE:1=-lnettle)

all: $(PROGRAMS:%=$(BUILD)/bin/%) $(BUILD)/bin/tcpflow

define program
$(BUILD)/bin/$(1): $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/$(1)/*.c)) \
    $(ARCHIVES)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	    $$(ARCHIVES) $$(LIBS_$(1)) $$(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(BUILD)/bin/tcpflow: cmd/tcpflow/tcpflow.sh
	@mkdir -p $(@D)
	cp $< $@ && chmod 755 $@

$(BUILD)/libcommon.a: $(COMMON)
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/libformats.a: $(FORMATS)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/formats/coding_brotli.o: ALL_CPPFLAGS += $(HAVE_BROTLI:1=-DHAVE_BROTLI)
$(BUILD)/formats/coding_zstd.o: ALL_CPPFLAGS += $(HAVE_ZSTD:1=-DHAVE_ZSTD)
$(BUILD)/cmd/pcap-demux/%.o: ALL_CPPFLAGS += $(HAVE_ZSTD:1=-DHAVE_ZSTD)
$(BUILD)/libcommon/version.o: ALL_CPPFLAGS += -DVERSION='"$(VERSION)"'
$(BUILD)/libcommon/version.o: Makefile
$(BUILD)/libcommon/meta.o: ALL_CPPFLAGS += -DMETA_CFLAGS='"$(CFLAGS)"'

clean:
	rm -rf $(BUILD)

.PHONY: all clean
include $(wildcard tests/*.mk contrib/*/*.mk)
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
