# SPDX-License-Identifier: MIT
"""Starting processes, looking into them, and leaving none behind."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
GRACE_SECONDS = 5.0


class Failed(Exception):
    """A measurement that could not be made; the text says why."""


class Processes:
    """Starts children and ends them, and only them: a context manager."""

    def __init__(self, log: Path):
        self.log = log
        self._running: list[subprocess.Popen] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(list(self._running)):
            self.end(process)

    def start(self, command, **how) -> subprocess.Popen:
        with open(self.log, "ab") as log:
            how.setdefault("stdin", subprocess.DEVNULL)
            how.setdefault("stdout", log)
            process = subprocess.Popen([str(word) for word in command], stderr=log, **how)
        self._running.append(process)
        return process

    def end(self, process: subprocess.Popen) -> None:
        """Ends it, and the children it may leave behind, as a forking server does."""
        family = family_of(process.pid)
        if process.stdin:
            process.stdin.close()
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
        self._running.remove(process)
        for pid, started in family:
            end_orphan(pid, started)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"


def stat_fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, those after the name: see proc(5), where they are numbered from 3."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2 :].split()


def start_time(pid: int) -> str | None:
    try:
        return stat_fields(pid)[19]
    except OSError:
        return None


def family_of(pid: int) -> list[tuple[int, str]]:
    """The process and all its descendants, each with its start time, which tells a reused pid."""
    found = []
    pending = [pid]
    while pending:
        member = pending.pop()
        started = start_time(member)
        if started is None:
            continue
        found.append((member, started))
        pending += children_of(member)
    return found


def children_of(pid: int) -> list[int]:
    """None, once the process is gone."""
    found = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, children.read_text().split())
    return found


def end_orphan(pid: int, started: str) -> None:
    """Lets it end by itself, now that its connections are closed; else makes it."""
    deadline = time.monotonic() + GRACE_SECONDS
    while start_time(pid) == started and stat_fields(pid)[0] != "Z":
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            return
        time.sleep(0.01)


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and its descendants, dead ones included."""
    ticks = 0
    for member, _ in family_of(pid):
        try:
            ticks += sum(int(field) for field in stat_fields(member)[11:15])
        except OSError:
            pass
    return ticks / TICKS_PER_SECOND


def memory_kib(pid: int, *kinds: str) -> int:
    """The sum of these lines of smaps_rollup, over the process and its descendants.  proc(5)"""
    total = 0
    for member, _ in family_of(pid):
        try:
            text = Path(f"/proc/{member}/smaps_rollup").read_text()
        except OSError:
            continue
        lines = (line.split() for line in text.splitlines()[1:])
        total += sum(int(words[1]) for words in lines if words[0].rstrip(":") in kinds)
    return total


def settled_memory_kib(pid: int, *kinds: str) -> int:
    """As memory_kib(), once two readings agree, or after a while."""
    last = memory_kib(pid, *kinds)
    for _ in range(40):
        time.sleep(0.05)
        now = memory_kib(pid, *kinds)
        if now == last:
            break
        last = now
    return last
