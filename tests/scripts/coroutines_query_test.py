#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/coroutines.query finds what g++ 12 gets wrong in the fixture, and nothing else there."""

import re
import subprocess
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURE = HERE / "fixtures" / "coroutines.cpp"
QUERY = HERE.parents[1] / "scripts" / "coroutines.query"

FINDING = re.compile(r'coroutines\.cpp:(\d+):\d+: note: "(.+)" binds here')


class CoroutinesQuery(unittest.TestCase):
    def test_finds_exactly_the_marked_lines(self):
        ran = subprocess.run(["clang-query-14", "-f", QUERY, FIXTURE, "--", "-std=c++20"],
                             capture_output=True, text=True, check=True)
        self.assertEqual(ran.stderr, "")
        found = {(int(line), name) for line, name in FINDING.findall(ran.stdout)}

        marked = re.compile(r"co_await .*;  // (.+)$")
        expected = {(number, mark.group(1))
                    for number, line in enumerate(FIXTURE.read_text().splitlines(), 1)
                    if (mark := marked.search(line))}
        self.assertEqual(len({name for _, name in expected}), QUERY.read_text().count("\nmatch "))
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
