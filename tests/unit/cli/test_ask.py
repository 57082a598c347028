"""The JSON shape of `ask --json`."""

import json

from bot.cli.ask import as_dict
from bot.domain.filing import FiledUnder
from model.classifier import Prediction
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import answer, prediction, track

KEYS = {
    *("track", "genres", "verdict", "subgenre", "why", "features", "missing", "year_counted"),
    *("prior", "source", "sources", "model", "filed_under"),
}
TRACK_KEYS = {
    *("id", "title", "artists", "url", "image", "isrc", "musicbrainz_id", "deezer_id"),
    *("duration_ms", "year"),
}


def test_everything_optional_is_null_or_empty() -> None:
    found = as_dict(answer(reasons=()))
    assert set(found) == KEYS
    assert set(found["track"]) == TRACK_KEYS
    assert found["track"]["year"] is None
    assert found["verdict"] == "plain"
    assert (found["subgenre"], found["why"]) == (None, [])
    assert (found["year_counted"], found["prior"]) == (False, None)
    assert found["filed_under"] == {"genres": [], "agreement": "unknown", "source": None}


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
