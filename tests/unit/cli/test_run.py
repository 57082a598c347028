"""Command `run`: what it is told on the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.domain.errors import EX_CONFIG
from bot.runtime import log_setup, process
from bot.runtime.settings import Settings
from bot.texts import public_page


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
