# SPDX-License-Identifier: MIT
"""A reply that starts long after the client has ended its sending half still arrives whole."""

import subprocess
import time

from harness import Scenarios, main, payload, receive_all
import socket

REQUEST = payload(70_000, seed=1)
REPLY = payload(100_000, seed=2)


def answering_late(delay: float):
    """A server that begins its reply only `delay` after the end of the request."""

    def handler(sock):
        request = receive_all(sock)
        time.sleep(delay)
        sock.sendall(REPLY)
        if request != REQUEST:
            raise AssertionError(f"{len(request)} bytes of the request arrived")

    return handler


def ask(world, url: str) -> bytes:
    client = world.client(url)
    client.sendall(REQUEST)
    client.shutdown(socket.SHUT_WR)
    return receive_all(client)


def through_connect(test, world, transport, server):
    fid = world.run("connect", server.url, data=REQUEST, events=True)
    test.assert_same(fid.output.all(), REPLY)
    return fid


def through_relay(test, world, transport, server):
    fid = world.fid("relay", world.listen_word(transport), server.url, ready=True, events=True)
    test.assert_same(ask(world, fid.url), REPLY)
    fid.wait_event("close")
    fid.stop()
    return fid


def through_bridge(test, world, transport, server):
    kind, rest = world.listen_word(transport).split(":", 1)
    fid = world.fid("bridge", f"{kind}-listen:{rest}", server.url, ready=True, events=True)
    test.assert_same(ask(world, fid.url), REPLY)
    return fid


def late_reply(through, transport: str, delay: float):
    def scenario(test, world):
        server = world.server(answering_late(delay), transport)
        fid = through(test, world, transport, server)
        server.join()
        test.assert_status(fid, 0)
        test.assert_quiet(fid)
        close = fid.wait_event("close")
        test.assertEqual((close["a_to_b"], close["b_to_a"]), (len(REQUEST), len(REPLY)))
        test.assertEqual((close["reason"], close["complete"]), ("eof", True))

    return scenario


class LateReply(Scenarios):
    more = {
        f"through_{command}_over_{transport}_{str(delay).replace('.', '_')}_s_late":
            late_reply(through, transport, delay)
        for command, through in (("connect", through_connect), ("relay", through_relay),
                                 ("bridge", through_bridge))
        for transport in ("tcp", "unix")
        for delay in (0.1, 1, 5)
    }

    def scenario_of_a_command_behind_a_listener(self, world):
        script = "cat >/dev/null; sleep 1; head -c 100000 /dev/zero"
        fid = world.fid("listen", world.listen_word(), "--", "sh", "-c", script, ready=True)
        self.assert_same(ask(world, fid.url), bytes(100_000))
        self.assert_status(fid, 0)

    def scenario_to_an_exec_endpoint(self, world):
        fid = world.run("bridge", "exec:sh -c 'cat >/dev/null; sleep 1; echo late'", "-",
                        data=REQUEST)
        self.assertEqual(fid.output.all(), b"late\n")
        self.assert_status(fid, 0)

    def scenario_to_an_empty_stdin(self, world):
        server = world.server(lambda sock: (receive_all(sock), time.sleep(1), sock.sendall(REPLY)))
        fid = world.run("connect", server.url, stdin=subprocess.DEVNULL)
        self.assert_same(fid.output.all(), REPLY)
        self.assert_status(fid, 0)

    def scenario_to_the_side_that_accepted(self, world):
        """The other way round: the target ends first, and the client goes on."""
        got = []

        def ends_first(sock):
            sock.sendall(REQUEST)
            sock.shutdown(socket.SHUT_WR)
            got.append(receive_all(sock))

        server = world.server(ends_first)
        fid = world.fid("relay", world.listen_word(), server.url, ready=True)
        client = world.client(fid.url)
        self.assert_same(receive_all(client), REQUEST)
        time.sleep(1)
        client.sendall(REPLY)
        client.close()
        server.join()
        self.assert_same(got[0], REPLY)


if __name__ == "__main__":
    main()
