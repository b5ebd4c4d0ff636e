# Tests of reassembly: the property test, all orders, floods, memory.
#
#	make soak		the property test without end
#	make bench-memory	resident memory of all stages, two loads

REASM_TESTS = $(BUILD)/tests/reasm/property $(BUILD)/tests/reasm/orders \
    $(BUILD)/tests/reasm/rss

reasm-tests: $(REASM_TESTS)

$(BUILD)/tests/reasm/property: $(BUILD)/tests/reasm/trial.o
$(REASM_TESTS): %: %.o $(BUILD)/tests/reasm/write.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

soak: all reasm-tests
	BIN=$(BUILD)/bin sh tests/reasm/property.sh -f

.PHONY: reasm-tests soak
