/* SPDX-License-Identifier: ISC */
/* The command line of pcap-demux. */

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "cmd/pcap-demux/settings.h"
#include "cmd/pcap-demux/unpack.h"
#include "formats/frag.h"
#include "formats/pcapfile.h"

enum {
	OPTION_BUFFER_TIMEOUT = OPTION_OWN, OPTION_BY_REFERENCE,
	OPTION_CHECKSUMS, OPTION_FRAMES, OPTION_FRAG_MEMORY,
	OPTION_FRAG_TIMEOUT, OPTION_INNER_FILTER, OPTION_NO_CHECK_FCS,
	OPTION_NO_TUNNELS, OPTION_PACKETS, OPTION_PROGRESS, OPTION_SECONDS,
	OPTION_TDELTA,
	TIMEOUT_DEFAULT = 10, TIMEOUT_MAX = 60000, /* ms */
	SNAPLEN_DEFAULT = 262144, SNAPLEN_MAX = PCAP_CAPLEN_MAX,
	BUFFER_MIN = 1 << 12, BUFFER_MAX = 1 << 30 /* bytes */
};

#define SHIFT_MAX	INT64_C(4000000000)	/* seconds */

static const char usage[] =
    "pcap-demux [-hpVv] [-B size] [-i interface] [-R capture] [-r capture]\n"
    "                  [-s snaplen] [-U user] [-w file] [-z directory]\n"
    "                  [--buffer-timeout ms] [--by-reference] [--checksums]\n"
    "                  [--frag-memory size] [--frag-timeout seconds]\n"
    "                  [--frames] [--inner-filter expression]\n"
    "                  [--no-check-fcs] [--no-confine] [--no-tunnels]\n"
    "                  [--packets number] [--progress] [--seconds number]\n"
    "                  [--tdelta seconds] [expression ...]";

static const struct option longs[] = {
	{ "buffer-timeout", required_argument, NULL, OPTION_BUFFER_TIMEOUT },
	{ "by-reference", no_argument, NULL, OPTION_BY_REFERENCE },
	{ "checksums", no_argument, NULL, OPTION_CHECKSUMS },
	{ "frag-memory", required_argument, NULL, OPTION_FRAG_MEMORY },
	{ "frag-timeout", required_argument, NULL, OPTION_FRAG_TIMEOUT },
	{ "frames", no_argument, NULL, OPTION_FRAMES },
	{ "inner-filter", required_argument, NULL, OPTION_INNER_FILTER },
	{ "no-check-fcs", no_argument, NULL, OPTION_NO_CHECK_FCS },
	{ "no-tunnels", no_argument, NULL, OPTION_NO_TUNNELS },
	{ "packets", required_argument, NULL, OPTION_PACKETS },
	{ "progress", no_argument, NULL, OPTION_PROGRESS },
	{ "seconds", required_argument, NULL, OPTION_SECONDS },
	{ "tdelta", required_argument, NULL, OPTION_TDELTA },
	{ NULL, 0, NULL, 0 }
};

static void
add_input(struct settings *set, const char *path, bool no_new)
{
	struct setting_input *grown;

	grown = realloc(set->input, (set->inputs + 1) * sizeof(*grown));
	if (grown == NULL)
		err(1, NULL);
	set->input = grown;
	grown[set->inputs].path = path;
	grown[set->inputs++].no_new = no_new;
}

/* A number of seconds, with a sign and up to nine decimals: ns. */
static int64_t
seconds_shift(const struct options *o, const char *arg)
{
	const char *p = arg + (*arg == '-' || *arg == '+');
	int64_t whole = 0, rest = 0, scale = 1000000000;
	bool some = false;

	for (; *p >= '0' && *p <= '9' && whole <= SHIFT_MAX; p++) {
		whole = whole * 10 + (*p - '0');
		some = true;
	}
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++) {
			scale /= 10;
			rest += (*p - '0') * scale;
			some = true;
		}
	}
	if (!some || *p != '\0' || whole > SHIFT_MAX)
		options_usage(o, "--tdelta: %s: not a number of seconds",
		    arg);
	whole = whole * 1000000000 + rest;
	return *arg == '-' ? -whole : whole;
}

static void
read_long(struct settings *set, const struct options *o, int option)
{
	switch (option) {
	case OPTION_BUFFER_TIMEOUT:
		set->timeout = (int)options_number(o, "--buffer-timeout",
		    optarg, 1, TIMEOUT_MAX);
		break;
	case OPTION_BY_REFERENCE:
		set->by_reference = true;
		break;
	case OPTION_CHECKSUMS:
		set->checksums = true;
		break;
	case OPTION_FRAMES:
		set->frames = true;
		break;
	case OPTION_FRAG_MEMORY:
		set->frag_memory = options_size(o, "--frag-memory", optarg,
		    FRAG_MEMORY_MIN, SIZE_MAX / 2);
		break;
	case OPTION_FRAG_TIMEOUT:
		set->frag_seconds = options_number(o, "--frag-timeout",
		    optarg, 1, 86400);
		break;
	case OPTION_INNER_FILTER:
		set->inner_filter = optarg;
		break;
	case OPTION_NO_CHECK_FCS:
		set->no_check_fcs = true;
		break;
	case OPTION_NO_TUNNELS:
		set->no_tunnels = true;
		break;
	case OPTION_PACKETS:
		set->packets = options_number(o, "--packets", optarg, 1,
		    INT64_MAX);
		break;
	case OPTION_PROGRESS:
		set->progress = true;
		break;
	case OPTION_SECONDS:
		set->seconds = options_number(o, "--seconds", optarg, 1,
		    UINT32_MAX);
		break;
	case OPTION_TDELTA:
		set->tdelta = seconds_shift(o, optarg);
		break;
	}
}

static void
read_short(struct settings *set, struct options *o, int option)
{
	switch (option) {
	case 'B':
		set->buffer = (uint32_t)options_size(o, "-B", optarg,
		    BUFFER_MIN, BUFFER_MAX);
		break;
	case 'i':
		set->interface = optarg;
		break;
	case 'p':
		set->no_promiscuous = true;
		break;
	case 'R':
	case 'r':
		add_input(set, optarg, option == 'R');
		break;
	case 's':
		set->snaplen = (uint32_t)options_number(o, "-s", optarg, 1,
		    SNAPLEN_MAX);
		break;
	case 'U':
		o->user = optarg;
		break;
	case 'w':
		set->save = optarg;
		break;
	case 'z':
		o->chroot = optarg;
		break;
	default:
		read_long(set, o, option);
	}
}

/* The libraries that are linked in, for -V and META. */
static void
name_libraries(struct library *l)
{
	const char *pcap = pcap_lib_version();

	/* "libpcap version 1.10.3 (...)": what follows the name. */
	if (strncmp(pcap, "libpcap version ", 16) == 0)
		pcap += 16;
	*l++ = (struct library){ "libpcap", pcap };
	*l++ = (struct library){ "zlib", zlibVersion() };
#ifdef HAVE_ZSTD
	*l++ = (struct library){ "zstd", ZSTD_versionString() };
#endif
	*l = (struct library){ NULL, NULL };
}

/*
 * The first bytes of a file that can be read twice; the number of them.  A
 * FIFO cannot: whoever writes to it would be killed when we close it.
 */
static size_t
first_bytes(const char *path, uint8_t *buf, size_t size)
{
	struct stat st;
	ssize_t n;
	int fd;

	if (strcmp(path, "-") == 0 || stat(path, &st) == -1 ||
	    !S_ISREG(st.st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = pread(fd, buf, size, 0);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

/* As pcap: link type and resolution of a file; -1 when it is none. */
static int
plain_pcap(const char *path, struct pcap_format *f)
{
	uint8_t h[PCAP_FILE_HEADER];

	if (first_bytes(path, h, sizeof(h)) < sizeof(h))
		return -1;
	return pcap_header_decode(f, h);
}

/* -w must not write over what is to be read. */
static void
check_save(const struct settings *set, const struct options *o)
{
	struct stat save, st;
	size_t i;

	if (set->save == NULL || stat(set->save, &save) == -1 ||
	    !S_ISREG(save.st_mode))
		return;
	for (i = 0; i < set->inputs; i++) {
		const char *path = set->input[i].path;
		int status = strcmp(path, "-") == 0 ?
		    fstat(STDIN_FILENO, &st) : stat(path, &st);

		if (status == 0 && st.st_dev == save.st_dev &&
		    st.st_ino == save.st_ino)
			options_usage(o, "-w: %s is a capture to be read",
			    set->save);
	}
}

void
settings_read(struct settings *set, struct options *o, int argc, char **argv)
{
	int option;

	memset(o, 0, sizeof(*o));
	o->program = "pcap-demux";
	o->usage = usage;
	o->shorts = "B:i:pR:r:s:U:w:z:";
	o->longs = longs;
	o->takes_operands = true;
	name_libraries(set->library);
	o->libraries = set->library;
	set->snaplen = SNAPLEN_DEFAULT;
	set->timeout = TIMEOUT_DEFAULT;
	set->frag_memory = FRAG_MEMORY;
	set->frag_seconds = FRAG_SECONDS;
	while ((option = options_next(o, argc, argv)) != -1)
		read_short(set, o, option);
	if (set->interface != NULL && set->inputs > 0)
		options_usage(o, "-i and -r exclude each other");
	check_save(set, o);
}

void
settings_free(struct settings *set)
{
	free(set->input);
	set->input = NULL;
}

bool
settings_format(const struct settings *set, struct pcap_format *f)
{
	return set->inputs > 0 && plain_pcap(set->input[0].path, f) == 0;
}

bool
settings_differ(const struct settings *set)
{
	struct pcap_format first, other;
	size_t i;

	if (set->inputs <= 1)
		return set->inputs == 1 && plain_pcap(set->input[0].path,
		    &first) == -1;
	if (plain_pcap(set->input[0].path, &first) == -1)
		return true;
	for (i = 1; i < set->inputs; i++)
		if (plain_pcap(set->input[i].path, &other) == -1 ||
		    other.link_type != first.link_type ||
		    other.fcs_length != first.fcs_length ||
		    other.nano != first.nano)
			return true;
	return false;
}

size_t
settings_programs(const struct settings *set)
{
	uint8_t h[UNPACK_MAGIC];
	size_t i, n;

	for (i = set->inputs; i > 0; i--) {
		n = first_bytes(set->input[i - 1].path, h, sizeof(h));
		if (n == 0 || unpack_needs_program(unpack_recognise(h, n)))
			break;
	}
	return i;
}
