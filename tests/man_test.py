# SPDX-License-Identifier: MIT
"""The manual: well formed, and it knows every command, option, status and kind of address that the
program has."""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/cli"))

from harness import FID, require  # noqa: E402: found by the path above

# Where the build has made them.
MAN = Path(os.environ.get("FID_MAN") or Path(FID).resolve().parents[2] / "man")
TEMPLATES = sorted((ROOT / "man").glob("*.in"))
PAGES = [MAN / template.stem for template in TEMPLATES]
LIBRARY = MAN / "library/man3"
if not LIBRARY.exists():
    LIBRARY = MAN  # taken from a package: all in one place


def said_by(*words) -> str:
    return subprocess.run([FID, *words], check=True, capture_output=True, text=True).stdout


def commands() -> list[str]:
    found = re.findall(r"^  (\w+) ", said_by("help").split("Commands:")[1], re.M)
    return [name for name in found if name != "help"]


def page(name: str | Path) -> str:
    require("mandoc")
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=500", MAN / name],
                           check=True, capture_output=True, text=True).stdout
    return re.sub(".\b", "", shown)  # what terminals overprint


def ascii_page(name: str) -> str:
    shown = subprocess.run(["mandoc", "-T", "ascii", MAN / name], check=True,
                           capture_output=True, text=True).stdout
    return re.sub(".\b", "", shown)


class Pages(unittest.TestCase):
    def test_there_is_one_for_each_command_and_all_are_installed(self):
        names = {path.name for path in PAGES}
        self.assertEqual(names, {"fid.1", "fid-addresses.7"} |
                         {f"fid-{command}.1" for command in commands()})
        self.assertEqual(set(re.findall(r"^  (fid[\w.-]*)$", (ROOT / "man/CMakeLists.txt")
                                        .read_text(), re.M)), names)

    def test_have_no_options_listed_by_hand(self):
        for template in TEMPLATES:
            self.assertNotRegex(template.read_text(), r"(?m)^\.It Fl", template.name)

    def test_have_every_list_filled_in(self):
        for path in PAGES:
            self.assertNotIn('.\\" @', path.read_text(), path.name)

    def test_are_well_formed(self):
        require("mandoc")
        for path in [*PAGES, *LIBRARY.glob("*.3")]:
            with self.subTest(path.name):
                lint = subprocess.run(["mandoc", "-T", "lint", path], capture_output=True, text=True)
                # Which other pages are installed here says nothing about ours.
                complaints = [line for line in (lint.stdout + lint.stderr).splitlines()
                              if "referenced manual not found" not in line
                              and "outdated mandoc.db" not in line]
                self.assertEqual(complaints, [])

    @unittest.skipUnless(shutil.which("man"), "there is no man")
    def test_are_shown_without_a_warning(self):
        for path in [*PAGES, *LIBRARY.glob("*.3")]:
            with self.subTest(path.name):
                shown = subprocess.run(["man", "--warnings", "-l", path], capture_output=True,
                                       text=True)
                self.assertEqual((shown.returncode, shown.stderr), (0, ""))


class BuiltIn(unittest.TestCase):
    def test_pages_can_be_read_without_a_manual_installed(self):
        require("mandoc")
        for path in PAGES:
            if path.name != "fid-addresses.1":  # has the name of the page that has more to say
                with self.subTest(path.name):
                    self.assertEqual(said_by("help", path.stem).split(),
                                     ascii_page(path.name).split())

    def test_page_that_does_not_exist_is_status_2_with_the_nearest(self):
        done = subprocess.run([FID, "help", "fid-adresses"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("fid-addresses", done.stderr)


class FidOne(unittest.TestCase):
    def setUp(self):
        self.text = page("fid.1")

    def options_in(self, text: str) -> set[str]:
        return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+|-\w\b)", text, re.M))

    def test_describes_every_command_and_its_options(self):
        self.assertIn("relay", commands())
        for command in commands():
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


class FidCommandOne(unittest.TestCase):
    def test_has_the_options_of_the_command_with_what_help_says_of_them(self):
        for command in commands():
            with self.subTest(command):
                shown = " ".join(page(f"fid-{command}.1").split())
                helped = said_by("help", command)
                lists = re.split(r"^[A-Z]\w+:\n", helped, flags=re.M)[1:-1]
                entries = [entry for text in lists for entry in re.findall(
                    r"^ +(-\S.*?)(?:  +|\n {30})(\S.*(?:\n {30}\S.*)*)$", text, re.M)]
                self.assertTrue(entries)
                for name, meaning in entries:
                    text = " ".join(meaning.split())
                    self.assertIn(f"{name} {text[:1].upper()}{text[1:]}.", shown)
                names = {name for name, _ in entries}
                listed = page(f"fid-{command}.1").split("OPTIONS")[1].split("EXIT STATUS")[0]
                self.assertEqual({name.split()[0].split("[")[0].rstrip(",") for name in names},
                                 set(re.findall(r"^ +(-{1,2}\w[\w-]*)(?=,? |\[|$)(?=.*$)", listed,
                                                re.M)))

    def test_has_the_examples_of_the_command(self):
        for command in commands():
            shown = " ".join(page(f"fid-{command}.1").split("EXAMPLES")[1].split())
            for line in said_by("help", command).split("Examples:\n")[1].splitlines():
                self.assertIn(line.strip(), shown)


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

    def kinds(self) -> list[str]:
        """By the words that begin their addresses; `-` is stdio."""
        found = re.findall(r"^([a-z][\w-]*):.*  ", said_by("addresses"), re.M)
        self.assertIn("unix-dgram", found)
        return [*found, "stdio"]

    def section(self, kind: str) -> str:
        """What is said of one kind, and of those that share its options."""
        parts = re.split(r"^(?: {3})?(\S.*)\n", self.text, flags=re.M)
        bodies = dict(zip(parts[1::2], parts[2::2]))
        shared = {"tcp": "TCP", "udp": "UDP", "exec": "COMMANDS"}
        return " ".join(bodies[shared.get(kind.rstrip("46"), kind)].split())

    def options(self, kind: str) -> dict[str, str]:
        """How each is written, and what is told of it."""
        entries = re.findall(r"^    (\S+) *(?:\n {30})?(\S.*(?:\n {30}\S.*)*)$",
                             said_by("addresses", kind), re.M)
        self.assertGreaterEqual(len(entries), 2)
        return {name: " ".join(meaning.split()) for name, meaning in entries}

    def test_has_each_option_of_each_kind_with_an_example(self):
        for kind in self.kinds():
            shown = self.section(kind)
            for name, meaning in self.options(kind).items():
                text, _, example = meaning.partition("; e.g. ")
                self.assertRegex(example, f"^{name.split('=')[0].split('[')[0]}")
                self.assertIn(f"{name} {text[:1].upper()}{text[1:]}. As in ‘{example}’.", shown)

    def test_has_the_defaults_that_hold(self):
        for kind in self.kinds():
            told = {re.split(r"[=\[]", name)[0]: meaning
                    for name, meaning in self.options(kind).items()}
            address = re.search(r"^  e\.g\. ([^,\n]*)", said_by("addresses", kind), re.M)[1]
            address = {"exec": "exec:grep"}.get(kind, address)
            explained = " ".join(said_by("explain", address).split())
            for default in re.search(r" defaults (.*) in full ", explained)[1].split(", "):
                name, value = default.split("=")
                self.assertRegex(told[name], rf"; default {value}(;|$)", kind)

    def test_has_the_units_of_values(self):
        placeholders = {value for kind in self.kinds() for name in self.options(kind)
                        for value in re.findall(r"=([A-Z]+)$", name)}
        self.assertLessEqual({"TIME", "SIZE", "MODE", "N"}, placeholders)
        shown = self.section("Values of options")
        for unit in ("TIME", "SIZE", "MODE", "N"):
            self.assertRegex(shown, rf"\b{unit} [A-Z]")

    def test_has_an_example_of_each_kind(self):
        examples = re.findall(r"^  e\.g\. (.*)$", said_by("addresses"), re.M)
        self.assertGreater(len(examples), 8)
        # Those of tcp4 and the like are the same with another scheme.
        for example in examples:
            if not re.match(r"(tcp|udp)[46]", example):
                self.assertIn(example, self.text)


class LibraryThree(unittest.TestCase):
    """What is made from the headers says what they say; how they are read, library_headers_test.py
    checks."""

    def text(self, name: str) -> str:
        return " ".join(page(LIBRARY / f"{name}.3").split())

    def test_the_overview_knows_every_page_and_shows_a_whole_program(self):
        require("mandoc")
        overview = self.text("libfid")
        pages = {path.stem for path in LIBRARY.glob("*.3")} - {"libfid"}
        self.assertGreater(len(pages), 40)
        self.assertEqual({name for name in pages if f"{name}(3)" not in overview}, set())
        # It is built and run by the tests of the examples.
        program = (ROOT / "tests/examples/echo_server.cpp").read_text().split("\n", 1)[1]
        self.assertIn(" ".join(program.split()), overview)

    def test_every_type_to_be_opened_has_a_page_with_what_its_header_says(self):
        headers = ROOT / "src/core/include/fid"
        for header in [*headers.glob("net/*stream.hpp"), *headers.glob("net/*listener.hpp"),
                       *headers.glob("net/*datagram.hpp"), headers / "net/udp_socket.hpp",
                       headers / "net/tcp_socket.hpp", headers / "net/unix_socket.hpp"]:
            with self.subTest(header.name):
                source = header.read_text()
                name = re.search(r"^class (?:Basic)?(\w+)", source, re.M)[1]
                shown = self.text(f"fid::{name}")
                public = re.split(r"^ (?:private|protected):", source, flags=re.M)[0]
                for comment, what in re.findall(r"((?:^ */// .*\n)+)(.*)", public, re.M):
                    if "attempt_" in what:
                        continue  # how it is made
                    words = " ".join(re.sub(r"^ *///", "", comment, flags=re.M).split())
                    words = re.sub(r" ?\(G\d+\)", "", words)
                    # Up to what is marked up there: code, labels.
                    self.assertIn(re.split(r"[`\"]|(?<=[.:;]) [A-Z]", words)[0].strip(), shown)

    def test_has_what_a_type_inherits(self):
        shown = self.text("fid::TcpStream")
        for member in ("read(MutableBytes into)", "write(Bytes from)", "shutdown()", "split()"):
            self.assertIn(member, shown)
        self.assertNotIn("attempt_read(MutableBytes", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
