# SPDX-License-Identifier: MIT
"""A reader at the end that takes 1 MiB/s gets everything, long after the sender has closed."""

import functools
import os
import socket
import sys

from harness import DEADLINE, Scenarios, main, payload, receive_all, receive_slowly

MIB = 1 << 20
SIZE = 20 * MIB
RATE = MIB


@functools.cache
def content() -> bytes:
    return payload(SIZE)


def taking_slowly(got: list):
    def handler(sock):
        got.append(receive_slowly(sock.recv, SIZE, RATE))
        sock.sendall(b"thanks")

    return handler


def through_relay(transport: str):
    def scenario(test, world):
        got = []
        server = world.server(taking_slowly(got), transport)
        fid = world.fid("relay", world.listen_word(transport), server.url, ready=True, events=True)
        client = world.client(fid.url)
        client.sendall(content())
        client.shutdown(socket.SHUT_WR)
        client.settimeout(4 * DEADLINE)
        test.assertEqual(receive_all(client), b"thanks")
        test.assert_same(got[0], content())
        test.assertTrue(fid.wait_event("close")["complete"])
        test.assertEqual(fid.stop(), 0)

    return scenario


class SlowReader(Scenarios):
    more = {f"of_a_relay_over_{transport}": through_relay(transport) for transport in ("tcp", "unix")}

    def scenario_of_a_file_on_stdin(self, world):
        got = []
        server = world.server(taking_slowly(got))
        with open(world.file(content()), "rb") as file:
            fid = world.fid("connect", server.url, stdin=file, events=True)
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"thanks")
        self.assert_same(got[0], content())

    def scenario_of_one_direction_only(self, world):
        """Nothing is awaited from the other side, so all depends on a patient end."""
        got = []
        server = world.server(lambda sock: got.append(receive_slowly(sock.recv, SIZE, RATE)))
        path = world.file(content())
        fid = world.run("bridge", f"file:{path}", server.url, "-u")
        self.assert_status(fid, 0)
        server.join()
        self.assert_same(got[0], content())

    def scenario_of_one_direction_to_a_server_that_keeps_talking(self, world):
        """Closing a socket with something unread resets it, and what it has not yet sent is lost."""
        got = []

        def talking(sock):
            sock.sendall(bytes(1000))
            got.append(receive_slowly(sock.recv, SIZE, 4 * RATE))

        server = world.server(talking)
        fid = world.run("bridge", f"file:{world.file(content())}", server.url, "-u")
        self.assert_status(fid, 0)
        server.join()
        self.assert_same(got[0], content())

    def scenario_of_stdout(self, world):
        server = world.server(lambda sock: sock.sendall(content()))
        reader, writer = os.pipe()
        fid = world.fid("connect", server.url, stdout=writer)
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            self.assert_same(receive_slowly(pipe.read, SIZE, RATE), content())
        self.assert_status(fid, 0)

    def scenario_of_a_command_that_has_gone(self, world):
        path = world.file(content())
        fid = world.fid("listen", world.listen_word(), "--", "cat", path, ready=True)
        client = world.client(fid.url)
        self.assert_same(receive_slowly(client.recv, SIZE, RATE), content())
        client.close()
        self.assert_status(fid, 0)

    def scenario_of_what_a_command_reads(self, world):
        """The client has gone; the command still takes its time."""
        script = """if True:
            import sys, time
            total = 0
            while piece := sys.stdin.buffer.read(1 << 20):
                total += len(piece)
                time.sleep(0.2)
            sys.exit(0 if total == 20 << 20 else 9)"""
        fid = world.fid("listen", world.listen_word(), "--", sys.executable, "-c", script,
                        ready=True)
        client = world.client(fid.url)
        client.sendall(content())
        client.close()
        self.assert_status(fid, 0)


if __name__ == "__main__":
    main()
