# SPDX-License-Identifier: MIT
"""The table of exit statuses: each row that applies. A failure is one line that names the address
and the cause."""

import os
import shutil
import signal
import socket
import subprocess
import unittest

from harness import (Case, echo, hold, main, payload, receive_all, receive_exactly, reset, wait_until,
                     with_stdio)


class StatusCase(Case):
    def expect(self, status: int, words, *parts: str, **how):
        """`fid WORDS` ends so, having said why in one line that has these parts."""
        fid = self.run_fid(*words, **how)
        self.assert_status(fid, status)
        if status:
            self.assert_one_line(fid, *parts)
        else:
            self.assert_quiet(fid)
        return fid


class Complete(StatusCase):  # 0
    def test_is_0_when_both_directions_have_ended(self):
        server = self.server(echo)
        fid = self.expect(0, ["connect", server.url], data=b"hello")
        self.assertEqual(fid.output.all(), b"hello")

    def test_is_0_for_a_server_drained_after_term(self):
        fid = self.fid("relay", self.listen_word(), self.server(echo).url, ready=True)
        client = self.client(fid.url)
        exchange = b"in flight"
        client.sendall(exchange)
        fid.signal(signal.SIGTERM)
        self.assertEqual(receive_exactly(client, len(exchange)), exchange)
        client.close()
        self.assert_status(fid, 0)
        self.assert_quiet(fid)

    def test_is_0_for_help_and_version(self):
        for words in (["--help"], ["--version"], ["relay", "--help"], ["help", "connect"]):
            with self.subTest(words=words):
                fid = self.expect(0, words)
                self.assertTrue(fid.output.all())


class Failed(StatusCase):  # 1
    def test_is_1_when_the_peer_resets(self):
        server = self.server(lambda sock: (receive_exactly(sock, 5), reset(sock)))
        fid = self.fid("connect", server.url, stdin=subprocess.PIPE)
        fid.write(b"hello")
        self.assert_status(fid, 1)
        self.assert_one_line(fid, server.url, "ECONNRESET")

    def test_is_1_when_the_reader_of_stdout_has_gone(self):
        server = self.server(lambda sock: sock.sendall(payload(1 << 20)))
        reader, writer = os.pipe()
        os.close(reader)
        fid = self.fid("connect", server.url, stdout=writer)
        os.close(writer)
        self.assert_status(fid, 1)
        self.assert_one_line(fid, "EPIPE")

    def test_is_1_when_the_disk_is_full(self):
        server = self.server(lambda sock: sock.sendall(payload(1 << 20)))
        with open("/dev/full", "wb") as full:
            self.expect(1, ["connect", server.url], "ENOSPC", stdout=full)

    def test_is_1_when_a_file_that_is_written_is_on_a_full_disk(self):
        with open(self.file(b"some"), "rb") as file:
            self.expect(1, ["bridge", "-", "/dev/full", "-u"], "/dev/full", "ENOSPC", stdin=file)

    def test_is_1_when_help_cannot_be_printed(self):
        with open("/dev/full", "wb") as full:
            self.expect(1, ["--help"], "ENOSPC", stdout=full)


class Usage(StatusCase):  # 2
    def expect_usage(self, words, *parts):
        fid = self.expect(2, words, *parts)
        self.assertEqual(fid.output.all(), b"")

    def test_is_2_without_a_command(self):
        self.expect_usage(["relay"], "LISTEN")

    def test_is_2_for_an_unknown_command_and_suggests_one(self):
        self.expect_usage(["conect", "tcp://h:1"], "conect", "connect")

    def test_is_2_for_an_unknown_option_and_suggests_one(self):
        self.expect_usage(["connect", "tcp://h:1", "--timout", "3"], "--timout", "--timeout")

    def test_is_2_for_a_bad_duration(self):
        self.expect_usage(["connect", "tcp://h:1", "--timeout", "soon"], "--timeout", "soon")

    def test_is_2_for_an_operand_too_many(self):
        self.expect_usage(["connect", "tcp://h:1", "tcp://h:2"], "tcp://h:2")

    def test_is_2_for_an_unknown_scheme_and_suggests_one(self):
        self.expect_usage(["connect", "tpc://localhost:1"], "tpc", "tcp")

    def test_is_2_for_a_missing_port(self):
        self.expect_usage(["connect", "tcp:localhost"], "tcp:localhost", "port")

    def test_is_2_for_a_port_that_is_none(self):
        self.expect_usage(["connect", "tcp://localhost:99999"], "99999")

    def test_is_2_for_a_target_without_a_host(self):
        self.expect_usage(["connect", "tcp://:80"], "tcp://:80", "no host")

    def test_is_2_for_an_unknown_option_of_an_address_and_suggests_one(self):
        self.expect_usage(["connect", "tcp://localhost:1,nodeley"], "nodeley", "nodelay")

    def test_is_2_for_a_bare_word(self):
        self.expect_usage(["bridge", "dump", "-"], "dump")

    def test_is_2_for_two_readers_of_stdin(self):
        for other in ("-", "fd:0", "0,eof=close"):
            with self.subTest(other=other):
                self.expect_usage(["bridge", other, "-"], "stdin")

    def test_is_2_for_a_dump_on_a_stdout_that_carries_payload(self):
        for where in ("text:-", "hex:1"):
            with self.subTest(where=where):
                self.expect_usage(["connect", "tcp://localhost:1", "--dump", where], "--dump")

    def test_is_2_for_events_on_a_stdout_that_carries_payload(self):
        for where in ("-", "1"):
            with self.subTest(where=where):
                self.expect_usage(["connect", "tcp://localhost:1", "--events", where], "--events")

    def test_is_2_for_both_directions_only(self):
        self.expect_usage(["connect", "tcp://localhost:1", "-u", "-U"], "-U")

    def test_is_2_for_no_command_after_the_dashes(self):
        self.expect_usage(["listen", "tcp://:0", "--"], "--")

    def test_is_2_for_listening_where_only_connecting_makes_sense(self):
        self.expect_usage(["listen", "exec:cat"], "exec")


class NotConnected(StatusCase):  # 3
    def test_is_3_when_refused(self):
        url = self.refusing_url()
        self.expect(3, ["connect", url], url, "ECONNREFUSED")

    def test_is_3_when_refused_in_a_bridge(self):
        url = self.refusing_url()
        self.expect(3, ["bridge", url, "-"], url, "ECONNREFUSED")

    def test_is_3_when_refused_however_quiet(self):
        url = self.refusing_url()
        self.expect(3, ["connect", url, "-q"], url, "ECONNREFUSED")

    def test_is_3_without_a_socket_file(self):
        path = self.path("missing")
        self.expect(3, ["connect", f"unix:{path}"], f"unix:{path}", "ENOENT")

    def test_is_3_for_a_socket_file_without_a_server(self):
        listener, url = self.listener("unix")
        listener.close()
        self.expect(3, ["connect", url], url, "ECONNREFUSED")

    def test_is_3_for_an_abstract_name_nobody_has(self):
        name = f"fid-test-nobody-{os.getpid()}"
        self.expect(3, ["connect", f"abstract:{name}"], name, "ECONNREFUSED")

    def test_is_3_after_all_retries(self):
        url = self.refusing_url()
        fid = self.expect(3, ["connect", f"{url},retry=2,interval=10ms"], url, "ECONNREFUSED",
                          events=True)
        self.assertEqual([event["n"] for event in fid.events("retry")], [1, 2])


class NotResolved(StatusCase):  # 4
    # Labels that are too long are refused without asking anyone.
    NAME = "x" * 64 + ".invalid"

    def test_is_4_for_a_name_that_cannot_exist(self):
        self.expect(4, ["connect", f"tcp://{self.NAME}:80"], self.NAME, "EAI_")

    def test_is_4_for_a_name_to_listen_on(self):
        self.expect(4, ["listen", f"tcp://{self.NAME}:0"], self.NAME, "EAI_")


class NotOpened(StatusCase):  # 5
    def test_is_5_for_a_port_in_use(self):
        _, url = self.listener()
        for words in (["listen", url], ["relay", url, "tcp://127.0.0.1:1"]):
            with self.subTest(words=words):
                self.expect(5, words, url, "EADDRINUSE")

    def test_is_5_for_a_live_unix_server_which_stays(self):
        server = self.server(echo, "unix")
        self.expect(5, ["listen", server.url], server.url, "EADDRINUSE")
        client = self.client(server.url)
        client.sendall(b"alive")
        self.assertEqual(receive_exactly(client, 5), b"alive")

    def test_is_5_for_an_address_of_another_machine(self):
        self.expect(5, ["listen", "tcp://192.0.2.1:0"], "192.0.2.1", "EADDRNOTAVAIL")

    def test_is_5_for_a_directory_that_is_missing(self):
        path = self.path("missing") / "x.sock"
        self.expect(5, ["listen", f"unix:{path}"], str(path), "ENOENT")

    def test_is_5_without_permission(self):
        # /proc takes no new files from anyone, root included.
        fid = self.run_fid("listen", "unix:/proc/fid.sock")
        self.assert_status(fid, 5)
        self.assert_one_line(fid, "unix:/proc/fid.sock")

    def test_is_5_for_a_file_that_is_missing(self):
        path = self.path("missing")
        self.expect(5, ["bridge", f"file:{path}", "-", "-u"], str(path), "ENOENT")

    def test_is_5_for_a_directory_instead_of_a_file(self):
        self.expect(5, ["bridge", "-", f"file:{self.dir}", "-u"], str(self.dir), "EISDIR")

    def test_is_5_for_a_descriptor_that_is_not_open(self):
        self.expect(5, ["bridge", "fd:77", "-", "-u"], "fd:77", "EBADF")

    def test_is_2_for_a_ready_descriptor_that_is_not_open(self):
        self.expect(2, ["listen", self.listen_word(), "--ready-fd", "77"], "--ready-fd 77", "EBADF")

    def test_is_5_for_an_event_file_that_cannot_be_made(self):
        path = self.path("missing") / "events"
        self.expect(5, ["connect", self.refusing_url(), "--events", path], str(path), "ENOENT")

    def test_is_5_for_a_port_file_that_cannot_be_made(self):
        path = self.path("missing") / "port"
        self.expect(5, ["listen", self.listen_word(), "--port-file", path], str(path), "ENOENT")

    def test_is_5_for_a_listener_nobody_handed_down(self):
        self.expect(5, ["listen", "listen-fd:http"], "listen-fd:http")


class Deadline(StatusCase):  # 124
    def test_is_124_when_connecting_takes_too_long(self):
        url = self.silent_url()
        self.expect(124, ["connect", url, "--connect-timeout", "300ms"], url, "DEADLINE_PASSED")

    def test_is_124_when_the_time_in_the_address_is_over(self):
        url = self.silent_url()
        self.expect(124, ["connect", f"{url},connect-timeout=300ms"], url, "DEADLINE_PASSED")

    def test_is_124_when_a_unix_server_accepts_nobody(self):
        path = self.path("full")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(0)
            for _ in range(4):
                filler = self.keep(socket.socket(socket.AF_UNIX))
                filler.setblocking(False)
                filler.connect_ex(str(path))
            self.expect(124, ["connect", f"unix:{path}", "--connect-timeout", "300ms"],
                        f"unix:{path}", "DEADLINE_PASSED")

    def test_is_124_when_no_client_comes(self):
        for words in (["listen"], ["listen", "-k"], ["relay"]):
            listen = self.listen_word()
            target = ["tcp://127.0.0.1:1"] if words == ["relay"] else []
            with self.subTest(words=words):
                self.expect(124, [*words, listen, *target, "--accept-timeout", "200ms"],
                            "tcp://127.0.0.1:", "accept: deadline passed")

    def test_is_124_when_no_client_comes_to_a_bridge(self):
        self.expect(124, ["bridge", "tcp-listen://127.0.0.1:0", "/dev/null",
                          "--accept-timeout", "200ms"], "tcp-listen://127.0.0.1:0", "accept:")

    def test_is_124_when_idle_and_that_is_an_error(self):
        server = self.server(hold)
        self.expect(124, ["connect", server.url, "--idle", "200ms", "--idle-error"], server.url)

    def test_is_124_when_the_whole_takes_too_long(self):
        server = self.server(hold)
        self.expect(124, ["connect", server.url, "--timeout", "200ms"], server.url)


class Command(StatusCase):  # 126, 127, and its own
    # A folder in it that may not be searched hides whether the command is there.
    PATH = {"PATH": "/usr/bin:/bin"}

    def run_command(self, *command):
        fid = self.fid("listen", self.listen_word(), "--", *command, ready=True, env=self.PATH)
        client = self.client(fid.url)
        client.shutdown(socket.SHUT_WR)
        fid.wait()
        return fid

    def test_is_126_for_a_file_that_is_not_executable(self):
        path = self.file(b"#!/bin/sh\n")
        fid = self.run_command(path)
        self.assert_status(fid, 126)
        self.assert_one_line(fid, str(path), "EACCES")

    def test_is_127_for_a_command_that_is_not_found(self):
        fid = self.run_command("fid-no-such-command")
        self.assert_status(fid, 127)
        self.assert_one_line(fid, "fid-no-such-command", "ENOENT")

    def test_is_126_for_an_exec_endpoint_that_cannot_run(self):
        self.expect(126, ["bridge", f"exec:{self.dir}", "-"], str(self.dir), "EACCES")

    def test_is_127_for_an_exec_endpoint_that_is_not_found(self):
        self.expect(127, ["bridge", "exec:fid-no-such-command", "-"], "fid-no-such-command", "ENOENT",
                    env=self.PATH)

    def test_is_the_commands_own(self):
        fid = self.run_command("sh", "-c", "cat >/dev/null; exit 7")
        self.assert_status(fid, 7)

    def test_is_the_commands_own_though_it_read_nothing(self):
        fid = self.run_command("sh", "-c", "exit 7")
        self.assert_status(fid, 7)
        self.assert_one_line(fid, "exec:sh -c 'exit 7'", "status 7")

    def test_is_128_and_the_signal_that_ended_the_command(self):
        fid = self.run_command("sh", "-c", "kill -9 $$")
        self.assert_status(fid, 128 + 9)
        self.assert_one_line(fid, "SIGKILL")

    def test_is_that_of_an_exec_endpoint(self):
        fid = self.run_fid("bridge", "exec:sh -c 'exit 5'", "-")
        self.assert_status(fid, 5)

    def test_is_0_with_the_commands(self):
        fid = self.run_command("true")
        self.assert_status(fid, 0)
        self.assert_quiet(fid)


class Signalled(StatusCase):  # 128 + n
    def test_is_143_when_cut_by_term(self):
        fid = self.fid("connect", self.server(hold).url, "--drain", "0", stdin=subprocess.PIPE,
                       events=True)
        fid.wait_event("connect")
        fid.signal(signal.SIGTERM)
        self.assert_status(fid, 143)
        self.assert_one_line(fid, "SIGTERM")

    def test_is_130_when_cut_by_int(self):
        fid = self.fid("connect", self.server(hold).url, stdin=subprocess.PIPE, events=True)
        fid.wait_event("connect")
        fid.signal(signal.SIGINT)
        self.assert_status(fid, 130)
        self.assert_one_line(fid, "SIGINT")


class Service(StatusCase):
    """One connection's failure is an event, not the end of the service."""

    def test_goes_on_when_the_target_refuses(self):
        url = self.refusing_url()
        fid = self.fid("relay", self.listen_word(), url, ready=True, events=True)
        for count in (1, 2, 3):
            client = self.client(fid.url)
            self.assertEqual(receive_all(client), b"")
            self.assertEqual(fid.wait_event("close", count)["reason"], "refused")
        self.assertEqual([event["cause"] for event in fid.events("error")], ["ECONNREFUSED"] * 3)
        for line in fid.error_lines():
            self.assertIn(url, line)
        self.assertEqual(fid.stop(), 0)

    def test_goes_on_when_the_command_is_not_found(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "fid-no-such-command", ready=True)
        for _ in range(3):
            self.assertEqual(receive_all(self.client(fid.url)), b"")
        self.assertTrue(fid.running)
        self.assertEqual(fid.stop(), 0)

    def test_goes_on_when_a_command_fails(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "sh", "-c", "echo hi; exit 3",
                       ready=True)
        for _ in range(3):
            self.assertEqual(receive_all(self.client(fid.url)), b"hi\n")
        self.assertEqual(fid.stop(), 0)

    def test_serves_again_once_the_target_is_back(self):
        listener, url = self.listener("unix")
        listener.close()
        fid = self.fid("relay", self.listen_word(), url, ready=True)
        self.assertEqual(receive_all(self.client(fid.url)), b"")
        path = url.removeprefix("unix:")
        os.unlink(path)
        with socket.socket(socket.AF_UNIX) as back:
            back.bind(path)
            back.listen()
            client = self.client(fid.url)
            accepted, _ = back.accept()
            accepted.sendall(b"back")
            accepted.close()
            self.assertEqual(receive_all(client), b"back")


if __name__ == "__main__":
    main()
