"""A model is tested on the built-in songs before it answers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.runtime import self_test
from model.classifier import Classifier, Prediction
from model.errors import BundleInvalid
from tests.support.factories import prediction, save_bundle, save_full_bundle
from tests.support.fakes import FakeClassifier


class Odd(FakeClassifier):
    """Answers with the probabilities that `genres` returns."""

    def __init__(self, genres: Callable[[], Mapping[str, float]]) -> None:
        super().__init__("odd")
        self._genres = genres

    def predict(self, values: Mapping[str, float]) -> Prediction:
        del values
        return replace(prediction(), genres=self._genres())


def failing() -> Mapping[str, float]:
    raise BundleInvalid("it returned another shape")


def changing() -> Callable[[], Mapping[str, float]]:
    answers = iter(({"rock": 0.6, "jazz": 0.4}, {"rock": 0.61, "jazz": 0.39}))
    return lambda: next(answers)


@pytest.mark.parametrize(
    ("genres", "problem"),
    [
        (lambda: {"rock": math.nan, "jazz": 0.5}, "not in 0-1"),
        (lambda: {"rock": math.inf, "jazz": 0.5}, "not in 0-1"),
        (lambda: {"rock": 1.5, "jazz": -0.5}, "not in 0-1"),
        (lambda: {"rock": 0.6, "jazz": 0.3}, "do not sum to 1"),
        (lambda: {"rock": 0.6, "skiffle": 0.4}, "unknown genre skiffle"),
        (changing(), "twice differently"),
        (failing, "another shape"),
    ],
)
def test_model_that_is_not_sane_is_refused(
    genres: Callable[[], Mapping[str, float]], problem: str
) -> None:
    with pytest.raises(ModelUnusable, match=f"model odd failed its test .*{problem}"):
        self_test.check(Odd(genres))


def test_sane_models_pass(tmp_path: Path) -> None:
    self_test.check(FakeClassifier())
    self_test.check(Classifier(save_bundle(tmp_path).load("tiny")))
    self_test.check(Classifier(save_full_bundle(tmp_path).load("full")))


def test_known_answer_is_that_to_the_first_built_in_song(tmp_path: Path) -> None:
    classifier = Classifier(save_bundle(tmp_path).load("tiny"))
    song = self_test.known_songs()[0]
    genres = classifier.predict(song.features.with_year(song.track.year)).genres
    assert self_test.answer(classifier) == genres
