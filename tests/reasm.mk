# Tests of reassembly: the property test, all orders, floods.
#
#	make soak		the property test without end

REASM_TESTS = $(patsubst %,$(BUILD)/tests/reasm/%,property orders flood long wild)

reasm-tests: $(REASM_TESTS)
helpers: reasm-tests

$(patsubst %,$(BUILD)/tests/reasm/%,property flood wild): \
    $(BUILD)/tests/reasm/trial.o
$(REASM_TESTS): %: %.o $(BUILD)/tests/reasm/write.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

soak: all reasm-tests
	BIN=$(BUILD)/bin sh tests/reasm/property.sh -f

.PHONY: reasm-tests soak
