"""Command `run`: its arguments, and what it prints when a platform is ready."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run as command
from bot.cli.main import main
from bot.domain.errors import EX_CONFIG
from bot.runtime import log_setup, process
from bot.runtime.settings import Settings
from bot.texts import public_page

READY = "Web: http://127.0.0.1:8765"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log_setup, "configure", lambda _: None)


@pytest.mark.parametrize("platforms", [["discord"], ["slack", "discord"]])
def test_public_page_without_the_page_is_one_sentence(
    capsys: pytest.CaptureFixture[str], platforms: Sequence[str]
) -> None:
    assert main(["run", "--platform", *platforms, "--public"]) == EX_CONFIG
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"Soundslike cannot start: {public_page.NEEDS_WEB}.\n")


@pytest.mark.parametrize(
    ("arguments", "names", "public"),
    [
        (["run", "--platform", "web", "--public"], ["web"], True),
        (["run", "--public", "--platform", "local"], ["local"], True),
        (["run", "--public"], [], True),
        (["run"], [], False),
    ],
)
def test_page_is_public_if_it_is_asked_to_be(
    monkeypatch: pytest.MonkeyPatch,
    arguments: Sequence[str],
    names: Sequence[str],
    public: bool,  # noqa: FBT001 - what is expected
) -> None:
    asked: list[tuple[Any, Any]] = []

    async def run(_: Settings, platforms: Sequence[str], *__: object, public: bool) -> None:
        asked.append((list(platforms), public))

    monkeypatch.setattr(process, "run", run)
    assert main(arguments) == 0
    assert asked == [(names, public)]


@pytest.mark.parametrize(
    ("line", "is_terminal", "lines"),
    [(READY, True, 2), (READY, False, 1), ("Discord: ready", True, 1)],
    ids=["terminal", "program", "other platform"],
)
async def test_a_person_at_a_terminal_reads_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    *,
    is_terminal: bool,
    lines: int,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    await command._print_line(line)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == line
    assert len(printed) == lines
