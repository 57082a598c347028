"""The classifier, with a small model whose results can be calculated."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.bundle import Bundle
from model.classifier import Classifier, Verdict
from model.errors import BundleInvalid, TooFewFeatures
from model.genres import STUDY
from model.schema import CORE
from tests.support.factories import VALUES, metadata, onnx_model, save_bundle

EIGHT = {name: VALUES[name] for name in CORE}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


def test_probabilities_are_descending_and_sum_to_one(tiny: Classifier) -> None:
    found = tiny.predict(EIGHT)
    chances = list(found.genres.values())
    assert set(found.genres) == set(STUDY)
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-12)
    assert found.best == "hip-hop"


def test_missing_features_of_the_model_are_listed(tiny: Classifier) -> None:
    values = {name: VALUES[name] for name in (*CORE[:5], "loudness")}
    assert tiny.predict(values).missing == ("liveness", "valence", "tempo")


def test_three_core_features_are_too_few(tiny: Classifier) -> None:
    values = {name: VALUES[name] for name in (*CORE[:3], "loudness", "key", "mode", "duration_ms")}
    with pytest.raises(TooFewFeatures) as raised:
        tiny.predict(values)
    assert (raised.value.given, raised.value.needed) == (3, 4)


@pytest.mark.parametrize(
    ("dance", "energy", "verdict"),
    [(1.0, 0.0, Verdict.CLEAR), (0.6, 0.6, Verdict.CLOSE), (0.0, 0.02, Verdict.UNSURE)],
)
def test_verdict_follows_the_thresholds_of_the_bundle(
    tiny: Classifier, dance: float, energy: float, verdict: Verdict
) -> None:
    song = {**EIGHT, "danceability": dance, "energy": energy}
    assert tiny.predict(song).verdict == verdict


def test_reasons_are_the_features_with_an_effect(tiny: Classifier) -> None:
    song = {**EIGHT, "danceability": 0.9, "energy": 0.1}
    first, second, *_ = tiny.explain(song, "hip-hop")
    assert (first.feature, first.value, first.typical) == ("energy", 0.1, 0.7)
    assert second.feature == "danceability"
    assert first.weight > second.weight > 0


def test_two_or_three_reasons(tiny: Classifier) -> None:
    for genre in STUDY:
        assert 2 <= len(tiny.explain(EIGHT, genre)) <= 3


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CORE), st.floats(0, 1), min_size=4, max_size=8),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_valid_song_can_be_classified(
    tiny: Classifier, song: dict[str, float], tempo: float
) -> None:
    found = tiny.predict(song | {"tempo": tempo})
    assert sum(found.genres.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= chance <= 1 for chance in found.genres.values())
    assert tiny.explain(song, found.best)


@pytest.mark.parametrize("onnx", [b"", b"no model", onnx_model(features=7), onnx_model(genres=5)])
def test_model_of_another_shape_is_invalid(onnx: bytes) -> None:
    with pytest.raises(BundleInvalid, match="tiny"):
        Classifier(Bundle(metadata(), onnx))


def test_typical_song_of_a_genre_is_that_of_the_bundle(tmp_path: Path) -> None:
    genres = {genre: {"energy": 0.9 if genre == "rock" else 0.1} for genre in STUDY}
    store = save_bundle(tmp_path, typical_genres=genres)
    assert Classifier(store.load("tiny")).typical("rock") == {"energy": 0.9}
