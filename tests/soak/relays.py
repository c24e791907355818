# SPDX-License-Identifier: MIT
"""The relays under test, and what they may not hold once nobody is connected."""

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

# Pooled pipes and the like: what a relay keeps for the next connection, however many there were.
SPARE_DESCRIPTORS = 8
# What malloc may keep of the busiest moment and not give back, beyond what it has after warming up.
SPARE_KIB = 1024
SPARE_SHARE = 0.25
ENORMOUS_KIB = 1 << 30  # what only a sanitizer reserves


@dataclass
class Holding:
    """What a process holds."""

    sockets: int
    descriptors: int
    memory_kib: int
    children: list[int]


@dataclass
class Relay:
    name: str
    process: subprocess.Popen
    url: str
    log: Path
    only_echoes: bool
    at_first: Holding | None = None
    warmed_up: Holding | None = None
    problems: list[str] = field(default_factory=list)

    def path(self, name: str) -> Path:
        return Path(f"/proc/{self.process.pid}/{name}")

    def status(self, name: str) -> int:
        return int(re.search(rf"^{name}:\s+(\d+)", self.path("status").read_text(), re.M)[1])

    def is_instrumented(self) -> bool:
        return self.status("VmSize") > ENORMOUS_KIB

    def holding(self) -> Holding:
        targets = []
        for entry in self.path("fd").iterdir():
            try:
                targets.append(os.readlink(entry))
            except FileNotFoundError:
                pass
        children = []
        for task in self.path("task").iterdir():
            children += map(int, (task / "children").read_text().split())
        anonymous = re.search(r"^Anonymous:\s+(\d+)", self.path("smaps_rollup").read_text(), re.M)
        return Holding(sum(target.startswith("socket:") for target in targets), len(targets),
                       int(anonymous[1]), children)

    def settled(self, deadline: float) -> Holding:
        """As holding(), once all sockets and children of connections are gone, or never go."""
        while True:
            now = self.holding()
            gone = self.at_first is None or now.sockets <= self.at_first.sockets
            if (gone and not now.children) or time.monotonic() > deadline:
                return now
            time.sleep(0.05)

    def check(self, deadline: float) -> None:
        """After the soak, with nobody connected."""
        now = self.settled(deadline)
        if now.sockets > self.at_first.sockets:
            self.problems.append(f"holds {now.sockets} sockets, {self.at_first.sockets} at first")
        if now.descriptors > self.at_first.descriptors + SPARE_DESCRIPTORS:
            self.problems.append(
                f"holds {now.descriptors} descriptors, {self.at_first.descriptors} at first")
        if now.children:
            self.problems.append(f"has children left over: {now.children}")
        most = self.warmed_up.memory_kib * (1 + SPARE_SHARE) + SPARE_KIB
        # A sanitizer keeps what is freed; its own search for leaks takes this one's place.
        if now.memory_kib > most and not self.is_instrumented():
            self.problems.append(f"holds {now.memory_kib} KiB of memory, "
                                 f"{self.warmed_up.memory_kib} after warming up")

    def end(self, deadline: float, is_quiet: bool) -> None:
        """`is_quiet`: nobody is connected, so it must end as if nothing had been cut. It has been
        asked to."""
        try:
            status = self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.problems.append("did not end when it was asked to")
            return
        if status != 0 and is_quiet:
            self.problems.append(f"ended with status {status}")
        said = self.log.read_text(errors="replace")
        if re.search("Sanitizer|runtime error:|internal fault", said):
            self.problems.append(f"says: {said[-4000:]}")


def start(program: Path, name: str, listen: str, target: str, directory: Path) -> Relay:
    ready_end, write_end = os.pipe()
    log = directory / f"{name}.log"
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            [program, "relay", listen, target, "--ready-fd", str(write_end), "-q"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
            pass_fds=[write_end])
    os.close(write_end)
    with open(ready_end) as ready:
        url = ready.readline().strip()
    relay = Relay(name, process, url, log, target.startswith("exec:"))
    if not url:
        process.wait()
        raise SystemExit(f"soak: {name} did not start: {log.read_text()}")
    relay.at_first = relay.holding()
    return relay
