# SPDX-License-Identifier: MIT
"""Datagrams to and from other programs."""

import os
import random
import subprocess

from interop import main
from harness import Case, Collector, require, wait_until

# Addresses of our own, so that no port is anybody else's.
HOSTS = (f"127.{random.randrange(128, 192)}.{random.randrange(256)}.{n}" for n in range(1, 255))
PORT = "7000"

# What waits for datagrams on a place, and what sends there; both write what comes back.
TOOLS = {
    "nc.openbsd": (lambda host: ["nc.openbsd", "-u", "-l", "-n", host, PORT],
                   lambda host, port: ["nc.openbsd", "-u", "-n", host, port]),
    "ncat": (lambda host: ["ncat", "-u", "-l", "-n", host, PORT],
             lambda host, port: ["ncat", "-u", "-n", host, port]),
    "socat": (lambda host: ["socat", "-", f"UDP-LISTEN:{PORT},bind={host}"],
              lambda host, port: ["socat", "-", f"UDP:{host}:{port}"]),
}


def is_bound(host: str) -> bool:
    """Whether some UDP socket has the place."""
    place = bytes(int(part) for part in host.split("."))[::-1].hex().upper() + f":{int(PORT):04X}"
    with open("/proc/net/udp", encoding="ascii") as sockets:
        return any(line.split()[1] == place for line in list(sockets)[1:])


class Udp(Case):
    def other(self, command):
        process = self.start(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        return process, Collector(os.dup(process.stdout.fileno()))

    def say(self, process, text: bytes) -> None:
        process.stdin.write(text)
        process.stdin.flush()

    def check_connect(self, tool):
        listening, _ = TOOLS[tool]
        host = next(HOSTS)
        server, heard = self.other(listening(host))
        wait_until(lambda: is_bound(host), f"{tool} waits")
        fid = self.fid("connect", f"udp://{host}:{PORT}", stdin=subprocess.PIPE)
        fid.write(b"question")
        heard.wait_for_size(len(b"question"))
        self.say(server, b"answer")
        fid.output.wait_for_size(len(b"answer"))

    def check_listen(self, tool):
        _, sending = TOOLS[tool]
        fid = self.fid("listen", f"udp://{next(HOSTS)}:0", stdin=subprocess.PIPE, ready=True)
        host, _, port = fid.url.removeprefix("udp://").rpartition(":")
        client, heard = self.other(sending(host, port))
        self.say(client, b"question")
        fid.output.wait_for_size(len(b"question"))
        fid.write(b"answer")
        heard.wait_for_size(len(b"answer"))

    def check_bridge(self, tool):
        """From a client's UDP to a Unix socket and on to a server's UDP."""
        listening, sending = TOOLS[tool]
        host = next(HOSTS)
        server, asked = self.other(listening(host))
        wait_until(lambda: is_bound(host), f"{tool} waits")
        between = self.path("between")
        self.fid("bridge", f"unix-dgram-listen:{between}", f"udp://{host}:{PORT}", ready=True)
        front = self.fid("bridge", f"udp-listen://{next(HOSTS)}:0", f"unix-dgram:{between}",
                         ready=True)
        near, _, port = front.url.removeprefix("udp://").rpartition(":")
        client, answered = self.other(sending(near, port))
        self.say(client, b"question")
        asked.wait_for_size(len(b"question"))
        self.say(server, b"answer")
        answered.wait_for_size(len(b"answer"))


def add_tests():
    for tool in TOOLS:
        for act in ("connect", "listen", "bridge"):
            def test(self, tool=tool, act=act):
                require(tool)
                getattr(self, f"check_{act}")(tool)
            setattr(Udp, f"test_{act}_and_{tool.split('.')[0]}", test)


add_tests()

if __name__ == "__main__":
    main()
