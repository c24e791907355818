# SPDX-License-Identifier: MIT
"""Names: several addresses of which not all work, names without any, and a resolver that hangs."""

import contextlib
import errno
import os
import signal
import socket
import unittest

from interop import ShimmedCase, main
from harness import echo, exchange, payload, wait_until
import harness


def has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return True
    return False


class NamesCase(ShimmedCase):
    def setUp(self):
        super().setUp()
        self.hosts_file = self.path("hosts")
        self.env = self.shimmed(FID_TEST_HOSTS=self.hosts_file)

    def hosts(self, *lines: str) -> None:
        """What names mean from now on."""
        new = self.path("hosts.new")
        new.write_text("".join(line + "\n" for line in lines))
        os.rename(new, self.hosts_file)

    def at(self, host: str, port: int) -> socket.socket:
        """Bound, not listening: whoever connects is refused, and nobody else can have the port."""
        sock = self.keep(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
        sock.bind((host, port))
        return sock

    def same_port(self, *hosts: str) -> list[socket.socket]:
        """Sockets bound to one port of each of these hosts."""
        for _ in range(100):
            first = self.at(hosts[0], 0)
            try:
                return [first, *(self.at(host, first.getsockname()[1]) for host in hosts[1:])]
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
        raise AssertionError("no port is free on all of these hosts")

    def serve(self, sock: socket.socket) -> int:
        sock.listen(512)
        server = harness.Server(sock, "", echo)
        self.defer(server.end)
        return sock.getsockname()[1]

    def swallow(self, sock: socket.socket) -> None:
        """Makes it a place where connecting neither succeeds nor fails."""
        sock.listen(0)
        for _ in range(8):
            filler = self.keep(socket.socket(sock.family))
            filler.setblocking(False)
            filler.connect_ex(sock.getsockname())

    def assert_echoes(self, url: str, *options):
        """Gives the event of the connection."""
        fid = self.run_fid("connect", url, *options, data=b"over there", env=self.env, events=True)
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"over there")
        return fid.wait_event("connect")


class SeveralAddresses(NamesCase):
    def either(self, listening: str, refusing: str) -> None:
        sock, _ = self.same_port(listening, refusing)
        port = self.serve(sock)
        for order in ("::1 127.0.0.1", "127.0.0.1 ::1"):
            self.hosts(f"localhost {order}")
            self.assert_echoes(f"tcp://localhost:{port}")
        target = self.fid("relay", "tcp://127.0.0.1:0", f"tcp://localhost:{port}", ready=True,
                          env=self.env)
        exchange(self.client(target.url))

    @unittest.skipUnless(has_ipv6(), "there is no ::1")
    def test_localhost_is_reached_if_only_its_ipv6_address_listens(self):
        self.either("::1", "127.0.0.1")

    @unittest.skipUnless(has_ipv6(), "there is no ::1")
    def test_localhost_is_reached_if_only_its_ipv4_address_listens(self):
        self.either("127.0.0.1", "::1")

    @unittest.skipUnless(has_ipv6(), "there is no ::1")
    def test_tcp4_and_tcp6_use_only_their_own_addresses(self):
        sock, _ = self.same_port("127.0.0.1", "::1")
        port = self.serve(sock)
        self.hosts("localhost ::1 127.0.0.1")
        self.assert_echoes(f"tcp4://localhost:{port}")
        fid = self.run_fid("connect", f"tcp6://localhost:{port}", env=self.env)
        self.assert_status(fid, 3)
        self.assert_one_line(fid, f"tcp6://localhost:{port}", "ECONNREFUSED")

    def test_an_address_that_swallows_packets_does_not_hold_up_the_next(self):
        good, *holes = self.same_port("127.0.0.1", "127.0.0.2", "127.0.0.3")
        port = self.serve(good)
        for hole in holes:
            self.swallow(hole)
        self.hosts("split.test 127.0.0.2 127.0.0.3 127.0.0.1")
        event = self.assert_echoes(f"tcp://split.test:{port}", "--connect-timeout", "50s")
        self.assertEqual(event["peer"], f"tcp://127.0.0.1:{port}")
        # Half a second of staggering; the kernel alone would take minutes over each.
        self.assertLess(event["ms"], 10_000)

    @unittest.skipUnless(has_ipv6(), "there is no ::1")
    def test_nor_does_the_other_family_wait_for_it(self):
        good, hole = self.same_port("127.0.0.1", "::1")
        port = self.serve(good)
        self.swallow(hole)
        self.hosts("split.test ::1 127.0.0.1")
        event = self.assert_echoes(f"tcp://split.test:{port}", "--connect-timeout", "50s")
        self.assertEqual(event["peer"], f"tcp://127.0.0.1:{port}")

    def test_every_client_of_a_relay_gets_past_it(self):
        good, hole = self.same_port("127.0.0.1", "127.0.0.2")
        port = self.serve(good)
        self.swallow(hole)
        self.hosts("split.test 127.0.0.2 127.0.0.1")
        relay = self.fid("relay", "tcp://127.0.0.1:0", f"tcp://split.test:{port}", ready=True,
                         env=self.env)
        clients = [self.client(relay.url) for _ in range(20)]
        for number, client in enumerate(clients):
            exchange(client, payload(1000, number))
            client.close()
        self.assertEqual(relay.stop(), 0)

    def test_if_all_swallow_packets_the_deadline_ends_it(self):
        holes = self.same_port("127.0.0.2", "127.0.0.3")
        for hole in holes:
            self.swallow(hole)
        self.hosts("gone.test 127.0.0.2 127.0.0.3")
        url = f"tcp://gone.test:{holes[0].getsockname()[1]}"
        fid = self.run_fid("connect", url, "--connect-timeout", "700ms", env=self.env)
        self.assert_status(fid, 124)
        self.assert_one_line(fid, url)

    def test_if_all_refuse_the_status_is_3(self):
        refusing = self.same_port("127.0.0.2", "127.0.0.3")
        self.hosts("gone.test 127.0.0.2 127.0.0.3")
        url = f"tcp://gone.test:{refusing[0].getsockname()[1]}"
        fid = self.run_fid("connect", url, env=self.env)
        self.assert_status(fid, 3)
        self.assert_one_line(fid, url, "ECONNREFUSED")


class NoAddress(NamesCase):
    def test_an_unknown_name_is_status_4(self):
        self.hosts()
        for command in (("connect", "tcp://nobody.test:80"), ("bridge", "tcp://nobody.test:80", "-"),
                        ("listen", "tcp://nobody.test:0")):
            with self.subTest(command[0]):
                fid = self.run_fid(*command, env=self.env)
                self.assert_status(fid, 4)
                self.assert_one_line(fid, command[1], "EAI_NONAME")

    def test_so_is_one_that_the_system_itself_does_not_know(self):
        url = f"tcp://{'x' * 64}.invalid:80"  # too long a label to ask any server about
        fid = self.run_fid("connect", url)
        self.assert_status(fid, 4)
        self.assert_one_line(fid, url)

    def test_and_one_without_an_address_of_the_family_that_is_wanted(self):
        self.hosts("old.test 127.0.0.1")
        fid = self.run_fid("connect", "tcp6://old.test:80", env=self.env)
        self.assert_status(fid, 4)
        self.assert_one_line(fid, "tcp6://old.test:80")

    def test_it_ends_one_connection_of_a_relay_and_not_the_relay(self):
        self.hosts()
        port = self.serve(self.at("127.0.0.1", 0))
        relay = self.fid("relay", "tcp://127.0.0.1:0", f"tcp://later.test:{port}", ready=True,
                         events=True, env=self.env)
        self.assertEqual(self.client(relay.url).recv(1), b"")
        relay.wait_event("error", cause="EAI_NONAME")
        relay.wait_event("close", reason="refused", complete=False)
        self.hosts("later.test 127.0.0.1")
        exchange(self.client(relay.url))


class ASlowResolver(NamesCase):
    def setUp(self):
        super().setUp()
        self.gate = self.path("gate")
        os.mkfifo(self.gate)

    def wait_for_lookup(self):
        waiting = self.gate.with_name(self.gate.name + ".waiting")
        wait_until(waiting.exists, "a name is being looked up")

    def open_gate(self):
        os.close(os.open(self.gate, os.O_WRONLY))

    def test_others_are_served_while_a_name_is_looked_up(self):
        port = self.serve(self.at("127.0.0.1", 0))
        self.hosts(f"slow.test wait={self.gate} 127.0.0.1")
        relay = self.fid("relay", "tcp://127.0.0.1:0", f"tcp://slow.test:{port}", ready=True,
                         events=True, env=self.env)
        first = self.client(relay.url)
        self.wait_for_lookup()
        self.hosts("slow.test 127.0.0.1")
        for number in range(5):
            exchange(self.client(relay.url), payload(1000, number))
        self.assertEqual(relay.events("connect", id=1), [])
        self.open_gate()
        exchange(first)

    def test_the_deadline_ends_a_lookup_that_never_ends(self):
        self.hosts(f"slow.test wait={self.gate} 127.0.0.1")
        fid = self.run_fid("connect", "tcp://slow.test:80", "--connect-timeout", "300ms",
                           env=self.env)
        self.assert_status(fid, 124)
        self.assert_one_line(fid, "tcp://slow.test:80")

    def test_a_signal_ends_it(self):
        self.hosts(f"slow.test wait={self.gate} 127.0.0.1")
        fid = self.fid("connect", "tcp://slow.test:80", env=self.env)
        self.wait_for_lookup()
        fid.signal(signal.SIGINT)
        self.assert_status(fid, 130)


if __name__ == "__main__":
    main(verbosity=2)
