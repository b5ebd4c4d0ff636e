/* SPDX-License-Identifier: ISC */
/* flow-run: run one pipeline that is given as words. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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
	if (o.user != NULL &&
	    privilege_check(o.user, error, sizeof(error)) == -1)
		errx(1, "%s", error);
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
