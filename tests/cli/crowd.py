# SPDX-License-Identifier: MIT
"""More clients at once than there is room for."""

import select
import time

from processes import DEADLINE


def crowd(case, url: str, size: int) -> list:
    """That many clients, each having said its number and waiting for the echo."""
    clients = []
    for number in range(size):
        client = case.client(url)
        client.sendall(b"%04d" % number)
        clients.append(client)
    return clients


def serve_all(clients) -> None:
    """Each leaves when it has been answered, in whatever order, which makes room for others."""
    waiting = {client.fileno(): (number, client) for number, client in enumerate(clients)}
    poller = select.poll()
    for fd in waiting:
        poller.register(fd, select.POLLIN)
    end = time.monotonic() + DEADLINE
    while waiting:
        if time.monotonic() >= end:
            raise AssertionError(f"{len(waiting)} clients were never answered")
        for fd, _ in poller.poll(1000):
            number, client = waiting.pop(fd)
            poller.unregister(fd)
            answer = client.recv(100)
            if answer != b"%04d" % number:
                raise AssertionError(f"client {number} was answered {answer!r}")
            client.close()
