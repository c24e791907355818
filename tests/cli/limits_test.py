# SPDX-License-Identifier: MIT
"""Limits of time, of bytes, and of connections."""

import socket
import subprocess
import time

from harness import (Case, Scenarios, echo, exchange, hold, main, payload, preloaded,
                     receive_all, receive_exactly, wait_until)


class Times(Scenarios):
    def scenario_idle_ends_a_quiet_connection(self, world):
        fid = world.fid("connect", world.server(hold).url, "--idle", "300ms", stdin=subprocess.PIPE,
                        events=True)
        self.assert_status(fid, 0)
        self.assertEqual(fid.wait_event("close")["reason"], "timeout-idle")

    def scenario_idle_that_is_an_error_is_124(self, world):
        fid = world.fid("connect", world.server(hold).url, "--idle", "300ms", "--idle-error",
                        stdin=subprocess.PIPE)
        self.assert_status(fid, 124)

    def scenario_idle_with_bytes_on_the_way_is_no_success(self, world):
        fid = world.run("connect", world.server(hold).url, "--idle", "300ms", data=bytes(32 << 20),
                        events=True)
        self.assertNotEqual(fid.status, 0)
        self.assertFalse(fid.wait_event("close")["complete"])

    def scenario_idle_does_not_end_a_busy_connection(self, world):
        """Though only one direction is busy, and for longer than the limit."""
        def trickle(sock):
            for _ in range(30):
                sock.sendall(b".")
                time.sleep(0.2)

        fid = world.run("connect", world.server(trickle).url, "--idle", "3s", "--idle-error")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"." * 30)

    def scenario_idle_of_a_relay_ends_the_quiet_ones_only(self, world):
        fid = world.fid("relay", world.listen_word(), world.server(echo).url, "--idle", "1s",
                        ready=True, events=True)
        quiet, busy = world.client(fid.url), world.client(fid.url)
        exchange(quiet)
        while not fid.events("close"):
            exchange(busy)
            time.sleep(0.05)
        self.assertEqual(receive_all(quiet), b"")
        exchange(busy)
        self.assertEqual(fid.wait_event("close")["reason"], "timeout-idle")

    def scenario_half_idle_does_not_count_while_both_are_open(self, world):
        fid = world.fid("relay", world.listen_word(), world.server(echo).url, "--half-idle", "300ms",
                        ready=True)
        client = world.client(fid.url)
        exchange(client)
        time.sleep(1)
        exchange(client)

    def scenario_half_idle_ends_what_is_quiet_after_one_end(self, world):
        fid = world.run("connect", world.server(hold).url, "--half-idle", "300ms", data=b"hello",
                        events=True)
        close = fid.wait_event("close")
        self.assertEqual((close["reason"], close["complete"]), ("timeout-half", False))
        self.assertNotEqual(fid.status, 0)

    def scenario_half_idle_waits_as_long_as_bytes_come(self, world):
        def trickle(sock):
            receive_all(sock)
            for _ in range(20):
                sock.sendall(b".")
                time.sleep(0.2)

        fid = world.run("connect", world.server(trickle).url, "--half-idle", "3s", data=b"x")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"." * 20)

    def scenario_timeout_ends_each_connection_however_busy(self, world):
        fid = world.fid("relay", world.listen_word(), world.server(echo).url, "--timeout", "500ms",
                        ready=True, events=True)
        client = world.client(fid.url)
        try:
            while True:
                exchange(client)
        except (AssertionError, OSError):
            pass
        self.assertEqual(fid.wait_event("close")["reason"], "timeout-total")
        world.visit(fid.url, b"the next one has its own time")

    def scenario_timeout_covers_a_command_that_does_not_end(self, world):
        fid = world.fid("listen", world.listen_word(), "--timeout", "300ms", "--", "sleep", "600",
                        ready=True)
        world.client(fid.url)
        self.assert_status(fid, 124)

    def scenario_timeout_covers_waiting_for_a_client(self, world):
        for words in (["listen", world.listen_word()], ["bridge", "tcp-listen://127.0.0.1:0", "-"]):
            fid = world.run(*words, "--timeout", "300ms")
            self.assert_status(fid, 124)
            self.assert_one_line(fid, words[1], "--timeout")

    def scenario_timeout_covers_connecting(self, world):
        for url in (world.silent_url(), f"{world.refusing_url()},retry=1000"):
            fid = world.run("connect", url, "--timeout", "300ms")
            self.assert_status(fid, 124)
            self.assert_one_line(fid, url, "--timeout")

    def scenario_timeout_covers_looking_up_a_name(self, world):
        fid = world.run("connect", "tcp://somewhere:80", "--timeout", "300ms",
                        env=preloaded("FID_STUCK_LOOKUP"))
        self.assert_status(fid, 124)
        self.assert_one_line(fid, "tcp://somewhere:80", "--timeout")

    def scenario_timeout_of_a_relay_covers_connecting(self, world):
        fid = world.fid("relay", world.listen_word(), world.silent_url(), "--timeout", "300ms",
                        ready=True, events=True)
        self.assertEqual(receive_all(world.client(fid.url)), b"")
        self.assertEqual(fid.wait_event("close")["reason"], "timeout-total")

    def scenario_accept_timeout_counts_again_after_each_client(self, world):
        fid = world.fid("listen", world.listen_word(), "-k", "--accept-timeout", "2s", "--", "cat",
                        ready=True)
        client = world.client(fid.url)
        exchange(client)
        time.sleep(3)  # longer, but somebody is being served
        exchange(client)
        client.close()
        self.assert_status(fid, 124)

    def scenario_exit_idle_time_does_not_count_while_somebody_is_served(self, world):
        fid = world.fid("relay", world.listen_word(), world.server(echo).url, "--exit-idle-time",
                        "1s", ready=True, events=True)
        client = world.client(fid.url)
        exchange(client)
        time.sleep(2)
        exchange(client)
        client.close()
        self.assert_status(fid, 0)

    def scenario_exit_idle_time_counts_from_the_start_where_nobody_comes(self, world):
        fid = world.fid("listen", world.listen_word(), "-k", "--exit-idle-time", "300ms", "--",
                        "cat")
        self.assert_status(fid, 0)
        self.assertEqual(fid.errors(), "")

    def scenario_exit_idle_time_is_for_those_who_serve_many(self, world):
        fid = world.fid("listen", world.listen_word(), "--exit-idle-time", "300ms")
        self.assert_status(fid, 2)

    def scenario_of_exit_idle_time_and_accept_timeout_the_shorter_counts(self, world):
        listen = ["listen", world.listen_word(), "-k"]
        first = world.fid(*listen, "--exit-idle-time", "1h", "--accept-timeout", "200ms")
        self.assert_status(first, 124)
        second = world.fid(*listen, "--exit-idle-time", "200ms", "--accept-timeout", "1h")
        self.assert_status(second, 0)

    def scenario_connect_timeout_of_a_relay_ends_the_client_only(self, world):
        fid = world.fid("relay", world.listen_word(), world.silent_url(), "--connect-timeout",
                        "300ms", ready=True, events=True)
        self.assertEqual(receive_all(world.client(fid.url)), b"")
        self.assertEqual(fid.wait_event("error")["cause"], "DEADLINE_PASSED")
        self.assertTrue(fid.running)

    def scenario_no_limit_is_set_unasked(self, world):
        fid = world.fid("relay", world.listen_word(), world.server(echo).url, ready=True)
        client = world.client(fid.url)
        exchange(client)
        time.sleep(12)
        exchange(client)


class Bytes(Case):
    def test_max_bytes_is_exact(self):
        server = self.server(lambda sock: sock.sendall(payload(100_000)))
        fid = self.run_fid("connect", server.url, "--max-bytes", "12345", events=True, stdin=None)
        self.assert_same(fid.output.all(), payload(100_000)[:12345])
        self.assertEqual(fid.wait_event("close")["reason"], "limit")

    def test_max_bytes_counts_both_directions(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, "--max-bytes", "1000",
                       ready=True, events=True)
        client = self.client(fid.url)
        exchange(client, bytes(500))
        try:
            client.sendall(b"one too many")
        except OSError:
            pass
        close = fid.wait_event("close")
        self.assertEqual((close["a_to_b"] + close["b_to_a"], close["reason"]), (1000, "limit"))

    def test_less_than_max_bytes_is_status_0(self):
        fid = self.run_fid("connect", self.server(echo).url, "--max-bytes", "1MiB", data=b"little")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"little")


class Connections(Case):
    def test_no_more_than_max_connections_are_served_at_once(self):
        server = self.server(echo)
        fid = self.fid("relay", self.listen_word(), server.url, "--max-connections", "2", ready=True,
                       events=True)
        first, second = self.client(fid.url), self.client(fid.url)
        exchange(first), exchange(second)
        third = self.client(fid.url)
        third.sendall(b"patience")
        self.assert_idle(fid)
        self.assertEqual(server.accepted, 2)
        first.close()
        self.assertEqual(receive_exactly(third, 8), b"patience")
        exchange(second)

    def test_max_connections_hold_for_commands_too(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--max-connections", "1", "--", "cat",
                       ready=True)
        first, second = self.client(fid.url), self.client(fid.url)
        exchange(first)
        second.sendall(b"patience")
        self.assert_idle(fid)
        first.close()
        self.assertEqual(receive_exactly(second, 8), b"patience")


if __name__ == "__main__":
    main()
