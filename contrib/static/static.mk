# The static set, the packages, installation.  Included by the Makefile.
#
#	make static		dist/flowpipe-VERSION-x86_64-musl and its .tar.gz
#	make static-repro	builds it again elsewhere; both must be the same
#	make static-cpu		their CPU time against that of BUILD's programs
#	make check-static	the bats suite with the static programs
#	make boot-test		the set in a boot image, under qemu
#	make deb		dist/flowpipe_VERSION_amd64.deb
#	make install		below DESTDIR and PREFIX

STATIC = contrib/static
SB = build/static
STATIC_NAME = flowpipe-$(VERSION)-x86_64-musl
STATIC_DIR = dist/$(STATIC_NAME)
STATIC_CPPFLAGS = -isystem $(SB)/prefix/include -idirafter $(SB)/prefix/kernel
# No -static-pie: Debian's musl-gcc makes a dynamic program of it.
STATIC_LDFLAGS = -static -L$(SB)/prefix/lib -Wl,--gc-sections,-z,relro \
	-Wl,-z,noexecstack,--build-id=none

# ---- in the build of the set: every program in one file ----

MULTI = $(BUILD)/multi
MULTI_LIBS = -Wl,--start-group \
	$(sort $(foreach p,$(PROGRAMS),$(LIBS_$(p)))) $(LIBS) -Wl,--end-group
symbol = $(subst -,_,$(1))

# One object of a program: of its names only main() is seen by the others,
# and that is called after the program.
define multi_program
$(MULTI)/$(1).o: $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/$(1)/*.c))
	@mkdir -p $$(@D)
	ld -r -o $$@.tmp $$^
	objcopy --redefine-sym main=$(call symbol,$(1))_main \
	    --keep-global-symbol=$(call symbol,$(1))_main $$@.tmp $$@
	rm -f $$@.tmp
endef
$(foreach p,$(PROGRAMS),$(eval $(call multi_program,$(p))))

$(MULTI)/static_programs.h: Makefile $(STATIC)/static.mk $(wildcard cmd/*)
	@mkdir -p $(@D)
	printf 'PROGRAM("%s", %s)\n' \
	    $(foreach p,$(PROGRAMS),$(p) $(call symbol,$(p))) > $@

$(MULTI)/flowpipe: $(STATIC)/flowpipe.c $(STATIC)/malloc.c \
    $(STATIC)/string.c \
    $(MULTI)/static_programs.h \
    $(PROGRAMS:%=$(MULTI)/%.o) $(ARCHIVES)
	$(CC) -I$(MULTI) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) \
	    -fno-builtin -Wl,-Map=$@.map \
	    -o $@ $(filter %.c,$^) \
	    $(PROGRAMS:%=$(MULTI)/%.o) $(ARCHIVES) $(MULTI_LIBS)
	strip -s $@

# ---- the set ----

$(SB)/libs.stamp: $(STATIC)/sources $(STATIC)/sources.sums \
    $(STATIC)/fetch.sh $(STATIC)/libs.sh
	sh $(STATIC)/need.sh gcc=gcc musl-gcc=musl-tools \
	    dpkg-source=dpkg-dev flex=flex bison=bison m4=m4 patch=patch \
	    xz=xz-utils bzip2=bzip2 /usr/include/linux/if.h=linux-libc-dev
	sh $(STATIC)/fetch.sh dist/sources
	sh $(STATIC)/libs.sh dist/sources $(SB)/libs $(SB)/prefix
	touch $@

STATIC_MAKE = $(MAKE) BUILD=$(SB) CC=musl-gcc AR=ar \
	CFLAGS='-O2 -ffunction-sections -fdata-sections' \
	CPPFLAGS='$(STATIC_CPPFLAGS)' LDFLAGS='$(STATIC_LDFLAGS)' \
	LIBS=-lbrotlicommon

static: $(SB)/libs.stamp
	+$(STATIC_MAKE) $(SB)/multi/flowpipe
	sh $(STATIC)/dist.sh '$(VERSION)' '$(STATIC_DIR)' '$(PROGRAMS)' \
	    $(SB)

.PHONY: static

check-static: static all units gencap
	BIN='$(CURDIR)/$(STATIC_DIR)/bin' BUILD='$(CURDIR)/$(BUILD)' \
	    bats tests/*.bats

boot-test: static
	SET='$(CURDIR)/$(STATIC_DIR)' BIN='$(CURDIR)/$(STATIC_DIR)/bin' \
	    BUILD='$(CURDIR)/$(BUILD)' bats tests/static/boot.bats

static-repro: static
	sh $(STATIC)/repro.sh '$(STATIC_DIR)'

static-cpu: static all gencap
	python3 $(STATIC)/cpu.py $(BUILD)/tests/gen/gencap $(BUILD)/bin \
	    $(STATIC_DIR)/bin

.PHONY: static-cpu check-static boot-test static-repro

# ---- installation; SCRIPT: the name of the script tcpflow ----

SCRIPT = tcpflow
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

install: all
	sh $(STATIC)/install.sh '$(BUILD)/bin' '$(DESTDIR)' '$(SCRIPT)' \
	    '$(BINDIR)' '$(MANDIR)' '$(BASHDIR)' '$(ZSHDIR)' '$(FISHDIR)'

deb:
	sh $(STATIC)/need.sh dh=debhelper dpkg-buildpackage=dpkg-dev \
	    lintian=lintian fakeroot=fakeroot gcc=gcc \
	    /usr/share/build-essential/list=build-essential \
	    /usr/include/pcap.h=libpcap-dev /usr/include/zlib.h=zlib1g-dev \
	    /usr/include/jansson.h=libjansson-dev \
	    /usr/include/nettle/md5.h=nettle-dev \
	    /usr/include/zstd.h=libzstd-dev \
	    /usr/include/brotli/decode.h=libbrotli-dev
	sh $(STATIC)/deb.sh '$(VERSION)' '$(SB)/deb'

.PHONY: install deb
