"""The JSON shape of `ask --json` for collections, and the output in a terminal."""

import json
import sys
from typing import Final

import pytest

from bot.cli.ask import _print_json
from bot.cli.collection_json import as_dict
from bot.cli.terminal import ProgressLine, print_summary
from bot.domain.replies import Summary
from bot.texts import collections
from tests.support.fake_collections import song, summary

TRACK_KEYS: Final = ["id", "title", "artists", "url", "genre", "probability"]


def test_collection_genres_features_and_tracks() -> None:
    answer = summary(3, count=9, read=9, unmeasured=5, unasked=1)
    found = as_dict(answer)
    assert found["collection"] == {
        "kind": "album",
        "title": "7 EP",
        "artists": ["Lil Nas X"],
        "url": "https://www.deezer.com/album/101",
        "count": 9,
        "answered": 3,
    }
    assert found["genres"][0] == {"genre": "hip-hop", "probability": 0.61}
    assert len(found["genres"]) == 13
    assert found["features"] == answer.features
    assert [list(one) for one in found["tracks"]] == [TRACK_KEYS] * 3
    assert found["tracks"][1] == {
        "id": song(2).spotify_id,
        "title": "Song 2",
        "artists": ["Lil Nas X", "Billy Ray Cyrus"],
        "url": song(2).url,
        "genre": "hip-hop",
        "probability": 0.62,
    }
    assert (found["unmeasured"], found["unasked"], found["found_by_title"]) == (5, 1, False)


def test_typical_and_odd_track_are_places_in_the_list() -> None:
    found = as_dict(summary(4))
    assert (found["most_typical"], found["oddest"]) == (0, 3)
    found = as_dict(summary(2))
    assert (found["most_typical"], found["oddest"]) == (None, None)


def test_it_is_valid_json_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert _print_json(Summary(1, summary())) == 0
    assert json.loads(capsys.readouterr().out) == as_dict(summary())


def test_terminal_shows_the_whole_summary(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(summary())
    assert capsys.readouterr().out.strip() == collections.plain_text(summary())


async def test_progress_is_one_line_that_is_overwritten_and_removed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    line = ProgressLine()
    first, second = "Reading the album: 40 of 97 songs…", "Reading it…"
    await line.show(first)
    await line.show(second)
    await line.clear()
    written = capsys.readouterr().err
    assert written == f"\r{first}\r\r{second:<{len(first)}}\r\r{'':<{len(second)}}\r"


async def test_progress_is_not_written_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    await line.show("Reading the album…")
    await line.clear()
    assert capsys.readouterr().err == ""
