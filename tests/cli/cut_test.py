# SPDX-License-Identifier: MIT
"""Where bytes were cut, the status and the events say so: never status 0, never complete."""

import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import termios
import threading

from harness import (Case, hold, main, payload, receive_all, receive_exactly, reset, state_of,
                     wait_until)

MUCH = payload(16 << 20)


def unacknowledged(sock) -> int:
    return struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]


def taking_a_little_then(end):
    def handler(sock):
        receive_exactly(sock, 1000)
        end(sock)

    return handler


class CutBytes(Case):
    def assert_cut(self, program, status, **close):
        self.assert_status(program, status)
        event = program.wait_event("close")
        self.assertFalse(event["complete"], event)
        self.assertIn("unsent", event)
        for key, value in close.items():
            self.assertEqual(event[key], value, event)
        return event

    def test_a_peer_that_resets_is_status_1(self):
        server = self.server(taking_a_little_then(reset))
        fid = self.run_fid("connect", server.url, data=MUCH, events=True)
        self.assert_cut(fid, 1, by="b")
        self.assert_one_line(fid, server.url)

    def test_a_peer_that_closes_with_bytes_unread_is_status_1(self):
        server = self.server(taking_a_little_then(socket.socket.close))
        fid = self.run_fid("connect", server.url, data=MUCH, events=True)
        self.assert_cut(fid, 1, by="b")
        self.assert_one_line(fid, server.url)

    def test_a_unix_peer_that_closes_with_bytes_unread_is_status_1(self):
        server = self.server(taking_a_little_then(socket.socket.close), "unix")
        fid = self.run_fid("connect", server.url, data=MUCH, events=True)
        self.assert_cut(fid, 1, by="b")
        self.assert_one_line(fid, server.url)

    def test_a_relay_tells_of_a_target_that_resets_and_goes_on(self):
        server = self.server(taking_a_little_then(reset))
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True)
        for count in (1, 2):
            client = self.client(fid.url)
            with self.assertRaises(OSError):
                client.sendall(MUCH)
                while client.recv(1000):
                    pass
                raise OSError("an end without a reset will do")
            close = fid.wait_event("close", count)
            self.assertFalse(close["complete"], close)
            self.assertIn("unsent", close)
        self.assertEqual(fid.stop(), 0)

    def test_a_relay_tells_of_a_client_that_resets(self):
        server = self.server(lambda sock: sock.sendall(MUCH))
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True)
        client = self.client(fid.url)
        receive_exactly(client, 1000)
        reset(client)
        close = fid.wait_event("close")
        self.assertEqual((close["by"], close["complete"]), ("a", False))

    def test_a_second_signal_counts_what_was_not_delivered(self):
        # A Unix socket that is full stays so: no acknowledgement under way makes room.
        server = self.server(hold, "unix")
        fid = self.fid("connect", server.url, stdin=subprocess.PIPE, events=True)
        pipe = fid.process.stdin.fileno()
        os.set_blocking(pipe, False)
        held = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
        written = 0

        def full():
            nonlocal written
            # Only what can be written is: an attempt at a full pipe wakes its reader all the same.
            if select.select([], [pipe], [], 0)[1]:
                written += os.write(pipe, MUCH[:65536])
                return False
            # More than the pipe holds was taken, so it has begun to read; with a full pipe before
            # it, what it sleeps for is its peer.
            return written > held and state_of(fid.pid) == "S"

        wait_until(full, "nothing more is taken", fid)
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        fid.signal(signal.SIGTERM)
        event = self.assert_cut(fid, 143)
        self.assertGreater(event["unsent"], 0)
        self.assertIn(event["reason"], ("signal", "drain"))

    def test_linger_that_cuts_is_status_1(self):
        server = self.server(hold)
        fid = self.run_fid("connect", server.url, "--linger", "200ms", data=b"hello", events=True)
        self.assert_status(fid, 1)
        self.assertFalse(fid.wait_event("close")["complete"])
        self.assert_one_line(fid, server.url)

    def test_a_linger_in_the_address_that_cuts_is_status_1(self):
        server = self.server(hold, "unix")
        fid = self.run_fid("connect", f"{server.url},linger=200ms", data=b"hello", events=True)
        self.assert_status(fid, 1)
        self.assertFalse(fid.wait_event("close")["complete"])

    def test_a_linger_that_is_not_needed_changes_nothing(self):
        server = self.server(lambda sock: sock.sendall(receive_all(sock)))
        fid = self.run_fid("connect", server.url, "--linger", "60s", data=MUCH, events=True)
        self.assert_status(fid, 0)
        self.assert_same(fid.output.all(), MUCH)
        self.assertTrue(fid.wait_event("close")["complete"])

    def test_a_total_timeout_that_cuts_is_status_124(self):
        server = self.server(hold)
        fid = self.run_fid("connect", server.url, "--timeout", "300ms", data=MUCH[:1 << 20],
                           events=True)
        self.assert_cut(fid, 124, reason="timeout-total")

    def test_a_full_disk_is_status_1(self):
        server = self.server(lambda sock: sock.sendall(MUCH))
        with open("/dev/full", "wb") as full:
            fid = self.run_fid("connect", server.url, stdout=full, events=True)
        self.assert_cut(fid, 1, reason="write-error")
        self.assert_one_line(fid, "ENOSPC")

    def test_what_a_peer_said_before_it_reset_is_not_thrown_away(self):
        """A server that answers early and closes without reading the rest of the request."""
        def refuses(sock):
            receive_exactly(sock, 1000)
            sock.sendall(b"too large\n")
            sock.shutdown(socket.SHUT_WR)
            # Reads on for a while, as HTTP servers do, so that the answer can arrive.
            sock.settimeout(0.5)
            try:
                while sock.recv(4096):
                    pass
            except OSError:
                pass

        server = self.server(refuses)
        fid = self.run_fid("connect", server.url, data=MUCH)
        self.assertEqual(fid.output.all(), b"too large\n")

    def test_what_a_target_said_before_it_closed_arrives_through_a_relay(self):
        """As it would without one: the client still sends, and what it sends is thrown away."""
        def refuses(sock):
            receive_exactly(sock, 1000)
            sock.sendall(payload(200_000))
            sock.shutdown(socket.SHUT_WR)
            wait_until(lambda: select.select([sock], [], [], 0)[0], "more comes")
            wait_until(lambda: unacknowledged(sock) == 0, "the answer is on the other side")

        server = self.server(refuses)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True)
        client = self.client(fid.url)
        sender = threading.Thread(target=self.send, args=(client,), daemon=True)
        sender.start()
        self.assert_same(self.receive_until_it_ends(client), payload(200_000))
        self.assertFalse(fid.wait_event("close")["complete"])

    def test_what_a_target_said_before_it_ended_and_closed_arrives_through_a_relay(self):
        """The same, once all it said is with the relay's system and the client has yet to take it."""
        answer = payload(500_000)
        may_close = threading.Event()

        def refuses(sock):
            receive_exactly(sock, 1000)
            sock.sendall(answer)
            sock.shutdown(socket.SHUT_WR)
            may_close.wait(60)

        server = self.server(refuses)
        fid = self.fid("relay", self.listen_word(), server.url, ready=True, events=True)
        client = self.slow_client(fid)
        sender = threading.Thread(target=self.send, args=(client,), daemon=True)
        sender.start()
        fid.wait_event("eof")
        may_close.set()
        self.assert_same(self.receive_until_it_ends(client), answer)
        self.assertFalse(fid.wait_event("close")["complete"])

    def test_a_limit_of_time_holds_while_a_client_does_not_take_what_it_was_sent(self):
        may_close = threading.Event()

        def refuses(sock):
            receive_exactly(sock, 1000)
            sock.sendall(payload(500_000))
            sock.shutdown(socket.SHUT_WR)
            may_close.wait(60)

        server = self.server(refuses)
        fid = self.fid("relay", self.listen_word(), server.url, "--idle", "300ms", ready=True,
                       events=True)
        client = self.slow_client(fid)
        sender = threading.Thread(target=self.send, args=(client,), daemon=True)
        sender.start()
        fid.wait_event("eof")
        may_close.set()
        close = fid.wait_event("close")
        self.assertFalse(close["complete"], close)
        self.assertGreater(close["unsent"], 0)

    def receive_until_it_ends(self, sock):
        """Whichever way."""
        got = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while piece := sock.recv(65536):
                got += piece
        return bytes(got)

    def slow_client(self, fid):
        """One whose system takes little before it reads."""
        sock = self.keep(socket.socket())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = fid.url.removeprefix("tcp://").rsplit(":", 1)
        sock.connect((host, int(port)))
        sock.settimeout(60)
        return sock

    def send(self, sock):
        with contextlib.suppress(OSError):
            sock.sendall(MUCH)

    def test_a_whole_transfer_is_complete_and_has_no_unsent(self):
        server = self.server(lambda sock: sock.sendall(receive_all(sock)))
        fid = self.run_fid("connect", server.url, data=MUCH, events=True)
        self.assert_status(fid, 0)
        close = fid.wait_event("close")
        self.assertEqual((close["complete"], close.get("unsent", 0)), (True, 0))
        self.assertEqual((close["a_to_b"], close["b_to_a"]), (len(MUCH), len(MUCH)))


if __name__ == "__main__":
    main()
