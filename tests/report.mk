# Fuzz targets of programs, which need more than the two archives.
FUZZ_JSON = $(patsubst %.c,$(BUILD)/%.o,$(filter-out cmd/flow-json/main.c, \
	$(wildcard cmd/flow-json/*.c)))
$(BUILD)/tests/fuzz/flow-json $(BUILD)/fuzz-flow-json: $(FUZZ_JSON)
$(BUILD)/tests/fuzz/flow-json $(BUILD)/fuzz-flow-json: \
    TEST_LIBS = $(FUZZ_JSON) $(ARCHIVES) -ljansson
