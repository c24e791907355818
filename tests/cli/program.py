# SPDX-License-Identifier: MIT
"""The program under test, running: what it says, what it ends with, what it tells as events."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from processes import DEADLINE, children_of, is_pending, wait_until
from streams import Collector


def program_path() -> str:
    if "FID" in os.environ:
        return os.environ["FID"]
    built = sorted(Path(__file__).resolve().parents[2].glob("build/*/src/cli/fid"), key=lambda path: path.stat().st_mtime)
    if not built:
        sys.exit("no program to test: build it, or set FID")
    return str(built[-1])


FID = program_path()


class Program:
    """`fid` running. Started by World.fid()."""

    def __init__(self, words, *, directory: Path, stdin, stdout, stderr, ready, events, env, prefix,
                 pass_fds, cwd):
        number = next(Program._numbers)
        self._errors = directory / f"stderr.{number}"
        self._events = directory / f"events.{number}" if events else None
        self._closing = []
        self.urls: list[str] = []
        self.words = [str(word) for word in words]
        extra = []
        pass_fds = list(pass_fds)
        if ready:
            ready_end, write_end = os.pipe()
            extra += ["--ready-fd", str(write_end)]
            pass_fds.append(write_end)
        if events:
            extra += ["--events", str(self._events)]
        command = [*map(str, prefix), FID, self.words[0], *extra, *self.words[1:]]
        with contextlib.ExitStack() as ours:
            if ready:
                ours.callback(os.close, write_end)
            if stderr is None:
                stderr = ours.enter_context(open(self._errors, "wb"))
            self.process = subprocess.Popen(
                command, stdin=stdin, stdout=subprocess.PIPE if stdout is None else stdout,
                stderr=stderr, env={**os.environ, **(env or {})}, pass_fds=pass_fds, cwd=cwd)
        self.pid = self.process.pid
        self.output = None
        if stdout is None:
            self.output = Collector(os.dup(self.process.stdout.fileno()))
            self.process.stdout.close()
        self._ready = Collector(ready_end) if ready else None

    _numbers = itertools.count(1)

    def await_ready(self) -> None:
        """Waits until it listens, if that was asked for."""
        if self._ready is None:
            return
        self.ready_text = self._ready.all().decode()
        if not self.ready_text:
            self.wait()
            raise AssertionError(f"it never became ready: {self}")
        self.urls = self.ready_text.splitlines()

    def __str__(self):
        status = self.process.poll()
        state = "running" if status is None else f"status {status}"
        return f"fid {' '.join(self.words)}\n  {state}; stderr:\n{self.errors()}"

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def errors(self) -> str:
        try:
            return self._errors.read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def error_lines(self) -> list[str]:
        return self.errors().splitlines()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end_input(self) -> None:
        self.process.stdin.close()

    def wait(self) -> int:
        """Its exit status, as a shell has it."""
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it hangs: {self}") from None
        return status if status >= 0 else 128 - status

    def cut(self) -> int:
        """TERM, and once that has been heard, TERM again."""
        self.signal(signal.SIGTERM)
        wait_until(lambda: not is_pending(self.pid, signal.SIGTERM), "it hears", self)
        self.signal(signal.SIGTERM)
        return self.wait()

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.wait()

    def events(self, name: str | None = None, **wanted) -> list[dict]:
        """Those so far: of this name, with these values."""
        try:
            text = self._events.read_text()
        except FileNotFoundError:
            return []
        if text and not text.endswith("\n"):
            raise AssertionError(f"an event was written in pieces: {text[-200:]!r}")
        events = [json.loads(line) for line in text.splitlines()]
        return [event for event in events if (name is None or event["ev"] == name)
                and all(event.get(key) == value for key, value in wanted.items())]

    def wait_event(self, name: str, count: int = 1, **wanted) -> dict:
        """The `count`th of these."""
        def found():
            ended = not self.running
            events = self.events(name, **wanted)
            if len(events) >= count:
                return events[count - 1]
            if ended:
                raise AssertionError(f"it ended without event {name} {wanted}: {self}")
            return None
        return wait_until(found, f"event {name} {wanted}", self)

    def end(self) -> None:
        """Makes it go, and the processes it may have started."""
        family = [child for child in children_of(self.pid)] if self.running else []
        if self.process.stdin and not self.process.stdin.closed:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        if self.running:
            self.process.kill()
        self.process.wait()
        for pid in family:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
