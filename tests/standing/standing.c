/* SPDX-License-Identifier: ISC */
/*
 * What every program that reads records must stand:
 *
 *	standing CHECK PROGRAM [ARGUMENT ...] < RECORDS
 *
 *	unknown	records of unknown types come through, same bytes, same
 *		order, exit 0; a critical one ends it with exit 1
 *	cut	RECORDS, one section, cut at every byte: exit 1, said on
 *		standard error, no END that says whole
 *	length	headers that claim absurd lengths: the same
 *	body	bodies of every type and many lengths: no crash
 *
 * A program that is killed by a signal or runs for LIMIT seconds fails.
 * With SINK in the environment its output is not looked at; with STEP only
 * every STEP-th case is run.
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libcommon/bytes.h"
#include "libcommon/record.h"

enum { LIMIT = 60, INPUT_MAX = 1 << 20, FIRST_UNKNOWN = 900, UNKNOWN = 12 };

struct run {
	char		**argv;
	uint8_t		*input;
	size_t		 length;
	int		 in, out, error; /* memory files */
	int		 status;	/* of exit, -1: killed by a signal */
	uint8_t		*output;	/* what it wrote */
	size_t		 output_length;
	size_t		 said;		/* bytes on standard error */
	bool		 sink;
	size_t		 step;		/* of so many cases run one */
	unsigned	 failures;
};

static void
run_child(struct run *r)
{
	alarm(LIMIT);			/* lives through execvp() */
	if (dup2(r->in, 0) == -1 || dup2(r->out, 1) == -1 ||
	    dup2(r->error, 2) == -1)
		_exit(126);
	execvp(r->argv[0], r->argv);
	_exit(127);
}

static void
run_read_output(struct run *r)
{
	off_t n = lseek(r->out, 0, SEEK_END);

	free(r->output);
	r->output_length = (size_t)n;
	r->output = malloc(r->output_length + 1);
	if (r->output == NULL)
		err(2, NULL);
	if (pread(r->out, r->output, r->output_length, 0) != n)
		err(2, "output");
	r->said = (size_t)lseek(r->error, 0, SEEK_END);
}

/* Run the program on the first `length` bytes of the input. */
static void
run(struct run *r)
{
	pid_t pid;
	int status;

	if (ftruncate(r->in, 0) == -1 || ftruncate(r->out, 0) == -1 ||
	    ftruncate(r->error, 0) == -1 || lseek(r->out, 0, SEEK_SET) != 0 ||
	    pwrite(r->in, r->input, r->length, 0) != (ssize_t)r->length ||
	    lseek(r->in, 0, SEEK_SET) != 0 ||
	    lseek(r->error, 0, SEEK_SET) != 0)
		err(2, "memory file");
	pid = fork();
	if (pid == -1)
		err(2, "fork");
	if (pid == 0)
		run_child(r);
	if (waitpid(pid, &status, 0) == -1)
		err(2, "waitpid");
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	run_read_output(r);
}

/* Does the output end with an END that says whole? */
static bool
run_whole(const struct run *r)
{
	struct record record;
	struct end end;
	size_t at = RECORD_PREAMBLE;
	bool whole = false;

	while (at + RECORD_HEADER <= r->output_length) {
		record_header_decode(&record, r->output + at);
		if (record_size(record.length) > r->output_length - at)
			break;
		record.body = r->output + at + RECORD_HEADER;
		at += record_size(record.length);
		if (record.type != RECORD_END)
			continue;
		whole = end_decode(&end, &record) == 0 &&
		    end.status == END_WHOLE;
		at += RECORD_PREAMBLE;	/* of the section that may follow */
	}
	return whole;
}

static void
run_failed(struct run *r, const char *what, size_t at)
{
	char said[512];
	ssize_t n = pread(r->error, said, sizeof(said), 0);

	printf("%s: %s, %zu: status %d\n%.*s", r->argv[0], what, at,
	    r->status, n > 0 ? (int)n : 0, said);
	r->failures++;
}

/* Damage must be told by exit 1, a message, and the output. */
static void
run_damaged(struct run *r, const char *what, size_t at)
{
	run(r);
	if (r->status != 1 || r->said == 0)
		run_failed(r, what, at);
	else if (!r->sink && run_whole(r))
		run_failed(r, "says whole", at);
}

static size_t
put_record(uint8_t *p, const struct record *r)
{
	uint32_t i;

	record_header_encode(p, r);
	memset(p + RECORD_HEADER, 0, record_size(r->length) - RECORD_HEADER);
	for (i = 0; i < r->length; i++)
		p[RECORD_HEADER + i] = r->body == NULL ? (uint8_t)(i * 7 + 1) :
		    r->body[i];
	return record_size(r->length);
}

static size_t
put_end(uint8_t *p, uint64_t records)
{
	struct end end = { .status = END_WHOLE, .records = records };
	struct record r = { .type = RECORD_END, .time = RECORD_NO_TIME };
	uint8_t body[64];

	r.body = body;
	r.length = (uint32_t)end_encode(body, sizeof(body), &end);
	return put_record(p, &r);
}

static void
check_unknown(struct run *r)
{
	struct record x = { .time = 1 };
	size_t begin = RECORD_PREAMBLE, at = begin;
	const uint8_t *p;
	uint16_t i;

	record_preamble_encode(r->input);
	for (i = 0; i < UNKNOWN; i++) {
		x.type = (uint16_t)(FIRST_UNKNOWN + i);
		x.flags = i;
		x.stream = i % 3;
		x.offset = i - 5;
		x.length = (uint32_t)i * i * 3;
		at += put_record(r->input + at, &x);
	}
	r->length = at + put_end(r->input + at, UNKNOWN);
	run(r);
	if (r->status != 0)
		run_failed(r, "unknown records", 0);
	p = memmem(r->output, r->output_length, r->input + begin, at - begin);
	if (!r->sink && p == NULL)
		run_failed(r, "unknown records are changed or gone", 0);
	x.flags = RECORD_CRITICAL;
	at = begin + put_record(r->input + begin, &x);
	r->length = at + put_end(r->input + at, 1);
	run_damaged(r, "a critical record of unknown type", 0);
}

static void
check_cut(struct run *r)
{
	size_t whole;

	r->length = fread(r->input, 1, INPUT_MAX, stdin);
	whole = r->length;
	run(r);
	if (r->status != 0 || whole < RECORD_PREAMBLE)
		run_failed(r, "the whole input", whole);
	for (r->length = 0; r->length < whole; r->length += r->step)
		run_damaged(r, "cut", r->length);
	r->length = whole;
	memcpy(r->input + r->length, "12345678", 8);
	r->length += 8;
	run_damaged(r, "more behind the END", r->length);
}

static void
check_length(struct run *r)
{
	static const uint32_t lengths[] = {
		RECORD_BODY_MAX + 1, 1u << 24, INT32_MAX, 1u << 31, UINT32_MAX
	};
	struct record x = { .type = RECORD_DATA, .stream = 1, .time = 1 };
	size_t i, cases = 0;

	for (x.type = 1; x.type < RECORD_TYPES + 1; x.type++) {
		for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			if (cases++ % r->step != 0)
				continue;
			record_preamble_encode(r->input);
			x.length = lengths[i];
			record_header_encode(r->input + RECORD_PREAMBLE, &x);
			r->length = RECORD_PREAMBLE + RECORD_HEADER + 4096;
			memset(r->input + r->length - 4096, 'x', 4096);
			run_damaged(r, "length", x.length);
		}
	}
}

static void
check_body(struct run *r)
{
	static const uint32_t lengths[] = { 0, 1, 16, 39, 128, 256 };
	static const int fills[] = { 0x00, 0xff, 0x01 };
	uint8_t body[256];
	struct record x = { .stream = 1, .time = 1, .body = body };
	size_t i, k, at, cases = 0;

	for (x.type = 1; x.type < RECORD_END; x.type++) {
		for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			if (cases++ % r->step != 0)
				continue;
			k = (i + x.type) % 3;
			memset(body, fills[k], sizeof(body));
			x.length = lengths[i];
			x.flags = (uint16_t)(i % 2 == 0 ? 0 : RECORD_BYREF);
			record_preamble_encode(r->input);
			at = RECORD_PREAMBLE;
			at += put_record(r->input + at, &x);
			r->length = at + put_end(r->input + at, 1);
			run(r);
			if (r->status != 0 && r->status != 1)
				run_failed(r, "body of type", x.type);
		}
	}
}

static int
memory_file(void)
{
	int fd = memfd_create("standing", 0);

	if (fd == -1)
		err(2, "memfd_create");
	return fd;
}

int
main(int argc, char **argv)
{
	struct run r = { .argv = argv + 2 };
	const char *step = getenv("STEP");

	if (argc < 3)
		errx(2, "usage: standing check program [argument ...]");
	r.in = memory_file();
	r.out = memory_file();
	r.error = memory_file();
	r.sink = getenv("SINK") != NULL;
	r.step = step == NULL ? 1 : strtoul(step, NULL, 10);
	r.input = calloc(1, INPUT_MAX + 4096);
	if (r.input == NULL)
		err(2, NULL);
	if (strcmp(argv[1], "unknown") == 0)
		check_unknown(&r);
	else if (strcmp(argv[1], "cut") == 0)
		check_cut(&r);
	else if (strcmp(argv[1], "length") == 0)
		check_length(&r);
	else if (strcmp(argv[1], "body") == 0)
		check_body(&r);
	else
		errx(2, "%s: no such check", argv[1]);
	free(r.output);
	free(r.input);
	return r.failures > 0;
}
