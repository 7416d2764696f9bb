/* Calls into the kernel that fail. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#include "shim.h"

/* The system calls of each kind. */
static const struct call {
	int number;
	enum kind kind;
} calls[] = {
	{SYS_read, READ},          {SYS_pread64, READ},
	{SYS_readv, READ},         {SYS_recvfrom, READ},
	{SYS_getdents64, READ},    {SYS_write, WRITE},
	{SYS_pwrite64, WRITE},     {SYS_writev, WRITE},
	{SYS_sendto, WRITE},       {SYS_open, OPEN},
	{SYS_openat, OPEN},        {SYS_openat2, OPEN},
	{SYS_socket, OPEN},        {SYS_fsync, SYNC},
	{SYS_fdatasync, SYNC},     {SYS_syncfs, SYNC},
	{SYS_rename, RENAME},      {SYS_renameat, RENAME},
	{SYS_renameat2, RENAME},   {SYS_link, RENAME},
	{SYS_linkat, RENAME},      {SYS_symlink, RENAME},
	{SYS_symlinkat, RENAME},   {SYS_close, CLOSE},
	{SYS_ftruncate, TRUNCATE}, {SYS_mkdir, MKDIR},
	{SYS_mkdirat, MKDIR},      {SYS_mmap, MAP},
	{SYS_stat, STAT},          {SYS_lstat, STAT},
	{SYS_fstat, STAT},         {SYS_newfstatat, STAT},
	{SYS_statx, STAT},
};

enum { CALLS = sizeof(calls) / sizeof(*calls) };

/* The one place from which calls pass the filter. */
long torture_call(long number, long a, long b, long c, long d, long e, long f);
extern const char torture_called[];
__asm__(".text\n"
	".globl torture_call\n"
	".hidden torture_call\n"
	".hidden torture_called\n"
	".type torture_call, @function\n"
	"torture_call:\n"
	"	movq %rdi, %rax\n"
	"	movq %rsi, %rdi\n"
	"	movq %rdx, %rsi\n"
	"	movq %rcx, %rdx\n"
	"	movq %r8, %r10\n"
	"	movq %r9, %r8\n"
	"	movq 8(%rsp), %r9\n"
	"	syscall\n"
	".globl torture_called\n"
	"torture_called:\n"
	"	ret\n"
	".size torture_call, .-torture_call\n");

static enum kind
kind_of(int number)
{
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].number == number)
			return calls[i].kind;
	return NO_KIND;
}

/* The descriptor that a call is about; -2 for none. */
static int
descriptor_of(enum kind kind, int number, long first)
{
	if (kind == READ || kind == WRITE || kind == SYNC || kind == CLOSE ||
	    number == SYS_ftruncate || number == SYS_fstat)
		return (int)first;
	return -2;
}

/* A read or write of a few bytes at most. */
static long
call_cut(int number, const long *a)
{
	long n = a[2], base = a[1];

	if (number == SYS_getdents64) /* has no such thing */
		return torture_call(number, a[0], a[1], a[2], 0, 0, 0);
	if (number == SYS_readv || number == SYS_writev) {
		struct iovec *parts = (struct iovec *)a[1];

		number = number == SYS_readv ? SYS_read : SYS_write;
		base = (long)parts->iov_base;
		n = (long)parts->iov_len;
	}
	return torture_call(number, a[0], base,
			    n < shim_order.cut ? n : shim_order.cut, a[3], a[4],
			    a[5]);
}

static long
call_due(enum kind kind, int number, const long *a)
{
	const int cuts = kind == READ || kind == WRITE;
	const uint64_t n =
		__atomic_load_n(&shim_seen->counts[kind], __ATOMIC_RELAXED);

	if (cuts && shim_order.cut && (!shim_order.error || n % 3))
		return call_cut(number, a);
	/* A descriptor is closed whatever close(2) says. */
	if (kind == CLOSE)
		torture_call(number, a[0], 0, 0, 0, 0, 0);
	return -shim_order.error;
}

static void
on_trap(int signal_number, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
	const long a[] = {r[REG_RDI], r[REG_RSI], r[REG_RDX],
			  r[REG_R10], r[REG_R8],  r[REG_R9]};
	const int number = info->si_syscall;
	const enum kind kind = kind_of(number);

	(void)signal_number;
	if (kind != NO_KIND && shim_is_due(kind)) {
		shim_seen->fd = descriptor_of(kind, number, a[0]);
		r[REG_RAX] = call_due(kind, number, a);
		return;
	}
	r[REG_RAX] = torture_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Turns calls that are made anywhere but in torture_call into a signal. */
int
shim_filter(void)
{
	const uint64_t here = (uint64_t)(uintptr_t)torture_called;
	struct sock_filter code[CALLS + 9];
	struct sock_fprog program = {.filter = code};
	struct sigaction action = {.sa_sigaction = on_trap,
				   .sa_flags = SA_SIGINFO | SA_NODEFER};
	size_t n = 0;

#define LOAD(member)                                            \
	(struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				      offsetof(struct seccomp_data, member))
#define UNLESS(value, skip) \
	(struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define GIVE(what) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, what)
	code[n++] = LOAD(nr);
	for (size_t i = 0; i < CALLS; i++) {
		code[n++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						     (uint32_t)calls[i].number,
						     (uint8_t)(CALLS - i), 0);
	}
	code[n++] = GIVE(SECCOMP_RET_ALLOW);
	code[n++] = LOAD(instruction_pointer);
	code[n++] = UNLESS((uint32_t)here, 3);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data,
							  instruction_pointer) +
							 4);
	code[n++] = UNLESS((uint32_t)(here >> 32), 1);
	code[n++] = GIVE(SECCOMP_RET_ALLOW);
	code[n++] = GIVE(SECCOMP_RET_TRAP);
	program.len = (unsigned short)n;
	return sigaction(SIGSYS, &action, NULL) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
