"""Test of a model before it answers: it classifies the built-in songs."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.errors import ModelUnusable
from bot.domain.ports import Classifier
from bot.domain.tracks import MeasuredTrack
from bot.services.classify import classify, model_inputs
from bot.sources import embedded_songs
from bot.texts import models as texts
from model.genres import WIDE

EXPLAINED: Final = 3
"""Number of songs for which all that a card has of a model is computed: it takes most of the time,
in which requests are slower."""

TOLERANCE: Final = 1e-3
"""Largest difference from 1 of a sum of probabilities."""


def known_songs() -> Sequence[MeasuredTrack]:
    """Return the built-in songs with their features."""
    return [MeasuredTrack(song.track, song.features) for song in embedded_songs.load()]


def answer(classifier: Classifier, song: MeasuredTrack | None = None) -> Mapping[str, float]:
    """Return the probability of each genre for a song, by default the first built-in one, 0-1.

    Raises what the classifier raises.
    """
    return classify(classifier, song or known_songs()[0]).prediction.genres


def check(classifier: Classifier) -> None:
    """Classify each built-in song twice; the second answer must equal the first.

    This also does what onnxruntime does at a model's first use only.

    Raises:
        ModelUnusable: The answers differ, a probability is not in 0-1, those of a song do not sum
            to 1, a genre is unknown, or the model fails.
    """
    for number, song in enumerate(known_songs()):
        _, values = model_inputs(song)
        try:
            genres = classifier.predict(values).genres
            is_explained = number < EXPLAINED
            again = answer(classifier, song) if is_explained else classifier.predict(values).genres
        except Exception as error:  # users would get any of them
            raise ModelUnusable(texts.self_test_failed(classifier.name, repr(error))) from error
        if problem := _problem(genres, again):
            raise ModelUnusable(texts.self_test_failed(classifier.name, problem))


def _problem(genres: Mapping[str, float], again: Mapping[str, float]) -> str | None:
    """Return what is wrong with two answers to one song; None if nothing is."""
    if unknown := sorted(set(genres) - set(WIDE)):
        return texts.unknown_genre(unknown[0])
    if not all(0 <= probability <= 1 for probability in genres.values()):  # False for NaN
        return texts.NO_PROBABILITY
    if not math.isclose(sum(genres.values()), 1, abs_tol=TOLERANCE):
        return texts.NO_DISTRIBUTION
    return None if dict(again) == dict(genres) else texts.NOT_REPEATABLE
