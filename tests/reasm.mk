# Tests of reassembly: the property test, floods, memory.
REASM_PROPERTY = $(BUILD)/tests/reasm/property
$(REASM_PROPERTY): $(BUILD)/tests/reasm/property.o \
    $(BUILD)/tests/reasm/trial.o $(ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
