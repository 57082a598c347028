"""Output of `models compare`."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli import models_compare
from bot.domain.errors import EX_CONFIG, EX_UNAVAILABLE
from bot.runtime import log_setup
from bot.storage.stores import open_stores
from model.bundle import MODEL, REPORT, Lineage
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.support.factories import metadata, onnx_model, save_bundle
from tests.support.model_comparisons import REPORT as FOUND
from tests.support.store_values import ALICE, JAZZ, OTHER_TRACK, PLACE, answer_about, change_ballot


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set up a program with version 1 of a model, and a store with its candidate 2."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MODELS_DIR", str(tmp_path / "shipped"))
    monkeypatch.setenv("MODEL_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("MODEL", "tiny")
    # The log of the whole process, which other tests read.
    monkeypatch.setattr(log_setup, "configure", lambda **_: None)
    save_bundle(tmp_path / "shipped")
    trained = BundleStore(tmp_path / "trained")
    lineage = Lineage("1", "1", 10, "0", 0, "0")
    report = replace(FOUND, active="1").to_json().encode()
    # Rock and hip-hop have changed places.
    swapped = metadata(version="2", lineage=lineage, genres=("hip-hop", "rock", "electronic"))
    trained.save(swapped, {MODEL: onnx_model(), REPORT: report})
    versions = Versions(RemoteStore(str(tmp_path / "store")), BundleStore(tmp_path / "shipped"))
    versions.add_candidate("tiny", "2", tmp_path / "trained", "retrain", ("10 corrections.",))


def compare(**options: Any) -> int:
    return asyncio.run(models_compare.report("1", "2", **options))


async def _vote(folder: Path) -> None:
    async with open_stores(folder / "soundslike.db", folder) as opened:
        answer = answer_about(OTHER_TRACK, danceability=0.9, energy=0.1, valence=0.5, tempo=100)
        card = await opened.predictions.add(answer, PLACE)
        await change_ballot(opened.votes, card.id, ALICE, JAZZ)


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    asyncio.run(_vote(tmp_path / "data"))
    assert compare(as_json=True) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["a"]["version"], found["a"]["state"]) == ("1", "active")
    assert (found["b"]["version"], found["b"]["state"]) == ("2", "candidate")
    assert (found["b"]["parent"], found["b"]["reasons"]) == ("1", ["10 corrections."])
    assert found["compared"] == {"songs": 37, "votes": 1}
    road = next(one for one in found["songs"] if one["song"].startswith("Old Town Road"))
    assert road == {
        "song": "Old Town Road - Remix — Lil Nas X",
        "truth": "hip-hop",
        "a": "hip-hop",
        "b": "rock",
    }
    heroes = {"song": "Heroes — David Bowie", "truth": "jazz", "a": "hip-hop", "b": "rock"}
    assert heroes in found["songs"]
    assert found["disagreements"][0]["song"].startswith("Wagon Wheel")
    assert {"data", "genre", "songs", "right", "f1"} == set(found["genres"][0])


def test_without_json_it_prints_lines_and_writes_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "changes.html"
    assert compare(html=page) == 0
    out = capsys.readouterr().out
    assert out.startswith("tiny 2 compared with 1\n")
    assert out.endswith(f"The page is in {page}\n")
    assert "Old Town Road" in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "none" / "changes.html"
    assert compare(html=page) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"{page} cannot be written: No such file or directory\n"


def test_an_unknown_version_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(models_compare.report("1", "3")) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "there is no version '3'\n"


def test_a_damaged_version_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store" / "tiny" / "2" / MODEL).write_bytes(b"damaged")
    assert compare() == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unusable_database_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:////proc/none/soundslike.db")
    assert compare() == EX_UNAVAILABLE
    assert capsys.readouterr().err.count("\n") == 1


def test_wrong_settings_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHADOW_HOURS", "soon")
    assert compare() == EX_CONFIG
    assert "SHADOW_HOURS" in capsys.readouterr().err
