# SPDX-License-Identifier: MIT
"""scripts/soak finds what is wrong with a relay, and says where; it finds nothing wrong with one
that is slow and simple."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELAY = Path(__file__).resolve().parent / "faulty_relay.py"


def soak(*words, fault: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "soak", *map(str, words), "--connections", "16",
         "--settle", "2",
         "--program", RELAY],
        env={**os.environ, "FAULT": fault}, capture_output=True, text=True, timeout=300)


class Soak(unittest.TestCase):
    def test_passes_a_relay_without_a_fault(self):
        done = soak(4, "--seed", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("seed 1", done.stdout)
        self.assertRegex(done.stdout, r"passed: \d+ connections, \d+ MiB compared")

    def expect(self, fault: str, says: str) -> str:
        done = soak(4, "--seed", 1, fault=fault)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stderr, says)
        self.assertIn("seed 1", done.stderr)
        return done.stderr

    def test_finds_bytes_that_are_lost_or_changed_and_says_where(self):
        for fault in ("lost", "changed"):
            with self.subTest(fault):
                self.expect(fault, r"connection \d+ \([\w-]+, [\w ]+\), seed 1: .*offset \d+")

    def test_repeats_one_connection(self):
        # What this one does follows from the seed: it sends more than the fault lets pass.
        repeated = ("--seed", 1, "--only", 10)
        done = soak(*repeated)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("number=10, relay='unix-tcp', kind='exchange'", done.stdout)
        done = soak(*repeated, fault="changed")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("connection 10 (unix-tcp, exchange), seed 1: server received other bytes",
                      done.stderr)

    def test_finds_answers_that_are_cut_off(self):
        self.expect("half", r"received the end at offset|could not (send|receive)")

    def test_finds_what_is_left_over(self):
        said = self.expect("left", r"holds \d+ sockets")
        for says in ("children left over", r"holds \d+ KiB of memory", "did not end"):
            self.assertRegex(said, says)


if __name__ == "__main__":
    unittest.main(verbosity=2)
