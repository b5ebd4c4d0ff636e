# What it costs.  Included by tests/tests.mk.
#
#	make bench		flowpipe, tcpflow 1.6.1, cp and the least that
#				the files cost (floor.c), seven kinds of
#				traffic; the table also to BUILD/bench.txt
#	make bench-quick	the same, smaller, in two minutes
#	make bench-memory	peak memory on churn and wide
#	make bench-cold		page cache dropped, memory limited
#	make bench-growth	time per packet as captures grow, and a plot
#	make bench-instructions	instructions per packet of each stage
BENCH = python3 tests/bench/bench.py --build $(BUILD)

FLOOR = $(BUILD)/tests/bench/floor

bench bench-quick bench-memory bench-cold bench-growth: all helpers $(FLOOR)
bench:
	$(BENCH) --output $(BUILD)/bench.txt speed
bench-quick:
	$(BENCH) --output $(BUILD)/bench.txt --quick speed
bench-memory:
	$(BENCH) --output $(BUILD)/bench-memory.txt memory
bench-cold:
	$(BENCH) --output $(BUILD)/bench-cold.txt cold
bench-growth:
	$(BENCH) --output $(BUILD)/growth.tsv growth
	gnuplot -e "table='$(BUILD)/growth.tsv'; plot='$(BUILD)/growth.svg'" \
	    tests/bench/growth.gnuplot
bench-instructions: all helpers
	sh tests/bench/instructions.sh $(BUILD)

$(FLOOR): $(FLOOR).o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

.PHONY: bench bench-quick bench-memory bench-cold bench-growth \
	bench-instructions
