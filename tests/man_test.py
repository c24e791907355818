# SPDX-License-Identifier: MIT
"""The manual: well formed, and it knows every command, option, status and kind of address that the
program has."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/cli"))

from harness import FID, require  # noqa: E402

PAGES = sorted((ROOT / "man").iterdir())


def said_by(*words) -> str:
    return subprocess.run([FID, *words], check=True, capture_output=True, text=True).stdout


def page(name: str) -> str:
    require("mandoc")
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=500", ROOT / "man" / name],
                           check=True, capture_output=True, text=True).stdout
    return re.sub(".\b", "", shown)  # what terminals overprint


class Pages(unittest.TestCase):
    def test_are_well_formed(self):
        require("mandoc")
        for path in PAGES:
            with self.subTest(path.name):
                lint = subprocess.run(["mandoc", "-T", "lint", path], capture_output=True, text=True)
                # Which other pages are installed here says nothing about ours.
                complaints = [line for line in (lint.stdout + lint.stderr).splitlines()
                              if "referenced manual not found" not in line
                              and "outdated mandoc.db" not in line]
                self.assertEqual(complaints, [])

    @unittest.skipUnless(shutil.which("man"), "there is no man")
    def test_are_shown_without_a_warning(self):
        for path in PAGES:
            with self.subTest(path.name):
                shown = subprocess.run(["man", "--warnings", "-l", path], capture_output=True,
                                       text=True)
                self.assertEqual((shown.returncode, shown.stderr), (0, ""))


class FidOne(unittest.TestCase):
    def setUp(self):
        self.text = page("fid.1")

    def options_in(self, text: str) -> set[str]:
        return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+|-\w\b)", text, re.M))

    def test_describes_every_command_and_its_options(self):
        commands = re.findall(r"^  (\w+) ", said_by("help").split("Commands:")[1], re.M)
        self.assertIn("relay", commands)
        for command in commands:
            if command == "help":
                continue
            options = self.options_in(said_by("help", command))
            self.assertIn("--help", options)
            self.assertEqual(options - self.options_in(self.text), set(), f"of {command}")
            self.assertTrue(re.search(rf"^ +{command}\b", self.text, re.M), command)

    def test_lists_every_status_that_the_source_names(self):
        source = (ROOT / "src/service/exit_status.hpp").read_text()
        statuses = re.findall(r"^  \w+ = (\d+),", source, re.M)
        self.assertIn("124", statuses)
        listed = self.text[self.text.index("EXIT STATUS"):self.text.index("EXAMPLES")]
        in_table = re.findall(r"^ +(?:(\d+), )?(\d+)\b", listed, re.M)
        self.assertEqual(set(statuses) - {number for row in in_table for number in row}, set())


class FidAddressesSeven(unittest.TestCase):
    def setUp(self):
        self.text = page("fid-addresses.7")

    def test_describes_every_kind_and_its_options(self):
        listing = said_by("addresses")
        kinds = re.findall(r"^([a-z][\w-]*):", listing, re.M)
        self.assertIn("tcp", kinds)
        described = set(re.findall(r"(?:^ +|, )([a-z][\w-]*)\b", self.text, re.M))
        self.assertEqual(set(kinds) - described, set())
        options = re.findall(r"^    ([a-z][\w-]*)[=\[ \n]", listing, re.M)
        self.assertIn("keep-open", options)
        self.assertEqual(set(options) - described, set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
