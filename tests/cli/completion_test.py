# SPDX-License-Identifier: MIT
"""TAB in the real shells: what stands on the command line after it.

bash and zsh run on a terminal of their own and are typed at; a key shows the line that has come of
it. fish completes a line that it is given.
"""

import os
import pty
import re
import select
import shlex
import shutil
import socket
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

from harness import DEADLINE, FID, Case, require

SHOW = "\x18p"  # C-x p
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"
CLEAR = "\x15"  # C-u


class Place:
    """A directory with files to complete, and the shells' own directories."""

    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="fid."))
        (self.dir / "bin").mkdir()
        (self.dir / "bin/fid").symlink_to(FID)
        self.files = self.dir / "files"
        (self.files / "inner").mkdir(parents=True)
        (self.files / "plain.txt").touch()
        (self.files / "two words, a comma").touch()
        os.mkfifo(self.files / "pipe")
        self.sockets = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        self.sockets[0].bind(str(self.files / "app.sock"))
        self.sockets[1].bind(str(self.files / "back.sock"))
        self.environment = {
            "HOME": str(self.dir), "PATH": f"{self.dir}/bin:{os.environ['PATH']}", "TERM": "dumb",
            "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": f"{self.dir}/.config"}

    def close(self):
        for one in self.sockets:
            one.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Terminal:
    """A shell that is typed at."""

    def __init__(self, command: list[str], place: Place, setup: str):
        self.said = ""
        leader, follower = pty.openpty()
        # Wide, so that no line is folded.
        termios.tcsetwinsize(follower, (50, 1000))
        self.shell = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower,
                                      cwd=place.files, env=place.environment,
                                      start_new_session=True)
        os.close(follower)
        self.leader = leader
        self.type(setup + "\n")
        self.wait_for(r"READY> ")

    def type(self, text: str):
        os.write(self.leader, text.encode())

    def wait_for(self, pattern: str) -> re.Match:
        until = time.monotonic() + DEADLINE
        while not (found := re.search(pattern, self.said)):
            ready, _, _ = select.select([self.leader], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {pattern!r} in {self.said!r}")
            self.said += os.read(self.leader, 65536).decode(errors="replace")
        self.said = self.said[found.end():]
        return found

    def completed(self, line: str, tabs: str = "\t") -> str:
        """What is on the line after it was typed, with TAB at its end."""
        self.type(line + tabs + SHOW)
        shown = self.wait_for(r"(?s)^(.*)<<<(.*?)>>>")
        self.listed = shown[1]
        self.type(CLEAR)
        return shown[2]

    def close(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.leader)


class ShellCase(unittest.TestCase):
    """What holds in every shell. A subclass says what stands on the line once TAB was typed."""

    def completed(self, line: str) -> str:
        raise NotImplementedError

    def expect(self, line: str, wanted: str):
        with self.subTest(line):
            # zsh quotes brackets, as it must.
            self.assertEqual(re.sub(r"\\([][])", r"\1", self.completed(line)), wanted)

    def check_words(self):
        self.expect("fid rel", "fid relay ")
        self.expect("fid help addr", "fid help addresses ")
        self.expect("fid relay --half", "fid relay --half-idle ")
        self.expect("fid completion z", "fid completion zsh ")
        self.expect("fid connect --eof cl", "fid connect --eof close ")
        self.expect("fid connect --eof=ig", "fid connect --eof=ignore ")
        self.expect("fid addresses unix-d", "fid addresses unix-dgram ")

    def check_addresses(self):
        self.expect("fid connect unix-d", "fid connect unix-dgram:")
        self.expect("fid connect udp4", "fid connect udp4://")
        self.expect("fid connect unix:app", "fid connect unix:app.sock ")
        self.expect("fid connect unix:in", "fid connect unix:inner/")
        self.expect("fid relay tcp://:80 unix:./ba", "fid relay tcp://:80 unix:./back.sock ")
        self.expect("fid bridge fifo:", "fid bridge fifo:")
        self.expect("fid bridge fifo:p", "fid bridge fifo:pipe ")
        self.expect("fid bridge - file:pl", "fid bridge - file:plain.txt ")
        self.expect("fid bridge - ./pl", "fid bridge - ./plain.txt ")
        self.expect("fid connect --events pl", "fid connect --events plain.txt ")

    def check_options(self):
        self.expect("fid listen unix:x,mod", "fid listen unix:x,mode=")
        self.expect("fid listen unix:x,mode=0600,unl", "fid listen unix:x,mode=0600,unlink ")
        self.expect("fid connect tcp://[::1]:80,eof=cl", "fid connect tcp://[::1]:80,eof=close ")
        self.expect("fid connect tcp://h:80,nodelay=n", "fid connect tcp://h:80,nodelay=no ")

    def check_a_name_that_needs_quotes(self):
        line = self.completed("fid bridge file:two")
        self.assertEqual(shlex.split(line), ["fid", "bridge", "file:two words\\, a comma"])

    def check_nothing_is_offered_for_what_is_wrong(self):
        self.expect("fid frobnicate un", "fid frobnicate un")
        self.expect("fid connect tcp://h:80,frob", "fid connect tcp://h:80,frob")

    def check_the_command_after_two_dashes(self):
        self.expect("fid listen unix:x -- cat pl", "fid listen unix:x -- cat plain.txt ")


def add_checks(case):
    for name in [name for name in dir(case) if name.startswith("check_")]:
        setattr(case, name.replace("check_", "test_"), getattr(case, name))
    return case


class TypedCase(ShellCase):
    @classmethod
    def setUpClass(cls):
        require(cls.shell)
        cls.place = Place()
        cls.addClassCleanup(cls.place.close)
        cls.terminal = cls.start()
        cls.addClassCleanup(cls.terminal.close)

    def completed(self, line):
        return self.terminal.completed(line)

    def check_lists_what_can_follow(self):
        self.completed("fid connect unix:")
        self.terminal.completed("fid connect unix:", "\t\t")
        self.assertRegex(self.terminal.listed, r"app\.sock")
        self.assertRegex(self.terminal.listed, r"back\.sock")
        self.assertNotRegex(self.terminal.listed, r"plain\.txt")


@add_checks
class Bash(TypedCase):
    shell = "bash"

    @classmethod
    def start(cls):
        if not Path(BASH_COMPLETION).exists():
            raise unittest.SkipTest("bash-completion is not installed")
        return Terminal(["bash", "--norc", "-i"], cls.place, " ; ".join((
            "PS1='READY''> '", "bind 'set enable-bracketed-paste off'",
            "bind 'set page-completions off'", "bind 'set bell-style none'",
            f". {BASH_COMPLETION}",
            "source <(fid completion bash)",
            r"""bind -x '"\C-xp": echo "<<<$READLINE_LINE>>>"'""")))

    def test_goes_on_in_open_quotes(self):
        self.expect("fid bridge 'file:tw", "fid bridge 'file:two words\\, a comma' ")
        self.expect('fid connect "unix:ap', 'fid connect "unix:app.sock" ')


@add_checks
class Zsh(TypedCase):
    shell = "zsh"

    @classmethod
    def start(cls):
        functions = cls.place.dir / "functions"
        functions.mkdir()
        (functions / "_fid").write_text(
            subprocess.run([FID, "completion", "zsh"], check=True, capture_output=True,
                           text=True).stdout)
        return Terminal(["zsh", "-f", "-i"], cls.place, " ; ".join((
            f"fpath=({functions} $fpath)", "autoload -Uz compinit", "compinit -u -D",
            "unsetopt prompt_cr prompt_sp beep list_beep", "LISTMAX=1000",
            'show() { print -r -- "<<<$BUFFER>>>" }', "zle -N show", "bindkey -e",
            "bindkey '^Xp' show", "PS1='READY''> '")))


@add_checks
class Fish(ShellCase):
    @classmethod
    def setUpClass(cls):
        require("fish")
        cls.place = Place()
        cls.addClassCleanup(cls.place.close)
        folder = cls.place.dir / ".config/fish/completions"
        folder.mkdir(parents=True)
        (folder / "fid.fish").write_text(
            subprocess.run([FID, "completion", "fish"], check=True, capture_output=True,
                           text=True).stdout)

    def candidates(self, line: str) -> list[str]:
        asked = subprocess.run(["fish", "--no-config", "-c",
                                "source ~/.config/fish/completions/fid.fish; complete -C $argv[1]",
                                line], check=True, capture_output=True, text=True,
                               cwd=self.place.files, env=self.place.environment, timeout=DEADLINE)
        self.assertEqual(asked.stderr, "")
        return [one.split("\t")[0] for one in asked.stdout.splitlines()]

    def completed(self, line):
        """The line with the only candidate in the place of its last word."""
        candidates = self.candidates(line)
        if len(candidates) != 1:
            return line
        word = re.sub(r"([\s\\])", r"\\\1", candidates[0])
        return line[:line.rindex(" ") + 1] + word + ("" if word[-1] in ":/=," else " ")

    def test_lists_what_can_follow(self):
        self.assertEqual(self.candidates("fid connect unix:"),
                         ["unix:app.sock", "unix:back.sock", "unix:inner/"])


class Installed(Case):
    def test_is_what_the_program_prints(self):
        require("cmake")
        rules = Path(FID).parent / "cmake_install.cmake"
        if not rules.exists():
            raise unittest.SkipTest("the program is not in a build tree")
        with tempfile.TemporaryDirectory(prefix="fid.") as prefix:
            subprocess.run(["cmake", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-P", rules], check=True,
                           capture_output=True)
            for shell, path in {"bash": "bash-completion/completions/fid",
                                "zsh": "zsh/site-functions/_fid",
                                "fish": "fish/vendor_completions.d/fid.fish"}.items():
                printed = subprocess.run([FID, "completion", shell], check=True,
                                         capture_output=True, text=True).stdout
                self.assertEqual((Path(prefix) / "share" / path).read_text(), printed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
