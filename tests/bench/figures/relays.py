# SPDX-License-Identifier: MIT
"""The relays that are compared, each started its own way.

Addresses are written as fid-load takes them: tcp:127.0.0.1:PORT and unix:PATH.
"""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .processes import Failed, Processes

READY_SECONDS = 5.0
SILENT = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
PROXYD = "/lib/systemd/systemd-socket-proxyd"
NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so"


@dataclass
class Place:
    """What a relay is started with."""

    processes: Processes
    directory: Path
    programs: dict[str, Path]
    listen: str
    target: str


@dataclass(frozen=True)
class Relay:
    name: str
    start: Callable | None  # Place -> Popen; None: nothing in between
    needs: tuple[str, ...] = ()  # files
    packages: tuple[str, ...] = ()  # that have them
    idle_connections: int = 1000
    usual: bool = True  # measured unless others are asked for


def authority(address: str) -> str:
    """HOST:PORT, or the path."""
    return address.split(":", 1)[1]


def is_unix(address: str) -> bool:
    return address.startswith("unix:")


def fresh_address(kind: str, directory: Path) -> str:
    """A TCP port that was free a moment ago, or a path that is not there."""
    if kind == "unix":
        path = directory / "relay.sock"
        path.unlink(missing_ok=True)
        return f"unix:{path}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return "tcp:127.0.0.1:%d" % probe.getsockname()[1]


def answers(place: Place) -> bool:
    """Whether what is said there is heard, and echoed, by the server behind it."""
    command = [place.programs["fid-load"], "ping-pong", place.listen, "--count", "1"]
    done = subprocess.run(command, timeout=READY_SECONDS, check=False, **SILENT)
    return done.returncode == 0


@contextlib.contextmanager
def running(relay: Relay, place: Place):
    """The relay's process, ready; None for no relay."""
    if relay.start is None:
        yield None
        return
    process = relay.start(place)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(place):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{relay.name} did not start: {place.processes.last_words()}")
            time.sleep(0.01)
        yield process
    finally:
        place.processes.end(process)


def start_fid(*options: str):
    def url(address):
        return address if is_unix(address) else f"tcp://{authority(address)}"

    def start(place: Place):
        return place.processes.start(
            [place.programs["fid"], "relay", url(place.listen), url(place.target), *options]
        )

    return start


def start_floor(way: str):
    def start(place: Place):
        command = [place.programs["fid-floor"], way, place.listen, place.target]
        return place.processes.start(command)

    return start


def start_socat(*options: str):
    def start(place: Place):
        if is_unix(place.listen):
            near = f"UNIX-LISTEN:{authority(place.listen)}"
        else:
            host, port = authority(place.listen).rsplit(":", 1)
            near = f"TCP-LISTEN:{port},bind={host},reuseaddr"
        far = ("UNIX-CONNECT:" if is_unix(place.target) else "TCP:") + authority(place.target)
        return place.processes.start(["socat", *options, f"{near},fork,backlog=1024", far])

    return start


HAPROXY_CONFIG = """\
global
  nbthread 1
  maxconn 9500
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen bench
  bind {listen}
  server far {target}
"""


def start_haproxy(place: Place):
    def spelled(address):
        return ("unix@" if is_unix(address) else "") + authority(address)

    config = place.directory / "haproxy.cfg"
    config.write_text(
        HAPROXY_CONFIG.format(listen=spelled(place.listen), target=spelled(place.target))
    )
    return place.processes.start(["haproxy", "-db", "-q", "-f", config])


NGINX_CONFIG = """\
load_module {module};
daemon off;
master_process off;
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {directory}/nginx.pid;
error_log stderr crit;
events {{ worker_connections {descriptors}; }}
stream {{
  server {{
    listen {listen};
    proxy_pass {target};
    proxy_timeout 1h;
  }}
}}
"""


def start_nginx(place: Place):
    def spelled(address):
        return address if is_unix(address) else authority(address)

    config = place.directory / "nginx.conf"
    config.write_text(
        NGINX_CONFIG.format(
            module=NGINX_STREAM,
            directory=place.directory,
            descriptors=os.sysconf("SC_OPEN_MAX"),
            listen=spelled(place.listen),
            target=spelled(place.target),
        )
    )
    return place.processes.start(
        ["nginx", "-p", place.directory, "-e", "stderr", "-c", config]
    )


def start_proxyd(place: Place):
    """Hands it a listening socket as systemd would.  sd_listen_fds(3)"""
    with socket.socket(socket.AF_UNIX if is_unix(place.listen) else socket.AF_INET) as listener:
        if is_unix(place.listen):
            listener.bind(authority(place.listen))
        else:
            host, port = authority(place.listen).rsplit(":", 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, int(port)))
        listener.listen(4096)
        number = listener.fileno()
        # LISTEN_PID must be the program's own, which only the shell it replaces can know.
        hand_over = f'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&{number}'
        command = [PROXYD, "--connections-max=20000", authority(place.target)]
        return place.processes.start(
            ["bash", "-c", hand_over, "bash", *command], pass_fds=[number]
        )


RELAYS = [
    Relay("direct", None),
    Relay("fid", start_fid()),
    Relay("fid-2", start_fid("--threads", "2"), usual=False),
    Relay("splice", start_floor("splice")),
    Relay("copy", start_floor("copy")),
    Relay("socat", start_socat(), ("/usr/bin/socat",), ("socat",), idle_connections=200),
    Relay(
        "socat64k",
        start_socat("-b", "65536"),
        ("/usr/bin/socat",),
        ("socat",),
        idle_connections=200,
        usual=False,
    ),
    Relay("haproxy", start_haproxy, ("/usr/sbin/haproxy",), ("haproxy",)),
    Relay(
        "nginx",
        start_nginx,
        ("/usr/sbin/nginx", NGINX_STREAM),
        ("nginx", "libnginx-mod-stream"),
    ),
    Relay("proxyd", start_proxyd, (PROXYD,), ("systemd",)),
]
