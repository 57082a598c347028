"""The classifier, with a small model whose results can be calculated."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import bundle
from model.bundle import MODEL, REPORT, Bundle, Lineage
from model.classifier import Classifier, Prediction
from model.errors import BadValue, BundleInvalid, TooFewFeatures, UnknownPrior
from model.gate_report import Check, GateReport
from model.genres import STUDY
from model.percentiles import median
from model.schema import CORE
from model.verdicts import Verdict
from tests.support.factories import (
    PRIORS,
    VALUES,
    metadata,
    onnx_model,
    save_bundle,
    save_full_bundle,
)

EIGHT = {name: VALUES[name] for name in CORE}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """Return a classifier whose model also takes the year, with priors and sub-genres."""
    return Classifier(save_full_bundle(tmp_path_factory.mktemp("bundles")).load("full"))


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


def test_report_and_lineage_come_with_the_bundle(tmp_path: Path, tiny: Classifier) -> None:
    assert (tiny.report, tiny.lineage) == (None, None)
    report = GateReport("0", 9, 3, {"songs": 5}, (Check("size", passed=True, sentence="Small."),))
    lineage = Lineage("0", "0", 9, "1.0", 0, "")
    described = metadata("judged", lineage=lineage)
    files = {MODEL: onnx_model(), REPORT: report.to_json().encode()}
    bundle.write(tmp_path, described, files)
    judged = Classifier(bundle.read(tmp_path))
    assert (judged.report, judged.lineage) == (report, lineage)


def test_report_that_is_none_is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    bundle.write(tmp_path, metadata("odd"), {MODEL: onnx_model(), REPORT: b"\xff"})
    odd = Classifier(bundle.read(tmp_path))
    with pytest.raises(BundleInvalid):
        _ = odd.report


def test_best_genres_of_a_batch_are_those_of_single_songs(full: Classifier) -> None:
    values = {name: value for name, value in VALUES.items() if name != "tempo"}
    grids = {"danceability": [0.0, 0.3, 0.9, 1.0], "tempo": [60.0, 200.0], "year": [1955.0, 2020.0]}
    expected = {
        name: [full.predict({**values, name: value}).best for value in grid]
        for name, grid in grids.items()
    }
    assert full.best_genres(values, grids) == expected
    assert len({genre for genres in expected.values() for genre in genres}) > 1


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
    [(1.0, 0.0, Verdict.PLAIN), (0.6, 0.6, Verdict.EITHER), (0.0, 0.02, Verdict.UNSURE)],
)
def test_verdict_follows_the_thresholds_of_the_bundle(
    tiny: Classifier, dance: float, energy: float, verdict: Verdict
) -> None:
    song = {**EIGHT, "danceability": dance, "energy": energy}
    assert tiny.predict(song).verdict == verdict


def for_genre(classifier: Classifier, genre: str) -> Prediction:
    """Return a prediction that has a genre first, then the others in the model's order."""
    others = [one for one in classifier.metadata.genres if one != genre]
    return Prediction({genre: 0.5, **dict.fromkeys(others, 0.25)}, Verdict.EITHER, ())


def test_reasons_are_the_features_with_an_effect(tiny: Classifier) -> None:
    song = {**EIGHT, "danceability": 0.9, "energy": 0.1}
    first, second = tiny.explain(song, tiny.predict(song))
    assert (first.feature, first.value, first.typical) == ("energy", 0.1, median("energy"))
    assert second.feature == "danceability"
    assert first.weight > second.weight > 0


def test_typical_song_of_the_bundle_is_no_baseline(tiny: Classifier) -> None:
    """The baseline is the median of all songs, which the chart shows as well."""
    song = {name: median(name) for name in CORE} | {"danceability": 0.9}
    metadata = replace(tiny.metadata, typical_song=song)
    classifier = Classifier(Bundle(metadata, onnx_model()))
    (reason,) = classifier.explain(song, for_genre(classifier, "hip-hop"))
    assert (reason.feature, reason.typical) == ("danceability", median("danceability"))


def test_year_counts_where_the_model_takes_it(full: Classifier, tiny: Classifier) -> None:
    old = EIGHT | {"year": 1960.0}
    assert full.predict(old).genres["rock"] > full.predict(EIGHT).genres["rock"]
    assert [full.predict(song).year_counted for song in (old, EIGHT)] == [True, False]
    assert tiny.predict(old) == tiny.predict(EIGHT)
    assert not tiny.predict(old).year_counted


def test_year_is_never_missing_and_may_be_a_reason(full: Classifier) -> None:
    assert full.predict(EIGHT).missing == ()
    song = EIGHT | {"danceability": 0.1, "energy": 0.95, "year": 1930.0}
    first = full.explain(song, for_genre(full, "rock"))[0]
    assert (first.feature, first.value, first.typical) == ("year", 1930, 1990)


def test_subgenre_is_that_of_the_genre_if_it_is_sure(full: Classifier, tiny: Classifier) -> None:
    dance = {**EIGHT, "danceability": 1.0, "energy": 0.0}
    found = full.subgenre(dance, "hip-hop")
    assert found is not None
    assert (found.name, found.parent) == ("trap", "hip-hop")
    assert 0.5 <= found.probability <= 1
    assert full.subgenre(dance, "rock") is None
    assert tiny.subgenre(dance, "hip-hop") is None


@pytest.mark.parametrize("onnx", [b"no model", onnx_model(features=9, genres=5)])
def test_model_of_subgenres_is_loaded_when_it_is_first_used(tmp_path: Path, onnx: bytes) -> None:
    damaged = replace(save_full_bundle(tmp_path).load("full"), subgenres=onnx)
    classifier = Classifier(damaged)
    assert classifier.predict(EIGHT).best == "hip-hop"
    with pytest.raises(BundleInvalid, match="sub-genres"):
        classifier.subgenre(EIGHT, "hip-hop")


def test_prior_multiplies_the_probabilities_by_the_tempered_ratio(tmp_path: Path) -> None:
    bundle = save_full_bundle(tmp_path).load("full")
    plain, popular = (Classifier(bundle, name).predict(EIGHT) for name in ("tables", "popular"))
    as_is = Classifier(replace(bundle, metadata=replace(bundle.metadata, priors={})))
    assert plain.genres == pytest.approx(as_is.predict(EIGHT).genres, abs=1e-6)
    weighted = {
        genre: chance * (PRIORS["popular"][genre] / PRIORS["tables"][genre]) ** 0.5
        for genre, chance in plain.genres.items()
    }
    expected = {genre: chance / sum(weighted.values()) for genre, chance in weighted.items()}
    assert popular.genres == pytest.approx(expected, abs=1e-6)
    assert (plain.prior, popular.prior) == ("tables", "popular")
    assert as_is.predict(EIGHT).prior is None


def test_default_prior_is_popular_music_and_others_must_exist(tmp_path: Path) -> None:
    bundle = save_full_bundle(tmp_path).load("full")
    assert Classifier(bundle).predict(EIGHT) == Classifier(bundle, "popular").predict(EIGHT)
    with pytest.raises(UnknownPrior, match="tables, popular, even"):
        Classifier(bundle, "none")


def test_bundle_without_priors_is_served_as_is_under_any_known(tmp_path: Path) -> None:
    bundle = save_bundle(tmp_path).load("tiny")
    assert Classifier(bundle, "even").predict(EIGHT) == Classifier(bundle).predict(EIGHT)
    with pytest.raises(UnknownPrior, match="popular, tables, even"):
        Classifier(bundle, "nonsense")


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CORE), st.floats(0, 1), min_size=4, max_size=8),
    st.floats(max_value=500) | st.just(math.nan) | st.just(math.inf),
    st.floats() | st.integers(),
)
def test_any_valid_song_can_be_classified(
    full: Classifier, song: dict[str, float], tempo: float, year: float
) -> None:
    song |= {"tempo": tempo, "valence": 0.5, "energy": 0.5, "liveness": 0.5, "speechiness": 0.5}
    song |= {"year": year}
    found = full.predict(song)
    assert sum(found.genres.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= chance <= 1 for chance in found.genres.values())
    assert len(full.explain(song, found)) <= 3


@pytest.mark.parametrize("year", [0, -5, 1899, 9999, 1e9, math.nan, math.inf, -1960.0])
def test_implausible_year_is_a_missing_one(full: Classifier, year: float) -> None:
    song = EIGHT | {"year": year}
    assert full.predict(song) == full.predict(EIGHT)
    rock = for_genre(full, "rock")
    assert full.explain(song, rock) == full.explain(EIGHT, rock)
    assert full.subgenre(song, "hip-hop") == full.subgenre(EIGHT, "hip-hop")


@pytest.mark.parametrize(
    ("name", "value"),
    [("tempo", math.nan), ("tempo", math.inf), ("tempo", 0.0), ("energy", math.nan)],
)
def test_value_that_is_not_finite_or_marks_absence_is_missing(
    tiny: Classifier, name: str, value: float
) -> None:
    without = {feature: number for feature, number in EIGHT.items() if feature != name}
    assert tiny.predict(EIGHT | {name: value}) == tiny.predict(without)
    rock = for_genre(tiny, "rock")
    assert tiny.explain(EIGHT | {name: value}, rock) == tiny.explain(without, rock)


def test_missing_values_do_not_count_as_given(tiny: Classifier) -> None:
    with pytest.raises(TooFewFeatures):
        tiny.predict(dict.fromkeys(CORE, math.nan))


@pytest.mark.parametrize(
    ("name", "value"), [("tempo", 1e30), ("loudness", -1e30), ("energy", 1.5), ("key", 12.0)]
)
def test_value_outside_its_range_is_refused(tiny: Classifier, name: str, value: float) -> None:
    for call in (tiny.predict, lambda song: tiny.explain(song, for_genre(tiny, "rock"))):
        with pytest.raises(BadValue, match=name):
            call(EIGHT | {name: value})


@pytest.mark.parametrize("onnx", [b"", b"no model", onnx_model(features=7), onnx_model(genres=5)])
def test_model_of_another_shape_is_invalid(onnx: bytes) -> None:
    with pytest.raises(BundleInvalid, match="tiny"):
        Classifier(Bundle(metadata(), onnx))


def test_typical_song_of_a_genre_is_that_of_the_bundle(tmp_path: Path) -> None:
    genres = {genre: {"energy": 0.9 if genre == "rock" else 0.1} for genre in STUDY}
    store = save_bundle(tmp_path, typical_genres=genres)
    assert Classifier(store.load("tiny")).typical("rock") == {"energy": 0.9}
