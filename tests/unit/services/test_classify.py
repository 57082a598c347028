"""From a measured track to an answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.cards import Answer
from bot.domain.filing import Agreement, FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.services.classify import classify
from model.classifier import Classifier
from model.sound.fusion import Exponents, product
from model.sound.heard import NoMusic
from model.verdicts import Verdict, VerdictFigures
from tests.support.factories import VALUES, save_full_bundle, track
from tests.support.fake_listener import heard
from tests.support.fakes import FakeClassifier


def test_an_answer_is_complete() -> None:
    filed = FiledUnder(("folk",), "tables")
    answer = classify(FakeClassifier(), MeasuredTrack(track(), FEATURES, filed))
    assert (answer.subject, answer.features, answer.filed_under) == (track(), FEATURES, filed)
    assert answer.prediction.best == "country"
    assert answer.agreement is Agreement.DISAGREES
    assert (answer.model.name, answer.model.version) == ("fake", "0")
    assert answer.reasons
    assert answer.typical


def test_the_length_from_the_lookup_is_used_as_a_feature() -> None:
    known = {name: value for name, value in VALUES.items() if name != "duration_ms"}
    subject = track(duration_ms=1234, duration_source="lookup")
    measured = MeasuredTrack(subject, AudioFeatures.from_source(known, "fake"))
    features = classify(FakeClassifier(), measured).features
    assert features.values["duration_ms"] == 1234
    assert features.sources["duration_ms"] == "lookup"


@pytest.fixture
def sure(tmp_path: Path) -> Classifier:
    """Return a classifier that states every genre plainly, with sub-genres and the year."""
    verdicts = {name: VerdictFigures(0.0) for name in Verdict}
    return Classifier(save_full_bundle(tmp_path, verdicts=verdicts).load("full"))


FEATURES = AudioFeatures.from_source(VALUES, "fake")


def classified(
    classifier: Classifier, subject: Track | None = None, features: AudioFeatures = FEATURES
) -> Answer:
    return classify(classifier, MeasuredTrack(subject or track(), features))


def test_the_year_of_a_track_is_an_input_but_no_feature(sure: Classifier) -> None:
    answer = classified(sure, track(year=1930))
    assert answer.prediction.year_counted
    assert answer.prediction.best == "rock"
    assert answer.features.values == VALUES
    assert "year" not in answer.prediction.missing
    without = classified(sure)
    assert not without.prediction.year_counted
    assert without.prediction.best == "hip-hop"


@pytest.mark.parametrize("year", [0, -5, 9999])
def test_an_implausible_year_is_not_counted(sure: Classifier, year: int) -> None:
    answer = classified(sure, track(year=year))
    assert not answer.prediction.year_counted
    assert "year" not in {reason.feature for reason in answer.reasons}


@pytest.mark.parametrize("length", [0, -1, 86_400_001])
def test_an_invalid_length_from_the_lookup_is_not_used(sure: Classifier, length: int) -> None:
    known = {name: value for name, value in VALUES.items() if name != "duration_ms"}
    features = AudioFeatures.from_source(known, "fake")
    answer = classified(sure, track(duration_ms=length), features)
    assert "duration_ms" not in answer.features.values


def test_the_subgenre_is_that_of_a_genre_stated_plainly(sure: Classifier, tmp_path: Path) -> None:
    subgenre = classified(sure).subgenre
    assert subgenre is not None
    assert (subgenre.name, subgenre.parent) == ("trap", "hip-hop")
    verdicts = {name: VerdictFigures(1.0) for name in Verdict}
    unsure = Classifier(save_full_bundle(tmp_path, verdicts=verdicts).load("full"))
    assert classified(unsure).subgenre is None


def test_a_broken_model_of_subgenres_spoils_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    verdicts = {name: VerdictFigures(0.0) for name in Verdict}
    bundle = replace(save_full_bundle(tmp_path, verdicts=verdicts).load("full"), subgenres=b"x")
    answer = classified(Classifier(bundle))
    assert answer.subgenre is None
    assert answer.prediction.verdict is Verdict.PLAIN
    assert "no sub-genre" in caplog.text


def test_filed_genres_never_change_the_probabilities(sure: Classifier) -> None:
    measured = MeasuredTrack(track(), FEATURES)
    alone = classify(sure, measured).prediction
    for genre in ("rock", "hip-hop", "electronic"):
        filed = replace(measured, filed_under=FiledUnder((genre,), "tables"))
        assert classify(sure, filed).prediction == alone


@pytest.mark.parametrize("genres", [("rock",), ("electronic", "hip-hop"), ("folk", "latin")])
def test_filed_genres_are_no_input_of_the_prediction(
    sure: Classifier, genres: tuple[str, ...]
) -> None:
    without = classify(sure, MeasuredTrack(track(year=1930), FEATURES))
    filed = FiledUnder(genres, "tables")
    found = classify(sure, MeasuredTrack(track(year=1930), FEATURES, filed))
    assert found.filed_under == filed
    assert repr(dict(found.prediction.genres)) == repr(dict(without.prediction.genres))
    assert replace(found, filed_under=None) == without


EXPONENTS = Exponents(0.5, 2.0)


def test_by_learned_exponents_the_sound_counts(sure: Classifier) -> None:
    found = heard(genres={"rock": 0.9, "hip-hop": 0.05, "metal": 0.05}, exponents=EXPONENTS)
    alone = classified(sure)
    answer = classify(sure, MeasuredTrack(track(), FEATURES, heard=found))
    assert alone.prediction.best == "hip-hop"
    assert answer.prediction.best == "rock"
    assert answer.prediction.genres == product(alone.prediction.genres, found.genres, EXPONENTS)
    assert answer.prediction.missing == alone.prediction.missing
    assert answer.reasons != alone.reasons
    assert answer.by_numbers == alone.prediction.named
    assert answer.sound_agreement is Agreement.PARTLY  # the sound: rock, then hip-hop
    assert alone.by_numbers == ()


def test_the_verdict_on_both_is_by_the_thresholds_of_the_numbers(tmp_path: Path) -> None:
    verdicts = {name: VerdictFigures(0.0 if name is Verdict.UNSURE else 0.95) for name in Verdict}
    classifier = Classifier(save_full_bundle(tmp_path, verdicts=verdicts).load("full"))
    assert classified(classifier).prediction.verdict is not Verdict.PLAIN
    genres = {"rock": 0.001, "hip-hop": 0.998, "electronic": 0.001}
    found = heard(genres=genres, exponents=EXPONENTS)
    answer = classify(classifier, MeasuredTrack(track(), FEATURES, heard=found))
    assert answer.prediction.verdict is Verdict.PLAIN


@pytest.mark.parametrize(
    "fields",
    [{"exponents": None}, {"exponents": EXPONENTS, "genres": {}, "no_music": NoMusic.NOISE}],
)
def test_without_exponents_or_music_the_sound_changes_nothing(
    sure: Classifier, fields: dict[str, Any]
) -> None:
    found = heard(**fields)
    answer = classify(sure, MeasuredTrack(track(), FEATURES, heard=found))
    assert answer == replace(classified(sure), heard=found)
