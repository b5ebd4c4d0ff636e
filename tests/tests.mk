# What proves the programs.  Included by the Makefile.
#
#	make check	everything (tests/check.sh installs what it needs)
#	make units	the unit tests and saved fuzz inputs of this BUILD
#	make gencap	the generator of captures, BUILD/tests/gen/gencap
#	make fuzz	each fuzz target for FUZZ_SECONDS, one after the other

FUZZ_SECONDS = 60

UNITS := $(basename $(notdir $(wildcard tests/unit/*.c)))
FUZZERS := $(filter-out driver,$(basename $(notdir \
	$(wildcard tests/fuzz/*.c))))
TEST_LIBS = $(sort $(foreach p,$(PROGRAMS),$(LIBS_$(p))))

check:
	@sh tests/check.sh

demo:
	sh contrib/demo.sh

units: helpers $(UNITS:%=$(BUILD)/tests/unit/%) $(FUZZERS:%=$(BUILD)/tests/fuzz/%)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVES) $(TEST_LIBS)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o \
    $(BUILD)/tests/fuzz/driver.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< \
	    $(BUILD)/tests/fuzz/driver.o $(ARCHIVES) $(TEST_LIBS)

gencap: $(BUILD)/tests/gen/gencap
$(BUILD)/tests/gen/gencap: $(patsubst %.c,$(BUILD)/%.o,$(wildcard \
    tests/gen/*.c)) $(BUILD)/libcommon.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/tests/standing/standing: $(BUILD)/tests/standing/standing.o \
    $(BUILD)/libcommon.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

# What the .bats files run besides the programs.
helpers: $(BUILD)/tests/gen/gencap $(BUILD)/tests/standing/standing

# The libraries with coverage for libFuzzer, and each target with it.
FUZZ_FLAGS = -g -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
fuzz:
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang CFLAGS='$(FUZZ_FLAGS)' \
	    fuzz-build
	set -e; for f in $(FUZZERS); do \
		mkdir -p $(BUILD)/fuzz/found/$$f; \
		$(BUILD)/fuzz/fuzz-$$f -max_total_time=$(FUZZ_SECONDS) \
		    -artifact_prefix=$(BUILD)/fuzz/found/$$f- \
		    $(BUILD)/fuzz/found/$$f tests/fuzz/corpus/$$f; \
	done

fuzz-build: $(FUZZERS:%=$(BUILD)/fuzz-%)

$(BUILD)/fuzz-%: $(BUILD)/tests/fuzz/%.o $(ARCHIVES)
	clang $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $< $(ARCHIVES) \
	    $(TEST_LIBS)

.PHONY: check helpers gencap demo units fuzz fuzz-build
include tests/bench/bench.mk
.SECONDARY:
