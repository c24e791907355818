# SPDX-License-Identifier: MIT
"""Waiting for what happens, and looking into processes.  proc(5)"""

import contextlib
import fcntl
import os
import re
import threading
import time
from pathlib import Path

DEADLINE = float(os.environ.get("FID_TEST_DEADLINE", "60"))
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def wait_until(holds, what: str, about=""):
    """Gives what `holds` returned once it is true. If it never is, says what was waited for, and how
    things stand with what it is about."""
    end = time.monotonic() + DEADLINE
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {DEADLINE:.0f} s in vain: {what} {about}")
        time.sleep(0.01)


def in_parallel(*acts) -> list:
    """Runs all at once; gives their results, or raises the first one's failure."""
    results: list = [None] * len(acts)
    failures = []

    def run(i, act):
        try:
            results[i] = act()
        except BaseException as failure:  # handed to the thread that joins
            failures.append(failure)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * DEADLINE)
        if thread.is_alive():
            raise AssertionError("a parallel act hangs")
    if failures:
        raise failures[0]
    return results


def stat_fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, those after the name, which proc(5) numbers from 3."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2 :].split()


def state_of(pid: int) -> str:
    """`R`, `S`, `Z` and so on; empty if there is none."""
    try:
        return stat_fields(pid)[0]
    except OSError:
        return ""


def cpu_seconds(pid: int) -> float:
    fields = stat_fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def switches(pid: int) -> int:
    """How often its main thread has gone to sleep or been made to."""
    text = Path(f"/proc/{pid}/status").read_text()
    return sum(int(count) for count in re.findall(r"ctxt_switches:\s+(\d+)", text))


def is_pending(pid: int, number: int) -> bool:
    """Sent, and not taken yet: another one of the same kind would be lost."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    masks = [int(mask, 16) for mask in re.findall(r"(?:SigPnd|ShdPnd):\s*(\w+)", text)]
    return any(mask >> (number - 1) & 1 for mask in masks)


def children_of(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def descriptors_of(pid: int) -> dict[int, str]:
    found = {}
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found[int(entry.name)] = os.readlink(entry)
    return found


def is_nonblocking(fd: int) -> bool:
    return bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK)
