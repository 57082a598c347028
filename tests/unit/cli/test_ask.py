"""The JSON shape of `ask --json`, and songs to choose from in the terminal."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import ask
from bot.cli.ask import text_with_commands
from bot.cli.picture_files import PictureFiles
from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.replies import Choice, Notice, NoticeKind
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.runtime import log_setup
from bot.texts import commands
from bot.texts.answer_json import as_dict, error_as_dict
from model.classifier import Prediction
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import HEROES, answer, prediction, track
from tests.support.fake_app import LINK, FakeApp

ALBUM = "https://www.deezer.com/album/101"

KEYS = {
    *("track", "genres", "verdict", "subgenre", "why", "features", "missing", "year_counted"),
    *("prior", "source", "sources", "model", "filed_under", "heard"),
}
TRACK_KEYS = {
    *("id", "title", "artists", "url", "image", "isrc", "musicbrainz_id", "deezer_id"),
    *("duration_ms", "year"),
}


SEVERAL = Notice(
    NoticeKind.SEVERAL_MATCHES,
    "Which one do you mean?",
    (
        Choice("Heroes", SubjectRef(SubjectKind.TRACK, HEROES)),
        Choice("Heroes (live)", SubjectRef(SubjectKind.TRACK, "42", MusicService.DEEZER)),
    ),
)


def test_songs_to_choose_from_are_numbered_with_the_command_that_asks_for_each() -> None:
    assert text_with_commands(SEVERAL).splitlines() == [
        "Which one do you mean?",
        "  1. Heroes",
        f"     soundslike ask https://open.spotify.com/track/{HEROES}",
        "  2. Heroes (live)",
        "     soundslike ask https://www.deezer.com/track/42",
    ]
    assert text_with_commands(Notice(NoticeKind.HINT, "A hint.")) == "A hint."


def test_error_has_the_songs_to_choose_from_only_if_there_are_some() -> None:
    assert error_as_dict(SEVERAL) == {
        "error": {"code": "several_matches", "message": "Which one do you mean?"},
        "choices": [
            {"label": "Heroes", "url": f"https://open.spotify.com/track/{HEROES}"},
            {"label": "Heroes (live)", "url": "https://www.deezer.com/track/42"},
        ],
    }
    hint = error_as_dict(Notice(NoticeKind.HINT, "A hint."))
    assert hint == {"error": {"code": "hint", "message": "A hint."}}
    json.dumps([error_as_dict(SEVERAL), hint])


def test_everything_optional_is_null_or_empty() -> None:
    found = as_dict(answer(reasons=()))
    assert set(found) == KEYS
    assert set(found["track"]) == TRACK_KEYS
    assert found["track"]["year"] is None
    assert found["verdict"] == "plain"
    assert (found["subgenre"], found["why"]) == (None, [])
    assert (found["year_counted"], found["prior"]) == (False, None)
    assert found["filed_under"] == {"genres": [], "agreement": "unknown", "source": None}
    assert found["heard"] is None


def test_filed_genres_with_their_agreement_and_source() -> None:
    found = as_dict(answer(filed_under=FiledUnder(("hip-hop", "country"), "tables")))
    assert found["filed_under"] == {
        "genres": ["hip-hop", "country"],
        "agreement": "partly",
        "source": "tables",
    }
    json.dumps(found)


def test_subgenre_prior_and_year() -> None:
    counted = Prediction(
        dict(prediction("latin").genres), Verdict.PLAIN, (), year_counted=True, prior="popular"
    )
    bachata = Subgenre("bachata", "latin", 0.78)
    found = as_dict(answer(subject=track(year=2010), prediction=counted, subgenre=bachata))
    assert found["subgenre"] == {"name": "bachata", "probability": 0.78}
    assert (found["year_counted"], found["prior"]) == (True, "popular")
    assert found["track"]["year"] == 2010
    assert "year" not in found["features"]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("album", [False, True])
async def test_answer_is_printed_although_its_picture_cannot_be_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    album: bool,
    as_json: bool,
) -> None:
    @asynccontextmanager
    async def opened(*_: object) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(services=app.services)

    app = FakeApp()
    monkeypatch.setattr(ask, "open_services", opened)
    monkeypatch.setattr(log_setup, "configure", lambda *_, **__: None)  # it is for a process
    pictures = PictureFiles(chart=tmp_path / "none" / "chart.png", card=tmp_path / "card.png")
    words = [ALBUM if album else LINK]
    assert await ask.answer(words, as_json=as_json, pictures=pictures, model=None) == 1
    out, err = capsys.readouterr()
    if as_json:
        found = json.loads(out)
        assert found["error"]["code"] == "unavailable"
        err = found["error"]["message"]
        assert found.keys() >= ({"collection"} if album else KEYS)
    assert ("7 EP" if album else "Old Town Road") in out
    assert "chart.png" in err
    assert (commands.CARD_OF_SONGS in err) is album
    assert (tmp_path / "card.png").exists() is not album, "one picture fails, the other is written"
