/* SPDX-License-Identifier: ISC */
/* flow-exec: a command for each file that was stored, and word of it. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-exec/runner.h"
#include "formats/flow.h"
#include "libcommon/idmap.h"
#include "libcommon/stage.h"

enum { RULES_MAX = 16, JOBS_DEFAULT = 10 };

/* What is done about the streams of one kind. */
struct rule {
	const char	*kind;
	int		 fd;		/* told of each file, -1: none */
};

struct stored_path {
	size_t		 length;
	char		 text[];
};

struct exec {
	struct stage	*stage;
	struct rule	 rule[RULES_MAX];
	const char	*command[RULES_MAX];	/* of each rule, or NULL */
	unsigned	 rules;
	unsigned	 jobs;
	bool		 has_commands;
	bool		 runner_gone;
	struct runner	 runner;
	struct idmap	 paths;		/* stream -> struct stored_path */
};

static void
exec_add_rule(struct exec *x, const struct options *o, const char *kind)
{
	if (x->rules == RULES_MAX)
		options_usage(o, "-k: more than %d kinds", RULES_MAX);
	x->rule[x->rules].kind = kind;
	x->rule[x->rules].fd = -1;
	x->rules++;
}

static void
exec_options(struct exec *x, struct options *o, int argc, char **argv)
{
	int c;

	while ((c = options_next(o, argc, argv)) != -1) {
		if (c == 'k' || (x->rules == 0 && c != 'j'))
			exec_add_rule(x, o, c == 'k' ? optarg : "tcp");
		if (c == 'a')
			x->rule[x->rules - 1].fd = (int)options_number(o,
			    "-a", optarg, 0, 65535);
		if (c == 'c') {
			x->command[x->rules - 1] = optarg;
			x->has_commands = true;
		}
		if (c == 'j')
			x->jobs = (unsigned)options_number(o, "-j", optarg,
			    1, RUNNER_JOBS_MAX);
	}
}

/* The descriptors must be there before anything is read. */
static void
exec_check_descriptors(const struct exec *x)
{
	unsigned i;

	for (i = 0; i < x->rules; i++)
		if (x->rule[i].fd != -1 &&
		    fcntl(x->rule[i].fd, F_GETFL) == -1)
			err(2, "descriptor %d", x->rule[i].fd);
}

/* One line to a rule's descriptor; when nobody reads it, never again. */
static void
exec_tell(struct exec *x, struct rule *rule, const char *what,
    const struct stored_path *path)
{
	char *line;
	int n, at = 0;
	ssize_t done;

	n = asprintf(&line, "%s\t%.*s\n", what,
	    path == NULL ? 0 : (int)path->length,
	    path == NULL ? "" : path->text);
	if (n == -1)
		err(1, NULL);
	while (at < n && rule->fd != -1) {
		done = write(rule->fd, line + at, (size_t)(n - at));
		if (done >= 0) {
			at += (int)done;
		} else if (errno != EINTR) {
			stage_bad(x->stage, "descriptor %d: %s", rule->fd,
			    strerror(errno));
			rule->fd = -1;
		}
	}
	free(line);
}

static void
exec_stored(struct exec *x, const struct record *r)
{
	struct stored_path *p;
	struct stored s;

	if (stored_decode(&s, r) == -1) {
		stage_bad(x->stage, "malformed STORED");
		return;
	}
	if (s.path_length > RUNNER_PATH_MAX ||
	    memchr(s.path, '\0', s.path_length) != NULL) {
		stage_bad(x->stage, "STORED: not a path");
		return;
	}
	p = malloc(sizeof(*p) + s.path_length);
	if (p == NULL)
		err(1, NULL);
	p->length = s.path_length;
	memcpy(p->text, s.path, s.path_length);
	free(idmap_take(&x->paths, r->stream));
	idmap_put(&x->paths, r->stream, p);
}

static void
exec_act(struct exec *x, unsigned i, const struct stored_path *path)
{
	struct rule *rule = &x->rule[i];

	if (rule->fd != -1 && path != NULL)
		exec_tell(x, rule, "open", path);
	if (rule->fd != -1)
		exec_tell(x, rule, "close", path);
	if (path == NULL || x->command[i] == NULL || x->runner_gone)
		return;
	if (runner_run(&x->runner, i, path->text, path->length) == -1) {
		stage_bad(x->stage, "the process that starts commands is "
		    "gone");
		x->runner_gone = true;
	}
}

static void
exec_close(struct exec *x, const struct record *r)
{
	struct stored_path *path = idmap_take(&x->paths, r->stream);
	struct flow_close c;
	unsigned i;

	if (flow_close_decode(&c, r) == -1) {
		stage_bad(x->stage, "malformed CLOSE");
		free(path);
		return;
	}
	for (i = 0; i < x->rules; i++)
		if (kind_is(c.open.kind, x->rule[i].kind))
			exec_act(x, i, path);
	free(path);
}

static void
exec_forget(struct exec *x)
{
	size_t at = 0;
	void *path;

	while ((path = idmap_each(&x->paths, &at)) != NULL)
		free(path);
	idmap_free(&x->paths);
}

static void
exec_record(struct exec *x, const struct record *r)
{
	switch (r->type) {
	case RECORD_STORED:
		exec_stored(x, r);
		break;
	case RECORD_CLOSE:
		exec_close(x, r);
		break;
	case RECORD_END:
		exec_forget(x);
		stage_pass(x->stage, r);
		break;
	}
}

int
main(int argc, char **argv)
{
	struct options o = {
		.program = "flow-exec",
		.usage = "flow-exec [-hVv] [-j jobs] [--no-confine] "
		    "[-k kind] [-a fd] [-c command] ...",
		.shorts = "a:c:j:k:"
	};
	struct exec x = { .jobs = JOBS_DEFAULT };
	struct record r;
	int status, failed = 0;

	exec_options(&x, &o, argc, argv);
	if (x.rules == 0)
		options_usage(&o, "neither -a nor -c given");
	exec_check_descriptors(&x);
	if (x.has_commands)
		runner_start(&x.runner, x.command, x.jobs, &o);
	x.stage = stage_open(STAGE_SINK, &o, true);
	stage_confine(x.stage, CONFINE_PIPES, NULL);
	while (stage_next(x.stage, &r))
		exec_record(&x, &r);
	status = stage_close(x.stage);
	if (x.has_commands)
		failed = runner_end(&x.runner);
	return failed != 0 ? 1 : status;
}
