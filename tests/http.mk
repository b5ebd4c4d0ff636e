# CPU time of flow-http alone against md5sum, plain 1 KB transactions.
bench-http: all
	python3 -B tests/http/speed $(BUILD)/bin

.PHONY: bench-http
