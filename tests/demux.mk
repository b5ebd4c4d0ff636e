# What proves the decoders of pcap-demux beyond make check.
#
#	make cut-test CAPTURES=FOLDER	every file below it, cut at every 7th
#					byte; without CAPTURES those that
#					tests/gen-link makes

CAPTURES = $(BUILD)/gen-link
CUT_FLAGS = -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all

cut-test: $(BUILD)/gen-link/made
	$(MAKE) BUILD=$(BUILD)/cut CFLAGS='$(CUT_FLAGS)' \
	    $(BUILD)/cut/tests/cut-test
	find $(CAPTURES) -type f \( -name '*.pcap*' -o -name '*.cap*' \) \
	    -exec $(BUILD)/cut/tests/cut-test {} +

$(BUILD)/gen-link/made: tests/gen-link/cases tests/gen-link/gen.py \
    tests/gen-link/layers.py
	PYTHONDONTWRITEBYTECODE=1 python3 tests/gen-link/gen.py \
	    tests/gen-link/cases $(@D)
	touch $@

$(BUILD)/tests/cut-test: $(BUILD)/tests/cut/cut-test.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVES) -lz

.PHONY: cut-test
