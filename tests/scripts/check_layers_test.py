#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/check-layers names each planted fault, and nothing else."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / "scripts" / "check-layers"

# A tree in which everything is where it may be.
SOUND = {
    "core/include/fid/fid.hpp": "#include <fid/net/tcp_stream.hpp>\n#include <fid/task/task.hpp>\n",
    "core/include/fid/base/result.hpp": "#include <tl/expected.hpp>\n#include <cerrno>\n",
    "core/include/fid/base/handle.hpp": "#include <fid/platform/native.hpp>\n",
    "core/include/fid/task/task.hpp": "#include <fid/base/result.hpp>\n#include <coroutine>\n",
    "core/include/fid/reactor/reactor.hpp": "#include <fid/task/task.hpp>\n",
    "core/include/fid/net/tcp_stream.hpp": "#include <fid/reactor/reactor.hpp>\n",
    "core/net/tcp_stream.cpp": '#include <fid/net/tcp_stream.hpp>\n#include "platform/seam.hpp"\n',
    "core/platform/seam.hpp": "#include <string>\n#if defined(__cpp_exceptions)\n#endif\n",
    "core/platform/posix/include/fid/platform/native.hpp": "#include <sys/types.h>\n",
    "core/platform/posix/socket.cpp":
        '#include <fid/net/tcp_stream.hpp>\n#include <sys/socket.h>\n#ifdef __linux__\n#endif\n',
    "protocol/socks5.hpp": "#include <fid/base/result.hpp>\n",
    "endpoint/address.hpp": '#include "protocol/socks5.hpp"\n#include <fmt/core.h>\n',
    "endpoint/kind/tcp.cpp": '#include "endpoint/address.hpp"\n#include <fid/net/tcp_stream.hpp>\n',
    "endpoint/mode.hpp": "#include <fid/platform/native.hpp>\n",
    "service/relay.cpp": '#include "endpoint/address.hpp"\n#include <spdlog/spdlog.h>\n',
    "service/relay.hpp": "#pragma once\n",
    "cli/main.cpp": '#include "service/relay.hpp"\n#include <CLI/CLI.hpp>\n#include <csignal>\n',
}


def check(extra):
    """Runs the script over the sound tree and `extra`; its exit status and its lines."""
    with tempfile.TemporaryDirectory() as tree:
        for path, text in {**SOUND, **extra}.items():
            file = Path(tree, "src", path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        ran = subprocess.run([sys.executable, CHECK, tree], capture_output=True, text=True)
    return ran.returncode, ran.stdout.splitlines()


class CheckLayers(unittest.TestCase):
    def assert_fault(self, path, text, line, rule):
        status, lines = check({path: text})
        self.assertEqual(status, 1, lines)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(f"src/{path}:{line}: "), lines)
        self.assertTrue(lines[0].endswith(": " + rule), lines)

    def test_accepts_a_sound_tree(self):
        self.assertEqual(check({})[0], 0)

    def test_includes_point_to_the_right(self):
        for path, include, rule in [
            ("service/a.cpp", '"cli/x.hpp"', "service may not see cli"),
            ("endpoint/a.cpp", '"service/relay.hpp"', "endpoint may not see service"),
            ("protocol/a.cpp", "<fid/net/tcp_stream.hpp>", "protocol may not see core/net"),
            ("protocol/a.cpp", '"tls/x.hpp"', "protocol may not see tls"),
            ("filter/a.cpp", '"protocol/socks5.hpp"', "filter may not see protocol"),
            ("core/net/a.cpp", '"endpoint/address.hpp"', "core/net may not see endpoint"),
            ("core/base/a.cpp", "<fid/task/task.hpp>", "core/base may not see core/task"),
            ("core/task/a.cpp", "<fid/reactor/reactor.hpp>", "core/task may not see core/reactor"),
            ("core/reactor/a.cpp", "<fid/net/tcp_stream.hpp>", "core/reactor may not see core/net"),
            ("core/net/a.cpp", '"platform/posix/x.hpp"', "core/net may not see core/platform"),
            ("cli/a.cpp", '"platform/seam.hpp"', "no such file in src/"),
            ("cli/a.cpp", '"core/platform/seam.hpp"', "cli may not see core/platform"),
        ]:
            with self.subTest(path=path, include=include):
                status, lines = check({
                    path: f"\n  #  include {include}  // why\n",
                    "cli/x.hpp": "", "tls/x.hpp": "", "core/platform/posix/x.hpp": "",
                })
                self.assertEqual(status, 1)
                self.assertEqual(lines, [f"src/{path}:2: {lines[0].split(': ')[1]}: {rule}"])

    def test_system_headers_stay_with_the_platform(self):
        rule = "system headers belong in src/core/platform/"
        for header in ["sys/socket.h", "unistd.h", "errno.h", "windows.h", "boost/asio.hpp"]:
            with self.subTest(header=header):
                self.assert_fault("service/a.cpp", f"#include <{header}>\n", 1, rule)
        self.assert_fault("core/platform/other.hpp", "#include <netdb.h>\n", 1, rule)

    def test_platform_conditionals_stay_with_the_platform(self):
        rule = "conditionals on the platform belong in src/core/platform/"
        for condition in ["#ifdef __linux__", "#if defined(_WIN32)", "# ifndef __APPLE__",
                          "#if 1\n#elif defined(__FreeBSD__)", "#if __unix__"]:
            with self.subTest(condition=condition):
                text = f"\n{condition}\n#endif\n"
                self.assert_fault("core/net/a.cpp", text, 1 + condition.count("\n") + 1, rule)
        self.assert_fault("cli/a.cpp", "#if defined(A) || \\\n  defined(__linux__)\n#endif\n", 1, rule)

    def test_a_library_is_named_where_it_belongs(self):
        for path, include, library in [
            ("endpoint/a.cpp", "spdlog/spdlog.h", "spdlog"),
            ("core/net/a.cpp", "fmt/core.h", "fmt"),
            ("service/a.cpp", "CLI/CLI.hpp", "CLI"),
            ("core/base/a.cpp", "tl/expected.hpp", "tl"),
            ("endpoint/a.cpp", "openssl/ssl.h", "openssl"),
        ]:
            with self.subTest(path=path, include=include):
                rule = f"{library} does not belong in {path}"
                self.assert_fault(path, f"#include <{include}>\n", 1, rule)

    def test_installed_headers_stand_alone(self):
        self.assert_fault("core/include/fid/net/a.hpp", '#include "platform/seam.hpp"\n', 1,
                          "an installed header includes installed headers only, with <fid/...>")
        self.assert_fault("core/net/a.cpp", '#include "include/fid/net/tcp_stream.hpp"\n', 1,
                          "core's public headers are included as <fid/...>")

    def test_a_new_folder_asks_for_its_place(self):
        self.assert_fault("gui/a.cpp", '#include "service/relay.hpp"\n', 1,
                          "gui has no place among the layers yet: give it one in scripts/check-layers")


if __name__ == "__main__":
    unittest.main()
