# SPDX-License-Identifier: MIT
"""Other programs on the other side: as clients, as servers, and on both ends of a relay."""

import contextlib
import functools
import http.server
import itertools
import os
import random
import socketserver
import subprocess
import threading
from pathlib import Path

from interop import main
from harness import Case, Collector, DEADLINE, in_parallel, payload, require, wait_until

REQUEST = payload(300_000, 1)
ANSWER = payload(700_000, 2)
# The servers of others cannot say that they listen, so fid tries until they do.
PATIENT = ",retry=500,interval=20ms"
# Addresses of our own, so that no port is anybody else's.
HOSTS = (f"127.{random.randrange(64, 128)}.{random.randrange(256)}.{n}" for n in range(1, 255))


def tcp_place(_directory):
    host = next(HOSTS)
    return f"tcp://{host}:7000", (host, "7000")


def unix_place(path):
    return f"unix:{path}", (str(path),)


class Netcat:
    """-N passes the end of its input on. As a server it leaves when the client has ended, even if it
    still has something to say."""
    tool = "nc.openbsd"
    serves_late_answers = False

    @staticmethod
    def client(where):
        return ["nc.openbsd", "-N", *(["-U"] if len(where) == 1 else []), *where]

    @staticmethod
    def server(where):
        return ["nc.openbsd", "-N", "-l", *(["-U"] if len(where) == 1 else []), *where]


class Ncat:
    """It leaves in the same way."""
    tool = "ncat"
    serves_late_answers = False

    @staticmethod
    def client(where):
        return ["ncat", *(["-U"] if len(where) == 1 else ["-n"]), *where]

    @staticmethod
    def server(where):
        return ["ncat", "-l", *(["-U"] if len(where) == 1 else ["-n"]), *where]


class Socat:
    """-t: how long it waits for the answer after the end of its input."""
    tool = "socat"
    serves_late_answers = True

    @staticmethod
    def client(where):
        kind = f"UNIX-CONNECT:{where[0]}" if len(where) == 1 else f"TCP:{where[0]}:{where[1]}"
        return ["socat", "-t", "60", "-", kind]

    @staticmethod
    def server(where):
        kind = (f"UNIX-LISTEN:{where[0]}" if len(where) == 1
                else f"TCP-LISTEN:{where[1]},bind={where[0]},reuseaddr")
        return ["socat", "-t", "60", "-", kind]


class Speaker:
    """One end of the conversation, fid or not: what it is told to say, and what it hears."""

    def __init__(self, process, output: Collector, errors):
        self._input = process.stdin
        self.process = process
        self.output = output
        self.errors = errors

    def say(self, text: bytes) -> None:
        self._input.write(text)
        self._input.flush()

    def end(self) -> None:
        self._input.close()


class NetcatLike(Case):
    """REQUEST goes one way, ANSWER the other, and each side must see the end of what it gets."""

    def place(self, transport):
        return (tcp_place if transport == "tcp" else unix_place)(self.path("s"))

    def other(self, command) -> Speaker:
        errors = self.path("errors")
        with open(errors, "wb") as to:
            process = self.start(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=to)
        return Speaker(process, Collector(os.dup(process.stdout.fileno())), errors.read_text)

    def ours(self, *words, **how) -> Speaker:
        fid = self.fid(*words, stdin=subprocess.PIPE, **how)
        return Speaker(fid.process, fid.output, fid.errors)

    def converse(self, asking: Speaker, answering: Speaker, answers_late: bool) -> None:
        """The most of the answer comes after the whole request. If `answers_late`, after its end."""
        def ask():
            asking.say(REQUEST)
            if not answers_late:
                asking.output.wait_for_size(len(ANSWER))
            asking.end()

        def answer():
            answering.say(ANSWER[:1000])
            answering.output.wait_for_size(len(REQUEST))
            answering.say(ANSWER[1000:])
            answering.end()
        in_parallel(ask, answer)
        for speaker, heard in ((asking, ANSWER), (answering, REQUEST)):
            self.assert_same(speaker.output.all(), heard)
            self.assertEqual(speaker.process.wait(DEADLINE), 0, speaker.errors())
            self.assertEqual(speaker.errors(), "")

    def fid_connects(self, tool, transport):
        url, where = self.place(transport)
        server = self.other(tool.server(where))
        self.converse(self.ours("connect", url + PATIENT), server, tool.serves_late_answers)

    def fid_listens(self, tool, transport):
        url, where = self.place(transport)
        fid = self.ours("listen", url, ready=True)
        self.converse(self.other(tool.client(where)), fid, True)

    def fid_is_between(self, tool, transport):
        """And turns one transport into the other."""
        url, where = self.place(transport)
        back, where_back = self.place("unix" if transport == "tcp" else "tcp")
        server = self.other(tool.server(where_back))
        relay = self.fid("relay", url, back + PATIENT, ready=True, events=True)
        self.converse(self.other(tool.client(where)), server, tool.serves_late_answers)
        relay.wait_event("close", reason="eof", complete=True, a_to_b=len(REQUEST),
                         b_to_a=len(ANSWER))
        self.assertEqual(relay.stop(), 0)
        self.assert_quiet(relay)

    def fid_bridges(self, tool, transport):
        """One way, from a command."""
        url, where = self.place(transport)
        server = self.other(tool.server(where))
        server.end()
        request = self.file(REQUEST)
        fid = self.run_fid("bridge", f"exec:cat {request}", url + PATIENT, "-u")
        self.assert_status(fid, 0)
        self.assert_same(server.output.all(), REQUEST)


def add_netcat_tests():
    for tool, act, transport in itertools.product(
            (Netcat, Ncat, Socat), ("fid_connects", "fid_listens", "fid_is_between", "fid_bridges"),
            ("tcp", "unix")):
        def test(self, tool=tool, act=act, transport=transport):
            require(tool.tool)
            getattr(self, act)(tool, transport)
        setattr(NetcatLike, f"test_{act}_and_{tool.tool.split('.')[0]}_over_{transport}", test)


add_netcat_tests()


class Handler(http.server.SimpleHTTPRequestHandler):
    """GET gives files, POST gives back what was posted."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "client"

    def log_message(self, *_):
        pass


class UnixHttpServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Http(Case):
    def setUp(self):
        super().setUp()
        require("curl")
        self.content = payload(3_000_000)
        self.root = self.path("root")
        self.root.mkdir()
        (self.root / "file").write_bytes(self.content)

    def serve(self, transport):
        handler = functools.partial(Handler, directory=str(self.root))
        if transport == "tcp":
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            url = f"tcp://127.0.0.1:{server.server_address[1]}"
        else:
            path = self.path("http")
            server = UnixHttpServer(str(path), handler)
            url = f"unix:{path}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.defer(server.server_close)
        self.defer(server.shutdown)
        return url

    def curl(self, front, *words) -> bytes:
        if front.startswith("unix:"):
            where = ["--unix-socket", front.removeprefix("unix:"), "http://localhost/file"]
        else:
            where = [front.replace("tcp:", "http:") + "/file"]
        done = subprocess.run(["curl", "-sS", "--fail", "--noproxy", "*", "--max-time",
                               str(int(DEADLINE)), *words, *where], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def through_a_relay(self, front, back):
        relay = self.fid("relay", self.listen_word(front), self.serve(back), ready=True)
        self.assert_same(self.curl(relay.url), self.content)
        posted = self.file(payload(1_000_000, 7))
        self.assert_same(self.curl(relay.url, "--data-binary", f"@{posted}"), posted.read_bytes())
        self.assertEqual(relay.stop(), 0)
        self.assert_quiet(relay)

    def test_curl_over_a_unix_socket_to_a_tcp_server(self):
        self.through_a_relay("unix", "tcp")

    def test_curl_over_tcp_to_a_unix_server(self):
        self.through_a_relay("tcp", "unix")

    def test_curl_over_tcp_to_a_tcp_server(self):
        self.through_a_relay("tcp", "tcp")

    def test_many_at_once(self):
        relay = self.fid("relay", self.listen_word("unix"), self.serve("tcp"), ready=True)
        with contextlib.ExitStack() as running:
            curls = [running.enter_context(subprocess.Popen(
                ["curl", "-sS", "--fail", "--unix-socket", relay.url.removeprefix("unix:"),
                 "http://localhost/file"], stdout=subprocess.PIPE)) for _ in range(10)]
            for process in curls:
                output, _ = process.communicate(timeout=DEADLINE)
                self.assertEqual(process.returncode, 0)
                self.assert_same(output, self.content)

    def test_connect_speaks_to_a_server(self):
        for transport in ("tcp", "unix"):
            fid = self.run_fid("connect", self.serve(transport), data=b"GET /file HTTP/1.0\r\n\r\n")
            self.assert_status(fid, 0)
            head, _, body = fid.output.all().partition(b"\r\n\r\n")
            self.assertIn(b"200 OK", head)
            self.assert_same(body, self.content)

    def test_a_command_serves_curl(self):
        answer = self.file(b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
        # To leave before the request has come would be rude, and curl would say so.
        script = f"""while read -r line && [ ${{#line}} -gt 1 ]; do :; done; cat {answer}"""
        fid = self.fid("listen", self.listen_word("unix"), "-k", "--", "sh", "-c", script,
                       ready=True)
        for _ in range(3):
            self.assertEqual(self.curl(fid.url), b"hello\n")


class Redis(Case):
    def setUp(self):
        super().setUp()
        require("redis-server", "redis-cli")
        self.socket = self.path("redis")
        self.start("redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "",
                   "--appendonly", "no", "--dir", self.dir, "--loglevel", "warning",
                   stdout=subprocess.DEVNULL)
        self.relay = self.fid("relay", "tcp://127.0.0.1:0", f"unix:{self.socket}{PATIENT}",
                              ready=True, events=True)

    def redis(self, url, *words, data: bytes | None = None) -> bytes:
        where = (["-s", url.removeprefix("unix:")] if url.startswith("unix:")
                 else ["-h", "127.0.0.1", "-p", url.rpartition(":")[2]])
        done = subprocess.run(["redis-cli", *where, *words], input=data, capture_output=True,
                              timeout=DEADLINE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_over_a_relayed_unix_socket(self):
        value = b"some text\n" * 20_000
        self.assertEqual(self.redis(self.relay.url, "-x", "set", "key", data=value), b"OK\n")
        self.assert_same(self.redis(self.relay.url, "get", "key"), value + b"\n")

    def test_back_from_tcp_to_a_unix_socket(self):
        front = self.fid("relay", self.listen_word("unix"), self.relay.url, ready=True)
        self.assertEqual(self.redis(front.url, "ping"), b"PONG\n")
        self.assertEqual(self.redis(front.url, "-r", "1000", "incr", "n").split()[-1], b"1000")
        self.assertEqual(self.redis(self.relay.url, "get", "n"), b"1000\n")

    def test_bulk_loading_and_pushed_messages(self):
        commands = b"".join(b"SET key%d %d\r\n" % (n, n) for n in range(20_000))
        self.assertIn(b"replies: 20000", self.redis(self.relay.url, "--pipe", data=commands))
        self.assertEqual(self.redis(self.relay.url, "dbsize"), b"20000\n")

        subscriber = self.client(self.relay.url)
        subscriber.sendall(b"SUBSCRIBE news\r\n")
        reader = subscriber.makefile("rb")
        self.assertEqual([reader.readline() for _ in range(6)][-1], b":1\r\n")
        self.assertEqual(self.redis(self.relay.url, "publish", "news", "hello"), b"1\n")
        self.assertEqual([reader.readline() for _ in range(7)][-1], b"hello\r\n")


def postgresql_programs():
    """Debian keeps them out of PATH, one directory a version."""
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)


class PostgreSql(Case):
    def setUp(self):
        super().setUp()
        require("psql")
        initdb = postgresql_programs()
        if not initdb:
            self.skipTest("PostgreSQL is not installed")
        # It refuses to be root's.
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        prefix = as_nobody if os.getuid() == 0 else []
        data = self.path("data")
        data.mkdir()
        os.chmod(self.dir, 0o755)
        if prefix:
            os.chown(data, 65534, 65534)
        subprocess.run([*prefix, initdb, "-D", data, "-A", "trust", "-U", "test", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/")
        server = self.start(*prefix, initdb.with_name("postgres"), "-D", data, "-k", data, "-c",
                            "listen_addresses=", "-F", stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, cwd="/")
        self.socket = data / ".s.PGSQL.5432"
        # Killed, it would leave its shared memory behind.
        self.defer(server.wait, DEADLINE)
        self.defer(server.send_signal, 3)

    def sql(self, host, port, text) -> str:
        done = subprocess.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(host),
                               "-p", str(port), "-U", "test", "postgres"], input=text.encode(),
                              capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def test_over_a_relayed_unix_socket_and_back(self):
        relay = self.fid("relay", "tcp://127.0.0.1:0", f"unix:{self.socket}{PATIENT}", ready=True)
        port = relay.url.rpartition(":")[2]
        wait_until(lambda: self.answers(port), "the database accepts connections")
        self.assertEqual(self.sql("127.0.0.1", port, "SELECT sum(n) FROM generate_series(1, 100000) n;"),
                         "5000050000\n")
        rows = "".join(f"{n}\n" for n in range(20_000))
        self.sql("127.0.0.1", port, f"CREATE TABLE t (n int);\nCOPY t FROM STDIN;\n{rows}\\.\n")

        back = self.path("back")
        back.mkdir()
        self.fid("relay", f"unix:{back}/.s.PGSQL.5432", relay.url, ready=True)
        self.assertEqual(self.sql(back, 5432, "COPY t TO STDOUT;"), rows)

    def answers(self, port) -> bool:
        return subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", port]).returncode == 0


if __name__ == "__main__":
    main(verbosity=2)
