# SPDX-License-Identifier: MIT
"""Named pipes: either end may be opened first, writers may come and go, and waiting costs nothing."""

import errno
import os
import stat
import subprocess
import threading

from harness import Case, Collector, in_parallel, main, payload, state_of, wait_until

CONTENT = payload(300_000)


class FifoCase(Case):
    def fifo(self):
        path = self.path("fifo")
        os.mkfifo(path)
        return path

    def write(self, path, data: bytes = CONTENT):
        """Opens it as a shell does, waiting for a reader."""
        with open(path, "wb", buffering=0) as fifo:
            view = memoryview(data)
            while view:
                view = view[fifo.write(view):]

    def has_reader(self, path) -> bool:
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return True
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return False


class Reading(FifoCase):
    def test_a_writer_that_comes_later_is_heard(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        self.assert_idle(fid)
        self.write(path)
        self.assert_same(fid.output.all(), CONTENT)
        self.assert_status(fid, 0)

    def test_a_writer_that_was_there_first_is_heard(self):
        path = self.fifo()
        writer = threading.Thread(target=self.write, args=(path,), daemon=True)
        writer.start()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        self.assert_same(fid.output.all(), CONTENT)
        self.assert_status(fid, 0)

    def test_a_writer_that_opens_and_leaves_at_once_is_an_end(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        self.write(path, b"")
        self.assertEqual(fid.output.all(), b"")
        self.assert_status(fid, 0)

    def test_its_size_is_not_asked_for_by_opening_it(self):
        """A writer would take that for its reader."""
        path = self.path("fifo")
        os.mkfifo(path)
        writer = self.start("sh", "-c", f"exec >{path}; echo opened >&2", stderr=subprocess.PIPE)
        wait_until(lambda: state_of(writer.pid) == "S", "it waits for a reader")
        _, taken = self.listener()
        fid = self.run_fid("bridge", str(path), taken.replace("tcp:", "tcp-listen:"))
        self.assert_status(fid, 5)
        os.set_blocking(writer.stderr.fileno(), False)
        self.assertIsNone(writer.stderr.read(), "it has found a reader")

    def test_what_is_not_there_is_made(self):
        path = self.path("made")
        fid = self.fid("bridge", f"fifo:{path},mode=0620", "-", "-u")
        wait_until(path.exists, "the FIFO is made")
        self.assertTrue(stat.S_ISFIFO(path.stat().st_mode))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o620)
        self.write(path, b"hello")
        self.assertEqual(fid.output.all(), b"hello")
        self.assert_status(fid, 0)
        self.assertFalse(path.exists(), "whoever makes a FIFO removes it")

    def test_its_end_is_the_end_of_the_request(self):
        """What a server says after it arrives whole, as with any other stream."""
        path = self.fifo()
        server = self.server(lambda sock: (sock.makefile("rb").read(), sock.sendall(CONTENT)))
        fid = self.fid("bridge", "-", server.url, stdin=None, prefix=("sh", "-c",
                       f'exec "$@" <{path}', "sh"))
        self.write(path)
        self.assert_same(fid.output.all(), CONTENT)
        self.assert_status(fid, 0)

    def test_between_writers_nothing_is_done(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path},keep-open", "-", "-u")
        self.write(path, b"first")
        fid.output.wait_for_bytes(b"first")
        self.assert_idle(fid)

    def test_a_silent_writer_costs_nothing(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        with open(path, "wb", buffering=0) as fifo:
            fifo.write(b"then silence")
            fid.output.wait_for_bytes(b"then silence")
            self.assert_idle(fid)
        self.assert_status(fid, 0)

    def test_with_keep_open_each_new_writer_is_heard(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path},keep-open", "-", "-u")
        said = b""
        for number in range(50):
            said += b"writer %d;" % number
            self.write(path, b"writer %d;" % number)
            fid.output.wait_for_bytes(said)
        self.assertTrue(fid.running)
        fid.stop()
        self.assertEqual(fid.output.all(), said)

    def test_with_keep_open_writers_at_once_are_heard_whole(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path},keep-open", "-", "-u")
        lines = [b"%03d %s\n" % (number, b"x" * 200) for number in range(200)]
        in_parallel(*(lambda part=part: [self.write(path, line) for line in part]
                      for part in (lines[0::2], lines[1::2])))
        fid.output.wait_for_size(sum(map(len, lines)))
        fid.stop()
        self.assertEqual(sorted(fid.output.all().splitlines(True)), lines)

    def test_without_keep_open_it_ends_with_its_writer(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        self.write(path, b"only")
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"only")
        self.assertFalse(self.has_reader(path))

    def test_a_second_writer_beside_the_first_keeps_it_open(self):
        path = self.fifo()
        fid = self.fid("bridge", f"fifo:{path}", "-", "-u")
        with open(path, "wb", buffering=0) as first, open(path, "wb", buffering=0) as second:
            first.write(b"a")
            fid.output.wait_for_bytes(b"a")
            first.close()
            self.assert_idle(fid)
            second.write(b"b")
        self.assertEqual(fid.output.all(), b"ab")
        self.assert_status(fid, 0)


class Writing(FifoCase):
    def test_a_reader_that_comes_later_gets_everything(self):
        path = self.fifo()
        with open(self.file(CONTENT), "rb") as file:
            fid = self.fid("bridge", "-", f"fifo:{path}", "-u", stdin=file)
        self.assert_idle(fid)
        self.assert_same(path.read_bytes(), CONTENT)
        self.assert_status(fid, 0)

    def test_a_reader_that_was_there_first_gets_everything(self):
        path = self.fifo()
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(reader, True)
        with open(self.file(CONTENT), "rb") as file:
            fid = self.fid("bridge", "-", f"fifo:{path}", "-u", stdin=file)
        wait_until(lambda: not fid.running or self.bytes_in(reader) > 0, "it writes")
        self.assert_same(Collector(reader).all(), CONTENT)
        self.assert_status(fid, 0)

    def bytes_in(self, fd: int) -> int:
        import fcntl
        import struct
        import termios
        return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, bytes(4)))[0]

    def test_a_reader_that_leaves_is_status_1(self):
        path = self.fifo()
        fid = self.fid("bridge", "/dev/zero", f"fifo:{path}", "-u")
        with open(path, "rb", buffering=0) as fifo:
            fifo.read(1000)
        self.assert_status(fid, 1)
        self.assert_one_line(fid, str(path), "EPIPE")

    def test_a_reader_that_leaves_is_noticed_while_idle(self):
        path = self.fifo()
        server = self.server(lambda sock: sock.recv(1))
        fid = self.fid("bridge", server.url, f"fifo:{path}", "-u")
        with open(path, "rb"):
            pass
        self.assert_status(fid, 1)

    def test_a_file_that_is_no_fifo_is_left_alone(self):
        path = self.file(b"precious")
        fid = self.run_fid("bridge", f"fifo:{path}", "-", "-u")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, str(path))
        self.assertEqual(path.read_bytes(), b"precious")


class BetweenTwoFifos(FifoCase):
    def test_bytes_pass_whichever_end_comes_first(self):
        source, target = self.fifo(), self.fifo()
        fid = self.fid("bridge", f"fifo:{source}", f"fifo:{target}", "-u")
        got, _ = in_parallel(target.read_bytes, lambda: self.write(source))
        self.assert_same(got, CONTENT)
        self.assert_status(fid, 0)


if __name__ == "__main__":
    main()
