# SPDX-License-Identifier: MIT
"""The machine the figures are from: what it has, and what is pinned while measuring."""

import contextlib
import os
import platform
import resource
import shutil
import subprocess
from pathlib import Path

CONGESTION_CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")
PINNED = "cubic"


@contextlib.contextmanager
def pinned_congestion_control(allowed: bool):
    """Relays cannot be told, so the default is set for the run, as root; yields what they use.

    The load program asks for the same on its own sockets.
    """
    before = CONGESTION_CONTROL.read_text().strip()
    changed = False
    if allowed and before != PINNED:
        with contextlib.suppress(OSError):
            CONGESTION_CONTROL.write_text(PINNED)
            changed = True
    try:
        yield CONGESTION_CONTROL.read_text().strip()
    finally:
        if changed:
            CONGESTION_CONTROL.write_text(before)


def raise_descriptor_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def missing_packages(subjects) -> list[str]:
    """Debian packages that hold what these subjects need and is not here."""
    missing = set()
    for subject in subjects:
        if not all(Path(file).exists() for file in subject.needs):
            missing.update(subject.packages)
    return sorted(missing)


def versions(subjects) -> dict[str, str]:
    found = {}
    for package in sorted({package for subject in subjects for package in subject.packages}):
        query = ["dpkg-query", "-W", "-f", "${Version}", package]
        if shutil.which(query[0]):
            answer = subprocess.run(query, capture_output=True, text=True, check=False)
            found[package] = answer.stdout or "unknown"
    return found


def description() -> dict:
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
    }
