# SPDX-License-Identifier: MIT
"""When descriptors run out, or accept() fails, accepting pauses and goes on; open relays never stop."""

import errno
import subprocess
import unittest

from crowd import crowd, serve_all
from harness import (Case, connect, echo, exchange, main, preloaded, reset,
                     shell, wait_until)

CLIENTS = 200
FEW_DESCRIPTORS = shell("ulimit -n 64")


class RunningOut(Case):
    def check(self, transport, target):
        fid = self.fid("relay", self.listen_word(transport), target, ready=True, events=True,
                       prefix=FEW_DESCRIPTORS)
        early = self.client(fid.url)
        exchange(early, b"before")
        clients = crowd(self, fid.url, CLIENTS)
        fid.wait_event("error")
        exchange(early, b"while there are none left")
        self.assert_idle(fid)
        exchange(early, b"and still")
        serve_all(clients)
        exchange(early, b"after")
        early.close()
        late = self.client(fid.url)
        exchange(late, b"a new one")
        late.close()
        self.assertEqual(fid.stop(), 0, f"{fid}")

    def test_pauses_a_relay_over_tcp(self):
        self.check("tcp", self.server(echo).url)

    def test_pauses_a_relay_over_unix(self):
        self.check("unix", self.server(echo, "unix").url)

    def test_pauses_a_relay_to_commands(self):
        self.check("tcp", "exec:cat")

    def test_pauses_a_listener_with_a_command(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "cat", ready=True,
                       prefix=FEW_DESCRIPTORS)
        serve_all(crowd(self, fid.url, 60))
        self.assertEqual(fid.stop(), 0)

    def test_says_so_in_few_lines(self):
        server = self.server(echo)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True,
                       prefix=FEW_DESCRIPTORS)
        clients = crowd(self, fid.url, CLIENTS)
        fid.wait_event("error", cause="EMFILE")
        self.assert_idle(fid)
        serve_all(clients)
        self.assertIn("EMFILE", fid.errors())
        self.assertLess(len(fid.error_lines()), CLIENTS, f"{fid}")

    def test_ends_on_a_signal_all_the_same(self):
        server = self.server(echo)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True,
                       prefix=FEW_DESCRIPTORS)
        clients = crowd(self, fid.url, CLIENTS)
        fid.wait_event("error")
        fid.signal(15)
        fid.wait_event("drain")
        for client in clients:
            client.close()
        self.assertIn(fid.wait(), (0, 143))


class FailingAccept(Case):
    def failing(self, *words, error: int, times: int):
        env = preloaded("FID_FAILING_ACCEPT") | {"FAIL_ACCEPT_ERRNO": str(error),
                                                 "FAIL_ACCEPT_TIMES": str(times)}
        return self.fid(*words, ready=True, events=True, env=env)

    def relay(self, error: int, times: int):
        return self.failing("relay", self.listen_word(), self.server(echo).url, error=error,
                            times=times)

    def check(self, error: int, times: int = 3, clients: int = 20):
        fid = self.relay(error, times)
        held = []
        for number in range(clients):
            client = self.client(fid.url)
            held.append(client)
            exchange(client, b"%04d" % number)
        for client in held:
            exchange(client, b"all of them")
        self.assertTrue(fid.events("error", cause=errno.errorcode[error]))
        for client in held:
            client.close()
        self.assertEqual(fid.stop(), 0)

    def test_with_a_connection_that_was_aborted_goes_on(self):
        self.check(errno.ECONNABORTED)

    def test_with_a_connection_that_was_aborted_the_one_that_is_waited_for_comes(self):
        fid = self.failing("listen", self.listen_word(), "--", "cat", error=errno.ECONNABORTED,
                           times=3)
        client = self.client(fid.url)
        exchange(client)
        client.close()
        self.assert_status(fid, 0)

    def test_with_a_hundred_aborted_in_a_row_goes_on(self):
        self.check(errno.ECONNABORTED, times=100, clients=3)

    def test_with_a_protocol_error_goes_on(self):
        self.check(errno.EPROTO)

    def test_with_an_unreachable_host_goes_on(self):
        self.check(errno.EHOSTUNREACH)

    def test_without_descriptors_in_the_whole_system_goes_on(self):
        self.check(errno.ENFILE, times=1, clients=3)

    def test_without_memory_goes_on(self):
        self.check(errno.ENOMEM, times=1, clients=3)

    def test_interrupted_goes_on(self):
        fid = self.relay(errno.EINTR, 3)
        for _ in range(5):
            self.visit(fid.url)

    def test_without_descriptors_does_not_spin(self):
        fid = self.relay(errno.EMFILE, 1_000_000_000)
        self.client(fid.url)
        fid.wait_event("error")
        self.assert_idle(fid)


class AbortedConnections(Case):
    def test_before_they_are_accepted_do_no_harm(self):
        server = self.server(echo)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True)
        fid.signal(19)  # STOP, so that they queue up
        wait_until(lambda: open(f"/proc/{fid.pid}/stat").read().split()[2] == "T", "it is stopped")
        for _ in range(300):
            reset(connect(fid.url))
        fid.signal(18)  # CONT
        self.visit(fid.url)
        self.assertEqual(fid.stop(), 0)

    def test_at_any_time_do_no_harm(self):
        self.assert_resets_do_no_harm(
            lambda target: self.fid("relay", self.listen_word(), target, ready=True))


if __name__ == "__main__":
    main()
