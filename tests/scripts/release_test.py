#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/release: what it makes, and what it refuses."""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAKEN = [".gitattributes", "CMakeLists.txt", "cmake/commit.txt", "scripts/common.sh",
         "scripts/release"]


class Release(unittest.TestCase):
    """In a clone of its own, whose scripts/test does as it is told."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fid-release.")
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name, "out")
        self.tree = Path(folder.name, "tree")
        for name in TAKEN:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        self.set_test("exit 0")
        self.git("init", "-q")
        self.commit()

    def set_test(self, body: str):
        test = self.tree / "scripts/test"
        test.write_text(f"#!/bin/sh\n{body}\n")
        test.chmod(0o755)

    def git(self, *words) -> str:
        identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@localhost"]
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("GIT_")}
        return subprocess.run(["git", *identity, *words], cwd=self.tree, check=True, text=True,
                              capture_output=True, env=environment).stdout.strip()

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "all of it")

    def release(self, out=None) -> subprocess.CompletedProcess:
        return subprocess.run([self.tree / "scripts/release", out or self.out], text=True,
                              capture_output=True)

    def assert_refused(self, why: str):
        done = self.release()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(why, done.stderr)
        self.assertFalse(self.out.exists() and list(self.out.iterdir()))

    def test_is_an_archive_with_its_checksum_and_the_commit_in_it(self):
        done = self.release()
        self.assertEqual(done.returncode, 0, done.stderr)
        archive, checksum = map(Path, done.stdout.split())
        version = re.search(r"^project\(fid VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(),
                            re.M)[1]
        self.assertEqual(archive.name, f"fid-{version}.tar.gz")
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        self.assertEqual(checksum.read_text(), f"{digest}  {archive.name}\n")
        with tarfile.open(archive) as contents:
            commit = contents.extractfile(f"fid-{version}/cmake/commit.txt").read().decode()
            self.assertEqual(commit.strip(), self.git("rev-parse", "HEAD"))
            self.assertTrue(all(name.split("/")[0] == f"fid-{version}"
                                for name in contents.getnames()))

    def test_is_the_same_each_time(self):
        self.release()
        self.release(self.out.with_name("again"))
        first, second = ({path.name: path.read_bytes() for path in folder.iterdir()}
                         for folder in (self.out, self.out.with_name("again")))
        self.assertEqual(len(first), 2)
        self.assertEqual(first, second)

    def test_is_refused_with_changes_that_no_commit_has(self):
        with (self.tree / "CMakeLists.txt").open("a") as file:
            file.write("\n")
        self.assert_refused("CMakeLists.txt")

    def test_is_refused_with_a_file_that_nobody_added(self):
        (self.tree / "new").touch()
        self.assert_refused("new")

    def test_is_refused_if_a_test_fails(self):
        self.set_test("exit 8")
        self.commit()
        self.assert_refused("scripts/test failed")

    def test_is_refused_if_the_tests_leave_something_behind(self):
        self.set_test("touch \"${0%/*}/left\"")
        self.commit()
        self.assert_refused("left")


class Version(unittest.TestCase):
    def test_is_written_in_one_place(self):
        version = re.search(r"^project\(fid VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(),
                            re.M)[1]
        for path in ["man", "packaging", "scripts", "src"]:
            for file in (ROOT / path).rglob("*"):
                if file.is_file() and "__pycache__" not in file.parts:
                    self.assertNotRegex(file.read_text(), rf"\b{re.escape(version)}\b", file)


if __name__ == "__main__":
    unittest.main()
