# SPDX-License-Identifier: MIT
"""What the tests of the whole program share: starting it, talking to it, and leaving nothing behind.

The program under test is $FID, or the newest one built under build/. A test waits for a condition
with a deadline that only a hang exceeds; where it sleeps, the passing of time is what it tests.
"""

import contextlib
import itertools
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from processes import (DEADLINE, children_of, cpu_seconds, descriptors_of, in_parallel,
                       is_nonblocking, state_of, switches, threads_of, wait_until)
from program import FID, Program
from streams import (Collector, Server, connect, echo, exchange, hold, payload, receive_all,
                     receive_exactly, receive_slowly, reset)


def preloaded(variable: str) -> dict:
    """The environment in which the library in this variable comes before the system's."""
    library = os.environ.get(variable)
    if not library:
        raise unittest.SkipTest(f"{variable} is not set")
    asan = os.environ.get("ASAN_OPTIONS", "")
    return {"LD_PRELOAD": library, "ASAN_OPTIONS": f"{asan}:verify_asan_link_order=0"}


class World:
    """A directory, and everything a test starts: gone when it ends.

    `transport` is "tcp" or "unix" throughout.
    """

    def __init__(self):
        self._stack = contextlib.ExitStack()
        self._numbers = itertools.count(1)
        self._programs: list[Program] = []

    def __enter__(self):
        # Short: the path of a socket has room for 107 bytes.
        self.dir = Path(tempfile.mkdtemp(prefix="fid."))
        self._stack.callback(shutil.rmtree, self.dir, ignore_errors=True)
        return self

    def __exit__(self, *_):
        self._stack.close()
        for program in self._programs:
            if re.search("Sanitizer|runtime error:", program.reported):
                raise AssertionError(f"a sanitizer reports:\n{program.reported}")

    def keep(self, thing):
        """Closes it in the end."""
        self._stack.callback(thing.close)
        return thing

    def defer(self, act, *arguments):
        self._stack.callback(act, *arguments)

    def path(self, name: str) -> Path:
        return self.dir / f"{next(self._numbers)}.{name}"

    def file(self, content: bytes, name: str = "file") -> Path:
        path = self.path(name)
        path.write_bytes(content)
        return path

    def fid(self, *words, stdin=subprocess.DEVNULL, stdout=None, stderr=None, ready=False,
            events=False, env=None, prefix=(), pass_fds=(), cwd=None) -> Program:
        """Starts `fid WORDS...`; with `ready`, waits until it listens. stdout is collected, stderr
        kept in a file, stdin empty, unless they are given."""
        program = Program(words, directory=self.dir, stdin=stdin, stdout=stdout, stderr=stderr,
                          ready=ready, events=events, env=env, prefix=prefix, pass_fds=pass_fds,
                          cwd=cwd)
        program.reported = ""

        def end():
            program.end()
            program.reported = program.errors()

        self._programs.append(program)
        self._stack.callback(end)
        program.await_ready()
        return program

    def run(self, *words, data: bytes | None = None, **how) -> Program:
        """As fid(), and waits for its end; `data` is what it reads."""
        if data is not None:
            how["stdin"] = subprocess.PIPE
        program = self.fid(*words, **how)
        if data is not None:
            with contextlib.suppress(BrokenPipeError):
                program.write(data)
            with contextlib.suppress(BrokenPipeError):
                program.end_input()
        program.status = program.wait()
        return program

    def start(self, *command, **how) -> subprocess.Popen:
        """Another program."""
        process = subprocess.Popen([str(word) for word in command], **how)

        def end():
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
            if process.poll() is None:
                process.kill()
            process.wait()

        self._stack.callback(end)
        return process

    def listener(self, transport: str = "tcp", backlog: int = 512) -> tuple[socket.socket, str]:
        if transport == "tcp":
            sock = socket.create_server(("127.0.0.1", 0), backlog=backlog)
            url = f"tcp://127.0.0.1:{sock.getsockname()[1]}"
        else:
            path = self.path("sock")
            sock = socket.socket(socket.AF_UNIX)
            sock.bind(str(path))
            sock.listen(backlog)
            url = f"unix:{path}"
        return self.keep(sock), url

    def server(self, handler=echo, transport: str = "tcp") -> Server:
        server = Server(*self.listener(transport), handler)
        self._stack.callback(server.end)
        return server

    def listen_word(self, transport: str = "tcp") -> str:
        """An address to listen on that nobody else uses."""
        return "tcp://127.0.0.1:0" if transport == "tcp" else f"unix:{self.path('front')}"

    def refusing_url(self) -> str:
        """Taken, so that nobody else listens there, but refusing."""
        sock = self.keep(socket.socket())
        sock.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{sock.getsockname()[1]}"

    def silent_url(self) -> str:
        """Where connecting neither succeeds nor fails: the queue of a listener is full."""
        listener, url = self.listener(backlog=0)
        for _ in range(8):
            sock = self.keep(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        return url

    def client(self, url: str) -> socket.socket:
        return self.keep(connect(url))

    def visit(self, url: str, data: bytes = b"ping") -> None:
        """One round trip, and away again."""
        with connect(url) as sock:
            exchange(sock, data)


class Assertions(unittest.TestCase):
    maxDiff = 2000

    def assert_status(self, program: Program, status: int) -> None:
        got = program.wait()
        self.assertEqual(got, status, f"{program}")

    def assert_same(self, got: bytes, wanted: bytes) -> None:
        """As assertEqual, without printing megabytes."""
        if got != wanted:
            at = next((i for i, pair in enumerate(zip(got, wanted)) if pair[0] != pair[1]),
                      min(len(got), len(wanted)))
            self.fail(f"{len(got)} bytes instead of {len(wanted)}; they differ at {at}: "
                      f"{got[at:at + 40]!r} instead of {wanted[at:at + 40]!r}")

    def assert_one_line(self, program: Program, *parts: str) -> None:
        """It said why it failed, in one line that has all these parts."""
        lines = program.error_lines()
        self.assertEqual(len(lines), 1, f"not one line: {program}")
        self.assertTrue(lines[0].startswith("fid: "), lines[0])
        for part in parts:
            self.assertIn(part, lines[0])

    def assert_quiet(self, program: Program) -> None:
        self.assertEqual(program.errors(), "", f"{program}")

    def assert_idle(self, program: Program, pid: int | None = None) -> None:
        """For one second it does next to nothing."""
        pid = pid or program.pid
        wait_until(lambda: state_of(pid) == "S", "it sleeps", program)
        cpu, turns = cpu_seconds(pid), switches(pid)
        time.sleep(1)
        self.assertTrue(program.running, f"{program}")
        self.assertLess(cpu_seconds(pid) - cpu, 0.3, f"it spins: {program}")
        self.assertLess(switches(pid) - turns, 100, f"it keeps waking up: {program}")


class Case(Assertions):
    """A test with a world of its own."""

    def setUp(self):
        self.world = World()
        self.enterContext(self.world)
        for name in ("client", "defer", "dir", "fid", "file", "keep", "listen_word", "listener",
                     "path", "refusing_url", "run_fid", "server", "silent_url", "start",
                     "visit"):
            setattr(self, name, getattr(self.world, "run" if name == "run_fid" else name))

    def assert_resets_do_no_harm(self, relay) -> None:
        """Clients reset at any time what `relay`, given its target, has started; it goes on."""
        server = self.server(lambda sock: (sock.sendall(b"x" * 100_000), echo(sock)))
        fid = relay(server.url)
        for number in range(200):
            client = connect(fid.url)
            if number % 2:
                client.recv(1)
            reset(client)
        client = self.client(fid.url)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(len(receive_all(client)), 100_000)
        self.assertEqual(fid.stop(), 0)


class Scenarios(Assertions):
    """Tests that mostly wait, so they all run at once; each is a method `scenario_NAME(world)`, or
    an entry of `more`."""

    @classmethod
    def collect(cls) -> dict:
        own = {name.removeprefix("scenario_"): getattr(cls, name)
               for name in dir(cls) if name.startswith("scenario_")}
        return own | getattr(cls, "more", {})

    def __init_subclass__(cls):
        for name in cls.collect():
            setattr(cls, f"test_{name}", lambda self, name=name: self._outcome_of(name))

    @classmethod
    def setUpClass(cls):
        cls._outcomes = {}
        cls._running = {}
        for name, scenario in cls.collect().items():
            thread = threading.Thread(target=cls._run, args=(name, scenario), daemon=True)
            cls._running[name] = thread
            thread.start()

    @classmethod
    def tearDownClass(cls):
        for thread in cls._running.values():
            thread.join(4 * DEADLINE)

    @classmethod
    def _run(cls, name, scenario):
        try:
            with World() as world:
                scenario(cls(f"test_{name}"), world)
        except BaseException as failure:  # handed to the test of that name
            cls._outcomes[name] = failure

    def _outcome_of(self, name):
        self._running[name].join(4 * DEADLINE)
        self.assertFalse(self._running[name].is_alive(), f"{name} hangs")
        if name in self._outcomes:
            raise self._outcomes[name]


def shell(script: str) -> tuple[str, ...]:
    """A prefix: runs `script` and becomes the program, as in shell('ulimit -n 64')."""
    return ("/bin/sh", "-c", f'{script}; exec "$@"', "sh")


def with_stdio(redirections: str) -> tuple[str, ...]:
    """A prefix: the program with these of its descriptors redirected, as in with_stdio('<&-')."""
    return ("/bin/sh", "-c", f'exec "$@" {redirections}', "sh")


def require(*tools: str) -> None:
    """Skips where a tool is missing; scripts/setup installs them all."""
    for tool in tools:
        if not shutil.which(tool):
            raise unittest.SkipTest(f"{tool} is not installed")


def main() -> None:
    unittest.main(verbosity=2)
