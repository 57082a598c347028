"""Virtual environments with the distributions that a lock file pins, without a download."""

import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def requirements(lock: str) -> list[Requirement]:
    """Return what a lock file pins, for all platforms."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = re.findall(r"^([A-Za-z0-9].*?)\s*\\?$", text, re.MULTILINE)
    return [Requirement(line) for line in lines]


def pinned(lock: str) -> dict[str, Distribution]:
    """Return the installed distributions that a lock file pins for this platform, by name."""
    return {
        requirement.name: distribution(requirement.name)
        for requirement in requirements(lock)
        if requirement.marker is None or requirement.marker.evaluate()
    }


def create(folder: Path, lock: str) -> None:
    """Create an environment that links what a lock file pins, and has nothing else."""
    venv.create(folder, symlinks=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for package in pinned(lock).values():
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            (packages / top).symlink_to(Path(str(package.locate_file(top))))


def pip(arguments: Sequence[str], folder: Path) -> None:
    """Run this environment's pip in a folder; fail with its output."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
