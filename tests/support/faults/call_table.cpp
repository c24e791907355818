// SPDX-License-Identifier: MIT
#include "support/faults/call_table.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>

namespace fid::test {
namespace {

using enum Interruption;
using enum ErrorFrom;

/// What path_resolution(7) can fail with, in every call that takes a path.
std::vector<int> with_path(std::vector<int> errors) {
  errors.insert(errors.end(), {EACCES, EFAULT, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR});
  return errors;
}

/// What ip(7), tcp(7) and unix(7) add to the man page of a call that receives.
std::vector<int> received(std::vector<int> errors) {
  errors.insert(errors.end(), {EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EHOSTUNREACH, EINVAL,
                               ENETDOWN, ENOMEM, ENOTCONN, ENOTSOCK, ETIMEDOUT});
  return errors;
}

/// The same for one that sends.
std::vector<int> sent(std::vector<int> errors) {
  errors.insert(errors.end(), {EACCES,       EALREADY,    EBADF,        ECONNREFUSED, ECONNRESET,
                               EDESTADDRREQ, EFAULT,      EHOSTUNREACH, EINVAL,       EISCONN,
                               EMSGSIZE,     ENETUNREACH, ENOBUFS,      ENOMEM,       ENOTCONN,
                               ENOTSOCK,     EOPNOTSUPP,  EPERM,        EPIPE,        ETIMEDOUT});
  return errors;
}

constexpr std::string_view is_closed =
    "the descriptor is gone all the same, and there is no one to tell";
constexpr std::string_view asks_what_it_is = "what cannot be asked is taken for the plainest kind";

}  // namespace

// clang-format off
const std::vector<CallRow>& call_table() {
  static const std::vector<CallRow> table{
    // --- any descriptor
    {.call = {"close", ""}, .reported_as = "", .errors = {EBADF, EDQUOT, EIO, ENOSPC},
     .interrupted = goes_on, .ignored = is_closed},
    {.call = {"dup2", ""}, .reported_as = "dup2", .errors = {EBADF, EBUSY, EMFILE}, .interrupted = made_again},
    {.call = {"fcntl", "F_GETFD"}, .reported_as = "fcntl", .errors = {EBADF}},
    {.call = {"fcntl", "F_SETFD"}, .reported_as = "fcntl", .errors = {EBADF}},
    {.call = {"fcntl", "F_GETFL"}, .reported_as = "", .errors = {EBADF},
     .ignored = "debug builds ask whether a handle that is adopted keeps what was promised"},
    {.call = {"fcntl", "F_SETFL"}, .reported_as = "fcntl", .errors = {EBADF, EPERM}},
    {.call = {"fcntl", "F_DUPFD_CLOEXEC"}, .reported_as = "fcntl", .errors = {EBADF, EINVAL, EMFILE}},
    {.call = {"fcntl", "F_SETPIPE_SZ"}, .reported_as = "fcntl", .errors = {EBADF, EBUSY, EINVAL, ENOMEM, EPERM}},
    {.call = {"fstat", ""}, .reported_as = "fstat", .errors = {EBADF, EFAULT, ENOMEM, EOVERFLOW}},
    {.call = {"ioctl", "FIONREAD"}, .reported_as = "ioctl", .errors = {EBADF, EFAULT, EINVAL, ENOTTY}},
    {.call = {"ioctl", "IOCTL_VM_SOCKETS_GET_LOCAL_CID"}, .reported_as = "ioctl",
     .errors = {EBADF, EFAULT, EINVAL, ENOTTY}, .needs = "/dev/vsock"},
    {.call = {"ioctl", "SIOCOUTQ"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOTTY},
     .ignored = "what is not known to be on its way is not waited for"},
    {.call = {"ioctl", "TIOCGWINSZ"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOTTY},
     .ignored = "what has no size gives none"},
    {.call = {"isatty", ""}, .reported_as = "", .errors = {EBADF, EINVAL, ENOTTY}, .ignored = asks_what_it_is},
    {.call = {"poll", ""}, .reported_as = "poll", .errors = {EFAULT, EINVAL, ENOMEM}, .interrupted = made_again},
    {.call = {"read", ""}, .reported_as = "read", .errors = {EBADF, EFAULT, EINVAL, EIO, EISDIR},
     .interrupted = made_again, .would_block = true},
    {.call = {"readv", ""}, .reported_as = "readv", .errors = {EBADF, EFAULT, EINVAL, EIO, EISDIR, EOPNOTSUPP},
     .interrupted = made_again, .would_block = true},
    {.call = {"write", ""}, .reported_as = "write",
     .errors = {EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EINVAL, EIO, ENOSPC, EPERM, EPIPE},
     .interrupted = made_again, .would_block = true},
    {.call = {"writev", ""}, .reported_as = "writev",
     .errors = {EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EINVAL, EIO, ENOSPC, EOPNOTSUPP, EPERM, EPIPE},
     .interrupted = made_again, .would_block = true},
    {.call = {"splice", ""}, .reported_as = "splice", .errors = {EBADF, EINVAL, EIO, ENOMEM, EPIPE, ESPIPE},
     .interrupted = made_again, .would_block = true},

    // --- files and pipes
    {.call = {"faccessat", ""}, .reported_as = "", .errors = with_path({EBADF, EINVAL, EIO, EPERM, EROFS, ETXTBSY}),
     .ignored = "it only finds out which step of starting a program had failed"},
    {.call = {"flock", ""}, .reported_as = "flock", .errors = {EBADF, EINVAL, ENOLCK, EWOULDBLOCK}, .interrupted = made_again},
    {.call = {"lchown", ""}, .reported_as = "chown", .errors = with_path({EBADF, EINVAL, EIO, EPERM, EROFS})},
    {.call = {"lseek", ""}, .reported_as = "lseek", .errors = {EBADF, EINVAL, ENXIO, EOVERFLOW, ESPIPE}},
    {.call = {"lstat", ""}, .reported_as = "lstat", .errors = with_path({EBADF, EINVAL, EOVERFLOW})},
    {.call = {"mkfifo", ""}, .reported_as = "mkfifo",
     .errors = {EACCES, EBADF, EDQUOT, EEXIST, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EROFS}},
    {.call = {"open", ""}, .reported_as = "open",
     .errors = with_path({EBADF, EBUSY, EDQUOT, EEXIST, EFBIG, EINVAL, EISDIR, EMFILE, ENFILE, ENODEV, ENOSPC,
                          ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EROFS, ETXTBSY, EWOULDBLOCK}),
     .interrupted = made_again},
    {.call = {"pipe2", ""}, .reported_as = "pipe", .errors = {EFAULT, EINVAL, EMFILE, ENFILE, ENOPKG}},
    {.call = {"preadv2", ""}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, EIO, EISDIR, EOPNOTSUPP},
     .interrupted = made_again, .would_block = true, .ignored = "a worker then reads, and tells what it meets"},
    {.call = {"rename", ""}, .reported_as = "rename",
     .errors = with_path({EBADF, EBUSY, EDQUOT, EEXIST, EINVAL, EISDIR, EMLINK, ENOSPC, ENOTEMPTY, EPERM, EROFS, EXDEV})},
    {.call = {"stat", ""}, .reported_as = "stat", .errors = with_path({EBADF, EINVAL, EOVERFLOW})},
    {.call = {"unlink", ""}, .reported_as = "unlink", .errors = with_path({EBADF, EBUSY, EINVAL, EIO, EISDIR, EPERM, EROFS})},

    // --- sockets
    {.call = {"accept4", ""}, .reported_as = "accept",
     .errors = {EBADF, ECONNABORTED, EFAULT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOTSOCK, EOPNOTSUPP, EPERM,
                EPROTO, ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT, ETIMEDOUT, ENETDOWN, ENOPROTOOPT, EHOSTDOWN,
                ENONET, EHOSTUNREACH, ENETUNREACH},
     .interrupted = made_again, .would_block = true},
    {.call = {"bind", ""}, .reported_as = "bind",
     .errors = with_path({EADDRINUSE, EADDRNOTAVAIL, EBADF, EINVAL, ENOTSOCK, EROFS})},
    {.call = {"connect", ""}, .reported_as = "connect",
     .errors = {EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNREFUSED, EFAULT,
                EHOSTUNREACH, EISCONN, ENETUNREACH, ENOENT, ENOTSOCK, EPERM, EPROTOTYPE, ETIMEDOUT},
     .interrupted = goes_on},
    {.call = {"getpeername", ""}, .reported_as = "getpeername", .errors = {EBADF, EFAULT, EINVAL, ENOBUFS, ENOTCONN, ENOTSOCK}},
    {.call = {"getsockname", ""}, .reported_as = "getsockname", .errors = {EBADF, EFAULT, EINVAL, ENOBUFS, ENOTSOCK}},
    {.call = {"getsockopt", ""}, .reported_as = "getsockopt", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK}},
    {.call = {"getsockopt", "SO_ACCEPTCONN"}, .reported_as = "getsockopt", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK}},
    {.call = {"getsockopt", "SO_BUF_LOCK"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK},
     .ignored = "a send buffer that may have been chosen stays as it is"},
    {.call = {"getsockopt", "SO_DOMAIN"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK},
     .ignored = "what is not known to be a Unix socket keeps its send buffer"},
    {.call = {"getsockopt", "SO_ERROR"}, .reported_as = "getsockopt", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK}},
    {.call = {"getsockopt", "SO_PROTOCOL"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK},
     .ignored = "what is not known to be TCP has nothing on its way"},
    {.call = {"getsockopt", "SO_SNDBUF"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK},
     .ignored = "a send buffer of unknown size is made as wide as it is to be"},
    {.call = {"getsockopt", "SO_TYPE"}, .reported_as = "getsockopt", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK}},
    {.call = {"getsockopt", "UDP_SEGMENT"}, .reported_as = "", .errors = {EBADF, EFAULT, EINVAL, ENOPROTOOPT, ENOTSOCK},
     .ignored = "datagrams are then sent one by one"},
    {.call = {"listen", ""}, .reported_as = "listen", .errors = {EADDRINUSE, EBADF, ENOTSOCK, EOPNOTSUPP}},
    {.call = {"recv", ""}, .reported_as = "recv", .errors = received({}), .interrupted = made_again, .would_block = true},
    {.call = {"recvfrom", ""}, .reported_as = "recvfrom", .errors = received({}), .interrupted = made_again, .would_block = true},
    {.call = {"recvmmsg", ""}, .reported_as = "recvmmsg", .errors = received({}), .interrupted = made_again, .would_block = true},
    {.call = {"recvmsg", ""}, .reported_as = "recvmsg", .errors = received({}), .interrupted = made_again, .would_block = true},
    {.call = {"send", ""}, .reported_as = "send", .errors = sent({}), .interrupted = made_again, .would_block = true},
    {.call = {"sendmmsg", ""}, .reported_as = "sendmmsg", .errors = sent({}), .interrupted = made_again, .would_block = true},
    {.call = {"sendmsg", ""}, .reported_as = "sendmsg", .errors = sent({ETOOMANYREFS}), .interrupted = made_again, .would_block = true},
    {.call = {"sendto", ""}, .reported_as = "sendto", .errors = sent({ENOENT}), .interrupted = made_again, .would_block = true},
    {.call = {"setsockopt", ""}, .reported_as = "setsockopt",
     .errors = {EACCES, EADDRNOTAVAIL, EBADF, EDOM, EFAULT, EINVAL, EISCONN, ENODEV, ENOPROTOOPT, ENOTSOCK, EPERM}},
    {.call = {"shutdown", ""}, .reported_as = "shutdown", .errors = {EBADF, EINVAL, ENOTCONN, ENOTSOCK}},
    {.call = {"socket", ""}, .reported_as = "socket",
     .errors = {EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT}},
    {.call = {"socketpair", ""}, .reported_as = "socketpair",
     .errors = {EAFNOSUPPORT, EFAULT, EMFILE, ENFILE, EOPNOTSUPP, EPROTONOSUPPORT}},

    // --- names
    {.call = {"getaddrinfo", ""}, .reported_as = "getaddrinfo",
     .errors = {EAI_AGAIN, EAI_BADFLAGS, EAI_FAIL, EAI_FAMILY, EAI_MEMORY, EAI_NONAME, EAI_SERVICE, EAI_SOCKTYPE},
     .from = resolver},
    {.call = {"getaddrinfo", "EAI_SYSTEM"}, .reported_as = "getaddrinfo", .errors = {EIO, EMFILE, ENFILE, ENOMEM}},
    {.call = {"getgrnam_r", ""}, .reported_as = "getgrnam", .errors = {EIO, EMFILE, ENFILE, ENOMEM},
     .interrupted = made_again, .from = returned},
    {.call = {"getpwnam_r", ""}, .reported_as = "getpwnam", .errors = {EIO, EMFILE, ENFILE, ENOMEM},
     .interrupted = made_again, .from = returned},

    // --- waiting
    {.call = {"epoll_create1", ""}, .reported_as = "epoll_create1", .errors = {EINVAL, EMFILE, ENFILE, ENOMEM}},
    {.call = {"epoll_ctl", "EPOLL_CTL_ADD"}, .reported_as = "epoll_ctl",
     .errors = {EBADF, EEXIST, EINVAL, ELOOP, ENOMEM, ENOSPC, EPERM}},
    {.call = {"epoll_ctl", "EPOLL_CTL_DEL"}, .reported_as = "", .errors = {EBADF, EINVAL, ENOENT},
     .ignored = "closing the descriptor comes next, and does the same"},
    {.call = {"epoll_pwait2", ""}, .reported_as = "epoll_wait", .errors = {EBADF, EFAULT, EINVAL}, .interrupted = returns},
    {.call = {"epoll_wait", ""}, .reported_as = "epoll_wait", .errors = {EBADF, EFAULT, EINVAL}, .interrupted = returns},
    {.call = {"eventfd", ""}, .reported_as = "eventfd", .errors = {EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM}},
    {.call = {"read", "eventfd"}, .reported_as = "", .errors = {EAGAIN, EBADF, EINVAL}, .interrupted = made_again,
     .ignored = "an event counter that is not reset is told of again by the next wake-up"},
    {.call = {"signalfd", ""}, .reported_as = "signalfd", .errors = {EBADF, EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM}},

    // --- processes and signals
    {.call = {"kill", ""}, .reported_as = "kill", .errors = {EINVAL, EPERM, ESRCH}},
    {.call = {"posix_spawn_file_actions_addchdir_np", ""}, .reported_as = "chdir", .errors = {ENOMEM}, .from = returned},
    {.call = {"posix_spawn_file_actions_adddup2", ""}, .reported_as = "dup2", .errors = {EBADF, ENOMEM}, .from = returned},
    // It reports the errors of clone(2) and execve(2).
    {.call = {"posix_spawnp", ""}, .reported_as = "exec",
     .errors = with_path({E2BIG, EAGAIN, EINVAL, EIO, EISDIR, ELIBBAD, EMFILE, ENFILE, ENOEXEC, ENOSYS, EPERM, ETXTBSY}),
     .from = returned},
    {.call = {"sigaction", ""}, .reported_as = "", .errors = {EFAULT, EINVAL},
     .ignored = "only for signals that do not exist"},
    {.call = {"sigtimedwait", ""}, .reported_as = "", .errors = {EAGAIN, EINVAL}, .interrupted = made_again,
     .ignored = "there is no such signal to be taken"},
    {.call = {"syscall", "pidfd_open"}, .reported_as = "", .errors = {EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM, ENOSYS, ESRCH},
     .ignored = "a thread then waits for the child"},
    // EAGAIN is for descriptors of processes, which are not what it is given.
    {.call = {"waitid", ""}, .reported_as = "waitid", .errors = {ECHILD, EINVAL, ESRCH}, .interrupted = made_again},

    // --- the descriptor that wakes a reactor, from any thread
    {.call = {"write", "eventfd"}, .reported_as = "", .errors = {EAGAIN}, .interrupted = made_again,
     .performed = true, .ignored = "the counter is full, and so the wake-up is under way"},
  };
  return table;
}

const std::vector<SafeCall>& safe_calls() {
  static const std::vector<SafeCall> list{
    {"_Unwind_Resume", "the C++ runtime"},
    {"_GLOBAL_OFFSET_TABLE_", "no call"},
    {"__sched_cpucount", "arithmetic"},
    {"abort", "does not return"},
    {"environ", "no call"},
    {"fprintf", "says which promise was broken, before abort"},
    {"freeaddrinfo", "returns nothing"},
    {"gai_strerror", "knows a text for every code"},
    {"getenv", "a name that is not there is no error"},
    {"getpid", "always succeeds"},
    {"gnu_dev_makedev", "arithmetic"},
    {"htonl", "arithmetic"},
    {"htons", "arithmetic"},
    {"memchr", "memory"},
    {"memcmp", "memory"},
    {"memcpy", "memory"},
    {"memmove", "memory"},
    {"memset", "memory"},
    {"ntohl", "arithmetic"},
    {"ntohs", "arithmetic"},
    {"posix_spawn_file_actions_destroy", "frees memory"},
    {"posix_spawn_file_actions_init", "stores values"},
    {"posix_spawnattr_destroy", "frees nothing"},
    {"posix_spawnattr_init", "stores values"},
    {"posix_spawnattr_setflags", "EINVAL for unknown flags, and ours are known"},
    {"posix_spawnattr_setpgroup", "stores a value"},
    {"posix_spawnattr_setsigdefault", "stores a value"},
    {"posix_spawnattr_setsigmask", "stores a value"},
    {"pthread_mutex_lock", "EDEADLK and EINVAL for what std::mutex does not do"},
    {"pthread_mutex_unlock", "EPERM for what std::mutex does not do"},
    {"pthread_sigmask", "EINVAL for an unknown way, and ours are known"},
    {"sched_getaffinity", "EINVAL for a set too small for the kernel's, and ours is as large as any"},
    {"sigabbrev_np", "null for an unknown number, which is shown as a number"},
    {"sigaddset", "EINVAL for unknown numbers, and ours are known"},
    {"sigemptyset", "stores a value"},
    {"sigfillset", "stores a value"},
    {"sigismember", "EINVAL for unknown numbers, and ours are known"},
    {"stderr", "no call"},
    {"strcmp", "memory"},
    {"strerrorname_np", "null for an unknown number, which is shown as a number"},
    {"strlen", "memory"},
    {"umask", "always succeeds"},
    {"unsetenv", "EINVAL for names that getenv() cannot have found"},
  };
  return list;
}
// clang-format on

const CallRow* row_of(const Call& call) {
  const auto& table = call_table();
  const auto found =
      std::ranges::find_if(table, [&](const CallRow& row) { return row.call == call; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace fid::test
