# The table of command lines against Debian's tcpflow 1.6.1, which keeps it
# honest; against our own it runs in make check (tests/tcpflow.bats).
CLASSIC	= /usr/bin/tcpflow

compare:
	tests/cli/run-table --classic $(CLASSIC)

# New expected results, to be looked at with git diff.
cli-update: all
	tests/cli/run-table --update $(abspath $(BUILD)/bin/tcpflow)

.PHONY: compare cli-update
