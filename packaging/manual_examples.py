#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each example of the manual, as somebody who has just installed fid would try it.

Run by scripts/package as root, in a system that nobody else uses: `db`, `db.example.org` and
`example.org` are this machine there, and so is every port. The examples are taken from the pages as
man shows them, and are given to bash as they stand.
"""

import contextlib
import grp
import os
import re
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
from pathlib import Path

DEADLINE = 120
PAGES = sorted(path.name.removesuffix(".gz") for section in "17"
               for path in Path(f"/usr/share/man/man{section}").glob("fid*"))
HELLO = b"hello\n"
TRIED = {}


def example(*lines):
    """What to do with an example; of several, they are alike."""
    def add(function):
        TRIED.update(dict.fromkeys(lines, function))
        return function
    return add


def shown(page: str) -> list[str]:
    """The examples of a page: lines set off from the text, and the addresses that are explained."""
    environment = {**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8"}
    text = subprocess.run(["man", page], check=True, capture_output=True, text=True,
                          env=environment).stdout
    examples = re.findall(r"(?<=\n     Example:\n) {11}(\S.*)", text)
    if page == "fid-addresses.7":
        examples += re.findall(r"(?m)^ {11}((?:tcp|unix):.*)", text.split("\nTCP\n")[0])
        pattern = r"(?m)^ {5}(\S.*)"
    else:
        pattern = r"(?m)^ {11}(\S.*)"
    if "\nEXAMPLES\n" in text:
        own = re.split(r"\n(?=[A-Z])", text.split("\nEXAMPLES\n")[1])[0]
        examples += re.findall(pattern, own)
    # What reads is of no use without the line below it.
    together = "\n".join(examples)
    return re.findall(r"read .*\n.*|.+", together)


def make_socket(place, kind=socket.SOCK_STREAM) -> socket.socket:
    if isinstance(place, str):
        return socket.socket(socket.AF_UNIX, kind)
    return socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, kind)


class Server:
    """Sends back what it is sent, in capitals, to one client after another."""

    def __init__(self, place, kind=socket.SOCK_STREAM):
        self.place = place
        self.socket = make_socket(place, kind)
        if isinstance(place, tuple):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif place[0] != "\0":
            Path(place).parent.mkdir(parents=True, exist_ok=True)
            Path(place).unlink(missing_ok=True)
        self.socket.bind(place)
        self.received = b""
        self.work = self.datagrams
        if kind != socket.SOCK_DGRAM:
            self.socket.listen()
            self.work = self.connections
        threading.Thread(target=self.work, daemon=True).start()

    def connections(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.socket.accept()
                with client, contextlib.suppress(OSError):
                    while data := client.recv(1 << 16):
                        self.received += data
                        client.sendall(data.upper())

    def datagrams(self):
        with contextlib.suppress(OSError):
            while True:
                data, peer = self.socket.recvfrom(1 << 16)
                self.received += data
                if peer:
                    self.socket.sendto(data.upper(), peer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        if isinstance(self.place, str) and self.place[0] != "\0":
            os.unlink(self.place)


def run(line: str, given: bytes = b"", status: int = 0) -> bytes:
    done = subprocess.run(["bash", "-c", line], input=given, capture_output=True, timeout=DEADLINE)
    assert done.returncode == status, f"status {done.returncode}: {done.stderr.decode()}"
    return done.stdout


class Running:
    """An example that goes on by itself."""

    def __init__(self, line: str):
        self.line = line

    def __enter__(self):
        self.process = subprocess.Popen(["bash", "-c", self.line], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, start_new_session=True)
        return self

    def __exit__(self, failed, *_):
        if failed:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(DEADLINE)

    def ended(self, status: int = 0):
        got = self.process.wait(DEADLINE)
        assert got == status, f"status {got}"

    def stop(self, by=signal.SIGTERM, status: int = 0):
        os.killpg(self.process.pid, by)
        self.ended(status)


def connected(place) -> socket.socket:
    """A client of a server that may not listen yet."""
    until = time.monotonic() + DEADLINE
    while True:
        client = make_socket(place)
        client.settimeout(DEADLINE)
        try:
            client.connect(place)
            return client
        except OSError:
            client.close()
            assert time.monotonic() < until, f"nobody listens at {place}"
            time.sleep(0.05)


def ask(place) -> bytes:
    """What comes back when one says hello, until the end."""
    with connected(place) as client:
        client.sendall(HELLO)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(1 << 16), b""))


def appears(path: str):
    until = time.monotonic() + DEADLINE
    while not Path(path).exists():
        assert time.monotonic() < until, f"there is no {path}"
        time.sleep(0.05)


def equal(got, wanted):
    assert got == wanted, f"{got!r}, not {wanted!r}"


def relayed(line: str, front, behind):
    with Server(behind), Running(line) as relay:
        equal(ask(front), HELLO.upper())
        equal(ask(front), HELLO.upper())
        relay.stop()


@example("fid relay tcp://127.0.0.1:2375 unix:/run/docker.sock")
def _(line):
    relayed(line, ("127.0.0.1", 2375), "/run/docker.sock")


@example("fid relay unix:/tmp/db.sock,mode=0660 tcp://db.example.org:5432 --idle 10m")
def _(line):
    relayed(line, "/tmp/db.sock", ("127.0.0.1", 5432))


@example("fid relay tcp://:6432 tcp://db.example.org:5432 --threads auto")
def _(line):
    relayed(line, ("127.0.0.1", 6432), ("127.0.0.1", 5432))


@example("fid relay tcp://127.0.0.1:0 tcp://[::1]:80 --ready-fd 1 --max-connections 1000")
def _(line):
    with Server(("::1", 80)), Running(line) as relay:
        url = relay.process.stdout.readline().decode().strip()
        equal(ask(("127.0.0.1", int(url.rpartition(":")[2]))), HELLO.upper())
        relay.stop()


def listened(line: str, place):
    """Joined to our input and output, with one client."""
    with Running(line) as listen, connected(place) as client:
        client.sendall(HELLO)
        equal(listen.process.stdout.readline(), HELLO)
        listen.process.stdin.write(b"answer")
        listen.process.stdin.close()
        client.shutdown(socket.SHUT_WR)
        equal(b"".join(iter(lambda: client.recv(100), b"")), b"answer")
        listen.ended()


@example("fid listen tcp://127.0.0.1:8080")
def _(line):
    listened(line, ("127.0.0.1", 8080))


@example("fid listen tcp://127.0.0.1:7000 -k -- tr a-z A-Z")
def _(line):
    with Running(line) as listen:
        equal(ask(("127.0.0.1", 7000)), HELLO.upper())
        equal(ask(("127.0.0.1", 7000)), HELLO.upper())
        listen.stop()


@example("fid listen unix:/run/user/1000/in.sock,mode=0600 -u > received")
def _(line):
    # Where a user logs in, systemd makes it.
    os.makedirs("/run/user/1000", exist_ok=True)
    with Running(line) as listen:
        equal(ask("/run/user/1000/in.sock"), b"")
        listen.ended()
    equal(Path("received").read_bytes(), HELLO)


@example("fid connect tcp://127.0.0.1:8080")
def _(line):
    with Server(("127.0.0.1", 8080)):
        equal(run(line, HELLO), HELLO.upper())


@example("fid connect tcp://db:5432 --timeout 30s < dump.sql",
         "fid connect tcp://db.example.org:5432 --timeout 30s < dump.sql")
def _(line):
    Path("dump.sql").write_bytes(HELLO * 100000)
    with Server(("127.0.0.1", 5432)) as server:
        equal(run(line), HELLO.upper() * 100000)
        equal(server.received, HELLO * 100000)


@example("fid connect unix:/run/app.sock --no-stdin -v")
def _(line):
    with Running("fid listen unix:/run/app.sock -- echo hello"):
        appears("/run/app.sock")
        equal(run(line, b"unread"), HELLO)


@example("fid bridge fifo:/tmp/in tcp://127.0.0.1:9000")
def _(line):
    with Server(("127.0.0.1", 9000)) as server, Running(line) as bridge:
        appears("/tmp/in")
        Path("/tmp/in").write_bytes(HELLO)
        bridge.ended()
        equal(server.received, HELLO)


@example("fid bridge tcp-listen://127.0.0.1:9000 ./file,create -u --progress")
def _(line):
    with Running(line) as bridge:
        equal(ask(("127.0.0.1", 9000)), b"")
        bridge.ended()
    equal(Path("file").read_bytes(), HELLO)


@example("fid bridge 'exec:ssh host cat log' - -u")
def _(line):
    # There is no other host: this is what ssh does, as far as the example goes.
    ssh = Path("/usr/local/bin/ssh")
    ssh.write_text('#!/bin/sh\n[ "$1" = host ] && shift && exec "$@"\n')
    ssh.chmod(0o755)
    Path("log").write_bytes(HELLO)
    equal(run(line), HELLO)


@example("fid bench tcp://127.0.0.1:7 --connections 32")
def _(line):
    with Running("fid listen tcp://127.0.0.1:7 -k -- cat") as echo:
        connected(("127.0.0.1", 7)).close()
        assert b"percentile" in run(line)
        echo.stop()


@example("fid bench --relay tcp://127.0.0.1:9000 tcp://127.0.0.1:9001 --mode bulk")
def _(line):
    addresses = "tcp://127.0.0.1:9000 tcp://127.0.0.1:9001,retry=50"
    with Running(f"fid relay {addresses} --port-file up") as relay:
        appears("up")
        assert b"/s" in run(line)
        relay.stop()


@example("fid bench unix:/run/echo.sock --rate 5000 --duration 30s --svg latency.svg")
def _(line):
    with Running("fid listen unix:/run/echo.sock -k -- cat") as echo:
        connected("/run/echo.sock").close()
        assert b"percentile" in run(line)
        echo.stop()
    assert "<svg" in Path("latency.svg").read_text()


@example("fid explain tcp://localhost:8080,nodelay",
         "fid explain unix:/run/x.sock,mode=0660 'exec:sh -c \"date; cat\"'",
         "fid addresses", "fid addresses tcp unix")
def _(line):
    assert len(run(line).splitlines()) > 5


@example("fid completion bash >> ~/.bash_completion")
def _(line):
    run(line)
    assert run(". ~/.bash_completion && complete -p fid").endswith(b" fid\n")


@example("fid completion fish | source")
def _(line):
    equal(subprocess.run(["fish", "-c", line + "; complete -C 'fid rela'"], check=True,
                         capture_output=True).stdout.split()[0], b"relay")


@example("fid completion -- relay unix:/run/")
def _(line):
    with Server("/run/app.sock"):
        assert b"unix:/run/app.sock\t" in run(line)


@example("read -r url < <(fid listen tcp://127.0.0.1:0 --ready-fd 1 -k -- cat)\nfid connect \"$url\"")
def _(line):
    equal(run(line + "; status=$?; kill $!; exit $status", HELLO), HELLO)


# Addresses.


@example("tcp://[::1]:80,nodelay=no,connect-timeout=5s")
def _(address):
    with Server(("::1", 80)):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("tcp://example.org:80,connect-timeout=5s")
def _(address):
    with Server(("127.0.0.1", 80)):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("tcp://*:8080")
def _(address):
    listened(f"fid listen {address}", ("127.0.0.1", 8080))


@example("tcp://db:5432,retry=30,interval=500ms")
def _(address):
    with Running(f"fid connect {address} --events events") as connect:
        appears("events")
        while '"retry"' not in Path("events").read_text():
            time.sleep(0.05)
        with Server(("127.0.0.1", 5432)):
            connect.process.stdin.write(HELLO)
            connect.process.stdin.close()
            connect.ended()
            equal(connect.process.stdout.read(), HELLO.upper())


@example("udp://127.0.0.1:514")
def _(address):
    with Server(("127.0.0.1", 514), socket.SOCK_DGRAM):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("unix:/run/app.sock,mode=0660", "unix:/run/app.sock,mode=0660,group=www-data")
def _(address):
    with Running(f"fid relay {address} exec:cat") as relay:
        equal(ask("/run/app.sock"), HELLO)
        found = os.stat("/run/app.sock")
        equal(stat.S_IMODE(found.st_mode), 0o660)
        if "group" in address:
            equal(grp.getgrgid(found.st_gid).gr_name, "www-data")
        relay.stop()


@example("unix-seq:/run/app.sock")
def _(address):
    with Server("/run/app.sock", socket.SOCK_SEQPACKET):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("unix-dgram:/dev/log")
def _(address):
    with Server("/dev/log", socket.SOCK_DGRAM):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("abstract:app")
def _(address):
    with Server("\0app"):
        equal(run(f"fid connect {address}", HELLO), HELLO.upper())


@example("file:dump.sql,seek=1MiB")
def _(address):
    Path("dump.sql").write_bytes(bytes(1 << 20) + HELLO)
    equal(run(f"fid bridge {address} - -u"), HELLO)


@example("fifo:/tmp/events,keep-open")
def _(address):
    with Running(f"fid bridge {address} - -u") as bridge:
        appears("/tmp/events")
        for _ in range(2):
            Path("/tmp/events").write_bytes(HELLO)
            equal(bridge.process.stdout.readline(), HELLO)
        bridge.stop(signal.SIGINT, 130)


@example("exec:'grep -v \"a b\"'")
def _(address):
    equal(run(f"fid bridge - {address}", b"a b\nab\n"), b"ab\n")


@example("-,eof=close")
def _(address):
    # This one never ends by itself.
    with socket.create_server(("127.0.0.1", 8080)):
        equal(run(f"fid bridge {address} tcp://127.0.0.1:8080", HELLO), b"")


@example("fd:3")
def _(address):
    Path("given").write_bytes(HELLO)
    equal(run(f"fid bridge {address} - -u 3< given"), HELLO)


@example("listen-fd:http")
def _(address):
    with socket.create_server(("127.0.0.1", 8080)) as listener:
        os.set_inheritable(listener.fileno(), True)
        passed = (f"exec 3<&{listener.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1 "
                  f"LISTEN_FDNAMES=http; exec fid relay {address} exec:cat")
        relay = subprocess.Popen(["bash", "-c", passed], pass_fds=[listener.fileno()])
        equal(ask(("127.0.0.1", 8080)), HELLO)
        relay.terminate()
        equal(relay.wait(DEADLINE), 0)


def main() -> None:
    found = {one: page for page in PAGES for one in shown(page)}
    failures = [f"{page}: nobody tries {one!r}" for one, page in found.items() if one not in TRIED]
    failures += [f"no page has {one!r}" for one in TRIED if one not in found]
    for one in found:
        if one not in TRIED:
            continue
        with tempfile.TemporaryDirectory() as directory:
            os.chdir(directory)
            try:
                TRIED[one](one)
                print(f"works: {one}", flush=True)
            except Exception as error:  # pylint: disable=broad-except # all are told of
                failures.append(f"{found[one]}: {one}: {error}")
            os.chdir("/")
    print("\n".join(failures))
    raise SystemExit(1 if failures else 0)


main()
