/* SPDX-License-Identifier: ISC */
/* Files that are being written: names, descriptors, times. */
#include <sys/resource.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/flow-store/archive.h"
#include "cmd/flow-store/file.h"
#include "cmd/flow-store/held.h"
#include "cmd/flow-store/pack.h"

enum {
	FILE_DESCRIPTORS = 32,		/* kept for everything else */
	FILE_PACK_MAX = 512,		/* longer patterns are not packed */
	FILE_PACK_FROM = 10000		/* nor are they when streams are few */
};

_Static_assert((size_t)FILE_PACK_MAX * PACK_GROWTH <=
    sizeof(((struct store *)NULL)->unpacked), "room for a pattern");

/* The path as text for people: no control characters. */
static const char *
path_shown(struct store *s, const struct file *f)
{
	char *p;

	file_path(s, f);
	for (p = s->path; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return s->path;
}

static void
slot_unlink(struct slots *s, int32_t i)
{
	struct slot *p = &s->slot[i];

	if (p->older != -1)
		s->slot[p->older].newer = p->newer;
	else
		s->oldest = p->newer;
	if (p->newer != -1)
		s->slot[p->newer].older = p->older;
	else
		s->newest = p->older;
}

static void
slot_link(struct slots *s, int32_t i)
{
	struct slot *p = &s->slot[i];

	p->older = s->newest;
	p->newer = -1;
	if (s->newest != -1)
		s->slot[s->newest].newer = i;
	else
		s->oldest = i;
	s->newest = i;
}

/* Both times to that of the first packet. */
static int
set_times(int fd, int64_t time)
{
	struct timespec t[2];

	if (time == RECORD_NO_TIME)
		return 0;
	t[0].tv_sec = (time_t)(time / 1000000000);
	t[0].tv_nsec = (long)(time % 1000000000);
	if (t[0].tv_nsec < 0) {
		t[0].tv_nsec += 1000000000;
		t[0].tv_sec--;
	}
	t[1] = t[0];
	return futimens(fd, t);
}

/* Room for one more open file. */
static void
slots_room(struct store *s)
{
	struct slots *t = &s->slots;

	while (t->open >= t->max && t->oldest != -1)
		(void)file_close(s, t->slot[t->oldest].file);
}

static void
slot_take(struct slots *s, struct file *f, int fd)
{
	int32_t i = s->free;

	if (i != -1)
		s->free = s->slot[i].newer;
	else
		i = s->used++;
	s->slot[i].file = f;
	s->slot[i].fd = fd;
	slot_link(s, i);
	f->slot = i;
	if (++s->open > s->most)
		s->most = s->open;
}

/* Out of descriptors after all: give up one of ours and try again. */
static bool
slots_short(struct store *s)
{
	if ((errno != EMFILE && errno != ENFILE) || s->slots.oldest == -1)
		return false;
	(void)file_close(s, s->slots.slot[s->slots.oldest].file);
	return true;
}

/* Try one counter: the file's descriptor, for an unstored one 0; or -1. */
static int
settle_try(struct store *s, const struct file *f)
{
	int fd;

	if (file_path(s, f) == NAMES_TOO_LONG) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (s->archive != NULL)
		return archive_take(s);
	if ((f->flags & FILE_UNSTORED) != 0)
		return tree_free(&s->tree, s->path);
	do
		fd = tree_create(&s->tree, s->path);
	while (fd == -1 && slots_short(s));
	return fd;
}

/* Is a failed try a reason to count on? */
static bool
is_taken(const struct file *f)
{
	return errno == EEXIST || (errno == EISDIR && f->count == 0);
}

/* A file that is there, or a temporary one that is not yet. */
static int
open_again(struct store *s, struct file *f)
{
	if ((f->flags & FILE_MADE) == 0)
		return archive_spill(s, f);
	file_disk_path(s, f);
	return tree_reopen(&s->tree, s->path);
}

struct file *
file_new(const struct store *s, const char *pattern, size_t length,
    int64_t time)
{
	char packed[FILE_PACK_MAX];
	size_t n = length > sizeof(packed) ||
	    s->streams.used < FILE_PACK_FROM ? 0 :
	    pack_encode(packed, pattern, length);
	struct file *f = malloc(offsetof(struct file, pattern) +
	    (n > 0 ? n : length));

	if (f == NULL)
		err(1, NULL);
	memset(f, 0, offsetof(struct file, pattern));
	f->time = time;
	f->slot = -1;
	f->length = (uint16_t)(n > 0 ? n : length);
	if (n > 0)
		f->flags = FILE_PACKED;
	memcpy(f->pattern, n > 0 ? packed : pattern, f->length);
	return f;
}

const char *
file_pattern(struct store *s, const struct file *f, size_t *length)
{
	*length = f->length;
	if ((f->flags & FILE_PACKED) == 0)
		return f->pattern;
	*length = pack_decode(s->unpacked, f->pattern, f->length);
	return s->unpacked;
}

void
file_slots_init(struct slots *s, uint64_t max, size_t reserve)
{
	struct rlimit limit;
	uint64_t system = FILE_DESCRIPTORS;

	reserve += FILE_DESCRIPTORS;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		system = limit.rlim_cur > INT32_MAX ? INT32_MAX :
		    limit.rlim_cur;
	system = system > reserve ? system - reserve : 1;
	s->max = (int32_t)(max < system ? max : system);
	s->slot = calloc((size_t)s->max, sizeof(*s->slot));
	if (s->slot == NULL)
		err(1, NULL);
	s->free = s->oldest = s->newest = -1;
}

void
file_fail(struct store *s, struct file *f, int error)
{
	if ((f->flags & FILE_FAILED) != 0)
		return;
	f->flags |= FILE_FAILED;
	s->failed++;
	stage_bad(s->stage, "%s/%s: %s", s->tar != NULL ? s->tar :
	    s->tree.dir, path_shown(s, f), strerror(error));
}

size_t
file_path(struct store *s, const struct file *f)
{
	size_t length;
	const char *pattern = file_pattern(s, f, &length);

	return names_path(s->path, pattern, length, f->count);
}

size_t
file_disk_path(struct store *s, const struct file *f)
{
	if (s->archive == NULL)
		return file_path(s, f);
	return (size_t)snprintf(s->path, sizeof(s->path),
	    "flow-store-%ld-%u", (long)getpid(), f->spill);
}

int
file_close(struct store *s, struct file *f)
{
	int32_t i = f->slot;
	int error = 0;

	if (i == -1)
		return 0;
	slot_unlink(&s->slots, i);
	if (set_times(s->slots.slot[i].fd, f->time) == -1)
		error = errno;
	if (close(s->slots.slot[i].fd) == -1 && errno != EINTR)
		error = errno;
	s->slots.slot[i].file = NULL;
	s->slots.slot[i].newer = s->slots.free;
	s->slots.free = i;
	s->slots.open--;
	f->slot = -1;
	if (error == 0)
		return 0;
	file_fail(s, f, error);
	return -1;
}

int
file_replace(struct store *s, struct file *f, int fd)
{
	struct slot *p = &s->slots.slot[f->slot];
	int old = p->fd;

	p->fd = fd;
	if (close(old) == 0 || errno == EINTR)
		return 0;
	file_fail(s, f, errno);
	return -1;
}

int
file_settle(struct store *s, struct file *f)
{
	int fd;

	if ((f->flags & FILE_FAILED) != 0)
		return -1;
	if ((f->flags & FILE_SETTLED) != 0)
		return 0;
	if ((f->flags & FILE_UNSTORED) == 0 && s->archive == NULL)
		slots_room(s);
	f->count = names_first(&s->names, f->pattern, f->length);
	while ((fd = settle_try(s, f)) == -1 && is_taken(f) &&
	    f->count < UINT32_MAX)
		f->count++;
	if (fd == -1) {
		file_fail(s, f, errno);
		return -1;
	}
	if (f->count > 0 || (f->flags & FILE_UNSTORED) != 0)
		names_took(&s->names, f->pattern, f->length, f->count);
	f->flags |= FILE_SETTLED;
	if ((f->flags & FILE_UNSTORED) != 0 || s->archive != NULL)
		return 0;
	f->flags |= FILE_MADE;
	s->files++;
	slot_take(&s->slots, f, fd);
	return 0;
}

int
file_finish(struct store *s, struct file *f)
{
	int status;

	if (s->archive != NULL)
		return archive_member(s, f);
	status = held_flush(s, f);
	return file_close(s, f) == -1 ? -1 : status;
}

int
file_open(struct store *s, struct file *f)
{
	int fd;

	if ((f->flags & (FILE_FAILED | FILE_UNSTORED)) != 0)
		return -1;
	if ((f->flags & FILE_SETTLED) == 0 && file_settle(s, f) == -1)
		return -1;
	if (f->slot != -1) {
		slot_unlink(&s->slots, f->slot);
		slot_link(&s->slots, f->slot);
		return s->slots.slot[f->slot].fd;
	}
	slots_room(s);
	do
		fd = open_again(s, f);
	while (fd == -1 && slots_short(s));
	if (fd == -1) {
		file_fail(s, f, errno);
		return -1;
	}
	f->flags |= FILE_MADE;
	slot_take(&s->slots, f, fd);
	return fd;
}
