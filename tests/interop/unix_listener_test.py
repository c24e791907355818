# SPDX-License-Identifier: MIT
"""Sockets in the file system: whose file it is, who may connect, and what is left behind."""

import contextlib
import os
import select
import signal
import socket
import stat
from pathlib import Path

from interop import ShimmedCase, main
from harness import Case, exchange, shell, wait_until

ROUNDS = 50


def is_readable(sock: socket.socket) -> bool:
    return bool(select.select([sock], [], [], 0)[0])


def inode(path: Path):
    status = os.lstat(path)
    return status.st_dev, status.st_ino


class UnixCase(Case):
    def relay(self, path: Path, *options, **how):
        """A relay in front of something that echoes."""
        return self.fid("relay", f"unix:{path}", self.backend.url, *options, **how)

    def setUp(self):
        super().setUp()
        self.backend = self.server()

    def leave_stale(self, path: Path, kind=socket.SOCK_STREAM) -> None:
        with socket.socket(socket.AF_UNIX, kind) as sock:
            sock.bind(str(path))

    def assert_serves(self, path: Path) -> None:
        with self.client(f"unix:{path}") as client:
            exchange(client)

    def assert_refuses_to_start(self, path: Path, scheme="unix", options="") -> None:
        """Status 5, one line, and the file is the same one."""
        before = inode(path)
        fid = self.run_fid("bridge", f"{scheme}-listen:{path}{options}", "-", "-u")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, str(path), "EADDRINUSE")
        self.assertEqual(inode(path), before)


class AStalePath(UnixCase):
    def test_is_replaced(self):
        path = self.path("s")
        self.leave_stale(path)
        self.relay(path, ready=True)
        self.assert_serves(path)

    def test_of_another_type_of_socket_too(self):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            path = self.path("s")
            self.leave_stale(path, kind)
            self.relay(path, ready=True)
            self.assert_serves(path)

    def test_is_replaced_for_datagrams_and_records(self):
        for scheme, kind in (("unix-dgram", socket.SOCK_DGRAM), ("unix-seq", socket.SOCK_SEQPACKET)):
            with self.subTest(scheme):
                path = self.path("s")
                self.leave_stale(path, kind)
                fid = self.fid("bridge", f"{scheme}-listen:{path}", "-", "-u", ready=True)
                sock = self.keep(socket.socket(socket.AF_UNIX, kind))
                sock.connect(str(path))
                sock.send(b"heard")
                fid.output.wait_for_bytes(b"heard")

    def test_stays_if_it_may_not_be_removed(self):
        path = self.path("s")
        self.leave_stale(path)
        self.assert_refuses_to_start(path, options=",unlink=no")


class ALiveServer(UnixCase):
    def live(self, kind=socket.SOCK_STREAM, backlog=16) -> tuple[Path, socket.socket]:
        path = self.path("s")
        sock = self.keep(socket.socket(socket.AF_UNIX, kind))
        sock.bind(str(path))
        if kind != socket.SOCK_DGRAM:
            sock.listen(backlog)
        return path, sock

    def test_keeps_its_path(self):
        path, server = self.live()
        self.assert_refuses_to_start(path)
        client = self.client(f"unix:{path}")
        server.settimeout(10)
        for accepted in iter(lambda: server.accept()[0], None):
            # Those that only asked whether somebody is there have gone already.
            with contextlib.suppress(OSError):
                accepted.sendall(b"still here")
            accepted.close()
            if is_readable(client):
                break
        self.assertEqual(client.recv(100), b"still here")

    def test_keeps_it_while_its_queue_is_full(self):
        path, _ = self.live(backlog=0)
        for _ in range(4):
            sock = self.keep(socket.socket(socket.AF_UNIX))
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                sock.connect(str(path))
        self.assert_refuses_to_start(path)

    def test_keeps_it_from_another_type_of_socket(self):
        kinds = {"unix": socket.SOCK_STREAM, "unix-dgram": socket.SOCK_DGRAM,
                 "unix-seq": socket.SOCK_SEQPACKET}
        for scheme in kinds:
            for kind in kinds.values():
                with self.subTest(f"{scheme} where there is {kind!r}"):
                    path, _ = self.live(kind)
                    self.assert_refuses_to_start(path, scheme)

    def test_that_is_fid_keeps_it(self):
        path = self.path("s")
        self.relay(path, ready=True)
        self.assert_refuses_to_start(path)
        self.assert_serves(path)

    def test_keeps_an_abstract_name(self):
        name = f"fid.test.{os.getpid()}"
        self.fid("relay", f"abstract:{name}", self.backend.url, ready=True)
        fid = self.run_fid("listen", f"abstract:{name}")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, f"abstract:{name}", "EADDRINUSE")
        exchange(self.client(f"abstract:{name}"))


class WhatIsNoSocket(UnixCase):
    def test_is_never_touched(self):
        directory = self.path("directory")
        directory.mkdir()
        dangling = self.path("dangling")
        dangling.symlink_to(self.dir / "nowhere")
        for path in (self.file(b"precious"), directory, dangling):
            with self.subTest(path.name):
                self.assert_refuses_to_start(path)

    def test_a_link_to_a_stale_socket_is_not_followed(self):
        target = self.path("target")
        self.leave_stale(target)
        link = self.path("link")
        link.symlink_to(target)
        self.assert_refuses_to_start(link)
        self.assertTrue(target.exists())


class AtItsEnd(UnixCase):
    def test_the_path_is_removed_whatever_signal_ends_it(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            path = self.path("s")
            fid = self.relay(path, ready=True)
            fid.signal(number)
            self.assert_status(fid, 0)
            self.assertFalse(path.exists(), number)

    def test_the_path_is_removed_when_the_work_is_done(self):
        path = self.path("s")
        fid = self.fid("listen", f"unix:{path}", ready=True)
        client = self.client(f"unix:{path}")
        client.close()
        self.assert_status(fid, 0)
        self.assertFalse(path.exists())

    def test_the_path_stays_if_it_is_not_ours_any_more(self):
        path = self.path("s")
        fid = self.relay(path, ready=True)
        other = self.path("other")
        self.leave_stale(other)
        os.rename(other, path)
        theirs = inode(path)
        self.assertEqual(fid.stop(), 0)
        self.assertEqual(inode(path), theirs)

    def test_the_path_stays_if_that_is_asked_for(self):
        path = self.path("s")
        fid = self.fid("relay", f"unix:{path},unlink=no", self.backend.url, ready=True)
        self.assertEqual(fid.stop(), 0)
        self.assertTrue(stat.S_ISSOCK(os.lstat(path).st_mode))

    def test_a_missing_path_is_no_trouble(self):
        path = self.path("s")
        fid = self.relay(path, ready=True)
        path.unlink()
        self.assertEqual(fid.stop(), 0)
        self.assert_quiet(fid)


class AfterAKill(UnixCase):
    def test_the_next_one_starts_at_once(self):
        path = self.path("s")
        for _ in range(5):
            fid = self.relay(path, ready=True)
            self.assert_serves(path)
            fid.signal(signal.SIGKILL)
            self.assert_status(fid, 137)
            self.assertTrue(path.exists())
        last = self.relay(path, ready=True)
        self.assert_serves(path)
        self.assertEqual(last.stop(), 0)
        self.assertFalse(path.exists())
        left = [name for name in os.listdir(path.parent) if name.startswith(path.name)]
        self.assertEqual(left, [])


class TwoAtOnce(UnixCase):
    def round(self, number: int) -> None:
        path = self.path("s")
        if number % 2:
            self.leave_stale(path)
        # Both wait for the end of one pipe, so that they set off together.
        gate, our_end = os.pipe()
        at_the_gate = shell(f"read -r _ < /dev/fd/{gate}")
        both = [self.relay(path, events=True, prefix=at_the_gate, pass_fds=(gate,))
                for _ in range(2)]
        os.close(gate)
        os.close(our_end)

        def decided():
            return ([fid for fid in both if fid.running and fid.events("ready")],
                    [fid for fid in both if not fid.running])

        def one_of_each():
            winners, losers = decided()
            return len(winners) + len(losers) == 2
        wait_until(one_of_each, "each has won or lost")
        winners, losers = decided()
        self.assertEqual((len(winners), len(losers)), (1, 1), "\n".join(map(str, both)))
        self.assert_status(losers[0], 5)
        self.assert_one_line(losers[0], f"unix:{path}", "EADDRINUSE")
        self.assert_serves(path)
        self.assertEqual(winners[0].stop(), 0)
        self.assertFalse(path.exists())

    def test_exactly_one_wins(self):
        for number in range(ROUNDS):
            with self.subTest(round=number):
                self.round(number)


class WhoMayConnect(ShimmedCase):
    """The file at the moment of listen(2), before which the kernel refuses everybody."""

    def listens_with(self, options: str) -> tuple[str, int, int]:
        path, log = self.path("s"), self.path("log")
        fid = self.fid("relay", f"unix:{path}{options}", "exec:cat", ready=True, events=True,
                       env=self.shimmed(FID_TEST_LISTEN_LOG=log))
        mode, uid, gid = log.read_text().split()
        status = os.stat(path)
        self.assertEqual((int(mode, 8), int(uid), int(gid)),
                         (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid))
        self.assertEqual(fid.wait_event("listening")["mode"], mode.rjust(4, "0"))
        return mode, int(uid), int(gid)

    def setUp(self):
        super().setUp()
        before = os.umask(0)
        self.defer(os.umask, before)

    def test_only_the_owner_unless_told_otherwise(self):
        self.assertEqual(self.listens_with(""), ("600", os.getuid(), os.getgid()))

    def test_the_mode_is_set_whatever_the_umask(self):
        for mask in (0, 0o022, 0o777):
            os.umask(mask)
            for mode in ("600", "660", "666", "200"):
                self.assertEqual(self.listens_with(f",mode=0{mode}")[0], mode)
            os.umask(0)

    def test_owner_and_group_are_set(self):
        if os.getuid() == 0:
            owners = (12345, 54321)
        else:
            owners = (os.getuid(), os.getgroups()[-1] if os.getgroups() else os.getgid())
        got = self.listens_with(f",mode=0660,user={owners[0]},group={owners[1]}")
        self.assertEqual(got, ("660", *owners))

    def test_an_unknown_owner_is_told_before_anything_is_made(self):
        path = self.path("s")
        fid = self.run_fid("listen", f"unix:{path},user=nobody-of-that-name")
        self.assertIn(fid.status, (2, 5))
        self.assert_one_line(fid, "nobody-of-that-name")
        self.assertFalse(path.exists())


if __name__ == "__main__":
    main(verbosity=2)
