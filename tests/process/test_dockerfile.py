"""Tests of the Dockerfile, without Docker: its instructions are applied to a temporary folder.

Nothing is downloaded: a virtual environment links the installed distributions that
`requirements-bot.txt` pins, and no others; the project itself is built and installed into it.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from bot.runtime import retraining
from bot.runtime.settings import Settings
from tests.conftest import ROOT
from tests.process.conftest import free_port
from tests.support import environments

TIMEOUT = 60
STOP_MARGIN = 2
"""Seconds that stopping may take beyond the time for jobs in progress."""
IMPORT_ALL = """
import importlib, pkgutil, sys
import bot, model, soundslike
for package in (bot, model, soundslike):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "__main__" not in module.name and ".migrations." not in module.name:
            importlib.import_module(module.name)
print(len(sys.modules))
"""

Instruction = tuple[str, str]


def read(dockerfile: str) -> list[list[Instruction]]:
    """Return the instructions of each stage, without comments and line continuations."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    stages: list[list[Instruction]] = []
    for name, rest in lines:
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, " ".join(rest.split())))
    return stages


def values(stage: Iterable[Instruction], name: str) -> list[str]:
    """Return the arguments of each instruction `name` in a stage."""
    return [rest for instruction, rest in stage if instruction == name]


PACKAGES, FINAL = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
IGNORE = [
    line
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
COPIED = [source for rest in values(PACKAGES, "COPY") for source in rest.split()[:-1]]
ENVIRONMENT = dict(
    pair.split("=", 1) for rest in values(FINAL, "ENV") for pair in shlex.split(rest)
)


@dataclass(frozen=True)
class Image:
    """Root folder of the image, environment variables, and processes started in it."""

    root: Path
    environment: dict[str, str]
    started: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self, command: list[str]) -> asyncio.subprocess.Process:
        """Start a command in the image."""
        program = shutil.which(command[0], path=self.environment["PATH"])
        assert program, command
        process = await asyncio.create_subprocess_exec(
            program, *command[1:], cwd=self.root / "data", env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.started.append(process)
        return process

    async def run(self, command: list[str]) -> tuple[int | None, str]:
        """Run a command; return its exit code and output."""
        process = await self.start(command)
        async with asyncio.timeout(TIMEOUT):
            out, err = await process.communicate()
        return process.returncode, (out + err).decode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Build the image."""
    return build(tmp_path_factory.mktemp("image") / "image", str(free_port()))


@pytest.fixture
async def image(built: Image) -> AsyncIterator[Image]:
    """Return the image; kill the processes started in it afterwards."""
    yield built
    for process in built.started:
        if process.returncode is None:
            process.kill()
            await process.wait()


def copy(name: str, target: Path) -> None:
    """Copy a file or folder of the project without what .dockerignore leaves out."""
    ignored = [pattern.removeprefix("**/") for pattern in IGNORE if pattern.startswith("**/")]
    target.parent.mkdir(parents=True, exist_ok=True)
    if (ROOT / name).is_dir():
        shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns(*ignored))
    else:
        shutil.copy(ROOT / name, target)


def build(root: Path, port: str) -> Image:
    """Apply COPY, ENV and the installation of packages to a folder."""
    source = root / "source"
    for name in COPIED:
        copy(name, source / name)
    (root / "data").mkdir()
    (root / "tmp").mkdir()
    environments.create(root / "opt" / "venv", environments.pinned("requirements-bot.txt").values())
    (install,) = (rest for rest in values(PACKAGES, "RUN") if rest.endswith(" ."))
    _, *arguments = shlex.split(install.replace("/opt/", f"{root}/opt/"))
    environments.pip(arguments, source)
    variables = {
        name: re.sub(r"(?<![\w$])/(data|tmp|opt)\b", rf"{root}/\1", value)
        for name, value in ENVIRONMENT.items()
    }
    variables["PATH"] = variables["PATH"].replace("$PATH", os.defpath)
    return Image(root, {"WEB_PORT": port, "HOME": str(root / "tmp"), **variables})


async def test_every_module_of_bot_and_model_can_be_imported(
    image: Image,
) -> None:
    code, output = await image.run(["python", "-c", IMPORT_ALL])
    assert code == 0, output


async def test_image_starts_becomes_healthy_and_stops_with_exit_code_0(
    image: Image,
) -> None:
    (command,) = (json.loads(rest) for rest in values(FINAL, "CMD"))
    (check,) = (json.loads(rest.partition("CMD ")[2]) for rest in values(FINAL, "HEALTHCHECK"))
    assert (await image.run(check))[0] == 1
    bot = await image.start(command)
    async with asyncio.timeout(TIMEOUT):
        while (await image.run(check))[0] != 0:
            assert bot.returncode is None
    assert sorted(path.name for path in (image.root / "data").iterdir() if path.suffix == ".db")
    assert [path.name for path in (image.root / "tmp").iterdir()] == ["soundslike.alive"]
    bot.send_signal(signal.SIGTERM)
    async with asyncio.timeout(TIMEOUT):
        await bot.communicate()
    assert bot.returncode == 0
    assert (await image.run(check))[0] == 1


def test_packages_of_training_are_not_installed() -> None:
    training_packages = {"scikit-learn", "scipy", "joblib", "pandas", "onnx", "distributed", "dask"}
    assert not training_packages & set(environments.pinned("requirements-bot.txt"))
    assert values(PACKAGES, "ARG") == ["REQUIREMENTS=requirements-bot.txt"]
    assert any('--require-hashes -r "$REQUIREMENTS"' in rest for rest in values(PACKAGES, "RUN"))


def test_packages_of_training_are_installed_for_the_service_that_retrains() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    learner = compose["services"]["learner"]
    lock = learner["build"]["args"]["REQUIREMENTS"]
    assert {module_owner(name) for name in retraining.PACKAGES} <= set(environments.pinned(lock))
    assert lock in COPIED
    assert learner["image"] != compose["services"]["bot"]["image"]
    assert learner["profiles"] == ["learning"]
    assert learner["command"] == ["soundslike", "learn"]
    assert learner["volumes"] == compose["services"]["bot"]["volumes"]
    assert learner["healthcheck"] == {"disable": True}
    default = re.search(r":-(\d+)}", learner["environment"]["RETRAIN_MEMORY_MB"])
    assert default
    assert int(default[1]) < int(learner["mem_limit"].removesuffix("g")) * 1024


def module_owner(name: str) -> str:
    """Return the distribution of a module of training."""
    (owner,) = set(packages_distributions()[name])
    return owner


def test_build_context_contains_only_copied_files() -> None:
    assert IGNORE[0] == "*"
    assert {line.removeprefix("!") for line in IGNORE if line.startswith("!")} == set(COPIED)


def test_image_is_a_pinned_slim_python_with_an_unprivileged_user() -> None:
    bases = {rest.split()[0] for stage in (PACKAGES, FINAL) for rest in values(stage, "FROM")}
    digest = "(?:@sha256:[0-9a-f]{64})?"  # from `make pin`
    (minor,) = (re.fullmatch(rf"python:3\.(\d+)-slim{digest}", base) for base in bases)
    assert minor
    assert int(minor[1]) >= 11
    (user,) = values(FINAL, "USER")
    assert user not in {"root", "0"}
    names = [name for name, _ in FINAL]
    assert "COPY" not in names[names.index("USER") :]


def test_compose_keeps_the_data_on_a_volume_regardless_of_dot_env() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    bot = compose["services"]["bot"]
    for name in ("DATA_DIR", "HEALTH_FILE"):
        assert bot["environment"][name] == ENVIRONMENT[name]
    mounted = dict(volume.split(":")[::-1] for volume in bot["volumes"])
    assert mounted[ENVIRONMENT["DATA_DIR"]] in compose["volumes"]
    assert Path(ENVIRONMENT["HEALTH_FILE"]).is_relative_to(bot["tmpfs"].partition(":")[0])


def test_compose_lets_the_bot_end_its_jobs_before_it_is_killed() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    seconds = re.fullmatch(r"(\d+)s", compose["services"]["bot"].get("stop_grace_period", "10s"))
    assert seconds
    assert int(seconds[1]) > Settings.model_fields["stop_seconds"].default + STOP_MARGIN


@pytest.mark.parametrize("name", ["bot", "learner", "postgres"])
def test_compose_gives_each_service_as_little_as_it_needs(name: str) -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cap_add", "privileged", "network_mode", "pid"} & set(service) == set()
    assert re.fullmatch(r"[1-4]g|\d{3}m", service["mem_limit"])
    assert 64 <= service["pids_limit"] <= 1024
    assert not any(volume.startswith(("/", ".")) for volume in service["volumes"])


def test_compose_needs_no_settings_file_and_publishes_the_page_to_this_computer() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    bot = compose["services"]["bot"]
    assert bot["env_file"] == [{"path": ".env", "required": False}]
    assert bot["environment"]["WEB_HOST"] == "0.0.0.0"  # noqa: S104 - inside the container
    assert f"127.0.0.1:8765:{bot['environment']['WEB_PORT']}" in bot["ports"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
