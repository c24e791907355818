# SPDX-License-Identifier: MIT
"""The two ends of a connection through a relay, following a plan and checking each other."""

import asyncio
import contextlib
import socket
import struct

from .content import LONGEST, content, first_difference
from .plan import Plan, Side

HEADER = struct.Struct("<4sQ")
MAGIC = b"soak"


class Wrong(Exception):
    """Something that a relay must not do."""


def abort(sock: socket.socket) -> None:
    """Over TCP a reset; a Unix socket has none and is closed."""
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class End:
    """One end of a connection at work."""

    def __init__(self, sock: socket.socket, plan: Plan, name: str, tally):
        self.sock = sock
        self.plan = plan
        self.name = name
        is_client = name == "client"
        self.mine: Side = plan.client if is_client else plan.server
        self.theirs: Side = plan.server if is_client else plan.client
        self.tally = tally
        self.received = 0
        self.their_end = asyncio.Event()

    async def run(self) -> None:
        receiving = asyncio.create_task(self.receive())
        sending = asyncio.create_task(self.send())
        try:
            await asyncio.gather(receiving, sending)
        finally:
            for task in (receiving, sending):
                task.cancel()
            await asyncio.gather(receiving, sending, return_exceptions=True)
            # Not before: a number that is closed may be another connection's the next moment.
            if self.mine.resets_after is not None:
                abort(self.sock)
            else:
                self.sock.close()

    async def send(self) -> None:
        loop = asyncio.get_running_loop()
        if self.mine.awaits_end:
            await self.their_end.wait()
        await asyncio.sleep(self.mine.starts_after)
        size = self.mine.size if self.mine.resets_after is None else self.mine.resets_after
        sent = 0
        try:
            while sent < size:
                piece = content(self.mine.seed, sent, min(self.mine.piece, LONGEST, size - sent))
                await loop.sock_sendall(self.sock, piece)
                sent += len(piece)
            if self.mine.resets_after is None:
                self.sock.shutdown(socket.SHUT_WR)
        except (ConnectionError, OSError) as broken:
            if not self.plan.aborts:
                raise Wrong(f"{self.name} could not send after {sent} of {size} bytes: {broken}")
        if self.mine.resets_after is not None:
            raise Reset

    async def receive(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                data = await loop.sock_recv(self.sock, self.mine.read_size)
            except ConnectionError as broken:
                if self.plan.aborts:
                    break
                raise Wrong(f"{self.name} could not receive after {self.received} of "
                            f"{self.theirs.size} bytes: {broken}")
            if not data:
                break
            at = first_difference(self.theirs.seed, self.received, data)
            if at is not None:
                raise Wrong(f"{self.name} received other bytes than were sent, from offset {at} on")
            self.received += len(data)
            self.tally.bytes += len(data)
            if self.received > self.theirs.size:
                raise Wrong(f"{self.name} received more than the {self.theirs.size} bytes sent")
            if self.mine.read_pause:
                await asyncio.sleep(self.mine.read_pause)
        if self.received < self.theirs.size and not self.plan.aborts:
            raise Wrong(f"{self.name} received the end at offset {self.received} of "
                        f"{self.theirs.size} bytes")
        self.their_end.set()


class Reset(Exception):
    """This end breaks off, as planned."""


async def converse(sock: socket.socket, plan: Plan, name: str, tally) -> None:
    with contextlib.suppress(Reset):
        await End(sock, plan, name, tally).run()


async def call(sock: socket.socket, plan: Plan, tally) -> None:
    """The client, from when it is connected."""
    if plan.kind == "vanish":
        if plan.vanishes_with_reset:
            abort(sock)
        sock.close()
        return
    if not plan.is_echo:
        try:
            await asyncio.get_running_loop().sock_sendall(sock, HEADER.pack(MAGIC, plan.number))
        except ConnectionError as broken:
            sock.close()
            raise Wrong(f"client could not send at all: {broken}")
    await converse(sock, plan, "client", tally)


async def number_of(sock: socket.socket) -> int | None:
    """Whose connection the server has accepted; none if it vanished before it said so."""
    loop = asyncio.get_running_loop()
    header = b""
    while len(header) < HEADER.size:
        try:
            piece = await loop.sock_recv(sock, HEADER.size - len(header))
        except ConnectionError:
            return None
        if not piece:
            return None
        header += piece
    magic, number = HEADER.unpack(header)
    if magic != MAGIC:
        raise Wrong(f"server received {header!r} where a connection begins")
    return number
