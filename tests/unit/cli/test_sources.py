"""Output of `sources`."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import sources
from bot.domain.errors import EX_CONFIG
from bot.domain.source_states import Condition, SourceState
from bot.runtime import log_setup
from bot.sources.limits import PUBLISHED
from bot.storage.stores import open_stores, utc_now
from bot.texts.sources import state_line
from tests.support.virtual_time import START

AT = "2026-01-01 00:00 UTC"
QUOTA = "last error: the quota is used up"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    # The log of the whole process, which other tests read.
    monkeypatch.setattr(log_setup, "configure", lambda **_: None)
    for name in ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LASTFM_API_KEY", "DISCOGS_TOKEN"):
        monkeypatch.delenv(name, raising=False)


async def store(folder: Path, state: SourceState) -> None:
    async with open_stores(folder / "soundslike.db", folder) as opened:
        await opened.ledger.save(state)
        await opened.ledger.count("spotify", 100)


def test_json_is_a_list_of_all_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "id")
    monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "secret")
    until = utc_now() + timedelta(hours=1)
    state = SourceState("deezer", Condition.WAITING, until, "search: answered with 500", START)
    asyncio.run(store(tmp_path, state))
    assert asyncio.run(sources.report("", as_json=True)) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == {"sample", *PUBLISHED}
    assert rows["deezer"] == {
        "name": "deezer",
        "state": "waiting",
        "last_error": "search: answered with 500",
        "budget_left": None,
    }
    assert (rows["spotify"]["state"], rows["spotify"]["budget_left"]) == ("ready", 1000)
    assert rows["lastfm"]["state"] == rows["discogs"]["state"] == "off"
    assert rows["itunes"] == {
        "name": "itunes", "state": "ready", "last_error": None, "budget_left": None,
    }  # fmt: skip


def test_table_has_a_line_for_each_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(sources.report("", as_json=False)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(PUBLISHED)
    assert "lastfm              off      needs LASTFM_API_KEY" in lines


def test_wrong_settings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "soon")
    assert asyncio.run(sources.report("", as_json=True)) == EX_CONFIG
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "RETENTION_DAYS" in captured.err


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (SourceState("deezer", Condition.READY), "deezer              ready"),
        (
            SourceState("spotify", Condition.WAITING, START, "the quota is used up", START, 0),
            f"spotify             waiting  until {AT}; 0 calls left of this day; {QUOTA} ({AT})",
        ),
        (
            SourceState("spotify", Condition.OFF, None, "no", START, 9),
            f"spotify             off      9 calls left of this day; last error: no ({AT})",
        ),
    ],
)
def test_line_of_a_source(state: SourceState, line: str) -> None:
    assert state_line(state) == line


def test_names_fit_into_their_column() -> None:
    lines = [state_line(SourceState(name, Condition.READY)) for name in PUBLISHED]
    assert {line.rindex("ready") for line in lines} == {20}
