"""Virtual environments with the distributions that a lock file pins, without a download."""

import re
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def required(roots: Iterable[Requirement]) -> dict[str, Distribution]:
    """Return the installed distributions required directly or indirectly, by name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    queue = list(roots)
    while queue:
        requirement = queue.pop()
        name = str(canonicalize_name(requirement.name))
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            found[name] = distribution(name)
            queue += [
                needed
                for needed in map(Requirement, found[name].requires or ())
                if needed.marker is None or needed.marker.evaluate({"extra": extra})
            ]
    return found


def create(folder: Path, distributions: Iterable[Distribution]) -> None:
    """Create an environment that links these distributions, and has nothing else."""
    venv.create(folder, symlinks=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for package in distributions:
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
