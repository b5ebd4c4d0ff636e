/* SPDX-License-Identifier: ISC */
/*
 * Unit test: a stage that passes on, drops, replaces and adds records of all
 * lengths; what leaves is what was meant, in order, byte for byte.
 */
#include <sys/wait.h>

#include <err.h>
#include <stdlib.h>
#include <unistd.h>

#include "libcommon/bytes.h"
#include "libcommon/stage.h"
#include "tests/unit/unit.h"

enum { RECORDS = 6000, ADDED = RECORDS };

/* What becomes of a record; runs of the same are what traffic has. */
enum action { PASS, DROP, EMIT, EMITV, RESERVE, ACTIONS };

static uint8_t body[RECORD_BODY_MAX];

static uint32_t
scramble(uint32_t x)
{
	x = (x ^ x >> 15) * 0x2c1b3c6du;
	x = (x ^ x >> 12) * 0x297a2d39u;
	return x ^ x >> 15;
}

static enum action
action_of(uint32_t i)
{
	uint32_t run = scramble(i / 16 + 7);

	if (run % 3 == 0)
		return PASS;
	return (enum action)(scramble(i) % ACTIONS);
}

/* Mostly short, now and then as long as a record may be. */
static uint32_t
length_of(uint32_t i)
{
	uint32_t x = scramble(i * 2 + 1), kind = x % 400;

	if (kind == 0)
		return RECORD_BODY_MAX - x / 400 % 9;
	if (kind < 10)
		return x / 400 % 300000;
	if (kind < 100)
		return x / 400 % 3000;
	return x / 400 % 200;
}

/* Record i, with its body in the array above. */
static struct record
make(uint32_t i)
{
	struct record r = {
		.body = body, .length = length_of(i), .type = RECORD_DATA,
		.stream = i + 1, .time = i, .offset = -(int64_t)i
	};
	uint32_t j;

	for (j = 0; j < r.length; j++)
		body[j] = (uint8_t)(i * 31 + j * 7 + (j >> 8));
	return r;
}

static void
write_record(FILE *f, const struct record *r)
{
	static const uint8_t zeros[8];
	uint8_t header[RECORD_HEADER];

	record_header_encode(header, r);
	fwrite(header, 1, sizeof(header), f);
	fwrite(r->body, 1, r->length, f);
	fwrite(zeros, 1, record_padding(r->length), f);
}

static void
write_input(FILE *f)
{
	uint8_t preamble[RECORD_PREAMBLE], fixed[END_FIXED];
	struct end e = { .status = END_WHOLE, .records = RECORDS };
	struct record r = { .type = RECORD_END, .body = fixed };
	uint32_t i;

	record_preamble_encode(preamble);
	fwrite(preamble, 1, sizeof(preamble), f);
	for (i = 0; i < RECORDS; i++) {
		struct record one = make(i);

		write_record(f, &one);
	}
	r.length = (uint32_t)end_encode(fixed, sizeof(fixed), &e);
	write_record(f, &r);
	if (fflush(f) != 0 || fseek(f, 0, SEEK_SET) != 0)
		err(1, "input");
}

static void
add(struct stage *s, uint32_t i, enum action how)
{
	struct record r = make(i);
	struct iovec v[3] = {
		{ .iov_base = body, .iov_len = r.length / 3 },
		{ .iov_base = NULL, .iov_len = 0 },
		{ .iov_base = body + r.length / 3,
		    .iov_len = r.length - r.length / 3 }
	};
	uint8_t *p;

	if (how == EMIT) {
		stage_emit(s, &r);
	} else if (how == EMITV) {
		stage_emitv(s, &r, v, 3);
	} else {
		p = stage_reserve(s, RECORD_DATA, r.length);
		record_header_encode(p, &r);
		memcpy(p + RECORD_HEADER, body, r.length);
	}
}

static int
run_stage(void)
{
	static char name[] = "unit";
	char *argv[] = { name, NULL };
	struct options o = { .program = name, .usage = name, .shorts = "" };
	struct stage *s;
	struct record r;
	enum action how;

	while (options_next(&o, 1, argv) != -1)
		continue;
	s = stage_open(STAGE_FILTER, &o, false);
	while (stage_next(s, &r)) {
		how = r.type == RECORD_DATA ? action_of((uint32_t)r.time) :
		    PASS;
		if (how == PASS)
			stage_pass(s, &r);
		else if (how != DROP)
			add(s, (uint32_t)r.time + ADDED, how);
	}
	return stage_close(s);
}

/* The next record of the output that is no META, STATS. */
static bool
read_record(FILE *f, struct record *r, uint8_t *got)
{
	uint8_t header[RECORD_HEADER], padding[8];

	do {
		if (fread(header, 1, sizeof(header), f) != sizeof(header))
			return false;
		record_header_decode(r, header);
		if (r->length > RECORD_BODY_MAX ||
		    fread(got, 1, r->length, f) != r->length)
			return false;
		memset(padding, 0, sizeof(padding));
		(void)!fread(padding, 1, record_padding(r->length), f);
		CHECK(le64_get(padding) == 0);
	} while (r->type == RECORD_META || r->type == RECORD_STATS);
	return true;
}

static void
check_output(FILE *f)
{
	static uint8_t got[RECORD_BODY_MAX];
	struct record r, want;
	uint32_t i;

	CHECK(fseek(f, RECORD_PREAMBLE, SEEK_SET) == 0);
	for (i = 0; i < RECORDS; i++) {
		if (action_of(i) == DROP)
			continue;
		want = make(action_of(i) == PASS ? i : i + ADDED);
		if (!read_record(f, &r, got) || r.type != RECORD_DATA ||
		    r.flags != 0 || r.stream != want.stream ||
		    r.time != want.time || r.offset != want.offset ||
		    r.length != want.length ||
		    memcmp(got, body, r.length) != 0) {
			fprintf(stderr, "record %u differs\n", i);
			unit_failures++;
			return;
		}
	}
	CHECK(read_record(f, &r, got) && r.type == RECORD_END);
	CHECK(fgetc(f) == EOF);
}

int
main(void)
{
	FILE *in = tmpfile(), *out = tmpfile();
	int status = -1;
	pid_t pid;

	if (in == NULL || out == NULL)
		err(1, "temporary file");
	write_input(in);
	pid = fork();
	if (pid == 0) {
		if (dup2(fileno(in), STDIN_FILENO) == -1 ||
		    dup2(fileno(out), STDOUT_FILENO) == -1)
			_exit(126);
		_exit(run_stage());
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	check_output(out);
	return unit_status();
}
