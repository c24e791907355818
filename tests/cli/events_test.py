# SPDX-License-Identifier: MIT
"""Events: one whole JSON object a line, with keys that are always there."""

import json
import os
import re
import socket
import subprocess
import time
import unittest

from harness import (Case, Collector, echo, exchange, hold, in_parallel, main, payload, receive_all,
                     wait_until)

REASONS = {"eof", "reset", "timeout-idle", "timeout-half", "timeout-total", "limit", "refused",
           "policy", "drain", "signal", "write-error", "fault"}
KEYS = {
    "listening": {"url"},
    "ready": {"pid", "urls"},
    "accept": {"id", "peer", "local", "ms"},
    "connect": {"id", "peer", "local", "ms"},
    "eof": {"id", "from", "bytes"},
    "retry": {"url", "n", "wait_ms", "cause"},
    "close": {"id", "a_to_b", "b_to_a", "ms", "by", "reason", "complete"},
    "error": {"cause", "text", "url"},
    "drain": {"signal", "left"},
    "exit": {"status"},
    "stats": {"a_to_b", "b_to_a"},
}


class Schema(Case):
    def assert_keys(self, events):
        for event in events:
            self.assertEqual(event["v"], 1)
            self.assertIsInstance(event["t"], int)
            self.assertIsInstance(event["m"], int)
            self.assertLessEqual(KEYS[event["ev"]], set(event), event)
            if event["ev"] == "close":
                self.assertIn(event["reason"], REASONS)
                self.assertIn(event["by"], ("a", "b", "self"))
                self.assertEqual(event["complete"], "unsent" not in event, event)
        moments = [event["m"] for event in events]
        self.assertEqual(moments, sorted(moments))

    def test_of_a_relay_from_start_to_end(self):
        began = time.time_ns()
        server = self.server(echo)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True)
        client = self.client(fid.url)
        client.sendall(b"12345")
        client.shutdown(socket.SHUT_WR)
        receive_all(client)
        fid.wait_event("close")
        self.assertEqual(fid.stop(), 0)
        events = fid.events()
        self.assert_keys(events)
        self.assertEqual([event["ev"] for event in events],
                         ["listening", "ready", "accept", "connect", "eof", "eof", "close", "drain",
                          "exit"])
        listening, ready, accept, connect, eof_a, eof_b, close, drain, end = events
        self.assertEqual(listening["url"], fid.url)
        self.assertEqual((ready["pid"], ready["urls"]), (fid.pid, [fid.url]))
        self.assertEqual(accept["peer"], f"tcp://127.0.0.1:{client.getsockname()[1]}")
        self.assertEqual(accept["local"], fid.url)
        self.assertEqual(connect["peer"], server.url)
        self.assertEqual({accept["id"], connect["id"], eof_a["id"], eof_b["id"]}, {close["id"]})
        self.assertEqual([(eof_a["from"], eof_a["bytes"]), (eof_b["from"], eof_b["bytes"])],
                         [("a", 5), ("b", 5)])
        self.assertEqual((close["a_to_b"], close["b_to_a"], close["by"], close["reason"]),
                         (5, 5, "a", "eof"))
        self.assertEqual((drain["signal"], drain["left"], end["status"]), (15, 0, 0))
        for event in events:
            self.assertLess(abs(event["t"] - began), 600 * 10**9)

    def test_of_a_connect(self):
        server = self.server(echo)
        fid = self.run_fid("connect", server.url, data=b"abc", events=True)
        events = fid.events()
        self.assert_keys(events)
        self.assertEqual([event["ev"] for event in events],
                         ["connect", "eof", "eof", "close", "exit"])

    def test_of_a_failure(self):
        url = self.refusing_url()
        fid = self.run_fid("connect", url, events=True)
        events = fid.events()
        self.assert_keys(events)
        self.assertEqual([event["ev"] for event in events], ["error", "exit"])
        self.assertEqual((events[0]["cause"], events[0]["errno"], events[0]["url"]),
                         ("ECONNREFUSED", 111, url))
        self.assertEqual(events[1]["status"], 3)

    def test_of_a_listener_that_fails(self):
        _, url = self.listener()
        fid = self.run_fid("listen", url, events=True)
        events = fid.events()
        self.assert_keys(events)
        self.assertEqual([event["ev"] for event in events], ["error", "exit"])
        self.assertEqual((events[0]["cause"], events[1]["status"]), ("EADDRINUSE", 5))

    def test_of_a_usage_error_has_nothing_else(self):
        fid = self.run_fid("connect", "tcp://:80", events=True)
        self.assert_status(fid, 2)
        self.assertLessEqual({event["ev"] for event in fid.events()}, {"error", "exit"})

    def test_of_unix_sockets_has_the_mode_and_the_user(self):
        fid = self.fid("relay", f"unix:{self.path('s')},mode=0640", self.server(echo).url, ready=True,
                       events=True)
        self.visit(fid.url)
        self.assertEqual(fid.wait_event("listening")["mode"], "0640")
        accept = fid.wait_event("accept")
        self.assertEqual((accept["uid"], accept["gid"]), (os.getuid(), os.getgid()))

    def test_of_retries_counts_them(self):
        fid = self.run_fid("connect", f"{self.refusing_url()},retry=3,interval=5ms", events=True)
        self.assert_keys(fid.events())
        retries = fid.events("retry")
        self.assertEqual([event["n"] for event in retries], [1, 2, 3])
        self.assertEqual({event["cause"] for event in retries}, {"ECONNREFUSED"})
        self.assertEqual({event["wait_ms"] for event in retries}, {5})

    def test_of_a_refused_target_closes_what_was_accepted(self):
        fid = self.fid("relay", self.listen_word(), self.refusing_url(), ready=True, events=True)
        receive_all(self.client(fid.url))
        close = fid.wait_event("close")
        self.assertEqual((close["reason"], close["by"], close["a_to_b"]), ("refused", "b", 0))
        self.assertEqual(fid.wait_event("error")["id"], close["id"])
        self.assert_keys(fid.events())

    def test_of_many_connections_at_once_are_whole_and_balanced(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True, events=True)

        def call(number):
            client = self.client(fid.url)
            exchange(client, b"x" * number)
            client.close()

        in_parallel(*(lambda n=n: call(n) for n in range(1, 41)))
        fid.wait_event("close", 40)
        self.assert_keys(fid.events())
        sizes = {}
        for name in ("accept", "connect", "close"):
            ids = [event["id"] for event in fid.events(name)]
            self.assertEqual(len(set(ids)), 40, name)
        self.assertEqual(sorted(event["a_to_b"] for event in fid.events("close")), list(range(1, 41)))

    def test_of_a_path_with_quotes_and_other_letters_is_still_json(self):
        path = self.dir / 'a "b" \\ ü.sock'
        listener = self.keep(socket.socket(socket.AF_UNIX))
        listener.bind(str(path))
        listener.listen()
        quoted = str(path).replace("\\", "\\\\").replace('"', '\\"')
        fid = self.fid("connect", f'unix:"{quoted}"', events=True)
        self.assertIn(str(path), fid.wait_event("connect")["peer"])


class Destination(Case):
    def test_may_be_a_descriptor(self):
        reader, writer = os.pipe()
        fid = self.fid("connect", self.server(echo).url, "--events", str(writer), pass_fds=[writer])
        os.close(writer)
        lines = Collector(reader).all().splitlines()
        self.assertEqual(json.loads(lines[-1])["ev"], "exit")
        self.assert_status(fid, 0)

    def test_may_be_the_stdout_of_a_relay(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--events", "-", ready=True)
        self.visit(fid.url)
        fid.stop()
        events = [json.loads(line) for line in fid.output.all().splitlines()]
        self.assertEqual(events[0]["ev"], "listening")
        self.assertEqual(events[-1]["ev"], "exit")

    def test_that_is_a_file_is_appended_to(self):
        path = self.file(b'{"earlier":1}\n')
        self.run_fid("connect", self.server(echo).url, "--events", path)
        self.assertEqual(path.read_text().splitlines()[0], '{"earlier":1}')
        self.assertGreater(len(path.read_text().splitlines()), 3)

    def test_that_nobody_reads_does_not_hold_up_the_relay(self):
        reader, writer = os.pipe()
        self.defer(os.close, reader)
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--events", str(writer),
                       ready=True, pass_fds=[writer])
        os.close(writer)
        for _ in range(300):  # more than a pipe has room for
            client = self.client(fid.url)
            exchange(client)
            client.close()
        self.assertEqual(fid.stop(), 0)

    def test_that_is_read_late_has_all_of_them(self):
        reader, writer = os.pipe()
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--events", str(writer),
                       ready=True, pass_fds=[writer])
        os.close(writer)
        for _ in range(200):
            client = self.client(fid.url)
            exchange(client)
            client.close()
        events = Collector(reader)
        self.assertEqual(fid.stop(), 0)
        closes = [line for line in events.all().splitlines() if json.loads(line)["ev"] == "close"]
        self.assertEqual(len(closes), 200)


if __name__ == "__main__":
    main()
