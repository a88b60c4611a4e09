// Stops a program at one of its file-changing calls, or makes one of them fail: a library for LD_PRELOAD.
//
//   cc -shared -fPIC -O1 -o faults.so faults.c -ldl
//
//   FAULT_ROOT  only calls on files inside this folder count (a path without links)
//   FAULT_AT    the number of the call, starting at 1; 0: none
//   FAULT       count: nothing happens
//               kill: SIGKILL before the call
//               half: SIGKILL after the call, or after half of the bytes of a write
//               eio: the call fails with EIO
//               enospc: this call and all later ones that take space fail with ENOSPC
//               wait: creates the folder FAULT_GATE.reached, and waits until the folder FAULT_GATE exists
//   FAULT_LOG   a file that gets a line for each call: its number, its name, the path
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE, COUNT, WAIT, KILL, HALF, EIO_ONCE, FULL };

static enum kind kind;
static long at;
static const char *root;
static size_t root_length;
static int log_file = -1;
static atomic_long count;

__attribute__((constructor)) static void start(void) {
  const char *name = getenv("FAULT");
  root = getenv("FAULT_ROOT");
  if (!name || !root) return;
  root_length = strlen(root);
  at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
  kind = !strcmp(name, "kill") ? KILL
         : !strcmp(name, "half") ? HALF
         : !strcmp(name, "eio") ? EIO_ONCE
         : !strcmp(name, "wait") ? WAIT
         : !strcmp(name, "enospc") ? FULL : COUNT;
  const char *log = getenv("FAULT_LOG");
  if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static int is_below(const char *path) {
  return !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); for (;;) pause(); }

// Whether the call must fail; errno is set then. `*half` means that the process dies after it.
static int faulty(const char *name, const char *path, int takes_space, int *half) {
  char full[PATH_MAX * 2];
  *half = 0;
  if (kind == NONE || !path) return 0;
  if (path[0] != '/') {
    if (!getcwd(full, PATH_MAX)) return 0;
    strcat(full, "/");
    strncat(full, path, PATH_MAX - 2);
    path = full;
  }
  if (!is_below(path)) return 0;
  long number = atomic_fetch_add(&count, 1) + 1;
  if (log_file >= 0) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, name, path + root_length);
    syscall(SYS_write, log_file, line, length);
  }
  if (!at || number < at) return 0;
  if (kind == FULL && takes_space) { errno = ENOSPC; return 1; }
  if (number > at) return 0;
  if (kind == KILL) die();
  if (kind == HALF) *half = 1;
  if (kind == WAIT) {
    char reached[PATH_MAX];
    const char *gate = getenv("FAULT_GATE");
    snprintf(reached, sizeof reached, "%s.reached", gate);
    syscall(SYS_mkdirat, AT_FDCWD, reached, 0755);
    while (access(gate, F_OK)) usleep(2000);
  }
  if (kind == EIO_ONCE) { errno = EIO; return 1; }
  return 0;
}

static const char *path_of(int file, char *buffer) {
  char link[32];
  if (kind == NONE || file <= 2) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, buffer, PATH_MAX - 1);
  if (length <= 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// A call on a path.
#define ON_PATH(result, name, path, takes_space, parameters, arguments) \
  result name parameters { \
    REAL(name); \
    int half, saved = errno; \
    if (faulty(#name, path, takes_space, &half)) return -1; \
    errno = saved; \
    result value = real arguments; \
    if (half) die(); \
    return value; \
  }

// A call on a descriptor.
#define ON_FILE(result, name, takes_space, parameters, arguments) \
  result name parameters { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    int half, saved = errno; \
    if (faulty(#name, path_of(file, buffer), takes_space, &half)) return -1; \
    errno = saved; \
    result value = real arguments; \
    if (half) die(); \
    return value; \
  }

ON_PATH(int, rename, to, 0, (const char *from, const char *to), (from, to))
ON_PATH(int, renameat, to, 0, (int a, const char *from, int b, const char *to), (a, from, b, to))
ON_PATH(int, renameat2, to, 0, (int a, const char *from, int b, const char *to, unsigned f), (a, from, b, to, f))
ON_PATH(int, unlink, path, 0, (const char *path), (path))
ON_PATH(int, unlinkat, path, 0, (int a, const char *path, int f), (a, path, f))
ON_PATH(int, rmdir, path, 0, (const char *path), (path))
ON_PATH(int, remove, path, 0, (const char *path), (path))
ON_PATH(int, mkdir, path, 1, (const char *path, mode_t mode), (path, mode))
ON_PATH(int, mkdirat, path, 1, (int a, const char *path, mode_t mode), (a, path, mode))
ON_PATH(int, link, to, 1, (const char *from, const char *to), (from, to))
ON_PATH(int, symlink, to, 1, (const char *from, const char *to), (from, to))
ON_PATH(int, truncate, path, 0, (const char *path, off_t length), (path, length))
ON_FILE(int, ftruncate, 0, (int file, off_t length), (file, length))
ON_FILE(int, ftruncate64, 0, (int file, off64_t length), (file, length))
ON_FILE(int, fallocate, 1, (int file, int mode, off_t start, off_t length), (file, mode, start, length))
ON_FILE(int, fsync, 0, (int file), (file))
ON_FILE(int, fdatasync, 0, (int file), (file))

// Opening counts if it creates a file or truncates one.
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list); \
    int half = 0, saved = errno; \
    if (flags & (O_CREAT | O_TRUNC) && faulty(#name, path, 1, &half)) return -1; \
    errno = saved; \
    int value = real(path, flags, mode); \
    if (half) die(); \
    return value; \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list); \
    int half = 0, saved = errno; \
    if (flags & (O_CREAT | O_TRUNC) && faulty(#name, path, 1, &half)) return -1; \
    errno = saved; \
    int value = real(folder, path, flags, mode); \
    if (half) die(); \
    return value; \
  }
OPENAT(openat)
OPENAT(openat64)

// Writing stops halfway.
#define WRITE(name, parameters, rest) \
  ssize_t name parameters { \
    REAL(name); \
    char buffer[PATH_MAX]; \
    int half, saved = errno; \
    if (faulty(#name, path_of(file, buffer), 1, &half)) return -1; \
    errno = saved; \
    if (half) size /= 2; \
    ssize_t value = real rest; \
    if (half) die(); \
    return value; \
  }
WRITE(write, (int file, const void *bytes, size_t size), (file, bytes, size))
WRITE(pwrite, (int file, const void *bytes, size_t size, off_t start), (file, bytes, size, start))
WRITE(pwrite64, (int file, const void *bytes, size_t size, off64_t start), (file, bytes, size, start))
ON_FILE(ssize_t, writev, 1, (int file, const struct iovec *parts, int number), (file, parts, number))
