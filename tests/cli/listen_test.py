# SPDX-License-Identifier: MIT
"""`fid listen`: one client or many, joined to stdio or to a command of their own."""

import contextlib
import os
import socket
import subprocess
import threading

from harness import Case, echo, exchange, hold, in_parallel, main, payload, receive_all, wait_until


class Once(Case):
    def test_joins_one_client_to_stdio_and_ends(self):
        fid = self.fid("listen", self.listen_word(), ready=True, stdin=subprocess.PIPE)
        client = self.client(fid.url)
        client.sendall(b"from the client")
        fid.output.wait_for_bytes(b"from the client")
        fid.write(b"from stdin")
        fid.end_input()
        self.assertEqual(receive_all(client), b"from stdin")
        client.close()
        self.assert_status(fid, 0)

    def test_refuses_a_second_client(self):
        fid = self.fid("listen", self.listen_word(), ready=True, stdin=subprocess.PIPE, events=True)
        self.client(fid.url)
        fid.wait_event("accept")

        def refused():
            try:
                self.client(fid.url)
            except ConnectionRefusedError:
                return True

        wait_until(refused, "the port is closed")

    def test_works_on_a_unix_socket_and_removes_it(self):
        fid = self.fid("listen", self.listen_word("unix"), ready=True)
        client = self.client(fid.url)
        client.sendall(b"hello")
        client.close()
        self.assert_status(fid, 0)
        self.assertEqual(fid.output.all(), b"hello")
        self.assertFalse(os.path.exists(fid.url.removeprefix("unix:")))

    def test_works_on_an_abstract_name(self):
        fid = self.fid("listen", f"abstract:fid-test-{os.getpid()}", ready=True)
        client = self.client(fid.url)
        client.sendall(b"hello")
        client.close()
        self.assertEqual(fid.output.all(), b"hello")


class KeepOpen(Case):
    def test_joins_one_client_after_another(self):
        fid = self.fid("listen", self.listen_word(), "-k", ready=True)
        said = b""
        for number in range(10):
            client = self.client(fid.url)
            client.sendall(b"%d;" % number)
            client.close()
            said += b"%d;" % number
            fid.output.wait_for_bytes(said)
        self.assertEqual(fid.stop(), 0)
        self.assertEqual(fid.output.all(), said)

    def test_does_not_mix_clients_that_come_at_once(self):
        fid = self.fid("listen", self.listen_word(), "-k", ready=True)
        parts = [bytes([65 + number]) * 200_000 for number in range(4)]

        def say(part):
            client = self.client(fid.url)
            client.sendall(part)
            client.shutdown(socket.SHUT_WR)
            receive_all(client)

        in_parallel(*(lambda part=part: say(part) for part in parts))
        fid.output.wait_for_size(800_000)
        fid.stop()
        got = fid.output.all()
        self.assertEqual(sorted(got[i:i + 200_000] for i in range(0, 800_000, 200_000)), parts)

    def test_survives_a_client_that_resets(self):
        fid = self.fid("listen", self.listen_word(), "-k", ready=True)
        client = self.client(fid.url)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
        client = self.client(fid.url)
        client.sendall(b"the next")
        client.close()
        fid.output.wait_for_bytes(b"the next")

    def test_gives_what_stdin_says_later_to_the_client_that_is_there_then(self):
        fid = self.fid("listen", f"{self.listen_word()},eof=close", "-k", ready=True,
                       stdin=subprocess.PIPE)
        first = self.client(fid.url)
        fid.write(b"to the first")
        self.assertEqual(first.recv(100), b"to the first")
        first.close()
        second = self.client(fid.url)
        second.sendall(b"here")
        fid.output.wait_for_bytes(b"here")
        fid.write(b"to the second")
        self.assertEqual(second.recv(100), b"to the second")

    def test_ends_when_stdout_has_gone(self):
        reader, writer = os.pipe()
        fid = self.fid("listen", self.listen_word(), "-k", ready=True, stdout=writer)
        os.close(writer)
        os.close(reader)
        client = self.client(fid.url)
        client.sendall(b"for nobody")
        self.assert_status(fid, 1)


class Commands(Case):
    def test_have_the_connection_as_their_stdio(self):
        fid = self.fid("listen", self.listen_word(), "--", "tr", "a-z", "A-Z", ready=True)
        client = self.client(fid.url)
        client.sendall(b"loud")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(client), b"LOUD")
        self.assert_status(fid, 0)

    def test_get_their_words_as_they_stand(self):
        words = ["a b", "", "c,d", "$HOME", "'q\"", "-k", "--", "*", "\\"]
        fid = self.fid("listen", self.listen_word(), "--", "printf", "[%s]", *words, ready=True)
        self.assertEqual(receive_all(self.client(fid.url)).decode(),
                         "".join(f"[{word}]" for word in words))
        self.assert_status(fid, 0)

    def test_run_many_at_once_with_keep_open(self):
        fid = self.fid("listen", self.listen_word(), "-k", "--", "cat", ready=True)
        clients = [self.client(fid.url) for _ in range(10)]
        for client in clients:
            exchange(client)
        for client in reversed(clients):
            exchange(client, b"in any order")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(client), b"")
        self.assertEqual(fid.stop(), 0)

    def test_carry_much_in_both_directions(self):
        data = payload(10 << 20)
        fid = self.fid("listen", self.listen_word(), "--", "cat", ready=True)
        client = self.client(fid.url)
        _, got = in_parallel(
            lambda: (client.sendall(data), client.shutdown(socket.SHUT_WR)),
            lambda: receive_all(client))
        self.assert_same(got, data)
        self.assert_status(fid, 0)

    def test_that_end_early_end_the_connection(self):
        fid = self.fid("listen", self.listen_word(), "--", "head", "-c", "5", ready=True)
        client = self.client(fid.url)
        client.sendall(b"12345")
        self.assertEqual(receive_all(client), b"12345")
        client.close()
        self.assert_status(fid, 0)

    def test_that_end_while_the_client_waits_are_over(self):
        fid = self.fid("listen", self.listen_word(), "--", "echo", "bye", ready=True)
        client = self.client(fid.url)
        self.assertEqual(receive_all(client), b"bye\n")
        self.assert_status(fid, 0)
        self.assert_quiet(fid)

    def test_may_go_on_writing_when_they_have_stopped_reading(self):
        script = "exec <&-; sleep 0.5; echo late"
        fid = self.fid("listen", self.listen_word(), "--", "sh", "-c", script, ready=True)
        client = self.client(fid.url)
        self.assertEqual(receive_all(client), b"late\n")
        self.assert_status(fid, 0)

    def test_are_heard_whole_though_they_do_not_read_what_the_client_sends(self):
        fid = self.fid("listen", self.listen_word(), "--", "sh", "-c",
                       "exec <&-; sleep 0.3; head -c 300000 /dev/zero", ready=True)
        client = self.client(fid.url)
        threading.Thread(target=self.send_much, args=(client,), daemon=True).start()
        self.assertEqual(receive_all(client), bytes(300_000))
        self.assert_status(fid, 1)
        self.assert_one_line(fid)

    def send_much(self, sock):
        with contextlib.suppress(OSError):
            for _ in range(1000):
                sock.sendall(bytes(65536))

    def test_find_their_errors_on_our_stderr(self):
        fid = self.fid("listen", self.listen_word(), "--", "sh", "-c", "echo trouble >&2", ready=True)
        receive_all(self.client(fid.url))
        self.assert_status(fid, 0)
        self.assertEqual(fid.errors(), "trouble\n")

    def test_that_leave_a_child_behind_are_over_all_the_same_when_it_closes(self):
        script = "(sleep 0.5; echo late) & echo early"
        fid = self.fid("listen", self.listen_word(), "--", "sh", "-c", script, ready=True)
        self.assertEqual(receive_all(self.client(fid.url)), b"early\nlate\n")

    def test_do_not_read_our_stdin(self):
        fid = self.fid("listen", self.listen_word(), "--", "cat", ready=True, stdin=subprocess.PIPE)
        fid.write(b"not for the command")
        client = self.client(fid.url)
        exchange(client)


class ExecEndpoints(Case):
    def test_serve_each_client_of_a_relay_with_its_own_command(self):
        fid = self.fid("relay", self.listen_word(), "exec:tr a-z A-Z", ready=True)
        for word in (b"one", b"two"):
            client = self.client(fid.url)
            client.sendall(word)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(client), word.upper())
        self.assertEqual(fid.stop(), 0)

    def bridge(self, command, data=b""):
        return self.run_fid("bridge", f"exec:{command}", "-", data=data)

    def test_run_in_a_directory(self):
        fid = self.bridge(f"pwd,dir={self.dir}")
        self.assertEqual(fid.output.all().decode().strip(), str(self.dir))

    def test_get_variables(self):
        fid = self.bridge("sh -c 'echo $A/$B',env=A=1,env=B=2")
        self.assertEqual(fid.output.all(), b"1/2\n")

    def test_may_send_their_errors_with_their_output(self):
        fid = self.bridge("sh -c 'echo out; echo err >&2',stderr=join")
        self.assertEqual(fid.output.all(), b"out\nerr\n")
        self.assert_quiet(fid)

    def test_may_keep_their_errors_to_themselves(self):
        fid = self.bridge("sh -c 'echo out; echo err >&2',stderr=null")
        self.assertEqual(fid.output.all(), b"out\n")
        self.assert_quiet(fid)

    def test_may_be_joined_to_each_other(self):
        path = self.path("out")
        fid = self.run_fid("bridge", "exec:printf abc", f"exec:tee {path},stderr=null", "-u")
        self.assert_status(fid, 0)
        self.assertEqual(path.read_bytes(), b"abc")


class Files(Case):
    def test_are_copied_to_a_client(self):
        data = payload(3_000_000)
        fid = self.fid("bridge", self.file(data), "tcp-listen://127.0.0.1:0", "-u", ready=True)
        self.assert_same(receive_all(self.client(fid.url)), data)
        self.assert_status(fid, 0)

    def test_are_written_from_a_client(self):
        path = self.path("out")
        data = payload(3_000_000)
        fid = self.fid("bridge", "tcp-listen://127.0.0.1:0", f"file:{path}", "-u", ready=True)
        client = self.client(fid.url)
        client.sendall(data)
        client.close()
        self.assert_status(fid, 0)
        self.assert_same(path.read_bytes(), data)

    def copy(self, before: bytes, options: str, data: bytes) -> bytes:
        path = self.file(before)
        fid = self.run_fid("bridge", "-", f"file:{path}{options}", "-u", data=data)
        self.assert_status(fid, 0)
        return path.read_bytes()

    def test_are_written_over_from_their_start(self):
        self.assertEqual(self.copy(b"123456", "", b"abc"), b"abc456")

    def test_may_be_appended_to(self):
        self.assertEqual(self.copy(b"123", ",append", b"abc"), b"123abc")

    def test_may_be_emptied_first(self):
        self.assertEqual(self.copy(b"123456", ",truncate", b"abc"), b"abc")

    def test_may_be_written_from_a_place(self):
        self.assertEqual(self.copy(b"123456", ",seek=2", b"ab"), b"12ab56")

    def test_may_be_read_from_a_place(self):
        fid = self.run_fid("bridge", f"file:{self.file(b'123456')},seek=4", "-", "-u")
        self.assertEqual(fid.output.all(), b"56")

    def test_are_made_with_a_mode(self):
        path = self.path("out")
        self.run_fid("bridge", "-", f"file:{path},mode=0600", "-u", data=b"x")
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_are_not_made_unless_wanted(self):
        path = self.path("out")
        fid = self.run_fid("bridge", "-", f"file:{path},create=no", "-u", data=b"x")
        self.assert_status(fid, 5)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    main()
