/* SPDX-License-Identifier: ISC */
/* --tar: members of one archive. */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/archive.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/gather.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/ranges.h"
#include "cmd/flow-store/taken.h"
#include "formats/tar.h"

enum { ARCHIVE_CHUNK = 65536, ARCHIVE_RECORD = 10240 };

struct archive {
	struct gather	 out;
	uint32_t	 spills;	/* temporary files so far */
	struct taken	 taken;		/* names of members */
	struct spool	 spool;		/* fd -1: not needed yet */
	uint32_t	 mode, uid, gid; /* of every member */
	struct ranges	 ranges;	/* of data in one member */
	uint8_t		 header[TAR_HEADER_MAX];
};

/* A new file; something that is there is written to unless it is a file. */
static int
open_output(const char *path)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd != -1 || errno != EEXIST)
		return fd;
	if (stat(path, &st) == -1 || S_ISREG(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	return open(path, O_WRONLY | O_CLOEXEC);
}

/*
 * The member's name: the path without slashes in front.  NULL with errno
 * when it names no file, or one outside.
 */
static const char *
member_name(const char *path)
{
	const char *p, *name;
	size_t n;

	for (name = path; *name == '/'; name++)
		;
	for (p = name;; p += n + 1) {
		n = strcspn(p, "/");
		if (n == 2 && memcmp(p, "..", 2) == 0) {
			errno = EACCES;
			return NULL;
		}
		if (p[n] == '\0')
			break;
	}
	if (n == 0 || (n == 1 && *p == '.')) {
		errno = EISDIR;
		return NULL;
	}
	return name;
}

/* Headers, and the map when there are holes. */
static int
put_header(struct store *s, struct file *f, uint64_t *stored)
{
	struct archive *a = s->archive;
	size_t length = file_path(s, f), n, i;
	const char *name = member_name(s->path);
	struct tar_member m = { .size = f->size, .time = f->time,
	    .mode = a->mode, .uid = a->uid, .gid = a->gid };
	char text[TAR_RANGE_MAX];
	uint64_t map, data = 0;

	m.path = name;
	m.path_length = length - (size_t)(name - s->path);
	map = tar_map_count(text, a->ranges.n);
	for (i = 0; i < a->ranges.n; i++) {
		map += tar_map_range(text, a->ranges.at[i].offset,
		    a->ranges.at[i].length);
		data += a->ranges.at[i].length;
	}
	m.sparse = data < f->size;
	m.stored = data + (m.sparse ? map + tar_padding(map) : 0);
	*stored = m.stored;
	n = tar_header(a->header, &m);
	if (n == 0) {
		file_fail(s, f, ENAMETOOLONG);
		return -1;
	}
	gather_bytes(&a->out, a->header, n);
	if (!m.sparse)
		return 0;
	gather_bytes(&a->out, text, tar_map_count(text, a->ranges.n));
	for (i = 0; i < a->ranges.n; i++)
		gather_bytes(&a->out, text, tar_map_range(text,
		    a->ranges.at[i].offset, a->ranges.at[i].length));
	gather_zeros(&a->out, tar_padding(map));
	return 0;
}

/* The runs, and zeros for what their blocks have beside them. */
static void
put_held(struct archive *a, const struct held *h)
{
	const struct range *r = a->ranges.at;
	uint64_t end = a->ranges.n > 0 ? r->offset : 0;
	const struct piece *p;
	struct reference ref;
	uint32_t at = 0;

	while (h != NULL && (p = held_next(h, &at)) != NULL) {
		for (; (uint64_t)p->offset >= r->offset + r->length;
		    end = r->offset) {
			gather_zeros(&a->out, r->offset + r->length - end);
			r++;
		}
		gather_zeros(&a->out, (uint64_t)p->offset - end);
		end = (uint64_t)p->offset + p->length;
		ref.offset = p->where;
		ref.source = p->source;
		ref.length = p->length;
		if (p->where == PIECE_HERE)
			gather_bytes(&a->out, p + 1, p->length);
		else
			gather_reference(&a->out, &ref);
	}
	if (a->ranges.n > 0)
		gather_zeros(&a->out, r->offset + r->length - end);
}

/* The data of a temporary file; zeros for what cannot be read, said. */
static void
put_file(struct store *s, struct file *f, int fd)
{
	struct archive *a = s->archive;
	uint8_t buf[ARCHIVE_CHUNK];
	uint64_t at, end;
	size_t want, i;
	ssize_t n;

	for (i = 0; i < a->ranges.n; i++) {
		at = a->ranges.at[i].offset;
		end = at + a->ranges.at[i].length;
		for (; at < end; at += (uint64_t)n) {
			want = end - at < sizeof(buf) ? (size_t)(end - at) :
			    sizeof(buf);
			do
				n = pread(fd, buf, want, (off_t)at);
			while (n == -1 && errno == EINTR);
			if (n <= 0) {
				file_fail(s, f, n == 0 ? EIO : errno);
				memset(buf, 0, want);
				n = (ssize_t)want;
			}
			gather_bytes(&a->out, buf, (size_t)n);
		}
	}
}

/* All that was held goes to the temporary file; then that is the source. */
static int
member_spilled(struct store *s, struct file *f, const struct held *h,
    uint64_t *stored)
{
	int fd;

	if (h != NULL && held_write(s, f, h, f->extra == NULL ? 0 :
	    f->extra->shift) == -1)
		return -1;
	fd = file_open(s, f);
	if (fd == -1)
		return -1;
	ranges_file(&s->archive->ranges, fd, f->size);
	if (put_header(s, f, stored) == -1)
		return -1;
	put_file(s, f, fd);
	return 0;
}

static int
member_held(struct store *s, struct file *f, const struct held *h,
    uint64_t *stored)
{
	struct archive *a = s->archive;

	if (put_header(s, f, stored) == -1)
		return -1;
	put_held(a, h);
	s->bytes += *stored;
	return 0;
}

/* The spool is a temporary file that has no name any more. */
static int
spool_begin(struct store *s, struct file *f)
{
	struct spool *spool = &s->archive->spool;

	spool->fd = archive_spill(s, f);
	if (spool->fd == -1)
		return -1;
	(void)tree_unlink(&s->tree, s->path);
	return 0;
}

int
archive_open(struct store *s, const char *path)
{
	bool out = strcmp(path, "-") == 0;
	int fd = out ? STDOUT_FILENO : open_output(path);
	struct archive *a;
	mode_t mask;

	if (fd == -1)
		return -1;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		err(1, NULL);
	gather_init(&a->out, s->stage, fd, out ? "standard output" : path);
	mask = umask(0);
	umask(mask);
	a->mode = 0666 & ~mask;
	a->uid = getuid();
	a->gid = getgid();
	a->spool.fd = -1;
	s->archive = a;
	return 0;
}

const char *
archive_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir != '\0' ? dir : "/tmp";
}

int
archive_take(struct store *s)
{
	const char *name = member_name(s->path);

	if (name == NULL)
		return -1;
	if (taken_add(&s->archive->taken, name))
		return 0;
	errno = EEXIST;
	return -1;
}

int
archive_spill(struct store *s, struct file *f)
{
	int fd;

	do {
		f->spill = s->archive->spills++;
		file_disk_path(s, f);
		fd = tree_create(&s->tree, s->path);
	} while (fd == -1 && errno == EEXIST);
	return fd;
}

bool
archive_may_wait(const struct file *f)
{
	return (f->flags & (FILE_MADE | FILE_FAILED)) == 0 &&
	    f->held->used <= STORE_SPOOLED &&
	    ((f->flags & FILE_SPOOLED) == 0 || f->chain.used < STORE_SPOOLED);
}

void
archive_put_aside(struct store *s, struct file *f, const void *bytes,
    uint32_t n)
{
	struct spool *spool = &s->archive->spool;

	if ((f->flags & FILE_SPOOLED) == 0)
		memset(&f->chain, 0, sizeof(f->chain));
	f->flags |= FILE_SPOOLED;
	if ((spool->fd == -1 && spool_begin(s, f) == -1) ||
	    spool_put(spool, &f->chain, bytes, n) == -1)
		file_fail(s, f, errno);
}

int
archive_take_back(struct store *s, struct file *f, void *bytes)
{
	int status = spool_get(&s->archive->spool, &f->chain, bytes);

	if (status == -1)
		file_fail(s, f, errno);
	archive_forget(s, f);
	return status;
}

void
archive_forget(struct store *s, struct file *f)
{
	spool_drop(&s->archive->spool, &f->chain);
	f->flags &= (uint16_t)~FILE_SPOOLED;
	f->first_length = 0;
}

int
archive_member(struct store *s, struct file *f)
{
	bool spilled = (f->flags & FILE_MADE) != 0;
	struct held *h = held_detach(s, f);
	uint64_t stored = 0, size;
	int status = -1;

	if (h == NULL && !spilled && (f->flags & FILE_WANTED) == 0)
		return 0;
	if (file_settle(s, f) == 0) {
		if (!spilled && ranges_held(&s->archive->ranges, h, &size)) {
			f->size = size;
			status = member_held(s, f, h, &stored);
		} else {
			status = member_spilled(s, f, h, &stored);
		}
	}
	gather_zeros(&s->archive->out, tar_padding(stored));
	if (h != NULL)
		held_release(s, h);
	if ((f->flags & FILE_MADE) != 0) {
		(void)file_close(s, f);
		file_disk_path(s, f);
		(void)tree_unlink(&s->tree, s->path);
	}
	if (status == 0) {
		f->flags |= FILE_MADE;
		s->files++;
	}
	return status;
}

int
archive_flush(struct store *s)
{
	return gather_flush(&s->archive->out);
}

int
archive_close(struct store *s)
{
	struct archive *a = s->archive;
	struct gather *out = &a->out;
	int status;

	gather_zeros(out, TAR_END);
	gather_zeros(out, (size_t)(ARCHIVE_RECORD -
	    out->total % ARCHIVE_RECORD) % ARCHIVE_RECORD);
	status = gather_close(out);
	taken_free(&a->taken);
	ranges_free(&a->ranges);
	if (a->spool.fd != -1)
		spool_free(&a->spool);
	free(a);
	s->archive = NULL;
	return status;
}
