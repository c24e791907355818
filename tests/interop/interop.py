# SPDX-License-Identifier: MIT
"""What the tests against other programs and the system share, besides tests/cli/harness.py."""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))

from harness import FID, Case  # noqa: E402: found by the path above


def shim_path() -> Path:
    """shim.cpp as it was built with the program, or last."""
    name = "tests/interop/libfid_test_shim.so"
    beside = [Path(FID).resolve().parents[2] / name]
    newest = sorted(ROOT.glob(f"build/*/{name}"), key=lambda path: -path.stat().st_mtime)
    for path in beside + newest:
        if path.exists():
            return path
    raise unittest.SkipTest("libfid_test_shim is not built")


class ShimmedCase(Case):
    """Starts the program with shim.cpp before its C library: see there."""

    def shimmed(self, **variables) -> dict[str, str]:
        """The environment for it."""
        # A sanitizer's runtime insists on being the first library, and works all the same.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        return {"LD_PRELOAD": str(shim_path()), "ASAN_OPTIONS": sanitizer,
                **{name: str(value) for name, value in variables.items()}}


main = unittest.main
