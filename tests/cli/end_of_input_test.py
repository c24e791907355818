# SPDX-License-Identifier: MIT
"""What the end of one side means for the other, and transfers in one direction."""

import os
import socket
import subprocess
import threading
import time

from harness import (DEADLINE, Case, Scenarios, echo, exchange, hold, main, payload, receive_all,
                     receive_exactly, reset, wait_until)


class EofClose(Case):
    def test_ends_both_when_stdin_ends(self):
        server = self.server(hold)
        fid = self.run_fid("connect", server.url, "--eof", "close", data=b"hello", events=True)
        self.assert_status(fid, 0)
        self.assertEqual(fid.wait_event("close")["reason"], "eof")

    def test_of_an_address_ends_both_when_that_side_ends(self):
        server = self.server(lambda sock: sock.sendall(b"bye"))
        fid = self.fid("connect", f"{server.url},eof=close", stdin=subprocess.PIPE)
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"bye")

    def test_of_an_address_leaves_the_other_sides_end_alone(self):
        server = self.server(lambda sock: sock.sendall(receive_all(sock)))
        fid = self.run_fid("connect", f"{server.url},eof=close", data=payload(100_000))
        self.assert_status(fid, 0)
        self.assert_same(fid.output.all(), payload(100_000))

    def test_delivers_what_was_read_before_the_end(self):
        got = []
        server = self.server(lambda sock: got.append(receive_all(sock)))
        fid = self.run_fid("connect", server.url, "--eof", "close", data=payload(5_000_000))
        server.join()
        self.assert_same(got[0], payload(5_000_000))
        self.assert_status(fid, 0)


class EofHalf(Case):
    def test_a_server_that_ends_first_still_gets_what_stdin_says(self):
        got = []

        def ends_first(sock):
            sock.shutdown(socket.SHUT_WR)
            got.append(receive_all(sock))

        server = self.server(ends_first)
        fid = self.fid("connect", server.url, stdin=subprocess.PIPE, events=True)
        fid.wait_event("eof")
        fid.write(b"said after its end")
        fid.end_input()
        self.assert_status(fid, 0)
        server.join()
        self.assertEqual(got, [b"said after its end"])

    def test_a_server_that_resets_ends_a_silent_stdin(self):
        server = self.server(lambda sock: (sock.recv(1), reset(sock)))
        fid = self.fid("connect", server.url, stdin=subprocess.PIPE)
        fid.write(b"x")
        self.assert_status(fid, 1)

    def test_no_bytes_at_all_are_a_complete_transfer(self):
        fid = self.run_fid("connect", self.server(lambda sock: None).url, events=True)
        self.assert_status(fid, 0)
        self.assertTrue(fid.wait_event("close")["complete"])


class EofIgnore(Case):
    def test_follows_a_file_that_grows(self):
        path = self.file(b"one;")
        got = bytearray()

        def collect(sock):
            while piece := sock.recv(1000):
                got.extend(piece)

        server = self.server(collect)
        fid = self.fid("bridge", f"file:{path},eof=ignore", server.url, "-u")
        wait_until(lambda: got == b"one;", "the first part arrives")
        with open(path, "ab") as file:
            file.write(b"two;")
        wait_until(lambda: got == b"one;two;", "the second part arrives")
        self.assert_idle(fid)
        with open(path, "ab") as file:
            file.write(b"three;")
        wait_until(lambda: got == b"one;two;three;", "the third part arrives")
        self.assertEqual(fid.cut(), 143)

    def test_of_a_closed_pipe_does_not_spin(self):
        fid = self.fid("connect", self.server(echo).url, "--eof", "ignore", stdin=subprocess.PIPE)
        fid.write(b"x")
        fid.output.wait_for_size(1)
        fid.end_input()
        self.assert_idle(fid)


class OneDirection(Case):
    def test_u_sends_and_shows_nothing_of_what_comes_back(self):
        got = []
        server = self.server(lambda sock: (sock.sendall(b"noise"), got.append(receive_all(sock))))
        fid = self.run_fid("connect", server.url, "-u", data=payload(300_000))
        self.assert_status(fid, 0)
        server.join()
        self.assert_same(got[0], payload(300_000))
        self.assertEqual(fid.output.all(), b"")

    def test_u_ends_though_the_server_stays(self):
        server = self.server(lambda sock: (receive_all(sock), hold(sock)))
        fid = self.run_fid("connect", server.url, "-u", data=b"x")
        self.assert_status(fid, 0)

    def test_u_with_much_coming_back_loses_nothing(self):
        """What is not wanted is still read, or the peer would wait for us for ever."""
        got = []

        def noisy(sock):
            sock.sendall(bytes(8 << 20))
            got.append(receive_all(sock))

        server = self.server(noisy)
        fid = self.run_fid("connect", server.url, "-u", data=payload(2 << 20))
        self.assert_status(fid, 0)
        server.join()
        self.assert_same(got[0], payload(2 << 20))

    def test_U_receives_and_sends_nothing(self):
        got = []
        written = threading.Event()

        def server_side(sock):
            sock.sendall(b"news")
            written.wait(DEADLINE)
            sock.shutdown(socket.SHUT_WR)
            got.append(receive_all(sock))

        server = self.server(server_side)
        fid = self.fid("connect", server.url, "-U", stdin=subprocess.PIPE)
        fid.write(b"not to be sent")
        written.set()
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"news")
        server.join()
        self.assertEqual(got, [b""])

    def test_u_of_a_listener_is_from_the_client(self):
        fid = self.fid("listen", self.listen_word(), "-u", ready=True)
        client = self.client(fid.url)
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"hello")

    def test_U_of_a_listener_is_to_the_client(self):
        fid = self.fid("listen", self.listen_word(), "-U", ready=True, stdin=subprocess.PIPE)
        client = self.client(fid.url)
        fid.write(b"hello")
        fid.end_input()
        self.assertEqual(receive_all(client), b"hello")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"")

    def test_u_of_a_relay_is_from_the_client_to_the_target(self):
        got = []
        server = self.server(lambda sock: (sock.sendall(b"noise"), got.append(receive_all(sock))))
        fid = self.fid("relay", self.listen_word(), server.url, "-u", ready=True)
        client = self.client(fid.url)
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(client), b"")
        server.join()
        self.assertEqual(got, [b"hello"])


class NoStdin(Case):
    def test_keeps_the_connection_open_though_stdin_is_empty(self):
        server = self.server(lambda sock: (sock.settimeout(1), self.expect_no_end(sock),
                                           sock.sendall(b"done")))
        fid = self.run_fid("connect", server.url, "--no-stdin")
        self.assert_status(fid, 0)
        server.join()
        self.assertEqual(fid.output.all(), b"done")

    def expect_no_end(self, sock):
        try:
            raise AssertionError(f"got {sock.recv(1)!r}")
        except TimeoutError:
            pass

    def test_of_a_listener_takes_what_clients_send(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--no-stdin", ready=True)
        for word in (b"one", b"two"):
            client = self.client(fid.url)
            client.sendall(word)
            client.close()
            fid.output.wait_for_bytes(word)
        self.assertEqual(fid.stop(), 0)


if __name__ == "__main__":
    main()
