# SPDX-License-Identifier: MIT
"""The commands behind connections: what becomes of them, and of us, when they do not end."""

import os
import signal
import socket
import subprocess

from harness import Case, children_of, main, receive_all, reset, state_of, wait_until

STUBBORN = ["sh", "-c", "trap '' TERM; echo ready; exec sleep 600"]


class CommandEnd(Case):
    def serve(self, *options, command=STUBBORN):
        """A command that runs for a client of ours."""
        self.program = self.fid("listen", self.listen_word(), *options, "--", *command, ready=True,
                                events=True)
        client = self.client(self.program.url)
        self.assertEqual(client.recv(100), b"ready\n")
        self.child = children_of(self.program.pid)[0]
        self.defer(self.kill_quietly, self.child)
        return self.program, client

    def kill_quietly(self, pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def assert_ended(self):
        self.assertIn(state_of(self.child), ("", "Z"), "the command runs on")

    def test_one_that_ignores_term_is_killed_when_cut(self):
        fid, _ = self.serve()
        self.assertEqual(fid.cut(), 143)
        self.assert_ended()
        self.assert_one_line(fid, "SIGTERM")

    def test_one_of_a_service_that_ignores_term_is_killed_when_cut(self):
        fid, _ = self.serve("-k")
        self.assertEqual(fid.cut(), 143)
        self.assert_ended()

    def test_one_that_ignores_term_is_killed_when_the_drain_time_is_over(self):
        fid, _ = self.serve("--drain", "100ms")
        self.assertEqual(fid.stop(), 143)
        self.assert_ended()

    def test_one_that_ignores_term_does_not_hold_up_the_timeout(self):
        fid, _ = self.serve("--timeout", "1s")
        self.assert_status(fid, 124)
        self.assert_ended()
        self.assert_one_line(fid, "--timeout")

    def test_of_a_service_all_that_it_started_is_killed(self):
        """It is in a group of its own, so a terminal's INT lets it finish as well."""
        script = "trap '' TERM; sleep 600 & echo ready; wait; wait; sleep 600"
        fid, _ = self.serve("-k", command=["sh", "-c", script])
        grandchild = wait_until(lambda: children_of(self.child), "its child runs")[0]
        self.defer(self.kill_quietly, grandchild)
        self.assertEqual(fid.cut(), 143)
        wait_until(lambda: state_of(grandchild) in ("", "Z"), "its child has ended")

    def test_of_a_service_is_left_alone_by_the_terminals_signals(self):
        fid, client = self.serve("-k", command=["sh", "-c", "echo ready; cat"])
        self.assertEqual(os.getpgid(self.child), self.child)
        self.assertNotEqual(os.getpgid(fid.pid), self.child)

    def test_that_has_closed_its_output_is_within_the_timeout(self):
        fid, client = self.serve("--timeout", "1s",
                                 command=["sh", "-c", "echo ready; exec sleep 600 <&- >&-"])
        self.assertEqual(receive_all(client), b"")
        client.close()
        self.assert_status(fid, 124)
        self.assert_ended()
        self.assert_one_line(fid, "--timeout")

    def test_that_has_closed_its_output_is_cut_by_a_second_signal(self):
        fid, client = self.serve(command=["sh", "-c", "echo ready; exec sleep 600 <&- >&-"])
        client.close()
        fid.wait_event("close")
        self.assertEqual(fid.cut(), 143)
        self.assert_ended()

    def test_whose_connection_was_idle_is_no_failure(self):
        fid, _ = self.serve("--idle", "200ms", command=["sh", "-c", "echo ready; exec sleep 600"])
        self.assert_status(fid, 0)
        self.assert_ended()
        self.assert_quiet(fid)

    def test_that_was_opened_in_vain_is_ended(self):
        pids = self.path("pid")
        fid = self.run_fid("bridge", f"exec:sh -c 'echo $$ >{pids}; exec sleep 600'",
                           self.silent_url(), "--connect-timeout", "1s")
        self.assert_status(fid, 124)
        self.child = int(pids.read_text())
        self.defer(self.kill_quietly, self.child)
        wait_until(lambda: state_of(self.child) in ("", "Z"), "it has ended")


class Reset(Case):
    def test_ends_a_command_that_is_full_both_ways(self):
        fid = self.fid("relay", self.listen_word(), "exec:cat", ready=True, events=True)
        client = self.client(fid.url)
        client.settimeout(0.3)  # then nothing moves any more: all that is between is full
        with self.assertRaises(TimeoutError):
            while True:
                client.sendall(bytes(1 << 16))
        child, = children_of(fid.pid)
        reset(client)
        self.assertEqual(fid.wait_event("close")["reason"], "reset")
        wait_until(lambda: state_of(child) in ("", "Z"), "the command ends", fid)
        self.assertEqual(fid.stop(), 0)


class OneWay(Case):
    def test_output_that_is_not_joined_is_ours(self):
        fid = self.run_fid("bridge", self.file(b"abc"), "exec:tr a-z A-Z")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"ABC")

    def test_output_that_is_not_joined_is_ours_for_each_client(self):
        fid = self.fid("listen", self.listen_word(), "-k", "-u", "--", "tr", "a-z", "A-Z", ready=True)
        client = self.client(fid.url)
        client.sendall(b"abc")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(client), b"")
        fid.output.wait_for_bytes(b"ABC")
        self.assertEqual(fid.stop(), 0)

    def test_events_do_not_mix_with_it(self):
        fid = self.run_fid("bridge", self.file(b"abc"), "exec:cat", "--events", "-")
        self.assert_status(fid, 2)
        self.assert_one_line(fid, "--events")

    def test_input_that_is_not_joined_is_at_its_end(self):
        for keep_open in ([], ["-k"]):
            with self.subTest(keep_open=keep_open):
                fid = self.fid("listen", self.listen_word(), *keep_open, "-U", "--", "sh", "-c",
                               "cat; echo done", ready=True, stdin=subprocess.PIPE)
                self.assertEqual(receive_all(self.client(fid.url)), b"done\n")

    def test_answers_come_though_our_stdin_is_not_read(self):
        for keep_open in ([], ["-k"]):
            with self.subTest(keep_open=keep_open):
                fid = self.fid("listen", self.listen_word(), *keep_open, "--no-stdin", "--", "tr",
                               "a-z", "A-Z", ready=True)
                client = self.client(fid.url)
                client.sendall(b"abc")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(receive_all(client), b"ABC")

    def test_a_file_is_sent_to_each_client(self):
        fid = self.fid("relay", self.listen_word(), f"file:{self.file(b'abc')}", "-U", ready=True)
        for _ in range(2):
            self.assertEqual(receive_all(self.client(fid.url)), b"abc")


if __name__ == "__main__":
    main()
