/* SPDX-License-Identifier: ISC */
/*
 * seccomp(2) filters and Landlock rules.  A call that is not in the list
 * fails with EPERM rather than killing: a C library that tries a newer call
 * falls back, and what an intruder wants is denied all the same.
 */
#include "libcommon/confine.h"

#if defined(__SANITIZE_ADDRESS__)
#define CONFINE_OFF "a sanitizer build"
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define CONFINE_OFF "a sanitizer build"
#endif
#endif
#if !defined(CONFINE_OFF) && \
    (!defined(__linux__) || (!defined(__x86_64__) && !defined(__aarch64__)))
#define CONFINE_OFF "no seccomp on this system"
#endif

#ifdef CONFINE_OFF

const char *
confine(enum confine_level level, const char *dir)
{
	(void)level;
	(void)dir;
	return CONFINE_OFF;
}

#else

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#ifdef __x86_64__
#define CONFINE_ARCH AUDIT_ARCH_X86_64
#else
#define CONFINE_ARCH AUDIT_ARCH_AARCH64
#endif

enum { CONFINE_FILTER_MAX = 200 };

/* What every level may do: use what is open, memory, time, signals, end. */
static const int calls_pipes[] = {
	__NR_read, __NR_write, __NR_readv, __NR_writev, __NR_pread64,
	__NR_preadv, __NR_close, __NR_fstat, __NR_newfstatat, __NR_lseek,
	__NR_munmap, __NR_brk, __NR_mremap, __NR_madvise, __NR_fcntl,
	__NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn,
	__NR_sigaltstack, __NR_restart_syscall, __NR_ppoll, __NR_pselect6,
	__NR_clock_gettime, __NR_clock_nanosleep, __NR_nanosleep,
	__NR_gettimeofday, __NR_getrusage, __NR_getrandom, __NR_futex,
	__NR_getpid, __NR_gettid, __NR_tgkill, __NR_getuid, __NR_uname,
	__NR_tkill,	/* raise(3) of musl */
	__NR_exit, __NR_exit_group, __NR_sched_yield, __NR_fadvise64,
	__NR_fsync, __NR_fdatasync, __NR_sched_getaffinity, __NR_flock,
#ifdef __NR_poll
	__NR_poll, __NR_select, __NR_time,
#endif
#ifdef __NR_rseq
	__NR_rseq,
#endif
};

/* Files below a directory (Landlock says which). */
static const int calls_directory[] = {
	__NR_openat, __NR_mkdirat, __NR_unlinkat, __NR_renameat2,
	__NR_pwrite64, __NR_pwritev, __NR_ftruncate, __NR_fallocate,
	__NR_utimensat, __NR_fchmod, __NR_umask, __NR_getdents64,
	__NR_statx, __NR_copy_file_range, __NR_sendfile, __NR_splice,
	__NR_faccessat, __NR_fstatfs, __NR_dup,
#ifdef __NR_renameat
	__NR_renameat,
#endif
#ifdef __NR_open
	__NR_open, __NR_mkdir, __NR_unlink, __NR_rename, __NR_stat,
	__NR_lstat,
#endif
};

/* Files, and the ends of decompressors that are running. */
static const int calls_open[] = {
	__NR_openat, __NR_statx, __NR_getdents64, __NR_dup, __NR_wait4,
#ifdef __NR_open
	__NR_open, __NR_stat, __NR_lstat,
#endif
};

/* A capture's socket, already open: frames, counters, its ring. */
static const int calls_packets[] = {
	__NR_recvfrom, __NR_recvmsg, __NR_getsockopt, __NR_setsockopt,
#ifdef __NR_recvmmsg
	__NR_recvmmsg,
#endif
};

struct filter {
	struct sock_filter	code[CONFINE_FILTER_MAX];
	unsigned short		n;
};

static void
filter_add(struct filter *f, uint16_t code, uint32_t k, uint8_t yes,
    uint8_t no)
{
	struct sock_filter *i = &f->code[f->n++];

	i->code = code;
	i->k = k;
	i->jt = yes;
	i->jf = no;
}

static void
filter_load(struct filter *f, size_t offset)
{
	filter_add(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void
filter_return(struct filter *f, uint32_t what)
{
	filter_add(f, BPF_RET | BPF_K, what, 0, 0);
}

static void
filter_calls(struct filter *f, const int *calls, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i],
		    0, 1);
		filter_return(f, SECCOMP_RET_ALLOW);
	}
}

/* mmap and mprotect, but never for code. */
static void
filter_memory(struct filter *f, int call)
{
	filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
	filter_load(f, offsetof(struct seccomp_data, args[2]));
	filter_add(f, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
	filter_return(f, SECCOMP_RET_ERRNO | EPERM);
	filter_return(f, SECCOMP_RET_ALLOW);
}

/* ioctl, but only to ask a terminal what it is. */
static void
filter_ioctl(struct filter *f)
{
	filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, __NR_ioctl, 0, 5);
	filter_load(f, offsetof(struct seccomp_data, args[1]));
	filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, TCGETS, 1, 0);
	filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, TIOCGWINSZ, 0, 1);
	filter_return(f, SECCOMP_RET_ALLOW);
	filter_return(f, SECCOMP_RET_ERRNO | EPERM);
}

#define CALLS(f, list)	\
	filter_calls((f), (list), sizeof(list) / sizeof((list)[0]))

static void
filter_build(struct filter *f, enum confine_level level)
{
	filter_load(f, offsetof(struct seccomp_data, arch));
	filter_add(f, BPF_JMP | BPF_JEQ | BPF_K, CONFINE_ARCH, 1, 0);
	filter_return(f, SECCOMP_RET_KILL_PROCESS);
	filter_load(f, offsetof(struct seccomp_data, nr));
	CALLS(f, calls_pipes);
	filter_memory(f, __NR_mmap);
	filter_memory(f, __NR_mprotect);
	filter_ioctl(f);
	if (level == CONFINE_DIRECTORY)
		CALLS(f, calls_directory);
	if (level == CONFINE_READ || level == CONFINE_OPEN ||
	    level == CONFINE_PACKETS)
		CALLS(f, calls_open);
	if (level == CONFINE_PACKETS)
		CALLS(f, calls_packets);
	filter_return(f, SECCOMP_RET_ERRNO | EPERM);
}

/*
 * Landlock, landlock(7): the numbers and structs of its ABI, since headers
 * of C libraries and older kernels lack them.
 */
enum {
	LANDLOCK_CREATE_RULESET = 444,
	LANDLOCK_ADD_RULE = 445,
	LANDLOCK_RESTRICT_SELF = 446,
	LANDLOCK_VERSION_FLAG = 1,
	LANDLOCK_PATH_BENEATH = 1,
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_ABI1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,		/* ABI 2 */
	FS_TRUNCATE = 1 << 14		/* ABI 3 */
};

struct landlock_ruleset {
	uint64_t	 handled;
};

struct landlock_beneath {
	uint64_t	 allowed;
	int32_t		 fd;
} __attribute__((packed));

static int
landlock_allow(int rules, const char *dir, uint64_t what)
{
	struct landlock_beneath rule = { .allowed = what };
	long r;

	rule.fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rule.fd == -1)
		return -1;
	r = syscall(LANDLOCK_ADD_RULE, rules, LANDLOCK_PATH_BENEATH, &rule,
	    0);
	close(rule.fd);
	return (int)r;
}

static const char *
landlock_directory(enum confine_level level, const char *dir)
{
	struct landlock_ruleset set = { .handled = FS_ABI1 };
	uint64_t below = FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR |
	    FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG;
	uint64_t anywhere = FS_READ_FILE | FS_READ_DIR;
	long abi = syscall(LANDLOCK_CREATE_RULESET, NULL, 0,
	    LANDLOCK_VERSION_FLAG);
	int rules, r = 0;

	if (abi < 1)
		return "no Landlock in this kernel";
	if (abi >= 2) {
		set.handled |= FS_REFER;
		below |= FS_REFER;
	}
	if (abi >= 3) {
		set.handled |= FS_TRUNCATE;
		below |= FS_TRUNCATE;
	}
	rules = (int)syscall(LANDLOCK_CREATE_RULESET, &set, sizeof(set), 0);
	if (rules == -1)
		return "Landlock refuses a rule set";
	if (dir != NULL)
		r = landlock_allow(rules, dir, level == CONFINE_READ ?
		    anywhere : below);
	if (r == 0 && level != CONFINE_DIRECTORY && level != CONFINE_READ)
		r = landlock_allow(rules, "/", anywhere);
	if (r == 0)
		r = (int)syscall(LANDLOCK_RESTRICT_SELF, rules, 0);
	close(rules);
	return r == -1 ? "Landlock refuses the directory" : NULL;
}

const char *
confine(enum confine_level level, const char *dir)
{
	struct filter f = { .n = 0 };
	struct sock_fprog program;
	const char *why = NULL;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return "no_new_privs is refused";
	if (level != CONFINE_PIPES)
		why = landlock_directory(level, dir);
	filter_build(&f, level);
	program.len = f.n;
	program.filter = f.code;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		return "no seccomp in this kernel";
	return why;
}

#endif
