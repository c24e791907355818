# SPDX-License-Identifier: MIT
"""The units for systemd: well formed, closed to what they do not need, and what they start works
with what systemd hands it. No systemd has to run."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/cli"))

# E402: found by the path above.
from harness import (Case, FID, connect, echo, exchange, main, receive_all,  # noqa: E402
                     receive_exactly, require)

# Where the build has made them.
UNITS = Path(os.environ.get("FID_UNITS") or Path(FID).resolve().parents[2] / "packaging/systemd")
EXAMPLES = ROOT / "packaging/systemd/examples"
MOST_EXPOSED = 2.0


class Unit:
    """A unit as it is installed, or with the program of this build in it."""

    def __init__(self, name: str):
        self.text = (UNITS / name).read_text()

    def values(self, key: str) -> list[str]:
        return re.findall(rf"^{key}=(.*)$", self.text, re.M)

    def with_program(self, program) -> str:
        return re.sub(r"^ExecStart=\S+", f"ExecStart={program}", self.text, flags=re.M)

    def command(self, settings: dict[str, str]) -> list[str]:
        """The words of ExecStart behind the program.  systemd.service(5), COMMAND LINES"""
        words = []
        for word in self.values("ExecStart")[0].split()[1:]:
            if name := re.fullmatch(r"\$\{(\w+)\}", word):
                words.append(settings[name[1]])
            elif name := re.fullmatch(r"\$(\w+)", word):
                words += shlex.split(settings[name[1]])
            else:
                words.append(word)
        return words

    def settings(self, file: str) -> dict[str, str]:
        """What the unit sets, and then the file.  systemd.exec(5), EnvironmentFile="""
        found = {}
        for line in self.values("Environment"):
            found.update(pair.split("=", 1) for pair in line.split())
        for line in file.splitlines():
            if line and line[0] not in "#;":
                name, value = line.split("=", 1)
                found[name] = value
        return found


SERVICES = ["fid-activated@.service", "fid-relay@.service"]


class Files(Case):
    def test_are_understood_by_systemd(self):
        require("systemd-analyze")
        directory = self.path("units")
        directory.mkdir()
        for service in SERVICES:
            (directory / service).write_text(Unit(service).with_program(FID))
        for socket_unit in EXAMPLES.glob("*.socket"):
            shutil.copy(socket_unit, directory)
        checked = [directory / service.replace("@", "@web") for service in SERVICES]
        checked += directory.glob("*.socket")
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", *checked], text=True,
                              capture_output=True, env={**os.environ, "SYSTEMD_UNIT_PATH":
                                                        f"{directory}:"})
        ours = [line for line in (said.stdout + said.stderr).splitlines()
                if "fid" in line or "web" in line]
        self.assertEqual((said.returncode, ours), (0, []))

    def test_leave_the_service_little_to_misuse(self):
        require("systemd-analyze")
        for service in SERVICES:
            path = self.path(service)
            path.write_text(Unit(service).with_program(FID))
            said = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                                   f"--threshold={int(10 * MOST_EXPOSED)}", path],
                                  capture_output=True, text=True)
            self.assertEqual(said.returncode, 0, said.stdout[-300:] + said.stderr)

    def test_grant_all_services_the_same(self):
        common = (ROOT / "packaging/systemd/common.conf.in").read_text()
        for service in SERVICES:
            self.assertIn(common.rstrip(), Unit(service).text)

    def test_have_settings_as_examples_that_name_what_there_is(self):
        for settings in EXAMPLES.glob("*.conf"):
            unit = Unit(f"fid-{settings.name.partition('-')[0]}@.service")
            given = unit.settings(settings.read_text())
            self.assertLessEqual(set(given), set(re.findall(r"\$\{?(\w+)", unit.text)))
            words = unit.command(given)
            addresses = [word for word in words if ":" in word]
            self.assertTrue(addresses)
            self.assert_status(self.run_fid("explain", *addresses), 0)


class Started(Case):
    """What a unit starts, with the settings of a file, in the environment that systemd gives."""

    def start_unit(self, service, settings: str, *, environment=None, prefix=(), pass_fds=()):
        unit = Unit(service)
        notify = self.keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        notify.settimeout(60)
        path = self.path("notify")
        notify.bind(str(path))
        fid = self.fid(*unit.command(unit.settings(settings)), prefix=prefix, pass_fds=pass_fds,
                       env={"NOTIFY_SOCKET": str(path), **(environment or {})})
        return fid, notify

    def wait_for(self, notify, wanted: str):
        while wanted not in notify.recv(4096).decode().splitlines():
            pass

    def test_fid_relay_serves_and_tells_both_ends_of_its_life(self):
        front = self.path("front")
        fid, notify = self.start_unit("fid-relay@.service", "# where\n"
                                      f"LISTEN=unix:{front}\nTARGET={self.server(echo).url}\n"
                                      "OPTIONS=--idle 10m --max-connections 9\n")
        self.wait_for(notify, "READY=1")
        with connect(f"unix:{front}") as client:
            exchange(client)
        fid.signal(15)
        self.wait_for(notify, "STOPPING=1")
        self.assert_status(fid, 0)

    def test_fid_activated_takes_the_waiting_client_and_leaves_when_idle(self):
        listener, url = self.listener()
        client = self.client(url)
        client.sendall(b"waiting")
        prefix = ("/bin/bash", "-c",
                  f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@" 3<&{listener.fileno()}', "sh")
        fid, notify = self.start_unit("fid-activated@.service",
                                      f"TARGET={self.server(echo).url}\nEXIT_IDLE_TIME=200ms\n",
                                      prefix=prefix, pass_fds=[listener.fileno()])
        self.wait_for(notify, "READY=1")
        self.assertEqual(receive_exactly(client, 7), b"waiting")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_all(client), b"")
        self.wait_for(notify, "STOPPING=1")
        self.assert_status(fid, 0)


if __name__ == "__main__":
    main()
