# SPDX-License-Identifier: MIT
"""What `cmake --install` gives, and whether others can build with it: the consumer beside this file
is built in each way there is, and run."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
BUILD = Path(os.environ["FID_BUILD"])
CMAKE = os.environ["CMAKE"]
LIBDIR = os.environ["FID_LIBDIR"]
VERSION = os.environ["FID_VERSION"]
SAYS = "there and back\n"


def run(*words, env=None) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          env={**os.environ, **(env or {})})
    if done.returncode:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def install(component: str, prefix: Path) -> None:
    run(CMAKE, "--install", BUILD, "--prefix", prefix, "--component", component)


def files_in(prefix: Path) -> set[str]:
    return {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}


class Scratch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = Path(tempfile.mkdtemp(prefix="fid-install."))
        cls.addClassCleanup(shutil.rmtree, cls.dir)


class Components(Scratch):
    """Each can be a package of its own: together they are everything, and none has another's."""

    def test_each_has_what_it_is_for(self):
        found = {}
        for name in ("runtime", "library", "development"):
            install(name, self.dir / name)
            found[name] = files_in(self.dir / name)
        everything = self.dir / "everything"
        run(CMAKE, "--install", BUILD, "--prefix", everything)
        self.assertEqual(sum(map(len, found.values())), len(files_in(everything)))
        self.assertEqual(set.union(*found.values()), files_in(everything))

        self.assertEqual(found["library"],
                         {f"{LIBDIR}/libfid.so.0", f"{LIBDIR}/libfid.so.{VERSION}"})
        development = found["development"]
        self.assertLessEqual(
            {f"{LIBDIR}/libfid.so", f"{LIBDIR}/libfid.a", f"{LIBDIR}/pkgconfig/fid.pc",
             f"{LIBDIR}/cmake/fid/fidConfig.cmake", f"{LIBDIR}/cmake/fid/fidConfigVersion.cmake",
             f"{LIBDIR}/cmake/fid/fidTargets.cmake", "include/fid/net/tcp_stream.hpp",
             "include/fid/platform/native.hpp", "share/man/man3/libfid.3",
             "share/man/man3/fid::TcpStream.3"}, development)
        self.assertFalse([name for name in development if name.endswith(".cpp")])
        if (BUILD / "src/cli").exists():
            self.assertLessEqual({"bin/fid", "share/man/man1/fid.1", "share/man/man7/fid-addresses.7",
                                  "share/bash-completion/completions/fid"}, found["runtime"])


class Consumer(Scratch):
    """Against an installed tree that was moved after it was installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for component in ("library", "development"):
            install(component, cls.dir / "before")
        cls.prefix = (cls.dir / "before").rename(cls.dir / "after")

    def pkg_config(self, *options) -> list[str]:
        return run("pkg-config", *options, "fid",
                   env={"PKG_CONFIG_PATH": str(self.prefix / LIBDIR / "pkgconfig")}).split()

    def compile(self, name: str, *options) -> Path:
        program = self.dir / name
        run(os.environ["CXX"], "-std=c++20", *os.environ["CXXFLAGS"].split(),
            HERE / "consumer/main.cpp", "-o", program, *options)
        return program

    def libraries_of(self, program: Path) -> str:
        return run("readelf", "--dynamic", program)

    def test_find_package(self):
        build = self.dir / "cmake"
        run(CMAKE, "-S", HERE / "consumer", "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run(CMAKE, "--build", build)
        self.assertEqual(run(build / "consumer"), SAYS)
        self.assertIn("libfid.so.0", self.libraries_of(build / "consumer"))
        self.assertEqual(run(build / "consumer_static"), SAYS)
        self.assertNotIn("libfid", self.libraries_of(build / "consumer_static"))

    def test_pkg_config(self):
        program = self.compile("shared", *self.pkg_config("--cflags", "--libs"))
        self.assertIn("libfid.so.0", self.libraries_of(program))
        self.assertEqual(
            run(program, env={"LD_LIBRARY_PATH": str(self.prefix / LIBDIR)}), SAYS)
        self.assertEqual(self.pkg_config("--modversion"), [VERSION])

    def test_pkg_config_static(self):
        program = self.compile("static", "-static", *self.pkg_config("--cflags", "--libs", "--static"))
        self.assertNotIn("NEEDED", self.libraries_of(program))
        self.assertEqual(run(program), SAYS)

    def test_add_subdirectory(self):
        # That the library itself builds, other tests show: here its headers are found and do.
        build = self.dir / "subdirectory"
        run(CMAKE, "-S", HERE / "consumer", "-B", build, "-G", "Ninja", f"-DFID_SOURCE={SOURCE}")
        run(CMAKE, "--build", build, "--target", "CMakeFiles/consumer.dir/main.cpp.o")


if __name__ == "__main__":
    unittest.main()
