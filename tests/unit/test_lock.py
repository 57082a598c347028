"""The lock files pin what pyproject.toml asks for; `make lock` makes them."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.support.environments import requirements

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BASE = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]
EVERYTHING = [*BASE, *chain(*EXTRAS.values()), *GROUPS["build"]]
CONTENT = {
    "requirements-bot.txt": [*BASE, *EXTRAS["postgres"], *EXTRAS["s3"], *GROUPS["build"]],
    "requirements.txt": EVERYTHING,
    "requirements-dev.txt": [*EVERYTHING, *GROUPS["dev"]],
}
CONVERT = "training/sound/convert"
"""Folder of the script with an environment of its own, for one version of Python."""

CONVERSION = ("requirements", "musicnn")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pins(lock: str, python: str) -> dict[str, str]:
    """Return name to version of what is installed on Linux with a version of Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
    }
    return {
        str(canonicalize_name(one.name)): str(one.specifier).removeprefix("==")
        for one in requirements(lock)
        if one.marker is None or one.marker.evaluate(environment)
    }


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", CONTENT)
def test_each_dependency_is_pinned_within_its_range(lock: str, python: str) -> None:
    pinned = pins(lock, python)
    for wanted in map(Requirement, CONTENT[lock]):
        version = pinned.get(str(canonicalize_name(wanted.name)))
        assert version, f"{lock} lacks {wanted.name}: make lock"
        assert wanted.specifier.contains(version), f"{lock}: {wanted} but {version}: make lock"


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_files_agree(python: str) -> None:
    everything = pins("requirements-dev.txt", python)
    for lock in ("requirements-bot.txt", "requirements.txt"):
        assert pins(lock, python).items() <= everything.items(), lock


@pytest.mark.parametrize("name", CONVERSION)
def test_what_the_conversion_asks_for_is_pinned(name: str) -> None:
    pinned = pins(f"{CONVERT}/{name}.txt", "3.11")
    asked = requirements(f"{CONVERT}/{name}.in")
    assert asked
    for wanted in asked:
        version = pinned[str(canonicalize_name(wanted.name))]
        assert wanted.specifier.contains(version), f"{wanted} but {version}: make lock"


@pytest.mark.parametrize("lock", [*CONTENT, *(f"{CONVERT}/{name}.txt" for name in CONVERSION)])
def test_each_pin_has_hashes_and_there_is_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.findall(
        r"^[A-Za-z0-9].*\n(?:    --hash=sha256:[0-9a-f]{64}.*\n?)*", text, re.MULTILINE
    )
    assert len(blocks) == len(requirements(lock))
    assert [block for block in blocks if "--hash" not in block or "==" not in block] == []
    assert not re.search(r"://|file:|--index|--find-links|(?<!\w)/\w", text)


def test_the_bot_needs_no_package_of_training() -> None:
    names = {Requirement(one).name for one in EXTRAS["train"]}
    assert not names & set(pins("requirements-bot.txt", "3.11")) - {"threadpoolctl"}
