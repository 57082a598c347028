"""The container image, built and run by hand: what the Dockerfile copies and installs suffices.

The base image is missing here, and the packages are linked from the ones at hand, so nothing is
downloaded: an interpreter that sees `requirements-bot.txt` and what that needs, and nothing else.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import venv
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tests.conftest import ROOT

TIME_LIMIT = 60
IMPORT_ALL = """
import importlib, pkgutil, sys
import bot, model
for package in (bot, model):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "__main__" not in module.name and ".migrations." not in module.name:
            importlib.import_module(module.name)
print(len(sys.modules))
"""

Instruction = tuple[str, str]


def read(dockerfile: str) -> list[list[Instruction]]:
    """Return the instructions of each stage, comments and line breaks taken out."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    stages: list[list[Instruction]] = []
    for name, rest in lines:
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, " ".join(rest.split())))
    return stages


def values(stage: Iterable[Instruction], name: str) -> list[str]:
    """Return what follows each `name` in a stage."""
    return [rest for found, rest in stage if found == name]


PACKAGES, FINAL = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
IGNORE = [
    line
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
COPIED = [tuple(rest.split()) for rest in values(FINAL, "COPY") if "--from" not in rest]
ENVIRONMENT = dict(
    pair.split("=", 1) for rest in values(FINAL, "ENV") for pair in shlex.split(rest)
)


def requirements(file: str) -> Iterator[Requirement]:
    """Read a file of requirements."""
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if wanted := line.partition("#")[0].strip():
            yield Requirement(wanted)


def closure(wanted: Iterable[Requirement]) -> dict[str, Distribution]:
    """Return the distributions at hand that these requirements and theirs name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    queue = list(wanted)
    while queue:
        requirement = queue.pop()
        name = requirement.name.lower().replace("_", "-")
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            found[name] = distribution(name)
            queue += [
                needed
                for needed in map(Requirement, found[name].requires or ())
                if needed.marker is None or needed.marker.evaluate({"extra": extra})
            ]
    return found


@dataclass(frozen=True)
class Image:
    """The folder that stands for the image's root, and the environment in it."""

    root: Path
    environment: dict[str, str]
    started: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self, command: list[str]) -> asyncio.subprocess.Process:
        """Start a command of the Dockerfile."""
        program = shutil.which(command[0], path=self.environment["PATH"])
        assert program, command
        process = await asyncio.create_subprocess_exec(
            program, *command[1:], cwd=self.root / "app", env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.started.append(process)
        return process

    async def run(self, command: list[str]) -> tuple[int | None, str]:
        """Run it to its end; returns the exit code and all output."""
        process = await self.start(command)
        async with asyncio.timeout(TIME_LIMIT):
            out, err = await process.communicate()
        return process.returncode, (out + err).decode()


@pytest.fixture
async def image(tmp_path: Path, environment: dict[str, str]) -> AsyncIterator[Image]:
    """Follow the Dockerfile in a clean folder; what was started there is stopped at the end."""
    built = build(tmp_path / "image", environment["LOCAL_PORT"])
    yield built
    for process in built.started:
        if process.returncode is None:
            process.kill()
            await process.wait()


def build(root: Path, port: str) -> Image:
    """Copy, install and set what the Dockerfile says."""
    never = [pattern.removeprefix("**/") for pattern in IGNORE if pattern.startswith("**/")]
    for source, target in COPIED:
        shutil.copytree(ROOT / source, root / "app" / target, ignore=shutil.ignore_patterns(*never))
    (root / "data").mkdir()
    (root / "tmp").mkdir()
    venv.create(root / "opt" / "venv", symlinks=True)
    (packages,) = (root / "opt" / "venv" / "lib").glob("python*/site-packages")
    for found in closure(requirements("requirements-bot.txt")).values():
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (packages / top).symlink_to(Path(str(found.locate_file(top))))
    inside = {
        name: re.sub(r"(?<![\w$])/(data|tmp|opt)\b", rf"{root}/\1", value)
        for name, value in ENVIRONMENT.items()
    }
    inside["PATH"] = inside["PATH"].replace("$PATH", os.defpath)
    return Image(root, {"LOCAL_PORT": port, "HOME": str(root / "tmp"), **inside})


async def test_what_is_copied_and_installed_holds_all_that_the_bot_and_the_model_import(
    image: Image,
) -> None:
    code, said = await image.run(["python", "-c", IMPORT_ALL])
    assert code == 0, said


async def test_it_starts_is_found_alive_tells_nobody_and_stops_with_exit_code_0(
    image: Image,
) -> None:
    (command,) = (json.loads(rest) for rest in values(FINAL, "CMD"))
    (check,) = (json.loads(rest.partition("CMD ")[2]) for rest in values(FINAL, "HEALTHCHECK"))
    assert (await image.run(check))[0] == 1
    bot = await image.start(command)
    async with asyncio.timeout(TIME_LIMIT):
        while (await image.run(check))[0] != 0:
            assert bot.returncode is None
    assert sorted(path.name for path in (image.root / "data").iterdir() if path.suffix == ".db")
    assert [path.name for path in (image.root / "tmp").iterdir()] == ["soundslike.alive"]
    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(TIME_LIMIT):
        await bot.communicate()
    assert bot.returncode == 0
    assert (await image.run(check))[0] == 1


def test_training_and_its_packages_stay_out() -> None:
    heavy = {"scikit-learn", "scipy", "joblib", "pandas", "onnx", "distributed", "dask"}
    found = closure(requirements("requirements-bot.txt"))
    assert not heavy & set(found)
    assert {source for source, _ in COPIED} == {"bot", "model"}


def test_everything_is_still_installed_from_one_file() -> None:
    whole = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-r requirements-bot.txt" in whole
    assert any("-r requirements-bot.txt" in rest for rest in values(PACKAGES, "RUN"))


def test_no_file_is_sent_to_the_builder_that_is_not_copied() -> None:
    copied = {source for source, _ in COPIED} | {
        rest.split()[0] for rest in values(PACKAGES, "COPY")
    }
    assert IGNORE[0] == "*"
    assert {line.removeprefix("!") for line in IGNORE if line.startswith("!")} == copied


def test_it_runs_as_nobody_special_on_a_pinned_slim_python() -> None:
    bases = {rest.split()[0] for stage in (PACKAGES, FINAL) for rest in values(stage, "FROM")}
    (minor,) = (re.fullmatch(r"python:3\.(\d+)-slim", base) for base in bases)
    assert minor
    assert int(minor[1]) >= 11
    (user,) = values(FINAL, "USER")
    assert user not in {"root", "0"}
    names = [name for name, _ in FINAL]
    assert "COPY" not in names[names.index("USER") :]


def test_compose_keeps_the_data_on_a_volume_whatever_dot_env_says() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    bot = compose["services"]["bot"]
    for name in ("DATA_DIR", "HEALTH_FILE"):
        assert bot["environment"][name] == ENVIRONMENT[name]
    mounted = dict(volume.split(":")[::-1] for volume in bot["volumes"])
    assert mounted[ENVIRONMENT["DATA_DIR"]] in compose["volumes"]
    assert Path(ENVIRONMENT["HEALTH_FILE"]).is_relative_to(bot["tmpfs"])
