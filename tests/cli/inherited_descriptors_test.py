# SPDX-License-Identifier: MIT
"""The shell's descriptors stay as they were, whatever they are and however the program ends.

O_NONBLOCK belongs to the open file description, which the program shares with whoever started it:
set there, it breaks the next command that reads from the same terminal.
"""

import contextlib
import fcntl
import os
import pty
import signal
import socket
import subprocess
import termios
import tty

from harness import (DEADLINE, Case, Collector, echo, hold, is_nonblocking, main, receive_all,
                     with_stdio)


class Stdio:
    """A pair of descriptors for the program, and our side of it."""

    def __init__(self, case, kind: str):
        if kind == "pipe":
            self.child_in, self.to_child = os.pipe()
            self.from_child, self.child_out = os.pipe()
        elif kind == "terminal":
            ours, self.child_in = pty.openpty()
            tty.setraw(self.child_in)
            self.child_out = os.dup(self.child_in)
            self.to_child, self.from_child = ours, os.dup(ours)
        elif kind == "socket":
            ours, theirs = socket.socketpair()
            self.child_in, self.child_out = theirs.detach(), None
            self.child_out = os.dup(self.child_in)
            self.to_child = ours.detach()
            self.from_child = os.dup(self.to_child)
        for fd in (self.child_in, self.to_child, self.child_out):
            case.defer(os.close, fd)
        self.output = Collector(self.from_child)

    def flags(self):
        return [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (self.child_in, self.child_out)]


class FlagsStay(Case):
    def check(self, kind: str, end) -> None:
        stdio = Stdio(self, kind)
        before = stdio.flags()
        server = self.server(echo)
        fid = self.fid("connect", server.url, stdin=stdio.child_in, stdout=stdio.child_out)
        os.write(stdio.to_child, b"there and back")
        stdio.output.wait_for_bytes(b"there and back")
        self.assertEqual(stdio.flags(), before, "while it runs")
        end(fid)
        fid.wait()
        self.assertEqual(stdio.flags(), before, "when it has ended")
        self.assertFalse(is_nonblocking(stdio.child_in))

    def terminate(self, fid):
        fid.cut()

    def kill(self, fid):
        fid.signal(signal.SIGKILL)

    def test_of_a_pipe(self):
        self.check("pipe", self.terminate)

    def test_of_a_pipe_after_sigkill(self):
        self.check("pipe", self.kill)

    def test_of_a_terminal(self):
        self.check("terminal", self.terminate)

    def test_of_a_terminal_after_sigkill(self):
        self.check("terminal", self.kill)

    def test_of_a_socket(self):
        self.check("socket", self.terminate)

    def test_of_a_socket_after_sigkill(self):
        self.check("socket", self.kill)

    def check_file(self, end):
        server = self.server(echo)
        with open(self.file(b"from a file"), "rb") as source, open(self.path("out"), "w+b") as target:
            before = [fcntl.fcntl(file, fcntl.F_GETFL) for file in (source, target)]
            fid = self.fid("connect", server.url, stdin=source, stdout=target)
            end(fid)
            self.assertEqual([fcntl.fcntl(file, fcntl.F_GETFL) for file in (source, target)], before)

    def test_of_a_file(self):
        self.check_file(lambda fid: self.assert_status(fid, 0))

    def test_of_a_file_after_sigkill(self):
        self.check_file(lambda fid: (self.kill(fid), fid.wait()))

    def test_of_stdio_that_the_shell_had_made_nonblocking(self):
        """Somebody else's O_NONBLOCK is not ours to remove, and works as well."""
        stdio = Stdio(self, "pipe")
        os.set_blocking(stdio.child_in, False)
        os.set_blocking(stdio.child_out, False)
        server = self.server(echo)
        fid = self.fid("connect", server.url, stdin=stdio.child_in, stdout=stdio.child_out)
        data = bytes(1 << 20)
        os.write(stdio.to_child, b"x")
        stdio.output.wait_for_size(1)
        self.assertTrue(is_nonblocking(stdio.child_in))
        self.assertTrue(is_nonblocking(stdio.child_out))
        view = memoryview(data)
        while view:
            view = view[os.write(stdio.to_child, view[:65536]):]
        stdio.output.wait_for_size(1 + len(data))
        self.terminate(fid)

    def test_of_descriptors_that_are_endpoints(self):
        stdio = Stdio(self, "pipe")
        before = stdio.flags()
        fid = self.fid("bridge", f"fd:{stdio.child_in}", f"fd:{stdio.child_out}", "-u",
                       pass_fds=(stdio.child_in, stdio.child_out))
        os.write(stdio.to_child, b"by number")
        stdio.output.wait_for_bytes(b"by number")
        self.assertEqual(stdio.flags(), before)
        self.kill(fid)
        fid.wait()
        self.assertEqual(stdio.flags(), before)

    def test_of_a_socket_that_is_both_ends(self):
        ours, theirs = socket.socketpair()
        self.keep(ours), self.keep(theirs)
        server = self.server(echo)
        fid = self.fid("bridge", f"fd:{theirs.fileno()}", server.url, pass_fds=[theirs.fileno()])
        ours.settimeout(DEADLINE)
        ours.sendall(b"both ways")
        self.assertEqual(ours.recv(100), b"both ways")
        self.assertFalse(is_nonblocking(theirs.fileno()))
        ours.shutdown(socket.SHUT_WR)
        self.assert_status(fid, 0)
        self.assertFalse(is_nonblocking(theirs.fileno()))

    def test_of_stderr_and_where_events_go(self):
        reader, writer = os.pipe()
        self.defer(os.close, writer)
        events = Collector(reader)
        server = self.server(echo)
        fid = self.run_fid("connect", server.url, "--events", str(writer), data=b"x",
                           pass_fds=[writer], stderr=writer)
        self.assert_status(fid, 0)
        self.assertFalse(is_nonblocking(writer))
        events.wait_for_bytes(b'"ev":"close"')

    def test_of_the_terminal_settings(self):
        ours, theirs = pty.openpty()
        self.defer(os.close, ours), self.defer(os.close, theirs)
        before = termios.tcgetattr(theirs)
        server = self.server(echo)
        fid = self.fid("connect", server.url, stdin=theirs, stdout=theirs)
        os.write(ours, b"line\n")
        self.assertTrue(os.read(ours, 100))
        self.assertEqual(termios.tcgetattr(theirs), before)
        self.kill(fid)
        fid.wait()
        self.assertEqual(termios.tcgetattr(theirs), before)


class AnyStdin(Case):
    """stdin may be anything, or nothing at all."""

    def expect_sent(self, sent: bytes, **how):
        got = []
        server = self.server(lambda sock: (got.append(receive_all(sock)), sock.sendall(b"bye")))
        fid = self.fid("connect", server.url, **how)
        self.assert_status(fid, 0)
        server.join()
        self.assertEqual(got, [sent])
        self.assertEqual(fid.output.all(), b"bye")
        self.assert_quiet(fid)

    def test_is_sent_if_it_is_a_file(self):
        with open(self.file(b"in a file"), "rb") as file:
            self.expect_sent(b"in a file", stdin=file)

    def test_is_sent_from_where_the_file_stands(self):
        with open(self.file(b"skipped;in a file"), "rb", buffering=0) as file:
            file.seek(8)
            self.expect_sent(b"in a file", stdin=file)

    def test_is_sent_if_it_is_a_pipe(self):
        reader, writer = os.pipe()
        os.write(writer, b"in a pipe")
        os.close(writer)
        self.defer(os.close, reader)
        self.expect_sent(b"in a pipe", stdin=reader)

    def test_is_sent_if_it_is_a_socket(self):
        ours, theirs = socket.socketpair()
        self.keep(theirs)
        ours.sendall(b"in a socket")
        ours.close()
        self.expect_sent(b"in a socket", stdin=theirs)

    def test_is_sent_if_it_is_a_terminal(self):
        ours, theirs = pty.openpty()
        self.defer(os.close, ours), self.defer(os.close, theirs)
        os.write(ours, b"typed\n\x04")
        self.expect_sent(b"typed\n", stdin=theirs)

    def test_is_empty_if_it_is_dev_null(self):
        self.expect_sent(b"", stdin=subprocess.DEVNULL)

    def test_is_empty_if_it_is_dev_zero_of_no_size(self):
        with open(self.file(b""), "rb") as file:
            self.expect_sent(b"", stdin=file)

    def test_is_empty_if_it_is_closed(self):
        self.expect_sent(b"", prefix=with_stdio("<&-"))

    def test_is_empty_if_it_is_closed_over_unix(self):
        """The socket that is made next would get its number, and the program talk to itself."""
        got = []
        server = self.server(lambda sock: (sock.sendall(b"hello"), got.append(receive_all(sock))),
                             "unix")
        fid = self.fid("connect", server.url, prefix=with_stdio("<&-"))
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"hello")
        server.join()
        self.assertEqual(got, [b""])

    def test_and_stdout_closed_as_well_does_not_reach_the_socket(self):
        got = []

        def talks_first(sock):
            with contextlib.suppress(OSError):
                sock.sendall(b"hello")
                got.append(receive_all(sock))

        server = self.server(talks_first)
        fid = self.fid("connect", server.url, prefix=with_stdio("<&- >&-"))
        self.assertIn(fid.wait(), (1, 5), f"{fid}")
        self.assert_one_line(fid, "EBADF")
        self.assertNotIn(b"hello", b"".join(got))

    def test_open_only_for_writing_is_an_error_and_does_not_hang(self):
        server = self.server(hold)
        with open(self.path("out"), "wb") as file:
            fid = self.fid("connect", server.url, stdin=file)
            self.assertIn(fid.wait(), (1, 5), f"{fid}")
        self.assert_one_line(fid, "EBADF")

    def test_of_a_background_server_may_be_closed(self):
        fid = self.fid("listen", self.listen_word(), "-k", ready=True, prefix=with_stdio("<&-"))
        for word in (b"one", b"two"):
            client = self.client(fid.url)
            client.sendall(word)
            client.close()
            fid.output.wait_for_bytes(word)
        self.assertEqual(fid.stop(), 0)

    def test_of_a_background_server_may_be_empty(self):
        fid = self.fid("listen", self.listen_word(), "-k", ready=True)
        for word in (b"one", b"two", b"three"):
            client = self.client(fid.url)
            client.sendall(word)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(client), b"")
        fid.output.wait_for_bytes(b"onetwothree")
        self.assertEqual(fid.stop(), 0)


class TheRestOfStdin(Case):
    """What is not asked for stays for the next command that reads from the same stdin."""

    def left_over(self, *options):
        server = self.server(lambda sock: sock.sendall(b"news"))
        with open(self.file(b"for the next command"), "rb", buffering=0) as file:
            fid = self.run_fid("connect", server.url, *options, stdin=file)
            self.assert_status(fid, 0)
            self.assertEqual(fid.output.all(), b"news")
            return file.read()

    def test_is_left_by_no_stdin(self):
        self.assertEqual(self.left_over("--no-stdin"), b"for the next command")

    def test_is_left_by_the_direction_towards_us(self):
        self.assertEqual(self.left_over("-U"), b"for the next command")


if __name__ == "__main__":
    main()
