/* SPDX-License-Identifier: ISC */
/* flow-run: run one pipeline that is given as words. */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/flow-run/pipeline.h"
#include "libcommon/privilege.h"

/*
 * A closed descriptor 0, 1 or 2 must not become one end of a pipe.  What a
 * stage reads or writes there fails.
 */
static void
run_descriptors(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", flags[fd]) == -1)
			err(1, "/dev/null");
}

/*
 * What every stage is to give up is tried out by a child, so that it is said
 * once, before anything is started, if that cannot be.
 */
static void
run_try_privileges(const struct options *o)
{
	char error[512];
	int status = 0;
	pid_t child;

	if (o->user == NULL && o->chroot == NULL)
		return;
	child = fork();
	if (child == -1)
		err(1, "fork");
	if (child == 0) {
		if (privilege_drop(o->user, o->chroot, error,
		    sizeof(error)) == -1)
			errx(1, "%s", error);
		_exit(0);
	}
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		;
	if (status != 0)
		exit(1);
}

int
main(int argc, char **argv)
{
	struct options o = {
		.program = "flow-run",
		.usage = "flow-run [-hVv] program [argument ...] "
		    "['|' program [argument ...]] ...",
		.shorts = "+",
		.takes_operands = true
	};
	struct pipeline p = { 0 };
	char error[512];
	int status;

	run_descriptors();
	if (options_next(&o, argc, argv) != -1)
		options_usage(&o, "unknown option");
	run_try_privileges(&o);
	pipeline_init(&p, &o);
	pipeline_block();
	pipeline_start(&p);
	if (privilege_drop(o.user, o.chroot, error, sizeof(error)) == -1)
		warnx("%s", error);
	pipeline_wait(&p);
	status = pipeline_status(&p);
	pipeline_free(&p);
	options_free(&o);
	if (status < 0) {
		signal(-status, SIG_DFL);
		raise(-status);
		return 1;
	}
	return status;
}
