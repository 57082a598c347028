"""Commands in README, guides and help work as written, if they need no account and no engine."""

import asyncio
import gzip
import re
import sys
from pathlib import Path

import pytest

from model.schema import CORE
from model.signature import create_key
from tests.process.conftest import TIMEOUT
from tests.support import sounds
from tests.unit.test_documented_commands import DOCUMENTED, app_of

PLACEHOLDERS = {
    "TEXT": "heroes",
    "IN.csv": "songs.csv",
    "OUT.csv": "genres.csv",
    "FILE": "card.png",
    "COLUMN": "title",
    "NAME": "study",
    "URL": "store",
}
WITHOUT_ACCOUNT = (
    *("ask", "check", "health", "info", "links", "models list", "predict", "train publish"),
)


def runnable(command: str) -> str | None:
    """Return a documented command with values for its placeholders; None if it needs an account."""
    arguments = re.sub(r"^(soundslike|python -m \w+) ", "", command)
    is_safe = arguments.startswith(WITHOUT_ACCOUNT) or arguments.startswith("invite --slack")
    if not is_safe or "s3://" in command:
        return None
    words = command.replace("[", "").replace("]", "").replace("...", "").split()
    return " ".join(PLACEHOLDERS.get(word, word) for word in words)


def examples() -> list[str]:
    """Return the examples in the help of the commands."""
    app = app_of("soundslike")
    epilogs = [command.epilog or "" for command in app.registered_commands]
    return [line.strip() for text in epilogs for line in text.split("\n\n")[1:]]


COMMANDS = sorted(
    {
        found
        for command in [*(c for _, c in DOCUMENTED), *examples()]
        if (found := runnable(command))
    }
)


def test_commands_were_found() -> None:
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("command", COMMANDS)
async def test_documented_command_works_as_written(
    environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    table = f"title,artist,{','.join(CORE)}\nx,y,{','.join(['0.5'] * 7)},120\n".encode()
    (tmp_path / "songs.csv").write_bytes(table)
    (tmp_path / "songs.csv.gz").write_bytes(gzip.compress(table))
    create_key(tmp_path / "signing.pem")
    sounds.write(tmp_path / "song.mp3", 4)
    (tmp_path / "messages.txt").write_text("spotify:track:2YpeDb67231RjR0MgVLzsG\n")
    process = await asyncio.create_subprocess_shell(
        re.sub(r"^(?:python -m (\w+)|soundslike)", run_module, command),
        cwd=tmp_path,
        env=environment | {"HOME": str(tmp_path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(TIMEOUT):
        out, err = await process.communicate(table)
    expected = 1 if command.endswith(" health") else 0  # no bot is running
    assert process.returncode == expected, (out + err).decode()
    assert out


def run_module(program: re.Match[str]) -> str:
    """Return the start of a command line that runs a program with this Python."""
    return f"{sys.executable} -m {program[1] or 'soundslike'}"
