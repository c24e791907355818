# SPDX-License-Identifier: MIT
"""A relay that serves on several threads does what it does on one."""

import os
import select
import signal
import socket
import threading
from collections import Counter
from pathlib import Path

from crowd import crowd, serve_all
from harness import (DEADLINE, Case, connect, descriptors_of, echo, exchange, hold, in_parallel,
                     main, payload, receive_all, receive_exactly, shell, threads_of,
                     wait_until)

FEW_DESCRIPTORS = shell("ulimit -n 64")


def watchers_of(pid: int, ports: set[int]) -> Counter:
    """How many of the TCP sockets that are connected to these ports each epoll handle watches."""
    inodes = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        inodes[int(fields[9])] = int(fields[2].split(":")[1], 16)
    sockets = {}
    for fd, name in descriptors_of(pid).items():
        if name.startswith("socket:["):
            sockets[fd] = inodes.get(int(name[8:-1]))
    found = Counter()
    for fd, name in descriptors_of(pid).items():
        if name != "anon_inode:[eventpoll]":
            continue
        for line in Path(f"/proc/{pid}/fdinfo/{fd}").read_text().splitlines():
            if line.startswith("tfd:") and sockets.get(int(line.split()[1])) in ports:
                found[fd] += 1
    return found


class ThreadsCase(Case):
    def relay(self, *options, threads=4, target=None, transport="tcp", **how):
        target = target or self.server(echo, transport).url
        return self.fid("relay", self.listen_word(transport), target, "--threads", threads,
                        *options, ready=True, events=True, **how)

    def clients(self, fid, count):
        clients = [self.client(fid.url) for _ in range(count)]
        for number, client in enumerate(clients):
            exchange(client, b"%06d" % number)
        return clients

    def assert_each_is_complete(self, events, count):
        """Of each connection there is every event, once and in order."""
        by_id = {}
        for event in events:
            if "id" in event:
                by_id.setdefault(event["id"], []).append(event["ev"])
        self.assertEqual(sorted(by_id), list(range(1, count + 1)))
        for number, names in by_id.items():
            self.assertEqual(names[:2], ["accept", "connect"], number)
            self.assertEqual(names[-1], "close", number)
            self.assertEqual(len(names), len(set(names)) + (names.count("eof") == 2), names)


class Serving(ThreadsCase):
    def check_bytes(self, transport):
        sent = {number: payload(300_000 + 997 * number, number) for number in range(24)}

        def serve(sock):
            data = receive_all(sock)
            sock.sendall(data)

        fid = self.relay(target=self.server(serve, transport).url, transport=transport)

        def pass_through(number):
            with connect(fid.url) as sock:
                sock.sendall(sent[number])
                sock.shutdown(socket.SHUT_WR)
                return receive_all(sock)

        got = in_parallel(*(lambda number=number: pass_through(number) for number in sent))
        for number, data in enumerate(got):
            self.assert_same(data, sent[number])
        self.assertEqual(fid.stop(), 0, f"{fid}")
        self.assert_each_is_complete(fid.events(), len(sent))
        totals = [(event["a_to_b"], event["b_to_a"], event["complete"])
                  for event in fid.events("close")]
        self.assertEqual(sorted(totals),
                         sorted((len(data), len(data), True) for data in sent.values()))

    def test_loses_no_byte_over_tcp(self):
        self.check_bytes("tcp")

    def test_loses_no_byte_over_unix(self):
        self.check_bytes("unix")

    def test_loses_nothing_that_was_sent_before_the_socket_moved(self):
        """Neither bytes nor the end: the program is stopped while the clients come and go."""
        server = self.server(echo)
        fid = self.relay(target=server.url)
        fid.signal(signal.SIGSTOP)
        clients = []
        for number in range(40):
            client = self.client(fid.url)
            client.sendall(b"%06d" % number)
            client.shutdown(socket.SHUT_WR)
            clients.append(client)
        fid.signal(signal.SIGCONT)
        for number, client in enumerate(clients):
            self.assertEqual(receive_all(client), b"%06d" % number)

    def test_is_shared_by_the_threads(self):
        fid = self.relay(threads=4)
        clients = self.clients(fid, 20)
        ports = {client.getsockname()[1] for client in clients}
        self.assertEqual(sorted(watchers_of(fid.pid, ports).values()), [5, 5, 5, 5])

    def test_goes_to_the_thread_that_has_become_free(self):
        fid = self.relay(threads=2)
        clients = self.clients(fid, 8)
        watchers = {client: watchers_of(fid.pid, {client.getsockname()[1]}) for client in clients}
        one = next(iter(watchers[clients[0]]))
        leaving = [client for client, found in watchers.items() if one in found]
        self.assertEqual(len(leaving), 4)
        for client in leaving:
            client.close()
        fid.wait_event("close", len(leaving))
        # That they have left is known to the thread that accepts once it was told.
        def all_left():
            fid.signal(signal.SIGUSR1)
            totals = [event for event in fid.events("stats") if "id" not in event]
            return totals and totals[-1]["open"] == 4
        wait_until(all_left, "they have left", fid)
        new = self.clients(fid, 4)
        ports = {client.getsockname()[1] for client in new}
        self.assertEqual(watchers_of(fid.pid, ports), Counter({one: 4}))

    def test_knows_who_came(self):
        fid = self.relay(threads=3)
        clients = self.clients(fid, 9)
        names = {f"tcp://127.0.0.1:{client.getsockname()[1]}" for client in clients}
        self.assertEqual({event["peer"] for event in fid.events("accept")}, names)
        self.assertEqual({event["local"] for event in fid.events("accept")}, {fid.url})

    def test_knows_who_came_over_unix(self):
        fid = self.relay(threads=3, transport="unix")
        self.clients(fid, 6)
        who = {(event["uid"], event["gid"]) for event in fid.events("accept")}
        self.assertEqual(who, {(os.getuid(), os.getgid())})

    def test_keeps_what_is_said_after_the_other_direction_has_ended(self):
        gate = threading.Event()

        def answer_late(sock):
            question = receive_all(sock)
            gate.wait(DEADLINE)
            sock.sendall(question * 1000)

        fid = self.relay(target=self.server(answer_late).url)
        clients = [self.client(fid.url) for _ in range(8)]
        for number, client in enumerate(clients):
            client.sendall(b"%06d" % number)
            client.shutdown(socket.SHUT_WR)
        fid.wait_event("eof", 8)
        gate.set()
        for number, client in enumerate(clients):
            self.assertEqual(receive_all(client), b"%06d" % number * 1000)
        self.assertEqual(fid.stop(), 0)

    def test_of_commands_and_messages_is_left_to_one(self):
        for target in ("exec:cat", f"fifo:{self.path('fifo')}"):
            with self.subTest(target=target):
                fid = self.fid("relay", self.listen_word(), target, "--threads", "4", ready=True)
                self.assertEqual(len(self.epolls(fid)), 1)
        fid = self.fid("relay", f"unix-seq:{self.path('seq')}", self.server(echo).url, "--threads",
                       "4", ready=True)
        self.assertEqual(len(self.epolls(fid)), 1)
        fid = self.relay(target="exec:cat")
        for client in self.clients(fid, 6):
            client.close()
        self.assertEqual(fid.stop(), 0)

    def epolls(self, fid):
        return [fd for fd, name in descriptors_of(fid.pid).items()
                if name == "anon_inode:[eventpoll]"]

    def test_by_one_thread_starts_no_other(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True)
        self.visit(fid.url)
        self.assertEqual(len(self.epolls(fid)), 1)

    def test_by_as_many_as_asked_for(self):
        for word, count in (("1", 1), ("2", 2), ("7", 7), ("auto", len(os.sched_getaffinity(0)))):
            with self.subTest(threads=word):
                fid = self.relay(threads=word)
                self.assertEqual(len(self.epolls(fid)), count)

    def test_by_as_many_as_the_process_may_use(self):
        one = str(min(os.sched_getaffinity(0)))
        fid = self.relay(threads="auto", prefix=["taskset", "-c", one])
        self.assertEqual(len(self.epolls(fid)), 1)

    def test_leaves_nothing_behind(self):
        fid = self.relay()
        threads, before = threads_of(fid.pid), len(descriptors_of(fid.pid))
        for client in self.clients(fid, 30):
            client.close()
        fid.wait_event("close", 30)
        wait_until(lambda: len(descriptors_of(fid.pid)) == before, "all are closed", fid)
        self.assertEqual(threads_of(fid.pid), threads)
        self.assertEqual(fid.stop(), 0)

    def test_with_clients_that_reset_at_any_time_does_no_harm(self):
        self.assert_resets_do_no_harm(lambda target: self.relay(target=target))

    def test_of_a_target_that_refuses_goes_on(self):
        fid = self.relay(target=self.refusing_url())
        for client in [self.client(fid.url) for _ in range(12)]:
            self.assertEqual(receive_all(client), b"")
        fid.wait_event("close", 12)
        self.assertEqual(len(fid.events("error", cause="ECONNREFUSED")), 12)
        self.assertEqual(fid.stop(), 0)

    def test_to_a_name_that_is_looked_up(self):
        server = self.server(echo)
        fid = self.relay(target=server.url.replace("127.0.0.1", "localhost"))
        self.clients(fid, 12)


class Telling(ThreadsCase):
    def test_of_many_at_once_is_whole_and_in_order(self):
        fid = self.relay()

        def visit_often():
            for _ in range(40):
                self.visit(fid.url)

        in_parallel(*[visit_often] * 6)
        self.assertEqual(fid.stop(), 0)
        events = fid.events()
        moments = [event["m"] for event in events]
        self.assertEqual(moments, sorted(moments))
        self.assertEqual(events[-1]["ev"], "exit")
        self.assert_each_is_complete(events, 240)

    def test_what_passes_keeps_lines_whole(self):
        dump = self.path("dump")
        fid = self.relay("--dump", f"text:{dump}")
        line = b"z" * 500 + b"\n"
        clients = [self.client(fid.url) for _ in range(8)]
        in_parallel(*(lambda client=client: [exchange(client, line) for _ in range(20)]
                      for client in clients))
        wanted = {f"#{number} {way} ".encode() for number in range(1, 9) for way in "<>"}
        shown = Counter()
        for text in dump.read_bytes().splitlines(keepends=True):
            prefix = text[:5]
            self.assertIn(prefix, wanted)
            self.assertTrue(text[5:].removesuffix(b"\\\n").removesuffix(b"\n").strip(b"z") == b"")
            shown[prefix] += text.count(b"z")
        self.assertEqual(shown, Counter({prefix: 20 * 500 for prefix in wanted}))

    def test_statistics_tells_each_and_all(self):
        fid = self.relay()
        clients = [self.client(fid.url) for _ in range(10)]
        for number, client in enumerate(clients):
            exchange(client, b"x" * (number + 1))
        clients.pop(0).close()
        fid.wait_event("close")
        fid.signal(signal.SIGUSR1)
        total = wait_until(lambda: [e for e in fid.events("stats") if "id" not in e], "totals")[0]
        self.assertEqual((total["open"], total["accepted"]), (9, 10))
        self.assertEqual((total["a_to_b"], total["b_to_a"]), (55, 55))
        each = {event["id"]: (event["a_to_b"], event["b_to_a"])
                for event in fid.events("stats") if "id" in event}
        self.assertEqual(each, {number: (number, number) for number in range(2, 11)})

    def test_statistics_are_told_though_the_end_comes_right_after(self):
        fid = self.relay()
        self.visit(fid.url)
        fid.wait_event("close")
        for number in (signal.SIGUSR1, signal.SIGTERM):
            fid.signal(number)
        self.assert_status(fid, 0)
        self.assertEqual(len(fid.events("drain")), 1)


class Limits(ThreadsCase):
    def test_of_connections_hold_for_all_threads_together(self):
        fid = self.relay("--max-connections", "3")
        first = self.clients(fid, 3)
        waiting = [self.client(fid.url) for _ in range(3)]
        for number, client in enumerate(waiting):
            client.sendall(b"%06d" % number)
        for client in first:
            exchange(client, b"those inside go on")
        self.assertEqual(len(fid.events("accept")), 3)
        for number, client in enumerate(first):
            client.close()
            self.assertEqual(receive_exactly(waiting[number], 6), b"%06d" % number)
        open_ones = 0
        for event in fid.events():
            open_ones += {"accept": 1, "close": -1}.get(event["ev"], 0)
            self.assertLessEqual(open_ones, 3)

    def test_of_time_hold_on_every_thread(self):
        for options, reason in ((["--idle", "50ms"], "timeout-idle"),
                                (["--timeout", "50ms"], "timeout-total")):
            with self.subTest(reason=reason):
                fid = self.relay(*options, target=self.server(hold).url)
                for client in [self.client(fid.url) for _ in range(8)]:
                    self.assertEqual(receive_all(client), b"")
                fid.wait_event("close", 8, reason=reason)

    def test_of_bytes_hold_on_every_thread(self):
        fid = self.relay("--max-bytes", "1000", target=self.server(hold).url)
        for client in [self.client(fid.url) for _ in range(8)]:
            client.sendall(bytes(1000))
        fid.wait_event("close", 8, reason="limit")
        self.assertEqual({event["a_to_b"] for event in fid.events("close")}, {1000})

    def test_of_an_idle_service_ends_it_when_all_have_left(self):
        fid = self.relay("--exit-idle-time", "50ms")
        for client in self.clients(fid, 6):
            client.close()
        self.assert_status(fid, 0)
        self.assertEqual(len(fid.events("close")), 6)

    def test_of_patience_does_not_end_one_that_serves(self):
        fid = self.relay("--accept-timeout", "50ms")
        clients = self.clients(fid, 4)
        clients.pop(0).close()
        fid.wait_event("close")
        for client in clients:
            exchange(client, b"still here")
        for client in clients:
            client.close()
        self.assert_status(fid, 124)


class Stopping(ThreadsCase):
    def test_lets_what_is_open_finish(self):
        fid = self.relay("--drain", "600s")
        clients = self.clients(fid, 8)
        fid.signal(signal.SIGTERM)
        self.assertEqual(fid.wait_event("drain")["left"], 8)
        for client in clients:
            exchange(client, b"while it drains")
            client.close()
        self.assert_status(fid, 0)
        self.assertEqual({event["reason"] for event in fid.events("close")}, {"eof"})
        self.assertEqual(fid.events()[-1]["ev"], "exit")

    def test_cuts_all_on_the_second_signal(self):
        fid = self.relay("--drain", "600s")
        clients = self.clients(fid, 8)
        fid.signal(signal.SIGTERM)
        fid.wait_event("drain")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        self.assert_one_line(fid, "SIGTERM")
        for client in clients:
            self.assertEqual(receive_all(client), b"")
        self.assertEqual([event["reason"] for event in fid.events("close")], ["signal"] * 8)
        self.assert_each_is_complete(fid.events(), 8)

    def test_cuts_all_when_draining_is_over(self):
        fid = self.relay("--drain", "50ms")
        self.clients(fid, 8)
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        self.assertEqual([event["reason"] for event in fid.events("close")], ["drain"] * 8)

    def test_ends_those_that_still_wait_for_the_target(self):
        fid = self.relay("--drain", "50ms", target=self.silent_url())
        clients = [self.client(fid.url) for _ in range(6)]
        fid.wait_event("accept", len(clients))
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        self.assertEqual([event["reason"] for event in fid.events("close")], ["drain"] * 6)

    def test_takes_every_signal_on_the_thread_that_hears_them(self):
        fid = self.relay()
        for task in Path(f"/proc/{fid.pid}/task").iterdir():
            blocked = int((task / "status").read_text().split("SigBlk:")[1].split()[0], 16)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
                self.assertTrue(blocked >> (number - 1) & 1, f"{task.name} {number}")

    def test_is_heard_under_load(self):
        fid = self.relay("--drain", "600s")
        clients = self.clients(fid, 8)

        def talk(client):
            for _ in range(200):
                exchange(client, b"x" * 1000)
            client.close()

        def stop():
            fid.signal(signal.SIGTERM)

        in_parallel(stop, *(lambda client=client: talk(client) for client in clients))
        self.assert_status(fid, 0)
        self.assertEqual(len(fid.events("close", complete=True)), 8)


class RunningOut(ThreadsCase):
    def test_of_descriptors_pauses_and_loses_nobody(self):
        fid = self.relay(threads=3, prefix=FEW_DESCRIPTORS)
        early = self.client(fid.url)
        exchange(early, b"before")
        clients = crowd(self, fid.url, 150)
        fid.wait_event("error")
        exchange(early, b"while there are none left")
        self.assert_idle(fid)
        serve_all(clients)
        exchange(early, b"after")
        early.close()
        self.visit(fid.url, b"a new one")
        self.assertEqual(fid.stop(), 0, f"{fid}")

    def test_of_descriptors_at_once_does_not_keep_out_whom_there_is_room_for(self):
        """Those who are let in first do not take what they need for the other side."""
        fid = self.relay(threads=3, prefix=FEW_DESCRIPTORS)
        fid.signal(signal.SIGSTOP)
        clients = [self.client(fid.url) for _ in range(100)]
        for client in clients:
            client.sendall(b"x")
        fid.signal(signal.SIGCONT)
        wait_until(lambda: len(select.select(clients, [], [], 0)[0]) >= 20, "they are answered", fid)

    def test_of_descriptors_for_the_threads_is_told_in_one_line(self):
        fid = self.run_fid("relay", self.listen_word(), self.server(echo).url, "--threads", "100",
                           prefix=FEW_DESCRIPTORS)
        self.assert_status(fid, 5)
        self.assert_one_line(fid, "--threads 100", "EMFILE")

    def test_of_descriptors_for_the_threads_is_told_before_anybody_is_told_it_is_ready(self):
        path = self.path("port")
        fid = self.run_fid("relay", self.listen_word(), self.server(echo).url, "--threads", "100",
                           "--port-file", path, prefix=FEW_DESCRIPTORS, events=True)
        self.assert_status(fid, 5)
        self.assertFalse(path.exists())
        self.assertEqual(fid.events("ready"), [])


class Usage(ThreadsCase):
    def test_a_number_that_is_none_is_told_in_one_line(self):
        for word in ("0", "x", "-1", "", "2x", "1.5", "100000", "18446744073709551617", "AUTO"):
            with self.subTest(threads=word):
                fid = self.run_fid("relay", self.listen_word(), "tcp://127.0.0.1:1",
                                   f"--threads={word}")
                self.assert_status(fid, 2)
                self.assert_one_line(fid, "--threads")


if __name__ == "__main__":
    main()
