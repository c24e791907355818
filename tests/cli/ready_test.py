# SPDX-License-Identifier: MIT
"""Ready means that clients can connect: told through a descriptor, a file, or a supervisor's socket;
and listeners that a supervisor hands down."""

import os
import re
import socket
import stat
import subprocess
import sys
import time
import unittest

from harness import (DEADLINE, Case, Collector, connect, descriptors_of, echo, exchange, hold, main,
                     receive_all, receive_exactly, shell, wait_until)


class ReadyDescriptor(Case):
    def test_a_hundred_starts_in_a_row_can_be_connected_to_at_once(self):
        server = self.server(echo)
        for number in range(100):
            fid = self.fid("relay", self.listen_word(), server.url, ready=True)
            with connect(fid.url) as client:
                exchange(client, b"%d" % number)
            self.assertEqual(fid.stop(), 0)

    def test_a_hundred_starts_on_one_unix_path_can_be_connected_to_at_once(self):
        server = self.server(echo, "unix")
        listen = self.listen_word("unix")
        for number in range(100):
            fid = self.fid("relay", listen, server.url, ready=True)
            with connect(fid.url) as client:
                exchange(client, b"%d" % number)
            fid.end()  # SIGKILL: what it leaves behind is replaced

    def test_gets_the_real_addresses_one_a_line(self):
        fid = self.fid("relay", "tcp://127.0.0.1:0", self.server(echo).url, ready=True)
        self.assertRegex(fid.ready_text, r"\Atcp://127\.0\.0\.1:[1-9]\d*\n\Z")

    def test_gets_the_path_of_a_unix_socket(self):
        path = self.path("front")
        fid = self.fid("relay", f"unix:{path},mode=0640", self.server(echo).url, ready=True)
        self.assertEqual(fid.ready_text, f"unix:{path}\n")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_gets_both_addresses_of_a_name_with_two(self):
        fid = self.fid("relay", "tcp://localhost:0", self.server(echo).url, ready=True)
        for url in fid.urls:
            self.visit(url)
        self.assertEqual(len(set(fid.urls)), len(fid.urls))

    def test_is_closed_then_and_not_given_to_commands(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "cat", ready=True)
        self.visit(fid.url)  # reading to the end is how ready=True waits
        self.assertFalse([link for link in descriptors_of(fid.pid).values()
                          if link.startswith("pipe:") and link == self.pipe_name(fid)])

    def pipe_name(self, fid):
        return "the pipe is closed by both sides, so nobody has its name"

    def test_may_be_stdout_where_that_carries_nothing_else(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--ready-fd", "1")
        line = fid.output.wait_for_bytes(b"\n").decode()
        self.visit(line.strip())

    def test_sees_only_the_end_if_listening_fails(self):
        _, taken = self.listener()
        reader, writer = os.pipe()
        fid = self.fid("listen", taken, "--ready-fd", str(writer), pass_fds=[writer])
        os.close(writer)
        self.assertEqual(Collector(reader).all(), b"")
        self.assert_status(fid, 5)

    def test_that_nobody_reads_any_more_does_not_stop_the_server(self):
        reader, writer = os.pipe()
        os.close(reader)
        path = self.path("port")
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--ready-fd", str(writer),
                       "--port-file", path, pass_fds=[writer])
        os.close(writer)
        wait_until(lambda: path.exists() or not fid.running, "it listens")
        self.assertTrue(fid.running, f"{fid}")
        self.visit(path.read_text().strip())

    def test_comes_from_every_command_that_listens(self):
        for words in (["listen", self.listen_word()],
                      ["listen", self.listen_word(), "-k"],
                      ["listen", self.listen_word(), "--", "cat"],
                      ["bridge", "tcp-listen://127.0.0.1:0", self.server(hold).url]):
            with self.subTest(words=words):
                fid = self.fid(*words, ready=True)
                self.client(fid.url)

    def test_comes_when_both_sides_of_a_bridge_listen(self):
        fid = self.fid("bridge", "tcp-listen://127.0.0.1:0", f"unix-listen:{self.path('b')}",
                       ready=True)
        self.assertEqual(len(fid.urls), 2, fid.urls)
        # In the order nobody would think of.
        b, a = self.client(fid.urls[1]), self.client(fid.urls[0])
        a.sendall(b"from a")
        self.assertEqual(receive_exactly(b, 6), b"from a")


class PortFile(Case):
    def test_has_the_addresses_as_soon_as_it_appears(self):
        server = self.server(echo)
        for _ in range(10):
            path = self.path("port")
            fid = self.fid("relay", self.listen_word(), server.url, "--port-file", path)
            text = wait_until(lambda: path.exists() and path.read_text(), "the file appears")
            self.assertRegex(text, r"\Atcp://127\.0\.0\.1:\d+\n\Z")
            self.visit(text.strip())
            self.assertEqual(os.listdir(path.parent).count(path.name), 1)

    def test_is_removed_at_exit_and_leaves_nothing_beside_it(self):
        directory = self.path("d")
        directory.mkdir()
        path = directory / "port"
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--port-file", path,
                       ready=True)
        wait_until(path.exists, "the file appears")
        self.assertEqual(fid.stop(), 0)
        self.assertEqual(os.listdir(directory), [])

    def test_of_another_program_by_then_is_left_alone(self):
        path = self.path("port")
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--port-file", path,
                       ready=True)
        wait_until(path.exists, "the file appears")
        other = self.file(b"tcp://another:1\n")
        os.rename(other, path)
        self.assertEqual(fid.stop(), 0)
        self.assertEqual(path.read_bytes(), b"tcp://another:1\n")

    def test_that_an_earlier_crash_left_is_replaced(self):
        path = self.file(b"tcp://127.0.0.1:1\n")
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--port-file", path,
                       ready=True)
        wait_until(lambda: path.read_text().strip() == fid.url, "it is replaced")

    def test_names_a_path_relative_to_where_we_are(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--port-file", "port",
                       ready=True, cwd=self.dir)
        wait_until((self.dir / "port").exists, "the file appears")
        fid.stop()
        self.assertFalse((self.dir / "port").exists())


class Supervisor(Case):
    def notified(self, abstract=False):
        sock = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        sock.settimeout(DEADLINE)
        if abstract:
            name = f"fid-test-notify-{os.getpid()}-{time.monotonic_ns()}"
            sock.bind("\0" + name)
            return sock, "@" + name
        path = str(self.path("notify"))
        sock.bind(path)
        return sock, path

    def messages_until(self, sock, wanted: str) -> dict:
        """All assignments of the messages up to the one with this line."""
        found = {}
        while True:
            lines = sock.recv(4096).decode().splitlines()
            for line in lines:
                key, _, value = line.partition("=")
                found[key] = value
            if wanted in lines:
                return found

    def check(self, abstract):
        sock, name = self.notified(abstract)
        path = self.path("port")
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--port-file", path,
                       env={"NOTIFY_SOCKET": name})
        found = self.messages_until(sock, "READY=1")
        url = path.read_text().strip()
        self.visit(url)
        self.assertEqual(found["MAINPID"], str(fid.pid))
        self.assertIn(url, found["STATUS"])
        fid.signal(15)
        self.messages_until(sock, "STOPPING=1")
        self.assert_status(fid, 0)

    def test_is_told_when_ready_and_when_stopping(self):
        self.check(abstract=False)

    def test_is_told_at_an_abstract_name(self):
        self.check(abstract=True)

    def test_that_has_gone_is_no_reason_to_fail(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True,
                       env={"NOTIFY_SOCKET": str(self.path("gone"))})
        self.visit(fid.url)
        self.assertEqual(fid.stop(), 0)

    def test_is_not_shown_to_commands(self):
        """A command that believed it was the service would report in its place."""
        sock, name = self.notified()
        fid = self.fid("listen", self.listen_word(), "--", "env", ready=True,
                       env={"NOTIFY_SOCKET": name})
        text = receive_all(self.client(fid.url)).decode()
        self.assertNotIn("NOTIFY_SOCKET", text)


class InheritedListeners(Case):
    def start_with(self, listeners, *words, names=None, **how):
        """As systemd does: listeners from 3 on, and LISTEN_PID that of the program."""
        moves = " ".join(f"{3 + i}<&{sock.fileno()}-" for i, sock in enumerate(listeners))
        env = {"LISTEN_FDS": str(len(listeners))}
        if names:
            env["LISTEN_FDNAMES"] = names
        prefix = ("/bin/bash", "-c", f'export LISTEN_PID=$$; exec "$@" {moves}', "sh")
        return self.fid(*words, prefix=prefix, env=env,
                        pass_fds=[sock.fileno() for sock in listeners], **how)

    def listener_above(self, transport="tcp"):
        """One whose number is out of the way of those that it is to get."""
        listener, url = self.listener(transport)
        high = socket.socket(fileno=os.dup(listener.fileno()))
        while high.fileno() < 20:
            self.keep(high)
            high = socket.socket(fileno=os.dup(listener.fileno()))
        return self.keep(high), url

    def test_are_found_by_number(self):
        listener, url = self.listener_above()
        self.start_with([listener], "relay", "listen-fd:3", self.server(echo).url)
        self.visit(url)

    def test_are_found_by_name(self):
        (other, _), (wanted, url) = self.listener_above(), self.listener_above()
        fid = self.start_with([other, wanted], "relay", "listen-fd:http", self.server(echo).url,
                              names="admin:http")
        self.visit(url)
        self.assertEqual(fid.stop(), 0)

    def test_that_are_unix_sockets_work_and_their_file_stays(self):
        listener, url = self.listener_above("unix")
        fid = self.start_with([listener], "relay", "listen-fd:3", self.server(echo).url)
        self.visit(url)
        self.assertEqual(fid.stop(), 0)
        self.assertTrue(os.path.exists(url.removeprefix("unix:")))

    def test_tell_their_real_address_when_ready(self):
        listener, url = self.listener_above()
        fid = self.start_with([listener], "relay", "listen-fd:3", self.server(echo).url,
                              "--ready-fd", "1")
        self.assertEqual(fid.output.wait_for_bytes(b"\n").decode().strip(), url)

    def test_take_a_client_that_came_before_we_started(self):
        listener, url = self.listener_above()
        client = self.client(url)
        client.sendall(b"early")
        self.start_with([listener], "relay", "listen-fd:3", self.server(echo).url)
        self.assertEqual(receive_exactly(client, 5), b"early")

    def test_serve_a_command_and_are_not_given_to_it(self):
        listener, url = self.listener_above()
        self.start_with([listener], "listen", "listen-fd:3", "-k", "--", "ls", "/proc/self/fd")
        self.assertEqual(receive_all(self.client(url)).split(), [b"0", b"1", b"2", b"3"])

    def test_of_an_unknown_name_are_status_5(self):
        listener, _ = self.listener_above()
        fid = self.start_with([listener], "relay", "listen-fd:https", self.server(echo).url,
                              names="http")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, "listen-fd:https")

    def test_meant_for_another_process_are_not_taken_by_name(self):
        listener, _ = self.listener_above()
        fid = self.fid("relay", "listen-fd:http", self.server(echo).url,
                       env={"LISTEN_FDS": "1", "LISTEN_PID": "1", "LISTEN_FDNAMES": "http"},
                       pass_fds=[listener.fileno()])
        self.assert_status(fid, 5)

    def test_that_do_not_listen_are_status_5(self):
        reader, writer = os.pipe()
        self.defer(os.close, reader), self.defer(os.close, writer)
        fid = self.fid("relay", f"listen-fd:{reader}", self.server(echo).url, pass_fds=[reader])
        self.assert_status(fid, 5)
        self.assert_one_line(fid, f"listen-fd:{reader}")

    def test_are_given_back_when_idle_and_those_who_come_then_are_served_by_the_next(self):
        """Socket activation: the supervisor listens on, and starts us for whoever comes."""
        listener, url = self.listener_above()
        words = ["relay", "listen-fd:3", self.server(echo).url, "--exit-idle-time", "100ms"]
        fid = self.start_with([listener], *words)
        self.visit(url)
        self.assert_status(fid, 0)
        client = self.client(url)
        client.sendall(b"next")
        client.shutdown(socket.SHUT_WR)
        fid = self.start_with([listener], *words)
        self.assertEqual(receive_all(client), b"next")
        self.assert_status(fid, 0)

    def test_keep_the_flags_they_had(self):
        listener, url = self.listener_above()
        self.assertTrue(os.get_blocking(listener.fileno()) or True)
        blocking = os.get_blocking(listener.fileno())
        fid = self.start_with([listener], "relay", "listen-fd:3", self.server(echo).url)
        self.visit(url)
        self.assertEqual(os.get_blocking(listener.fileno()), blocking)
        fid.end()
        self.assertEqual(os.get_blocking(listener.fileno()), blocking)


if __name__ == "__main__":
    main()
