// SPDX-License-Identifier: MIT
// What the linker puts in the place of the C library's functions: --wrap=NAME, which CMake asks for
// by looking for __wrap_NAME here. call_table.cpp says what each may fail with.  ld(1)
#include "support/faults/interception.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/sockios.h>
#include <linux/vm_sockets.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using fid::test::counts_events;
using fid::test::event_counter_closed;
using fid::test::event_counter_made;
using fid::test::failed;
using fid::test::Injector;
using fid::test::intercept;
using fid::test::intercept_bytes;
using fid::test::intercept_datagrams;
using fid::test::intercept_message;
using fid::test::intercept_pieces;
using fid::test::intercept_returned;
using fid::test::watched_here;

/// Declares the function itself, by the name that the linker gives it.
#define FID_REAL(name) decltype(::name) __real_##name

extern "C" {
FID_REAL(accept4);
FID_REAL(bind);
FID_REAL(close);
FID_REAL(connect);
FID_REAL(dup2);
FID_REAL(epoll_create1);
FID_REAL(epoll_ctl);
FID_REAL(epoll_pwait2);
FID_REAL(epoll_wait);
FID_REAL(eventfd);
FID_REAL(faccessat);
FID_REAL(fcntl);
FID_REAL(flock);
FID_REAL(fstat);
FID_REAL(getaddrinfo);
FID_REAL(getgrnam_r);
FID_REAL(getpeername);
FID_REAL(getpwnam_r);
FID_REAL(getsockname);
FID_REAL(getsockopt);
FID_REAL(ioctl);
FID_REAL(isatty);
FID_REAL(kill);
FID_REAL(lchown);
FID_REAL(listen);
FID_REAL(lseek);
FID_REAL(lstat);
FID_REAL(mkfifo);
FID_REAL(open);
FID_REAL(pipe2);
FID_REAL(poll);
FID_REAL(posix_spawn_file_actions_addchdir_np);
FID_REAL(posix_spawn_file_actions_adddup2);
FID_REAL(posix_spawnp);
FID_REAL(preadv2);
FID_REAL(read);
FID_REAL(readv);
FID_REAL(recv);
FID_REAL(recvfrom);
FID_REAL(recvmmsg);
FID_REAL(recvmsg);
FID_REAL(rename);
FID_REAL(send);
FID_REAL(sendmmsg);
FID_REAL(sendmsg);
FID_REAL(sendto);
FID_REAL(setsockopt);
FID_REAL(shutdown);
FID_REAL(sigaction);
FID_REAL(signalfd);
FID_REAL(sigtimedwait);
FID_REAL(socket);
FID_REAL(socketpair);
FID_REAL(splice);
FID_REAL(stat);
FID_REAL(syscall);
FID_REAL(unlink);
FID_REAL(waitid);
FID_REAL(write);
FID_REAL(writev);
}

/// To the descriptor that wakes a reactor it is another matter.
std::string_view purpose_of(int handle) {
  return counts_events(handle) ? "eventfd" : "";
}

std::string_view purpose_of_fcntl(int command) {
  switch (command) {
    case F_GETFD:
      return "F_GETFD";
    case F_SETFD:
      return "F_SETFD";
    case F_GETFL:
      return "F_GETFL";
    case F_SETFL:
      return "F_SETFL";
    case F_DUPFD_CLOEXEC:
      return "F_DUPFD_CLOEXEC";
    case F_SETPIPE_SZ:
      return "F_SETPIPE_SZ";
    default:
      return "";
  }
}

std::string_view purpose_of_ioctl(unsigned long request) {
  switch (request) {
    case FIONREAD:
      return "FIONREAD";
    case IOCTL_VM_SOCKETS_GET_LOCAL_CID:
      return "IOCTL_VM_SOCKETS_GET_LOCAL_CID";
    case SIOCOUTQ:
      return "SIOCOUTQ";
    case TIOCGWINSZ:
      return "TIOCGWINSZ";
    default:
      return "";
  }
}

std::string_view purpose_of_getsockopt(int level, int name) {
  constexpr int udp_segment = 103;
  if (level == IPPROTO_UDP && name == udp_segment) return "UDP_SEGMENT";
  if (level != SOL_SOCKET) return "";
  switch (name) {
    case SO_ACCEPTCONN:
      return "SO_ACCEPTCONN";
    case SO_BUF_LOCK:
      return "SO_BUF_LOCK";
    case SO_DOMAIN:
      return "SO_DOMAIN";
    case SO_ERROR:
      return "SO_ERROR";
    case SO_PROTOCOL:
      return "SO_PROTOCOL";
    case SO_SNDBUF:
      return "SO_SNDBUF";
    case SO_TYPE:
      return "SO_TYPE";
    default:
      return "";
  }
}

/// A wait may be told of what has not come, and then has to find out.
template <class Wait>
int waited_for_events(std::string_view call, int epoll, epoll_event* events, int room, Wait wait) {
  const auto verdict = Injector::verdict_on({call, ""});
  if (verdict.error != 0) return failed(verdict);
  if (verdict.spurious_events) {
    const int real = __real_epoll_wait(epoll, events, room, 0);
    const int count = real != 0 ? real : watched_here().claim_ready(epoll, events, room);
    if (count != 0) return count;
  }
  return wait();
}

}  // namespace

extern "C" {

int __wrap_accept4(int listener, sockaddr* peer, socklen_t* length, int flags) {
  return intercept({"accept4", ""}, [&] { return __real_accept4(listener, peer, length, flags); });
}

int __wrap_bind(int socket, const sockaddr* address, socklen_t length) {
  return intercept({"bind", ""}, [&] { return __real_bind(socket, address, length); });
}

int __wrap_close(int handle) {
  const auto verdict = Injector::verdict_on({"close", ""});
  watched_here().closed(handle);
  event_counter_closed(handle);
  // Linux closes, whatever it then reports.
  const int closed = __real_close(handle);
  return verdict.error == 0 ? closed : failed(verdict);
}

int __wrap_connect(int socket, const sockaddr* address, socklen_t length) {
  return intercept({"connect", ""}, [&] { return __real_connect(socket, address, length); });
}

int __wrap_dup2(int from, int to) {
  return intercept({"dup2", ""}, [&] { return __real_dup2(from, to); });
}

int __wrap_epoll_create1(int flags) {
  return intercept({"epoll_create1", ""}, [&] { return __real_epoll_create1(flags); });
}

int __wrap_epoll_ctl(int epoll, int operation, int handle, epoll_event* event) {
  const bool adds = operation == EPOLL_CTL_ADD;
  const int done = intercept({"epoll_ctl", adds ? "EPOLL_CTL_ADD" : "EPOLL_CTL_DEL"},
                             [&] { return __real_epoll_ctl(epoll, operation, handle, event); });
  if (done == 0 && adds) watched_here().add(epoll, handle, *event);
  if (done == 0 && !adds) watched_here().remove(epoll, handle);
  return done;
}

int __wrap_epoll_pwait2(int epoll, epoll_event* events, int room, const timespec* timeout,
                        const sigset_t* signals) {
  return waited_for_events("epoll_pwait2", epoll, events, room, [&] {
    return __real_epoll_pwait2(epoll, events, room, timeout, signals);
  });
}

int __wrap_epoll_wait(int epoll, epoll_event* events, int room, int timeout) {
  return waited_for_events("epoll_wait", epoll, events, room,
                           [&] { return __real_epoll_wait(epoll, events, room, timeout); });
}

int __wrap_eventfd(unsigned count, int flags) {
  const int handle = intercept({"eventfd", ""}, [&] { return __real_eventfd(count, flags); });
  event_counter_made(handle);
  return handle;
}

int __wrap_faccessat(int directory, const char* path, int mode, int flags) {
  return intercept({"faccessat", ""},
                   [&] { return __real_faccessat(directory, path, mode, flags); });
}

int __wrap_fcntl(int handle, int command, ...) {
  va_list rest;
  va_start(rest, command);
  const int argument = va_arg(rest, int);
  va_end(rest);
  return intercept({"fcntl", purpose_of_fcntl(command)},
                   [&] { return __real_fcntl(handle, command, argument); });
}

int __wrap_flock(int handle, int operation) {
  return intercept({"flock", ""}, [&] { return __real_flock(handle, operation); });
}

int __wrap_fstat(int handle, struct stat* status) {
  return intercept({"fstat", ""}, [&] { return __real_fstat(handle, status); });
}

int __wrap_getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                       addrinfo** list) {
  const auto system = Injector::verdict_on({"getaddrinfo", "EAI_SYSTEM"});
  if (system.error != 0) {
    errno = system.error;
    return EAI_SYSTEM;
  }
  return intercept_returned({"getaddrinfo", ""},
                            [&] { return __real_getaddrinfo(host, service, hints, list); });
}

int __wrap_getgrnam_r(const char* name, group* entry, char* room, size_t size, group** found) {
  return intercept_returned({"getgrnam_r", ""},
                            [&] { return __real_getgrnam_r(name, entry, room, size, found); });
}

int __wrap_getpeername(int socket, sockaddr* address, socklen_t* length) {
  return intercept({"getpeername", ""},
                   [&] { return __real_getpeername(socket, address, length); });
}

int __wrap_getpwnam_r(const char* name, passwd* entry, char* room, size_t size, passwd** found) {
  return intercept_returned({"getpwnam_r", ""},
                            [&] { return __real_getpwnam_r(name, entry, room, size, found); });
}

int __wrap_getsockname(int socket, sockaddr* address, socklen_t* length) {
  return intercept({"getsockname", ""},
                   [&] { return __real_getsockname(socket, address, length); });
}

int __wrap_getsockopt(int socket, int level, int name, void* value, socklen_t* length) {
  return intercept({"getsockopt", purpose_of_getsockopt(level, name)},
                   [&] { return __real_getsockopt(socket, level, name, value, length); });
}

int __wrap_ioctl(int handle, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return intercept({"ioctl", purpose_of_ioctl(request)},
                   [&] { return __real_ioctl(handle, request, argument); });
}

int __wrap_isatty(int handle) {
  const auto verdict = Injector::verdict_on({"isatty", ""});
  if (verdict.error == 0) return __real_isatty(handle);
  errno = verdict.error;
  return 0;
}

int __wrap_kill(pid_t process, int signal) {
  return intercept({"kill", ""}, [&] { return __real_kill(process, signal); });
}

int __wrap_lchown(const char* path, uid_t user, gid_t group) {
  return intercept({"lchown", ""}, [&] { return __real_lchown(path, user, group); });
}

int __wrap_listen(int socket, int backlog) {
  return intercept({"listen", ""}, [&] { return __real_listen(socket, backlog); });
}

off_t __wrap_lseek(int handle, off_t offset, int from) {
  return intercept({"lseek", ""}, [&] { return __real_lseek(handle, offset, from); });
}

int __wrap_lstat(const char* path, struct stat* status) {
  return intercept({"lstat", ""}, [&] { return __real_lstat(path, status); });
}

int __wrap_mkfifo(const char* path, mode_t mode) {
  return intercept({"mkfifo", ""}, [&] { return __real_mkfifo(path, mode); });
}

int __wrap_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return intercept({"open", ""}, [&] { return __real_open(path, flags, mode); });
}

int __wrap_pipe2(int ends[2], int flags) {
  return intercept({"pipe2", ""}, [&] { return __real_pipe2(ends, flags); });
}

int __wrap_poll(pollfd* handles, nfds_t count, int timeout) {
  return intercept({"poll", ""}, [&] { return __real_poll(handles, count, timeout); });
}

int __wrap_posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t* actions,
                                                const char* path) {
  return intercept_returned({"posix_spawn_file_actions_addchdir_np", ""}, [&] {
    return __real_posix_spawn_file_actions_addchdir_np(actions, path);
  });
}

int __wrap_posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int from, int to) {
  return intercept_returned({"posix_spawn_file_actions_adddup2", ""}, [&] {
    return __real_posix_spawn_file_actions_adddup2(actions, from, to);
  });
}

int __wrap_posix_spawnp(pid_t* child, const char* file, const posix_spawn_file_actions_t* actions,
                        const posix_spawnattr_t* attributes, char* const argv[],
                        char* const envp[]) {
  return intercept_returned({"posix_spawnp", ""}, [&] {
    return __real_posix_spawnp(child, file, actions, attributes, argv, envp);
  });
}

ssize_t __wrap_preadv2(int handle, const iovec* pieces, int count, off_t offset, int flags) {
  return intercept_pieces({"preadv2", ""}, pieces, count, [&](const iovec* some) {
    return __real_preadv2(handle, some, count, offset, flags);
  });
}

ssize_t __wrap_read(int handle, void* into, size_t size) {
  return intercept_bytes({"read", purpose_of(handle)}, size,
                         [&](size_t some) { return __real_read(handle, into, some); });
}

ssize_t __wrap_readv(int handle, const iovec* pieces, int count) {
  return intercept_pieces({"readv", ""}, pieces, count,
                          [&](const iovec* some) { return __real_readv(handle, some, count); });
}

ssize_t __wrap_recv(int socket, void* into, size_t size, int flags) {
  return intercept_bytes({"recv", ""}, size,
                         [&](size_t some) { return __real_recv(socket, into, some, flags); });
}

ssize_t __wrap_recvfrom(int socket, void* into, size_t size, int flags, sockaddr* from,
                        socklen_t* length) {
  return intercept({"recvfrom", ""},
                   [&] { return __real_recvfrom(socket, into, size, flags, from, length); });
}

int __wrap_recvmmsg(int socket, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  return intercept({"recvmmsg", ""},
                   [&] { return __real_recvmmsg(socket, messages, count, flags, timeout); });
}

ssize_t __wrap_recvmsg(int socket, msghdr* message, int flags) {
  return intercept_message({"recvmsg", ""}, message,
                           [&](msghdr* some) { return __real_recvmsg(socket, some, flags); });
}

int __wrap_rename(const char* from, const char* to) {
  return intercept({"rename", ""}, [&] { return __real_rename(from, to); });
}

ssize_t __wrap_send(int socket, const void* from, size_t size, int flags) {
  return intercept_bytes({"send", ""}, size,
                         [&](size_t some) { return __real_send(socket, from, some, flags); });
}

int __wrap_sendmmsg(int socket, mmsghdr* messages, unsigned count, int flags) {
  return intercept_datagrams({"sendmmsg", ""}, count, [&](unsigned some) {
    return __real_sendmmsg(socket, messages, some, flags);
  });
}

ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags) {
  return intercept_message({"sendmsg", ""}, message,
                           [&](const msghdr* some) { return __real_sendmsg(socket, some, flags); });
}

ssize_t __wrap_sendto(int socket, const void* from, size_t size, int flags, const sockaddr* to,
                      socklen_t length) {
  return intercept({"sendto", ""},
                   [&] { return __real_sendto(socket, from, size, flags, to, length); });
}

int __wrap_setsockopt(int socket, int level, int name, const void* value, socklen_t length) {
  return intercept({"setsockopt", ""},
                   [&] { return __real_setsockopt(socket, level, name, value, length); });
}

int __wrap_shutdown(int socket, int how) {
  return intercept({"shutdown", ""}, [&] { return __real_shutdown(socket, how); });
}

int __wrap_sigaction(int signal, const struct sigaction* action, struct sigaction* before) {
  return intercept({"sigaction", ""}, [&] { return __real_sigaction(signal, action, before); });
}

int __wrap_signalfd(int handle, const sigset_t* signals, int flags) {
  return intercept({"signalfd", ""}, [&] { return __real_signalfd(handle, signals, flags); });
}

int __wrap_sigtimedwait(const sigset_t* signals, siginfo_t* info, const timespec* timeout) {
  return intercept({"sigtimedwait", ""},
                   [&] { return __real_sigtimedwait(signals, info, timeout); });
}

int __wrap_socket(int family, int type, int protocol) {
  return intercept({"socket", ""}, [&] { return __real_socket(family, type, protocol); });
}

int __wrap_socketpair(int family, int type, int protocol, int ends[2]) {
  return intercept({"socketpair", ""},
                   [&] { return __real_socketpair(family, type, protocol, ends); });
}

ssize_t __wrap_splice(int from, off_t* from_offset, int to, off_t* to_offset, size_t size,
                      unsigned flags) {
  return intercept_bytes({"splice", ""}, size, [&](size_t some) {
    return __real_splice(from, from_offset, to, to_offset, some, flags);
  });
}

int __wrap_stat(const char* path, struct stat* status) {
  return intercept({"stat", ""}, [&] { return __real_stat(path, status); });
}

long __wrap_syscall(long number, ...) {
  if (number != SYS_pidfd_open) {
    static_cast<void>(std::fprintf(stderr, "syscall %ld: name it in wrapped_calls.cpp\n", number));
    std::abort();
  }
  va_list rest;
  va_start(rest, number);
  const pid_t process = va_arg(rest, pid_t);
  const int flags = va_arg(rest, int);
  va_end(rest);
  return intercept({"syscall", "pidfd_open"},
                   [&] { return __real_syscall(number, process, flags); });
}

int __wrap_unlink(const char* path) {
  return intercept({"unlink", ""}, [&] { return __real_unlink(path); });
}

int __wrap_waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  return intercept({"waitid", ""}, [&] { return __real_waitid(type, id, info, options); });
}

ssize_t __wrap_write(int handle, const void* from, size_t size) {
  return intercept_bytes({"write", purpose_of(handle)}, size,
                         [&](size_t some) { return __real_write(handle, from, some); });
}

ssize_t __wrap_writev(int handle, const iovec* pieces, int count) {
  return intercept_pieces({"writev", ""}, pieces, count,
                          [&](const iovec* some) { return __real_writev(handle, some, count); });
}

}  // extern "C"
