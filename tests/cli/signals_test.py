# SPDX-License-Identifier: MIT
"""Signals: a clean stop, a quick one, statistics; as process 1; children; and never SIGPIPE."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

from harness import (DEADLINE, Case, children_of, connect, echo, exchange, hold, main, preloaded,
                     receive_all, shell, state_of, threads_of, wait_until)


class Draining(Case):
    def relay(self, *options, handler=echo):
        return self.fid("relay", self.listen_word(), self.server(handler).url, *options, ready=True,
                        events=True)

    def open_client(self, fid):
        client = self.client(fid.url)
        exchange(client)
        return client

    def assert_refused(self, url):
        with self.assertRaises(OSError):
            connect(url).close()

    def test_an_idle_server_ends_at_once_with_status_0(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number):
                fid = self.relay()
                fid.signal(number)
                self.assert_status(fid, 0)
                self.assert_quiet(fid)
                self.assertEqual(fid.wait_event("drain")["signal"], number)
                self.assertEqual(fid.wait_event("exit")["status"], 0)

    def drain(self, number):
        fid = self.relay("--drain", "120s")
        client = self.open_client(fid)
        fid.signal(number)
        self.assertEqual(fid.wait_event("drain")["left"], 1)
        wait_until(lambda: self.refuses(fid.url), "no more is accepted")
        exchange(client, b"still here")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(client), b"")
        self.assert_status(fid, 0)
        self.assertTrue(fid.wait_event("close")["complete"])

    def refuses(self, url) -> bool:
        try:
            connect(url).close()
            return False
        except ConnectionRefusedError:
            return True

    def test_on_term_what_is_open_finishes(self):
        self.drain(signal.SIGTERM)

    def test_on_hup_what_is_open_finishes(self):
        self.drain(signal.SIGHUP)

    def test_on_int_what_a_server_has_open_finishes(self):
        self.drain(signal.SIGINT)

    def test_a_second_term_cuts_with_143(self):
        fid = self.relay("--drain", "120s")
        client = self.open_client(fid)
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        exchange(client, b"between the two")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        close = fid.wait_event("close")
        self.assertEqual((close["reason"], close["complete"]), ("signal", False))
        self.assertEqual(fid.wait_event("exit")["status"], 143)
        self.assert_one_line(fid)

    def test_an_int_after_a_term_cuts_with_130(self):
        fid = self.relay("--drain", "120s")
        self.open_client(fid)
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        fid.signal(signal.SIGINT)
        self.assert_status(fid, 130)

    def test_the_end_of_the_drain_time_cuts_with_143(self):
        fid = self.relay("--drain", "200ms")
        self.open_client(fid)
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        self.assertEqual(fid.wait_event("close")["reason"], "drain")

    def test_a_drain_time_of_0_cuts_at_once(self):
        fid = self.relay("--drain", "0")
        self.open_client(fid)
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)

    def test_two_signals_in_one_go_are_two(self):
        fid = self.relay("--drain", "120s")
        self.open_client(fid)
        os.kill(fid.pid, signal.SIGSTOP)
        fid.signal(signal.SIGTERM)
        fid.signal(signal.SIGINT)
        os.kill(fid.pid, signal.SIGCONT)
        self.assertIn(fid.wait(), (130, 143))

    def test_a_client_in_the_queue_when_term_comes_is_not_left_hanging(self):
        fid = self.relay("--max-connections", "1")
        first = self.open_client(fid)
        second = self.client(fid.url)
        second.sendall(b"waiting")
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        first.close()
        self.assert_status(fid, 0)
        with self.assertRaises(OSError):
            if not second.recv(10):
                raise ConnectionError("an end is as good as a reset")

    def test_a_unix_path_is_gone_once_it_drains(self):
        fid = self.fid("relay", self.listen_word("unix"), self.server(echo).url, ready=True,
                       events=True)
        client = self.open_client(fid)
        path = fid.url.removeprefix("unix:")
        fid.signal(signal.SIGTERM)
        wait_until(lambda: not os.path.exists(path), "the path is removed")
        exchange(client, b"still here")
        client.close()
        self.assert_status(fid, 0)

    def test_a_unix_path_is_gone_after_a_cut(self):
        fid = self.fid("relay", self.listen_word("unix"), self.server(echo).url, ready=True)
        self.open_client(fid)
        self.assertEqual(fid.cut(), 143)
        self.assertFalse(os.path.exists(fid.url.removeprefix("unix:")))

    def test_a_relay_that_still_dials_is_cut(self):
        fid = self.fid("relay", self.listen_word(), self.silent_url(), "--drain", "100ms", ready=True,
                       events=True)
        self.client(fid.url)
        fid.wait_event("accept")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)

    def test_sigstop_and_sigcont_lose_nothing(self):
        fid = self.relay()
        client = self.open_client(fid)
        os.kill(fid.pid, signal.SIGSTOP)
        client.sendall(b"meanwhile")
        os.kill(fid.pid, signal.SIGCONT)
        self.assertEqual(client.recv(100), b"meanwhile")


class OneShot(Case):
    def test_term_lets_a_transfer_finish(self):
        fid = self.fid("connect", self.server(echo).url, "--drain", "120s", stdin=subprocess.PIPE,
                       events=True)
        fid.write(b"before;")
        fid.output.wait_for_bytes(b"before;")
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        fid.write(b"after")
        fid.output.wait_for_bytes(b"after")
        fid.end_input()
        self.assert_status(fid, 0)

    def test_int_cuts_at_once_with_130(self):
        fid = self.fid("connect", self.server(hold).url, stdin=subprocess.PIPE, events=True)
        fid.wait_event("connect")
        fid.signal(signal.SIGINT)
        self.assert_status(fid, 130)
        self.assertFalse(fid.wait_event("close")["complete"])

    def test_int_with_a_drain_time_waits_for_the_rest(self):
        fid = self.fid("connect", self.server(echo).url, "--drain", "120s", stdin=subprocess.PIPE,
                       events=True)
        fid.wait_event("connect")
        fid.signal(signal.SIGINT)
        fid.wait_event("drain")
        fid.write(b"the rest")
        fid.end_input()
        self.assertEqual(fid.output.all(), b"the rest")
        self.assert_status(fid, 0)

    def test_term_ends_a_connect_that_is_still_trying(self):
        fid = self.fid("connect", self.silent_url(), "--drain", "100ms")
        wait_until(lambda: state_of(fid.pid) == "S", "it waits")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)

    def test_int_ends_a_listener_nobody_came_to(self):
        fid = self.fid("listen", self.listen_word(), ready=True)
        fid.signal(signal.SIGINT)
        self.assertIn(fid.wait(), (0, 130))

    def test_term_ends_a_listener_nobody_came_to_without_waiting_for_one(self):
        fid = self.fid("listen", self.listen_word(), "--drain", "120s", ready=True)
        fid.signal(signal.SIGTERM)
        self.assertIn(fid.wait(), (0, 143))

    def test_term_ends_waiting_for_the_other_end_of_a_fifo(self):
        path = self.path("fifo")
        fid = self.fid("bridge", "-", f"fifo:{path}", "-u", "--drain", "100ms")
        wait_until(path.exists, "it waits")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)

    def test_term_is_heard_while_a_name_is_looked_up(self):
        for words in (["connect", "tcp://somewhere:80"], ["listen", "tcp://somewhere:0"],
                      ["listen", "-k", "tcp://somewhere:0"],
                      ["relay", "tcp://somewhere:0", "tcp://127.0.0.1:1"],
                      ["bridge", "tcp-listen://somewhere:0", "-"]):
            with self.subTest(words=words):
                fid = self.fid(*words, "--drain", "120s", env=preloaded("FID_STUCK_LOOKUP"))
                wait_until(lambda: threads_of(fid.pid) > 1, "it looks the name up", fid)
                fid.signal(signal.SIGTERM)
                self.assert_status(fid, 143)
                self.assert_one_line(fid, "SIGTERM")

    def test_cutting_ends_the_command_too(self):
        fid = self.fid("listen", self.listen_word(), "--", "sleep", "600", ready=True)
        client = self.client(fid.url)
        child = wait_until(lambda: children_of(fid.pid), "the command runs")[0]
        self.assertEqual(fid.cut(), 143)
        wait_until(lambda: state_of(child) in ("", "Z"), "the command has ended")
        self.assertEqual(receive_all(client), b"")

    def test_cutting_does_not_wait_for_a_command_that_ignores_it(self):
        script = "trap '' TERM; sleep 600 & echo ready; wait; wait; sleep 600"
        fid = self.fid("listen", self.listen_word(), "--", "sh", "-c", script, ready=True)
        client = self.client(fid.url)
        self.assertEqual(client.recv(10), b"ready\n")
        family = children_of(fid.pid)
        family += [grandchild for child in family for grandchild in children_of(child)]
        for pid in family:
            self.defer(self.kill_quietly, pid)
        self.assertEqual(fid.cut(), 143)

    def kill_quietly(self, pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Statistics(Case):
    def test_are_told_on_usr1(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True, events=True)
        exchange(self.client(fid.url), b"12345")
        gone = self.client(fid.url)
        exchange(gone, b"123")
        gone.close()
        fid.wait_event("close")
        fid.signal(signal.SIGUSR1)
        total = wait_until(lambda: [e for e in fid.events("stats") if "id" not in e], "totals")[0]
        self.assertEqual((total["open"], total["accepted"]), (1, 2))
        self.assertEqual((total["a_to_b"], total["b_to_a"]), (8, 8))
        one = [event for event in fid.events("stats") if "id" in event]
        self.assertEqual([(event["a_to_b"], event["b_to_a"]) for event in one], [(5, 5)])

    def test_are_told_as_often_as_asked(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True, events=True)
        for count in range(1, 6):
            fid.signal(signal.SIGUSR1)
            fid.wait_event("stats", count)
        self.assertEqual(fid.stop(), 0)

    def test_do_not_disturb_a_program_without_events(self):
        fid = self.fid("connect", self.server(echo).url, stdin=subprocess.PIPE)
        fid.write(b"x")
        fid.output.wait_for_size(1)
        fid.signal(signal.SIGUSR1)
        fid.write(b"y")
        fid.output.wait_for_size(2)
        fid.end_input()
        self.assert_status(fid, 0)

    def test_are_told_of_a_transfer_that_waits_to_be_read(self):
        server = self.server(hold)
        fid = self.fid("connect", server.url, stdin=subprocess.PIPE, events=True)
        fid.write(b"x" * 1000)
        fid.wait_event("connect")

        def counted():
            fid.signal(signal.SIGUSR1)
            return any(event["a_to_b"] == 1000 for event in fid.events("stats"))

        wait_until(counted, "its bytes are counted")


class Ignored(Case):
    def test_hup_stays_ignored_under_nohup(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True,
                       prefix=shell("trap '' HUP"))
        fid.signal(signal.SIGHUP)
        self.visit(fid.url)
        self.assertEqual(fid.stop(), 0)

    def test_int_stays_ignored_in_the_background(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True,
                       prefix=shell("trap '' INT"))
        fid.signal(signal.SIGINT)
        self.visit(fid.url)
        self.assertEqual(fid.stop(), 0)


class Children(Case):
    def test_are_reaped_while_the_service_runs(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "true", ready=True)
        for _ in range(20):
            receive_all(self.client(fid.url))
        wait_until(lambda: not children_of(fid.pid), "all are reaped")
        self.assertEqual(fid.stop(), 0)

    def test_start_with_signals_as_a_shell_leaves_them(self):
        fid = self.fid("listen", self.listen_word(), "--", "cat", "/proc/self/status", ready=True)
        text = receive_all(self.client(fid.url)).decode()
        for mask in ("SigBlk", "SigIgn"):
            self.assertEqual(self.signals_in(text, mask), 0, mask)

    def signals_in(self, text: str, mask: str) -> int:
        """Those with a name: the C library keeps two more to itself."""
        return int(re.search(rf"{mask}:\s*(\w+)", text)[1], 16) & 0x7FFFFFFF

    def test_start_with_the_signals_ignored_that_we_were_given(self):
        fid = self.fid("listen", self.listen_word(), "--", "cat", "/proc/self/status", ready=True,
                       prefix=shell("trap '' HUP"))
        text = receive_all(self.client(fid.url)).decode()
        self.assertEqual(self.signals_in(text, "SigIgn"), 1)

    def test_inherit_no_descriptors_of_ours(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "ls", "/proc/self/fd", ready=True,
                       events=True)
        beside = self.client(fid.url)
        receive_all(beside)
        # 3 is the directory that ls reads.
        self.assertEqual(receive_all(self.client(fid.url)).split(), [b"0", b"1", b"2", b"3"])

    def test_end_of_input_reaches_the_command_beside_others(self):
        """No other command holds the writing end of its input."""
        fid = self.fid("listen", self.listen_word(), "-k", "--", "cat", ready=True)
        clients = [self.client(fid.url) for _ in range(3)]
        for client in clients:
            exchange(client)
        clients[0].shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(clients[0]), b"")
        for client in clients[1:]:
            exchange(client)


class ProcessOne(Case):
    def start_as_process_one(self, *words, **how):
        if not shutil.which("unshare"):
            self.skipTest("unshare is not installed")
        prefix = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if os.geteuid() != 0:
            prefix[1:1] = ["--user", "--map-root-user"]
        if subprocess.run([*prefix, "true"], capture_output=True).returncode:
            self.skipTest("no PID namespace can be made here")
        path = self.path("port")
        fid = self.fid(*words[:2], "--port-file", path, *words[2:], prefix=prefix, **how)
        # unshare(1) stays, and with it a second holder of any descriptor it was given.
        fid.urls = wait_until(lambda: path.exists() and path.read_text().split(), "ready", fid)
        inner = wait_until(lambda: children_of(fid.pid), "it runs")[0]
        status = Path(f"/proc/{inner}/status").read_text()
        self.assertRegex(status, r"NSpid:\s+\d+\s+1\n")
        return fid, inner

    def test_ends_on_term_with_status_0(self):
        fid, inner = self.start_as_process_one("relay", self.listen_word(), self.server(echo).url)
        self.visit(fid.url)
        os.kill(inner, signal.SIGTERM)
        self.assert_status(fid, 0)

    def test_ends_on_int_and_hup(self):
        for number in (signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number):
                fid, inner = self.start_as_process_one("relay", self.listen_word(),
                                                       self.server(echo).url)
                os.kill(inner, number)
                self.assert_status(fid, 0)

    def test_a_second_term_cuts(self):
        fid, inner = self.start_as_process_one("relay", self.listen_word(), self.server(echo).url,
                                               "--drain", "120s", events=True)
        exchange(self.client(fid.url))
        os.kill(inner, signal.SIGTERM)
        fid.wait_event("drain")
        os.kill(inner, signal.SIGTERM)
        self.assert_status(fid, 143)

    def test_reaps_the_orphans_it_inherits(self):
        script = "(sleep 0.1 & sleep 0.2 &) ; exit 0"
        fid, inner = self.start_as_process_one("listen", self.listen_word(), "-k", "--", "sh", "-c",
                                               script)
        for _ in range(5):
            receive_all(self.client(fid.url))
        wait_until(lambda: not children_of(inner), "all are reaped")
        os.kill(inner, signal.SIGTERM)
        self.assert_status(fid, 0)

    def test_gives_the_status_of_its_command_though_it_reaps_all(self):
        fid, _ = self.start_as_process_one("listen", self.listen_word(), "--", "sh", "-c",
                                           "sleep 0.2 & exit 9")
        self.client(fid.url)
        self.assert_status(fid, 9)


class BrokenPipe(Case):
    def test_a_vanished_reader_of_stdout_is_noticed_while_idle(self):
        reader, writer = os.pipe()
        fid = self.fid("connect", self.server(echo).url, stdin=subprocess.PIPE, stdout=writer,
                       events=True)
        os.close(writer)
        fid.wait_event("connect")
        self.assertTrue(fid.running)
        os.close(reader)
        self.assert_status(fid, 1)
        self.assert_one_line(fid, "EPIPE")

    def test_a_vanished_reader_behind_a_socket_is_noticed_while_idle(self):
        ours, theirs = socket.socketpair()
        fid = self.fid("connect", self.server(echo).url, stdin=subprocess.PIPE, stdout=theirs,
                       events=True)
        theirs.close()
        fid.wait_event("connect")
        ours.close()
        self.assert_status(fid, 1)

    def test_a_reader_that_takes_one_line_is_status_1(self):
        server = self.server(lambda sock: self.talk(sock))
        result = subprocess.run(["sh", "-c", '{ "$0" connect "$1" </dev/null; echo $? >&2; } | head -n 1',
                                 os.environ.get("FID") or __import__("harness").FID, server.url],
                                capture_output=True, timeout=DEADLINE)
        self.assertEqual(result.stdout, b"line\n")
        self.assertEqual(result.stderr.splitlines()[-1], b"1", result.stderr)

    def talk(self, sock):
        try:
            while True:
                sock.sendall(b"line\n" * 1000)
        except OSError:
            pass

    def test_a_command_that_does_not_read_is_no_end_of_a_service(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "true", ready=True)
        for _ in range(5):
            client = self.client(fid.url)
            try:
                for _ in range(100):
                    client.sendall(bytes(65536))
            except OSError:
                pass
            client.close()
        self.assertTrue(fid.running)
        self.assertEqual(fid.stop(), 0)

    def test_a_vanished_reader_of_events_is_no_end_of_a_service(self):
        reader, writer = os.pipe()
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--events", str(writer),
                       ready=True, pass_fds=[writer])
        os.close(writer)
        os.close(reader)
        for _ in range(3):
            self.visit(fid.url)
        self.assertEqual(fid.stop(), 0)

    def test_a_vanished_reader_of_stderr_is_no_end_of_a_service(self):
        reader, writer = os.pipe()
        fid = self.fid("relay", self.listen_word(), self.refusing_url(), "-vv", ready=True,
                       stderr=writer)
        os.close(writer)
        os.close(reader)
        for _ in range(3):
            receive_all(self.client(fid.url))
        self.assertEqual(fid.stop(), 0)


if __name__ == "__main__":
    main()
