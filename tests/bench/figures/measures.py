# SPDX-License-Identifier: MIT
"""What is measured: each measure turns a subject into figures."""

import contextlib
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from .processes import Failed, Processes, cpu_seconds, memory_kib, settled_memory_kib
from .relays import RELAYS, Place, Relay, authority, fresh_address, running
from .transfers import file_to_tcp, tcp_to

LOAD_PATIENCE_SECONDS = 60.0


@dataclass
class Bench:
    """What measures share: the programs, the two servers, and how long to measure."""

    processes: Processes
    directory: Path
    programs: dict[str, Path]
    seconds: float
    verify: bool
    idle_connections: int
    servers: dict[str, str] = field(default_factory=dict)

    def serve(self, kind: str, where: str) -> subprocess.Popen:
        server = self.processes.start(
            [self.programs["fid-load"], "serve", where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.servers[kind] = first_line(server, self)["address"]
        return server

    @contextlib.contextmanager
    def serving_afresh(self, kind: str, where: str):
        """On an address that nobody has connected to yet."""
        before = self.servers[kind]
        server = self.serve(kind, where)
        yield
        self.processes.end(server)
        self.servers[kind] = before

    def load(self, mode: str, *arguments) -> dict:
        """Runs the load program to its end."""
        command = [self.programs["fid-load"], mode, *arguments]
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LOAD_PATIENCE_SECONDS + self.seconds,
            check=False,
        )
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def relaying(self, relay: Relay, listen: str = "tcp", target: str = "tcp"):
        """The relay's process (None for none) and the address to go through."""
        far = self.servers[target]
        if relay.start is None:
            yield None, far
            return
        near = fresh_address(listen, self.directory)
        place = Place(self.processes, self.directory, self.programs, near, far)
        with running(relay, place) as process:
            yield process, near


def first_line(process: subprocess.Popen, bench: Bench) -> dict:
    line = process.stdout.readline()
    if not line:
        raise Failed(bench.processes.last_words())
    return json.loads(line)


@dataclass(frozen=True)
class Figure:
    unit: str
    less_is_better: bool = True


@dataclass(frozen=True)
class Measure:
    name: str
    subjects: list
    figures: tuple[Figure, ...]
    run: Callable  # Bench, subject -> one value a figure, None where it has none
    usual: bool = True  # measured unless others are asked for


@dataclass(frozen=True)
class Tool:
    """A program that is called, or bridges, without being one of the relays."""

    name: str
    command: Callable  # what it is given -> words
    needs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    usual: bool = True


def bulk(connections: int, listen: str = "tcp", target: str = "tcp"):
    def run(bench: Bench, relay: Relay):
        extra = ["--verify"] if bench.verify else []
        with bench.relaying(relay, listen, target) as (process, near):
            before = cpu_seconds(process.pid) if process else 0.0
            result = bench.load(
                "bulk", near, "--connections", connections, "--seconds", bench.seconds, *extra
            )
            if process is None:
                return result["gib_per_s"], None
            gib = result["bytes"] / 2**30
            return result["gib_per_s"], (cpu_seconds(process.pid) - before) / gib

    return run


def ping_pong(connections: int):
    def run(bench: Bench, relay: Relay):
        with bench.relaying(relay) as (_, near):
            result = bench.load(
                "ping-pong", near, "--connections", connections, "--seconds", bench.seconds
            )
        return result["per_s"], result["p50_us"], result["p99_us"]

    return run


def small_beside_large(bench: Bench, relay: Relay):
    """Round trips while bulk connections keep the relay busy."""
    with bench.relaying(relay) as (_, near):
        large = bench.processes.start(
            [bench.programs["fid-load"], "bulk", near, "--connections", 4]
            + ["--seconds", bench.seconds + 0.5]
        )
        result = bench.load("ping-pong", near, "--seconds", bench.seconds)
        if large.wait(LOAD_PATIENCE_SECONDS) != 0:
            raise Failed(bench.processes.last_words())
        bench.processes.end(large)
    return result["p50_us"], result["p99_us"]


def connect_close(bench: Bench, relay: Relay):
    # Ports that the one before used up, and that wait in TIME_WAIT, would cost this one its time.
    with bench.serving_afresh("tcp", "tcp:127.0.0.1:0"), bench.relaying(relay) as (_, near):
        result = bench.load("connect-close", near, "--connections", 8, "--seconds", bench.seconds)
    if result["failures"]:
        raise Failed(f"{result['failures']} conversations failed")
    return result["per_s"], result["p99_us"]


def idle_memory(bench: Bench, relay: Relay):
    """Growth is that of memory of its own: pages of programs and libraries are shared with all."""
    own = ("Pss_Anon", "Pss_Shmem")
    count = min(relay.idle_connections, bench.idle_connections)
    with bench.relaying(relay) as (process, near):
        settled_memory_kib(process.pid, *own)
        empty = memory_kib(process.pid, "Pss")
        before = memory_kib(process.pid, *own)
        load = bench.processes.start(
            [bench.programs["fid-load"], "idle", near, "--connections", count],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        first_line(load, bench)
        growth = settled_memory_kib(process.pid, *own) - before
        bench.processes.end(load)
    return growth / count, empty / 1024


def start_up(bench: Bench, tool: Tool):
    """A call from a script: connects, says three bytes, is told them back, ends."""
    words = tool.command(bench.programs, authority(bench.servers["tcp"]))
    count = max(10, round(100 * bench.seconds))
    result = bench.load("calls", "--count", count, "--input", "abc", "--", *words)
    return (result["p50_us"] / 1000,)


def datagrams(bench: Bench, tool: Tool):
    near = bench.directory / "near.dgram"
    far = bench.directory / "far.dgram"
    target = far if tool.command is None else near
    load = bench.processes.start(
        [bench.programs["fid-load"], "datagram", f"unix:{target}", "--at", f"unix:{far}"]
        + ["--seconds", bench.seconds],
        stdout=subprocess.PIPE,
    )
    first_line(load, bench)
    bridge = None
    if tool.command is not None:
        bridge = bench.processes.start(tool.command(bench.programs, near, far))
    try:
        result = first_line(load, bench)
    finally:
        bench.processes.end(load)
        if bridge is not None:
            bench.processes.end(bridge)
        near.unlink(missing_ok=True)
        far.unlink(missing_ok=True)
    if result["lost"]:
        raise Failed(f"{result['lost']} datagrams were lost")
    return (result["per_s"],)


CALLERS = [
    Tool("fid", lambda programs, to: [programs["fid"], "connect", f"tcp://{to}"]),
    Tool("socat", lambda _, to: ["socat", "-", f"TCP:{to}"], ("/usr/bin/socat",), ("socat",)),
    Tool(
        "nc",
        lambda _, to: ["nc.openbsd", "-N", *to.rsplit(":", 1)],
        ("/usr/bin/nc.openbsd",),
        ("netcat-openbsd",),
    ),
]

# In these, what comes back, or is on its input, is nothing.
TRANSFERERS = [
    *CALLERS,
    Tool(
        "ncat",
        lambda _, to: ["ncat", *to.rsplit(":", 1)],
        ("/usr/bin/ncat",),
        ("ncat",),
        usual=False,
    ),
]

BRIDGES = [
    Tool("direct", None),
    Tool(
        "fid",
        lambda programs, near, far: [programs["fid"], "bridge", "-u"]
        + [f"unix-dgram-listen:{near}", f"unix-dgram:{far}"],
    ),
    Tool(
        "socat",
        lambda _, near, far: ["socat", "-u", f"UNIX-RECV:{near}", f"UNIX-SENDTO:{far}"],
        ("/usr/bin/socat",),
        ("socat",),
    ),
]

BULK = (Figure("GiB/s", less_is_better=False), Figure("CPU s/GiB"))
TRIPS = (
    Figure("trips/s", less_is_better=False),
    Figure("p50 us"),
    Figure("p99 us"),
)

MEASURES = [
    Measure("bulk-1", RELAYS, BULK, bulk(1)),
    Measure("bulk-8", RELAYS, BULK, bulk(8)),
    Measure("bulk-1-tcp-unix", RELAYS, BULK, bulk(1, "tcp", "unix"), usual=False),
    Measure("bulk-1-unix-tcp", RELAYS, BULK, bulk(1, "unix", "tcp"), usual=False),
    Measure("bulk-8-tcp-unix", RELAYS, BULK, bulk(8, "tcp", "unix"), usual=False),
    Measure("bulk-8-unix-tcp", RELAYS, BULK, bulk(8, "unix", "tcp"), usual=False),
    Measure("ping-pong-1", RELAYS, TRIPS, ping_pong(1)),
    Measure("ping-pong-32", RELAYS, TRIPS, ping_pong(32)),
    Measure(
        "small-beside-large",
        RELAYS,
        (Figure("p50 us"), Figure("p99 us")),
        small_beside_large,
        usual=False,
    ),
    Measure(
        "connect-close-8",
        RELAYS,
        (Figure("/s", less_is_better=False), Figure("p99 us")),
        connect_close,
    ),
    Measure(
        "idle",
        [relay for relay in RELAYS if relay.start is not None],
        (Figure("KiB/conn"), Figure("MiB with none")),
        idle_memory,
    ),
    Measure("start-up", CALLERS, (Figure("ms"),), start_up),
    Measure("file-to-tcp", TRANSFERERS, BULK, file_to_tcp, usual=False),
    Measure("tcp-to-pipe", TRANSFERERS, BULK, tcp_to(subprocess.PIPE), usual=False),
    Measure("tcp-to-null", TRANSFERERS, BULK, tcp_to(subprocess.DEVNULL), usual=False),
    Measure("datagram", BRIDGES, (Figure("msgs/s", less_is_better=False),), datagrams),
]
