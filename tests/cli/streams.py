# SPDX-License-Identifier: MIT
"""Bytes, and the sockets and pipes they pass through, as the tests see them from outside."""

import contextlib
import itertools
import os
import re
import select
import socket
import struct
import threading
import time

from processes import DEADLINE


def payload(size: int, seed: int = 1) -> bytes:
    """Bytes in which no part looks like another at a different place."""
    blocks = (struct.pack("<IIQ", seed, i, i * 0x9E3779B97F4A7C15 % 2**64) for i in itertools.count())
    return b"".join(itertools.islice(blocks, size // 16 + 1))[:size]


def receive_all(sock: socket.socket) -> bytes:
    data = bytearray()
    while piece := sock.recv(1 << 16):
        data += piece
    return bytes(data)


def receive_exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise AssertionError(f"the stream ended after {len(data)} of {size} bytes: {bytes(data)!r}")
        data += piece
    return bytes(data)


def exchange(sock: socket.socket, data: bytes = b"ping") -> None:
    """One round trip through something that echoes."""
    sock.sendall(data)
    answer = receive_exactly(sock, len(data))
    if answer != data:
        raise AssertionError(f"sent {data!r}, got {answer!r}")


def receive_slowly(read, size: int, bytes_per_second: int, piece: int = 1 << 16) -> bytes:
    """Reads `size` bytes, and then the end, no faster than this."""
    data = bytearray()
    began = time.monotonic()
    while True:
        ahead = len(data) / bytes_per_second - (time.monotonic() - began)
        if ahead > 0:
            time.sleep(ahead)
        got = read(piece)
        if not got:
            return bytes(data)
        data += got
        if len(data) > size:
            raise AssertionError("more arrived than was sent")


def reset(sock: socket.socket) -> None:
    """Closes it with an RST instead of a FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Collector:
    """Reads a descriptor to its end, so that whoever writes there never waits."""

    def __init__(self, fd: int):
        self._fd = fd
        self._data = bytearray()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            try:
                piece = os.read(self._fd, 1 << 16)
            except OSError:  # the other end of a pseudo-terminal is gone
                piece = b""
            with self._changed:
                self._data += piece
                self._ended = not piece
                self._changed.notify_all()
            if not piece:
                os.close(self._fd)
                return

    @property
    def data(self) -> bytes:
        with self._changed:
            return bytes(self._data)

    def wait_for(self, holds, what: str) -> bytes:
        """Waits until `holds(all so far)`."""
        with self._changed:
            if not self._changed.wait_for(lambda: holds(bytes(self._data)), DEADLINE):
                raise AssertionError(f"waited for {what}; so far: {bytes(self._data[-2000:])!r}")
            return bytes(self._data)

    def wait_for_bytes(self, wanted: bytes) -> bytes:
        return self.wait_for(lambda data: wanted in data, repr(wanted))

    def wait_for_size(self, size: int) -> bytes:
        return self.wait_for(lambda data: len(data) >= size, f"{size} bytes")

    def all(self) -> bytes:
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended, DEADLINE):
                raise AssertionError("its end did not come")
            return bytes(self._data)


class Server:
    """Accepts connections and gives each to `handler`, in a thread of its own."""

    def __init__(self, listener: socket.socket, url: str, handler):
        self.listener = listener
        self.url = url
        self.accepted = 0
        self.failures: list[BaseException] = []
        self._handler = handler
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(DEADLINE)
            with self._lock:
                self.accepted += 1
                self._open.add(sock)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock):
        try:
            self._handler(sock)
        except BaseException as failure:  # kept for whoever asks
            self.failures.append(failure)
        finally:
            with self._lock:
                self._open.discard(sock)
                sock.close()

    def join(self) -> None:
        """Waits for the handlers so far; raises the first one's failure."""
        for thread in self._threads:
            thread.join(DEADLINE)
        if self.failures:
            raise self.failures[0]

    def stop(self) -> None:
        """No more is accepted: the next client is refused."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(DEADLINE)
        self.listener.close()

    def end(self) -> None:
        self.stop()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def echo(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := sock.recv(1 << 16):
            sock.sendall(piece)


def hold(sock: socket.socket) -> None:
    """Reads nothing and says nothing until the other side goes away."""
    poller = select.poll()
    poller.register(sock, 0)  # only what is always told: both directions are over
    poller.poll(DEADLINE * 1000)


def connect(url: str) -> socket.socket:
    """A plain socket connected to what fid says it listens on."""
    if match := re.fullmatch(r"tcp[46]?://\[?([^\]]*)\]?:(\d+)", url):
        sock = socket.create_connection((match[1], int(match[2])), DEADLINE)
    elif match := re.fullmatch(r"unix:(.*)", url):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(DEADLINE)
        sock.connect(match[1])
    elif match := re.fullmatch(r"abstract:(.*)", url):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(DEADLINE)
        sock.connect("\0" + match[1])
    else:
        raise AssertionError(f"not an address to connect to: {url}")
    return sock
