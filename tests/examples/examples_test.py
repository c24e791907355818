# SPDX-License-Identifier: MIT
"""The example programs, each talked to by what a user would talk to it with, and treated badly."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

# E402: found by the path above.
from processes import DEADLINE, descriptors_of, in_parallel, wait_until  # noqa: E402
from streams import (Collector, Server, echo, exchange, hold, payload, receive_all,  # noqa: E402
                     receive_exactly, reset)

MIB = 1 << 20


class ExampleCase(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.dir = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="fid.")))

    def start(self, name: str, *words) -> subprocess.Popen:
        """The example running, until the test ends; `said` and `complained` collect what it says."""
        program = subprocess.Popen([f"{os.environ['FID_EXAMPLES']}/{name}", *map(str, words)],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.stack.callback(self.end, program)
        program.said = Collector(os.dup(program.stdout.fileno()))
        program.complained = Collector(os.dup(program.stderr.fileno()))
        program.stdout.close()
        program.stderr.close()
        return program

    def end(self, program: subprocess.Popen) -> None:
        program.kill()
        program.wait()
        reported = program.complained.all().decode()
        self.assertNotRegex(reported, "Sanitizer|runtime error:")

    def listening(self, name: str, *words) -> int:
        """Starts an example on a free port, which it tells."""
        self.program = self.start(name, "127.0.0.1:0", *words)
        line = self.program.said.wait_for_bytes(b"\n").decode()
        return int(re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line)[1])

    def connect(self, port: int) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self.stack.callback(sock.close)
        return sock

    def run_peer(self, *words, given: bytes) -> bytes:
        done = subprocess.run([*map(str, words)], input=given, capture_output=True,
                              timeout=DEADLINE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def serve(self, handler) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        server = Server(listener, "", handler)
        self.stack.callback(server.end)
        return listener.getsockname()[1]


class Sources(unittest.TestCase):
    def test_are_short(self):
        for path in HERE.glob("*.cpp"):
            self.assertLess(len(path.read_text().splitlines()), 80, path.name)
        proxy = (HERE / "tcp_proxy.cpp").read_text().splitlines()
        code = [line for line in proxy if line.strip() and not line.startswith("//")]
        self.assertLessEqual(len(code), 30)


class EchoServer(ExampleCase):
    def test_gives_back_all_and_then_the_end(self):
        port = self.listening("echo_server")
        self.assertEqual(self.run_peer("nc", "-N", "127.0.0.1", port, given=b"hello\n"), b"hello\n")
        data = payload(8 * MIB)
        client = self.connect(port)

        def send():
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)

        self.assertEqual(in_parallel(send, lambda: receive_all(client))[1], data)

    def test_those_who_stall_or_break_off_hold_up_nobody(self):
        port = self.listening("echo_server")
        stalled = self.connect(port)
        stalled.settimeout(0.2)
        with self.assertRaises(TimeoutError):  # both directions are full
            for _ in range(64):
                stalled.sendall(bytes(MIB))
        gone = self.connect(port)
        gone.sendall(bytes(MIB))
        reset(gone)
        exchange(self.connect(port))
        self.assertIsNone(self.program.poll())

    def test_a_signal_ends_it_with_its_clients(self):
        port = self.listening("echo_server")
        client = self.connect(port)
        exchange(client)
        self.program.send_signal(signal.SIGTERM)
        self.assertEqual(self.program.wait(DEADLINE), 0)
        self.assertEqual(receive_all(client), b"")

    def test_says_why_it_cannot_listen(self):
        port = self.listening("echo_server")
        second = self.start("echo_server", f"127.0.0.1:{port}")
        self.assertEqual(second.wait(DEADLINE), 1)
        self.assertEqual(second.complained.all(),
                         b"echo_server: bind: Address already in use (EADDRINUSE)\n")


class ChatServer(ExampleCase):
    def join(self, port: int, others: int) -> socket.socket:
        """A new guest, once the server has let them in."""
        sock = self.connect(port)
        wait_until(lambda: sum("socket:" in what for what in descriptors_of(self.program.pid).values())
                   > others + 1, "the guest is let in")
        return sock

    def test_each_hears_the_others(self):
        port = self.listening("chat_server")
        first, second, third = (self.join(port, others) for others in range(3))
        first.sendall(b"hel")
        first.sendall(b"lo\nhow are you?\nI")
        said = b"guest 1: hello\nguest 1: how are you?\n"
        self.assertEqual(receive_exactly(second, len(said)), said)
        self.assertEqual(receive_exactly(third, len(said)), said)
        third.sendall(b"fine\n")
        said = b"guest 3: fine\n"
        self.assertEqual(receive_exactly(first, len(said)), said)
        first.close()
        second.sendall(b"who was that?\n")
        self.assertEqual(receive_exactly(second, 14), b"guest 3: fine\n")
        self.assertEqual(receive_exactly(third, 23), b"guest 2: who was that?\n")

    def test_one_who_does_not_listen_costs_nobody_more_than_a_little_memory(self):
        port = self.listening("chat_server")
        deaf, speaker, listener = (self.join(port, others) for others in range(3))
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line = b"x" * 900 + b"\n"
        told = b"guest 2: " + line

        def memory() -> int:
            return int(re.search(r"VmRSS:\s+(\d+) kB",
                                 Path(f"/proc/{self.program.pid}/status").read_text())[1])

        def say(times):
            # Each is heard before the next is said: nothing is lost for want of patience.
            for _ in range(times):
                speaker.sendall(line)
                self.assertEqual(receive_exactly(listener, len(told)), told)

        say(10000)  # far more than the system holds for somebody who does not listen
        before = memory()
        say(10000)
        if not os.environ.get("FID_SANITIZE"):  # which keeps what was freed
            self.assertLess(memory() - before, 4096)

    def test_a_line_without_end_ends_the_visit(self):
        port = self.listening("chat_server")
        endless, other = (self.join(port, others) for others in range(2))
        with contextlib.suppress(OSError):
            endless.sendall(bytes(MIB))
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(endless.recv(1), b"")
        third = self.join(port, 1)
        third.sendall(b"quiet now\n")
        self.assertEqual(receive_exactly(other, 19), b"guest 3: quiet now\n")

    def test_works_with_netcat(self):
        port = self.listening("chat_server")
        guest = self.join(port, 0)
        self.run_peer("nc", "-N", "127.0.0.1", port, given=b"hi there\n")
        self.assertEqual(receive_exactly(guest, 18), b"guest 2: hi there\n")


class TcpProxy(ExampleCase):
    def test_passes_on_bytes_and_ends_both_ways(self):
        def answer_at_the_end(sock):
            sock.sendall(receive_all(sock)[::-1])

        port = self.listening("tcp_proxy", f"127.0.0.1:{self.serve(answer_at_the_end)}")
        data = payload(4 * MIB)
        self.assertEqual(self.run_peer("socat", "-t60", "-", f"TCP:127.0.0.1:{port}", given=data),
                         data[::-1])

    def test_serves_many_at_once(self):
        port = self.listening("tcp_proxy", f"127.0.0.1:{self.serve(echo)}")
        clients = [self.connect(port) for _ in range(50)]
        for client in clients:
            exchange(client)

    def test_reads_no_more_than_is_taken(self):
        port = self.listening("tcp_proxy", f"127.0.0.1:{self.serve(hold)}")
        client = self.connect(port)
        client.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            for _ in range(64):
                client.sendall(bytes(MIB))
        other = self.connect(port)
        other.sendall(b"x")

    def test_closes_on_a_client_whose_target_is_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            target = free.getsockname()[1]
        port = self.listening("tcp_proxy", f"127.0.0.1:{target}")
        self.assertEqual(receive_all(self.connect(port)), b"")
        self.assertEqual(receive_all(self.connect(port)), b"")


class UdpEcho(ExampleCase):
    def test_answers_each_datagram_whoever_it_is_from(self):
        port = self.listening("udp_echo")
        self.assertEqual(self.run_peer("socat", "-t1", "-", f"UDP:127.0.0.1:{port}", given=b"hi"), b"hi")
        with socket.socket(type=socket.SOCK_DGRAM) as first, \
                socket.socket(type=socket.SOCK_DGRAM) as second:
            for sock in (first, second):
                sock.settimeout(DEADLINE)
                sock.connect(("127.0.0.1", port))
            for data in (b"", b"one", payload(60000)):
                first.send(data)
                second.send(data[::-1])
                self.assertEqual(first.recv(65535), data)
                self.assertEqual(second.recv(65535), data[::-1])

    def test_goes_on_when_a_sender_is_gone(self):
        port = self.listening("udp_echo")
        with socket.socket(type=socket.SOCK_DGRAM) as gone:
            gone.sendto(b"and away", ("127.0.0.1", port))
        with socket.socket(type=socket.SOCK_DGRAM) as here:
            here.settimeout(DEADLINE)
            here.connect(("127.0.0.1", port))
            here.send(b"still there?")
            self.assertEqual(here.recv(100), b"still there?")


class UnixLogger(ExampleCase):
    def log(self) -> Path:
        path = self.dir / "log"
        self.program = self.start("unix_logger", path)
        self.program.complained.wait_for_bytes(b"listening")
        return path

    def ids(self) -> str:
        return f"uid={os.getuid()} gid={os.getgid()} pid="

    def test_writes_who_said_what(self):
        path = self.log()
        logger = subprocess.Popen(["logger", "--socket", path, "--tag", "test", "hello"])
        logger.wait(DEADLINE)
        said = self.program.said.wait_for_bytes(b"\n").decode()
        self.assertRegex(said, rf"^{self.ids()}\d+: <13>.*test: hello\n$")

    def test_each_message_is_one_line(self):
        path = self.log()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            for message in (b"two\nlines", b"", b"x" * 9000):
                sock.sendto(message, str(path))
        who = f"{self.ids()}{os.getpid()}: "
        lines = [f"{who}two lines", who, f"{who}{'x' * 8192} (cut)"]
        self.assertEqual(self.program.said.wait_for(lambda data: data.count(b"\n") == 3, "3 lines"),
                         "".join(f"{line}\n" for line in lines).encode())

    def test_a_signal_ends_it_and_removes_the_socket(self):
        path = self.log()
        self.assertTrue(path.is_socket())
        self.program.send_signal(signal.SIGTERM)
        self.assertEqual(self.program.wait(DEADLINE), 0)
        self.assertFalse(path.exists())

    def test_takes_nobody_elses_place(self):
        path = self.log()
        second = self.start("unix_logger", path)
        self.assertEqual(second.wait(DEADLINE), 1)
        self.assertIn(b"EADDRINUSE", second.complained.all())
        self.assertTrue(path.is_socket())


class FifoTail(ExampleCase):
    def tail(self) -> Path:
        path = self.dir / "fifo"
        os.mkfifo(path)
        self.program = self.start("fifo_tail", path)
        return path

    def test_shows_what_one_writer_after_another_writes(self):
        path = self.tail()
        for line in ("one", "two", "three"):
            subprocess.run(["sh", "-c", f'echo {line} > "$1"', "sh", path], check=True, timeout=DEADLINE)
            self.program.said.wait_for_bytes(f"{line}\n".encode())
        self.assertEqual(self.program.said.data, b"one\ntwo\nthree\n")

    def test_loses_nothing_of_much(self):
        path = self.tail()
        data = payload(4 * MIB)
        path.write_bytes(data)
        self.assertEqual(self.program.said.wait_for_size(len(data)), data)

    def test_says_what_is_no_fifo(self):
        path = self.dir / "file"
        path.touch()
        program = self.start("fifo_tail", path)
        self.assertEqual(program.wait(DEADLINE), 1)
        self.assertEqual(program.complained.all(),
                         f"fifo_tail: {path}: not a pipe: Invalid argument (EINVAL)\n".encode())


if __name__ == "__main__":
    unittest.main()
