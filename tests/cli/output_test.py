# SPDX-License-Identifier: MIT
"""What is said: nothing that was not asked for, on stderr, apart from the payload."""

import os
import pty
import re
import socket
import subprocess
import unittest

from harness import (Case, Collector, echo, exchange, hold, main, payload, receive_all, wait_until)


class Verbosity(Case):
    def after_connections(self, count, *options):
        """What a relay has said after so many connections."""
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, *options, ready=True,
                       events=True)
        for number in range(count):
            client = self.client(fid.url)
            exchange(client)
            client.close()
            fid.wait_event("close", number + 1)
        self.assertEqual(fid.stop(), 0)
        return fid

    def test_says_nothing_unasked(self):
        self.assert_quiet(self.after_connections(3))

    def test_v_says_one_line_for_each_connection(self):
        few = len(self.after_connections(2, "-v").error_lines())
        more = len(self.after_connections(5, "-v").error_lines())
        self.assertEqual(more - few, 3)

    def test_vv_says_more(self):
        self.assertGreater(len(self.after_connections(3, "-vv").error_lines()),
                           len(self.after_connections(3, "-v").error_lines()))

    def test_v_says_when_if_not_on_a_terminal(self):
        for line in self.after_connections(1, "-v").error_lines():
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z fid: ")

    def test_v_has_no_time_stamps_on_a_terminal(self):
        ours, theirs = pty.openpty()
        self.defer(os.close, theirs)
        said = Collector(ours)
        fid = self.run_fid("connect", self.server(echo).url, "-v", stderr=theirs,
                           env={"TERM": "dumb"})
        self.assert_status(fid, 0)
        text = said.wait_for_bytes(b"\n").decode()
        self.assertTrue(text.startswith("fid: "), text)

    def test_q_leaves_errors(self):
        url = self.refusing_url()
        fid = self.run_fid("connect", url, "-q")
        self.assert_status(fid, 3)
        self.assert_one_line(fid, url)

    def test_has_no_colours_unless_on_a_terminal(self):
        fid = self.run_fid("connect", self.refusing_url(), "-vv", env={"TERM": "xterm-256color"})
        self.assertNotIn("\x1b", fid.errors())

    def test_shows_control_characters_instead_of_obeying_them(self):
        fid = self.run_fid("connect", "unix:/nowhere/\x1b[31mred\nfid: all is well")
        self.assert_status(fid, 3)
        self.assert_one_line(fid)
        self.assertNotIn("\x1b", fid.errors())

    def test_stdout_has_the_payload_only(self):
        fid = self.run_fid("connect", self.server(echo).url, "-vv", data=b"payload")
        self.assertEqual(fid.output.all(), b"payload")


class Dump(Case):
    def test_as_text_shows_both_directions_on_stderr(self):
        server = self.server(lambda sock: (receive_all(sock), sock.sendall(b"pong one\npong two\n")))
        fid = self.run_fid("connect", server.url, "--dump", "text", data=b"ping\n")
        self.assertEqual(fid.output.all(), b"pong one\npong two\n")
        for part in ("ping", "pong one", "pong two"):
            self.assertIn(part, fid.errors())
        self.assert_status(fid, 0)

    def test_as_hex_shows_every_byte(self):
        data = bytes(range(256))
        fid = self.run_fid("connect", self.server(echo).url, "--dump", "hex", data=data)
        self.assertEqual(fid.output.all(), data)
        digits = fid.errors().lower()
        for byte in (0x00, 0x1b, 0x7f, 0x80, 0xff):
            self.assertRegex(digits, rf"\b{byte:02x}\b")
        self.assertNotIn("\x1b", fid.errors())

    def test_as_text_obeys_no_control_characters(self):
        fid = self.run_fid("connect", self.server(echo).url, "--dump", "text",
                           data=b"\x1b[31mred\x07\r\n")
        self.assertNotRegex(fid.errors(), "[\x1b\x07]")

    def test_may_go_to_a_file(self):
        path = self.path("dump")
        fid = self.run_fid("connect", self.server(echo).url, "--dump", f"text:{path}", data=b"hello")
        self.assertIn("hello", path.read_text())
        self.assert_quiet(fid)

    def test_tells_the_connections_of_a_relay_apart_or_at_least_shows_them(self):
        path = self.path("dump")
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--dump", f"text:{path}",
                       ready=True)
        for word in (b"first", b"second"):
            self.visit(fid.url, word)
        wait_until(lambda: "second" in path.read_text(), "both are shown")
        self.assertIn("first", path.read_text())

    def test_of_much_changes_nothing_of_it(self):
        data = payload(3_000_000)
        fid = self.run_fid("connect", self.server(echo).url, "--dump", f"hex:{self.path('dump')}",
                           data=data)
        self.assert_same(fid.output.all(), data)
        self.assert_status(fid, 0)

    def test_to_a_file_that_cannot_be_made_is_status_5(self):
        fid = self.run_fid("connect", self.server(echo).url, "--dump",
                           f"text:{self.path('missing')}/x")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, "missing")


class Progress(Case):
    def test_is_not_shown_unless_on_a_terminal(self):
        fid = self.run_fid("connect", self.server(echo).url, "--progress", data=payload(100_000))
        self.assert_quiet(fid)

    def test_may_be_forced(self):
        fid = self.run_fid("connect", self.server(echo).url, "--progress=always",
                           data=payload(100_000))
        self.assert_status(fid, 0)
        self.assertRegex(fid.errors(), r"\d+(\.\d+)? ?(B|kB|k|KiB|M)")
        self.assertRegex(fid.errors(), r"/s")

    def test_has_a_percentage_if_the_size_is_known(self):
        with open(self.file(payload(500_000)), "rb") as file:
            fid = self.run_fid("connect", self.server(receive_all).url, "--progress=always",
                               stdin=file)
        self.assert_status(fid, 0)
        self.assertIn("100%", fid.errors())

    def test_is_shown_on_a_terminal_in_place(self):
        ours, theirs = pty.openpty()
        self.defer(os.close, theirs)
        said = Collector(ours)
        fid = self.run_fid("connect", self.server(echo).url, "--progress", data=payload(100_000),
                           stderr=theirs)
        self.assert_status(fid, 0)
        self.assertIn(b"\r", said.wait_for_bytes(b"/s"))

    def test_is_not_shown_unasked(self):
        ours, theirs = pty.openpty()
        fid = self.run_fid("connect", self.server(echo).url, stderr=theirs,
                           data=payload(100_000))
        self.assert_status(fid, 0)
        os.close(theirs)
        self.assertEqual(Collector(ours).all(), b"")

    def test_does_not_mix_with_the_payload(self):
        data = payload(100_000)
        fid = self.run_fid("connect", self.server(echo).url, "--progress=always", data=data)
        self.assert_same(fid.output.all(), data)


if __name__ == "__main__":
    main()
