# SPDX-License-Identifier: MIT
"""Sockets that carry messages: boundaries are kept where both sides have them."""

import os
import socket
import subprocess

from harness import DEADLINE, Case, main, receive_exactly, wait_until

MESSAGES = [b"one", b"", b"three " * 1000, b"4"]


class Datagrams(Case):
    def receiver(self):
        path = self.path("dgram")
        sock = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        sock.settimeout(DEADLINE)
        sock.bind(str(path))
        return sock, path

    def sender(self, path):
        sock, own = self.receiver()
        wait_until(lambda: self.connects(sock, path), "the other side is there")
        return sock

    def connects(self, sock, path) -> bool:
        try:
            sock.connect(str(path))
            return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def test_keep_their_boundaries_between_two_sockets(self):
        target, target_path = self.receiver()
        front = self.path("front")
        self.fid("bridge", f"unix-dgram-listen:{front}", f"unix-dgram:{target_path}")
        sender = self.sender(front)
        for message in MESSAGES:
            sender.send(message)
        self.assertEqual([target.recv(1 << 16) for _ in MESSAGES], MESSAGES)

    def test_answers_come_back_to_the_one_who_asked(self):
        target, target_path = self.receiver()
        front = self.path("front")
        self.fid("bridge", f"unix-dgram-listen:{front}", f"unix-dgram:{target_path}")
        asker = self.sender(front)
        asker.send(b"question")
        message, asked_by = target.recvfrom(1 << 16)
        self.assertEqual(message, b"question")
        self.assertTrue(asked_by, "it can be answered")
        target.sendto(b"answer", asked_by)
        self.assertEqual(asker.recv(1 << 16), b"answer")

    def test_carry_what_stdin_says(self):
        target, path = self.receiver()
        fid = self.run_fid("connect", f"unix-dgram:{path}", data=b"hello")
        self.assertEqual(target.recv(100), b"hello")
        self.assert_status(fid, 0)

    def test_wait_a_second_for_an_answer_after_the_end(self):
        target, path = self.receiver()
        fid = self.fid("connect", f"unix-dgram:{path}", stdin=subprocess.PIPE)
        fid.write(b"question")
        fid.end_input()
        _, asked_by = target.recvfrom(100)
        target.sendto(b"answer", asked_by)
        self.assertEqual(fid.output.all(), b"answer")
        self.assert_status(fid, 0)

    def test_leave_no_files_behind(self):
        target, path = self.receiver()
        front = self.path("front")
        fid = self.fid("bridge", f"unix-dgram-listen:{front}", f"unix-dgram:{path}")
        sender = self.sender(front)
        sender.send(b"x")
        _, private = target.recvfrom(100)
        fid.signal(2)
        fid.wait()
        self.assertFalse(front.exists())
        if private and not private.startswith(b"\0" if isinstance(private, bytes) else "\0"):
            self.assertFalse(os.path.exists(private))


class Udp(Case):
    def socket(self):
        sock = self.keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sock.settimeout(DEADLINE)
        sock.bind(("127.0.0.1", 0))
        return sock, "udp://127.0.0.1:%d" % sock.getsockname()[1]

    def connected(self, url):
        sock, _ = self.socket()
        host, _, port = url.removeprefix("udp://").rpartition(":")
        sock.connect((host, int(port)))
        return sock

    def unix_receiver(self):
        path = self.path("dgram")
        sock = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        sock.settimeout(DEADLINE)
        sock.bind(str(path))
        return sock, f"unix-dgram:{path}"

    def test_keeps_boundaries_on_the_way_to_a_unix_socket_and_back(self):
        target, target_url = self.unix_receiver()
        fid = self.fid("bridge", "udp-listen://127.0.0.1:0", target_url, ready=True)
        asker = self.connected(fid.url)
        for message in MESSAGES:
            asker.send(message)
            received, asked_by = target.recvfrom(1 << 16)
            self.assertEqual(received, message)
        target.sendto(b"answer", asked_by)
        self.assertEqual(asker.recv(1 << 16), b"answer")

    def test_keeps_boundaries_on_the_way_from_a_unix_socket(self):
        target, target_url = self.socket()
        front = self.path("front")
        fid = self.fid("bridge", f"unix-dgram-listen:{front}", target_url, ready=True)
        asker, _ = self.unix_receiver()
        asker.connect(str(front))
        for message in MESSAGES:
            asker.send(message)
            received, asked_by = target.recvfrom(1 << 16)
            self.assertEqual(received, message)
        target.sendto(b"answer", asked_by)
        self.assertEqual(asker.recv(1 << 16), b"answer")
        self.assert_quiet(fid)

    def test_listen_writes_what_comes_and_sends_what_it_reads(self):
        fid = self.fid("listen", "udp:127.0.0.1:0", stdin=subprocess.PIPE, ready=True)
        client = self.connected(fid.url)
        client.send(b"question")
        fid.output.wait_for_size(len(b"question"))
        fid.write(b"answer")
        self.assertEqual(client.recv(100), b"answer")

    def test_connect_sends_stdin_and_waits_a_second_for_an_answer(self):
        target, url = self.socket()
        fid = self.fid("connect", url, stdin=subprocess.PIPE)
        fid.write(b"question")
        fid.end_input()
        message, asked_by = target.recvfrom(100)
        self.assertEqual(message, b"question")
        target.sendto(b"answer", asked_by)
        self.assertEqual(fid.output.all(), b"answer")
        self.assert_status(fid, 0)

    def test_a_port_without_a_receiver_is_reported(self):
        deaf, url = self.socket()
        deaf.connect(deaf.getsockname())  # hears nobody but itself
        fid = self.run_fid("connect", url, data=b"hello")
        self.assert_status(fid, 1)
        self.assertIn("ECONNREFUSED", fid.errors())


class Inherited(Case):
    def pair(self, kind):
        both = [self.keep(sock) for sock in socket.socketpair(socket.AF_UNIX, kind)]
        both[0].settimeout(DEADLINE)
        return both

    def test_messages_stay_apart(self):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            with self.subTest(kind=kind):
                ours, theirs = self.pair(kind)
                far, near = self.pair(kind)
                self.fid("bridge", f"fd:{theirs.fileno()}", f"fd:{near.fileno()}",
                         pass_fds=(theirs.fileno(), near.fileno()))
                for message in MESSAGES:
                    ours.send(message)
                self.assertEqual([far.recv(1 << 16) for _ in MESSAGES], MESSAGES)
                far.send(b"answer")
                self.assertEqual(ours.recv(100), b"answer")

    def test_an_answer_is_waited_for_a_second(self):
        ours, theirs = self.pair(socket.SOCK_DGRAM)
        fid = self.run_fid("connect", f"fd:{theirs.fileno()}", data=b"question",
                           pass_fds=(theirs.fileno(),))
        self.assert_status(fid, 0)
        self.assertEqual(ours.recv(100), b"question")


class Records(Case):
    def test_keep_their_boundaries_through_a_relay(self):
        path = self.path("target")
        listener = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        listener.bind(str(path))
        listener.listen()
        fid = self.fid("relay", f"unix-seq:{self.path('front')}", f"unix-seq:{path}", ready=True)
        client = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        client.settimeout(DEADLINE)
        client.connect(fid.url.removeprefix("unix-seq:"))
        server = self.keep(listener.accept()[0])
        server.settimeout(DEADLINE)
        records = [message for message in MESSAGES if message]
        for record in records:
            client.send(record)
        self.assertEqual([server.recv(1 << 16) for _ in records], records)
        for record in records:
            server.send(record)
        self.assertEqual([client.recv(1 << 16) for _ in records], records)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(server.recv(100), b"")
        server.close()
        self.assertEqual(client.recv(100), b"")


if __name__ == "__main__":
    main()
