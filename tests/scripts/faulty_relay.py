#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A relay with one of the faults that scripts/soak is to find, in place of fid: $FAULT names it.

    faulty_relay.py relay LISTEN TARGET --ready-fd FD -q
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

FAULT = os.environ["FAULT"]
kept = []


def endpoint(url: str) -> tuple[socket.socket, object]:
    if url.startswith("unix:"):
        return socket.socket(socket.AF_UNIX), url.removeprefix("unix:")
    host, port = url.removeprefix("tcp://").rsplit(":", 1)
    return socket.socket(), (host, int(port))


def opened(target: str) -> socket.socket:
    if not target.startswith("exec:"):
        sock, where = endpoint(target)
        sock.connect(where)
        return sock
    ours, theirs = socket.socketpair()
    with theirs:
        child = subprocess.Popen(target.removeprefix("exec:").split(), stdin=theirs, stdout=theirs)
    if FAULT != "left":
        threading.Thread(target=child.wait, daemon=True).start()
    return ours


def broken(data: bytes, passed: int) -> bytes:
    """The piece that comes after so many bytes, as the fault has it."""
    if FAULT == "lost" and passed > 5000:
        return data[:-1]
    if FAULT == "changed" and passed > 5000:
        return data[:-1] + bytes([data[-1] ^ 1])
    return data


def pump(near: socket.socket, far: socket.socket) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while data := near.recv(1 << 16):
            far.sendall(broken(data, passed))
            passed += len(data)
        # A half that ends is the end of all, as many a relay has it.
        far.shutdown(socket.SHUT_RDWR if FAULT == "half" else socket.SHUT_WR)
        return
    for sock in (near, far):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def serve(near: socket.socket, target: str) -> None:
    with contextlib.suppress(OSError):
        with near, opened(target) as far:
            back = threading.Thread(target=pump, args=(far, near), daemon=True)
            back.start()
            pump(near, far)
            back.join()
            if FAULT == "left":
                # Not `near` itself: while somebody has it, one who still writes to it waits for ever.
                kept.append((socket.socket(), os.urandom(1 << 16)))


def main() -> None:
    _, _, listen, target, _, ready, _ = sys.argv
    listener, where = endpoint(listen)
    listener.bind(where)
    listener.listen(1024)
    if not listen.startswith("unix:"):
        listen = "tcp://127.0.0.1:%d" % listener.getsockname()[1]
    os.write(int(ready), listen.encode() + b"\n")
    os.close(int(ready))

    def end(*_):
        if FAULT == "left":
            return
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    threading.stack_size(1 << 18)
    while True:
        near, _ = listener.accept()
        threading.Thread(target=serve, args=(near, target), daemon=True).start()


main()
