# SPDX-License-Identifier: MIT
"""README.md: what is in its ```sh blocks works when pasted, and prints what is in the block below.

Two things are changed before a block runs, so that it meets nobody else: 127.0.0.1 becomes another
address of the loopback network, and /tmp a directory of its own.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/cli"))

from harness import DEADLINE, FID, require  # noqa: E402: found by the path above

README = (ROOT / "README.md").read_text()
# A command block, and what is right below it.
BLOCK = re.compile(r"^```sh\n(?P<script>.*?)^```\n(?:^```\n(?P<output>.*?)^```\n)?", re.M | re.S)
TITLE = re.compile(r"^\*\*(.+?)\.?\*\*", re.M)


def recipes() -> dict[str, re.Match]:
    found = {"Two commands": BLOCK.search(README)}
    text = README[README.index("\n## Recipes"):README.index("\n## What it does")]
    for title in TITLE.finditer(text):
        found[title[1]] = BLOCK.search(text, title.end())
    return found


def matches(wanted: str, got: str) -> bool:
    """`...` stands for anything in its line; alone in a line, for any lines."""
    pattern = "".join(r"(?:.*\n)*" if line.strip() == "..." else
                      re.escape(line).replace(re.escape("..."), ".*") + "\n"
                      for line in wanted.splitlines())
    return re.fullmatch(pattern, got) is not None


class Library(unittest.TestCase):
    def test_shows_an_example_that_is_built_and_tested(self):
        shown = re.search(r"^```cpp\n(.*?)^```\n", README, re.M | re.S)[1]
        example = (ROOT / "tests/examples/fifo_tail.cpp").read_text()
        self.assertEqual(shown, example[example.index("#include"):])


class Recipes(unittest.TestCase):
    maxDiff = None

    def test_there_are_eleven(self):
        self.assertEqual(len(recipes()) - 1, 11)
        self.assertEqual([name for name, block in recipes().items() if not block["output"]], [])

    def test_every_block_is_run(self):
        scripts = {match["script"] for match in BLOCK.finditer(README)}
        run = {match["script"] for match in recipes().values()}
        # They change the machine: scripts/package does it in a machine of its own.
        installing = {block["script"] for block in BLOCK.finditer(
            README[README.index("\n## Install"):README.index("\n## Recipes")])}
        self.assertEqual(scripts - run - installing, set())

    def run_recipe(self, block: re.Match) -> None:
        for tool in ("curl", "python3", "tar", "rev"):
            if re.search(rf"\b{tool}\b", block["script"]):
                require(tool)
        directory = Path(tempfile.mkdtemp(prefix="fid."))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        host = f"127.{random.randrange(128, 192)}.{random.randrange(256)}.{random.randrange(1, 255)}"

        def moved(text):
            return text.replace("127.0.0.1", host).replace("/tmp/", f"{directory}/").replace(
                "--directory /tmp", f"--directory {directory}")
        # The program under test has both names that the README has for it.
        bin_directory = directory / ".bin"
        (bin_directory / "scripts").mkdir(parents=True)
        (bin_directory / "fid").symlink_to(FID)
        (bin_directory / "scripts/fid").symlink_to(FID)
        environment = {**os.environ, "PATH": f"{bin_directory}:{os.environ['PATH']}"}
        output = directory / ".output"
        with open(output, "wb") as out:
            shell = subprocess.Popen(["bash", "-c", moved(block["script"])], cwd=bin_directory,
                                     env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=out, start_new_session=True)
        try:
            shell.wait(DEADLINE)
        finally:
            # Whatever the block has left running is of this session's only group.
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            shell.wait()
        got, wanted = output.read_text(), moved(block["output"])
        if not matches(wanted, got):
            self.assertEqual(got, wanted)


def add_tests():
    for title, block in recipes().items():
        def test(self, block=block):
            self.run_recipe(block)
        setattr(Recipes, "test_" + re.sub(r"\W+", "_", title.lower()).strip("_"), test)


add_tests()


class Links(unittest.TestCase):
    def test_lead_to_files_of_this_tree(self):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
            self.assertTrue((ROOT / target).exists(), target)


if __name__ == "__main__":
    unittest.main(verbosity=2)
