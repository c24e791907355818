# SPDX-License-Identifier: MIT
"""`fid bench`: what it measures is there, what it reports is true, and what goes wrong is told."""

import contextlib
import json
import re
import signal
import socket
import threading
import time
import xml.etree.ElementTree as xml

from harness import Case, connect, echo, hold, main, receive_exactly, wait_until

SHORT = ("--duration", "300ms", "--warm-up", "50ms")


def echo_wrongly(sock):
    while data := sock.recv(1 << 16):
        sock.sendall(bytes([data[0] ^ 1]) + data[1:])


def end_after_one(sock):
    sock.sendall(receive_exactly(sock, 64))
    receive_exactly(sock, 64)  # unread, it would make the end a reset
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)


def forward_all_but(lost: int, far: str):
    """A relay that drops the first bytes of each connection."""

    def handler(sock):
        with connect(far) as onwards:
            receive_exactly(sock, lost)
            with contextlib.suppress(OSError):
                while data := sock.recv(1 << 16):
                    onwards.sendall(data)
            onwards.shutdown(socket.SHUT_WR)
            onwards.recv(1)

    return handler


class BenchCase(Case):
    def measured(self, *words, status: int = 0) -> dict:
        fid = self.run_fid("bench", *SHORT, "--json", *words)
        self.assertEqual(fid.status, status, f"{fid}")
        return json.loads(fid.output.all().decode())

    def refused(self, status: int, *words, says: str, more=SHORT):
        fid = self.run_fid("bench", *words, *more)
        self.assert_status(fid, status)
        self.assert_one_line(fid, says)
        return fid

    def relay(self, near: str = "tcp", far: str = "tcp") -> tuple[str, str]:
        """fid's own; where it listens, and where it connects."""
        listener, behind = self.listener(far)
        listener.close()
        if far == "unix":
            behind = f"unix:{self.path('far')}"
        fid = self.fid("relay", self.listen_word(near), behind, ready=True)
        return fid.url, behind


class PingPong(BenchCase):
    def test_counts_round_trips_with_an_echo_server(self):
        for transport in ("tcp", "unix"):
            with self.subTest(transport):
                url = self.server(echo, transport).url
                found = self.measured(url, "-c", 4, "--size", 100)
                self.assertEqual(found["mode"], "ping-pong")
                self.assertEqual((found["connections"], found["size"]), (4, 100))
                self.assertGreater(found["operations"], 0)
                self.assertEqual(found["bytes"], 100 * found["operations"])
                latency = found["latency_us"]
                figures = [latency[key] for key in ("min", "p25", "p50", "p90", "p99", "max")]
                self.assertEqual(figures, sorted(figures))

    def test_echoes_longer_than_what_is_buffered_are_no_deadlock(self):
        found = self.measured(self.server(echo).url, "--size", "8MiB")
        self.assertGreater(found["operations"], 0)

    def test_goes_through_a_relay(self):
        for kinds in (("tcp", "tcp"), ("tcp", "unix"), ("unix", "tcp")):
            with self.subTest(kinds):
                near, far = self.relay(*kinds)
                found = self.measured("--relay", near, far, "-c", 3)
                self.assertGreater(found["operations"], 0)
                self.assertEqual(found["far"], far)

    def test_an_echo_that_differs_is_status_7(self):
        self.refused(7, self.server(echo_wrongly).url, says="an echo differs")

    def test_a_connection_that_ends_is_status_1(self):
        self.refused(1, self.server(end_after_one).url, says="ended early")

    def test_no_echo_at_all_is_status_124(self):
        self.refused(124, self.server(hold).url, says="no echo came")


class ConnectClose(BenchCase):
    def test_counts_conversations(self):
        near, far = self.relay()
        found = self.measured("--relay", near, far, "--mode", "connect-close", "-c", 4)
        self.assertGreater(found["operations"], 0)
        self.assertEqual(found["failures"], 0)

    def test_no_conversation_is_cut_off_in_the_end(self):
        listener, far = self.listener()
        listener.close()
        under_way = []
        cut_off = []

        def forward_slowly(sock):
            message = receive_exactly(sock, 64)
            under_way.append(sock)
            time.sleep(0.05)  # so that one is always under way
            try:
                with connect(far) as onwards:
                    onwards.sendall(message)
                    sock.sendall(receive_exactly(onwards, 64))
            except (OSError, AssertionError) as error:
                cut_off.append(error)
            under_way.remove(sock)

        near = self.server(forward_slowly).url
        found = self.measured("--relay", near, far, "--mode", "connect-close", "-c", 4)
        self.assertGreater(found["operations"], 0)
        wait_until(lambda: not under_way, "all conversations have ended")
        self.assertEqual(cut_off, [])

    def test_can_do_nothing_but_connect(self):
        url = self.server(lambda sock: None).url
        # From the start: in time the queue of a slow server is full, and then it takes nobody.
        found = self.measured(url, "--mode", "connect-close", "--size", 0, "--warm-up", "0")
        self.assertGreater(found["operations"], 0)

    def test_counts_what_fails_and_ends_with_1(self):
        turns = iter(range(10**9))

        def echo_but_for_the_tenth(sock):
            if next(turns) != 10:
                echo(sock)

        found = self.measured(self.server(echo_but_for_the_tenth).url, "--mode", "connect-close",
                              "--warm-up", "0", "--duration", "1s", status=1)
        self.assertEqual(found["failures"], 1)
        self.assertGreater(found["operations"], 10)

    def test_ends_when_too_many_fail(self):
        turns = iter(range(10**9))

        def echo_once(sock):
            if next(turns) == 0:
                echo(sock)

        fid = self.run_fid("bench", self.server(echo_once).url, "--mode", "connect-close", "-d", "1h")
        self.assert_status(fid, 1)
        self.assert_one_line(fid, "more than 100 conversations failed")


class Bulk(BenchCase):
    def test_counts_what_arrives_behind_a_relay(self):
        for kinds in (("tcp", "tcp"), ("unix", "unix")):
            for direction in ((), ("--download",)):
                with self.subTest(kinds=kinds, direction=direction):
                    near, far = self.relay(*kinds)
                    found = self.measured("--relay", near, far, "--mode", "bulk", "-c", 2, *direction)
                    self.assertGreater(found["bytes"], 0)
                    self.assertNotIn("latency_us", found)

    def test_reads_what_an_echo_server_answers(self):
        self.assertGreater(self.measured(self.server(echo).url, "--mode", "bulk")["bytes"], 0)

    def test_bytes_that_a_relay_loses_are_status_7(self):
        listener, far = self.listener()
        listener.close()
        near = self.server(forward_all_but(5, far)).url
        fid = self.run_fid("bench", "--relay", near, far, "--mode", "bulk", *SHORT)
        self.assert_status(fid, 7)
        line = fid.error_lines()[0]
        sent, arrived = map(int, re.search(r"(\d+) bytes were sent, (\d+) have arrived", line).groups())
        self.assertEqual(sent - arrived, 5, line)


class Rate(BenchCase):
    """The other side pauses once, for the time of many operations."""

    PAUSE = 0.5

    def pausing_server(self):
        first = threading.Event()

        def handler(sock):
            while data := sock.recv(1 << 16):
                if not first.is_set():
                    first.set()
                    time.sleep(self.PAUSE)
                sock.sendall(data)

        return self.server(handler).url

    def latency(self, *words) -> dict:
        fid = self.run_fid("bench", self.pausing_server(), "--json", "--warm-up", "0",
                           "--duration", 2 * self.PAUSE, *words)
        self.assertEqual(fid.status, 0, f"{fid}")
        return json.loads(fid.output.all().decode())

    def test_without_one_the_pause_is_one_slow_operation(self):
        found = self.latency()
        self.assertGreater(found["latency_us"]["max"], 1e6 * self.PAUSE)
        self.assertLess(found["latency_us"]["p25"], 1e5 * self.PAUSE)

    def test_all_that_was_due_meanwhile_shows_the_pause(self):
        begun = time.monotonic()
        found = self.latency("--rate", 500)
        # As long as it ran: a busy machine may end it later than it was told to end.
        elapsed = time.monotonic() - begun
        self.assertGreater(found["latency_us"]["p90"], 1e5 * self.PAUSE)
        self.assertLessEqual(found["operations"], elapsed * 500 + 1)

    def test_what_is_never_answered_counts(self):
        fid = self.run_fid("bench", self.server(hold).url, "--rate", 100, "-c", 2, *SHORT)
        self.assert_status(fid, 124)


class Output(BenchCase):
    # What was written as \r is read as \n.

    def test_is_a_table_that_fits_a_terminal(self):
        fid = self.run_fid("bench", self.server(echo).url, *SHORT)
        self.assertEqual(fid.status, 0)
        self.assert_quiet(fid)
        lines = fid.output.all().decode().splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertRegex(fid.output.all().decode(), r"(?m)^ +50 % +[\d.]+ .s +[\d ]+  =+$")

    def test_a_picture_is_xml_that_a_viewer_can_read(self):
        path = self.path("latency.svg")
        fid = self.run_fid("bench", self.server(echo).url, "--svg", path, *SHORT)
        self.assertEqual(fid.status, 0)
        root = xml.parse(path).getroot()
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        self.assertEqual(len(root.findall(".//{*}polyline")), 1)

    def test_a_picture_that_cannot_be_written_is_told_before_the_load(self):
        self.refused(5, self.refusing_url(), "--svg", "/nonexistent/x.svg", says="ENOENT")

    def test_progress_is_drawn_and_wiped_where_it_is_asked_for(self):
        fid = self.run_fid("bench", self.server(echo).url, "--progress=always", *SHORT)
        self.assertEqual(fid.status, 0)
        self.assertRegex(fid.errors(), r"(?m)^ping-pong  [\d ]+/s  0 of 0 s")
        self.assertTrue(fid.errors().endswith("\n\x1b[K"))

    def test_a_signal_ends_it_with_what_it_has(self):
        fid = self.fid("bench", self.server(echo).url, "--json", "--warm-up", "0", "-d", "1h",
                       "--progress=always")
        # The second time that a line is drawn, something has been measured.
        self.wait_for_progress(fid, 3)
        fid.signal(signal.SIGINT)
        self.assert_status(fid, 130)
        self.assertGreater(json.loads(fid.output.all().decode())["operations"], 0)

    def wait_for_progress(self, fid, lines: int):
        wait_until(lambda: fid.errors().count("ping-pong") >= lines, "it shows progress", fid)


class Wrong(BenchCase):
    def test_status_3_where_nobody_listens(self):
        for mode in ("ping-pong", "connect-close", "bulk"):
            with self.subTest(mode):
                url = self.refusing_url()
                self.refused(3, url, "--mode", mode, says=url)

    def test_status_5_where_the_far_end_cannot_listen(self):
        _, taken = self.listener()
        self.refused(5, "--relay", self.refusing_url(), taken, says="EADDRINUSE")

    def test_status_2_for_what_cannot_be_meant(self):
        a, b = "tcp://127.0.0.1:1", "tcp://127.0.0.1:2"
        for words, says in (
            ((), "TARGET"),
            (("--relay", a), "two addresses"),
            ((a, b), "--relay"),
            ((a, "--mode", "bulk", "--rate", 5), "--rate"),
            ((a, "--mode", "bulk", "--svg", self.path("x")), "--svg"),
            ((a, "--download"), "--download"),
            ((a, "--size", 0), "--size"),
            ((a, "--size", "65MiB"), "--size"),
            ((a, "-d", 0), "--duration"),
            ((a, "-c", 0), "at least 1"),
            ((a, "--mode", "bulky"), "bulk"),
            (("exec:cat",), "streams"),
            (("udp://127.0.0.1:1",), "streams"),
            (("-",), "streams"),
        ):
            with self.subTest(words):
                self.refused(2, *words, says=says, more=())


if __name__ == "__main__":
    main()
