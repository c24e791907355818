# SPDX-License-Identifier: MIT
"""One file or stream through a tool that is called: from its input to TCP, from TCP to its output.

The other end is in this process: it takes or gives as fast as it can, and looks at nothing.
"""

import contextlib
import os
import resource
import socket
import subprocess
import threading
import time
from pathlib import Path

from .processes import Failed

CHUNK = 2**20
GIB = 2**30
PATIENCE_SECONDS = 60.0


def file_of(size: int, directory: Path) -> Path:
    """A file of that size, in memory as far as the system keeps files there."""
    path = directory / "transfer.bin"
    if not path.exists() or path.stat().st_size != size:
        with open(path, "wb") as file:
            for _ in range(size // CHUNK):
                file.write(bytes(CHUNK))
    return path


def take_all(descriptor: int) -> int:
    """Reads until the end; gives how much there was."""
    buffer = bytearray(CHUNK)
    total = 0
    while count := os.readv(descriptor, [buffer]):
        total += count
    return total


def give(connection: socket.socket, size: int) -> None:
    chunk = bytes(CHUNK)
    for _ in range(size // CHUNK):
        connection.sendall(chunk)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(CHUNK):
        pass


class Peer(threading.Thread):
    """Serves one connection with what it is given to do, and keeps its result."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_SECONDS)
        self._work = work
        self.result = None
        self.start()

    @property
    def authority(self) -> str:
        return "127.0.0.1:%d" % self._listener.getsockname()[1]

    def run(self):
        with self._listener, contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            with connection:
                self.result = self._work(connection)


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command, log: Path, size: int, **how) -> tuple[float, float]:
    """GiB/s, and CPU seconds a GiB, of a program from its start to its end."""
    cpu_before = children_cpu()
    since = time.monotonic()
    reader = None
    with open(log, "ab") as complaints:
        process = subprocess.Popen([str(word) for word in command], stderr=complaints, **how)
    if process.stdout is not None:
        reader = threading.Thread(target=take_all, args=(process.stdout.fileno(),), daemon=True)
        reader.start()
    try:
        status = process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        if reader is not None:
            reader.join()
            process.stdout.close()
    if status != 0:
        raise Failed(f"{command[0]} ended with {status}")
    took = time.monotonic() - since
    return size / GIB / took, (children_cpu() - cpu_before) / (size / GIB)


def size_for(seconds: float) -> int:
    return max(1, round(seconds * 512)) * CHUNK


def file_to_tcp(bench, tool):
    size = size_for(bench.seconds)
    peer = Peer(lambda connection: take_all(connection.fileno()))
    words = tool.command(bench.programs, peer.authority)
    with open(file_of(size, bench.directory), "rb") as file:
        figures = timed(
            words, bench.processes.log, size, stdin=file, stdout=subprocess.DEVNULL
        )
    peer.join(PATIENCE_SECONDS)
    if peer.result != size:
        raise Failed(f"{peer.result} of {size} bytes arrived")
    return figures


def tcp_to(output: int):
    """`output` is subprocess.PIPE or subprocess.DEVNULL."""

    def run(bench, tool):
        size = size_for(bench.seconds)
        peer = Peer(lambda connection: give(connection, size))
        words = tool.command(bench.programs, peer.authority)
        return timed(
            words, bench.processes.log, size, stdin=subprocess.DEVNULL, stdout=output
        )

    return run
