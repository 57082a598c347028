"""The genre of values that are set by hand, and the nearest values with another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain import what_if
from bot.domain.cards import Answer
from bot.domain.errors import FeaturesUnknown
from bot.domain.ports import Classifier
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.services.classify import classify
from model.schema import NAMES, YEAR

SOURCE: Final = "what if"
"""Source of the values in answers."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The nearest value of a feature at which another genre becomes the most probable one."""

    feature: str
    value: float
    genre: str
    is_higher: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """A prediction from values, with its turning points.

    `answer` is None if too few values are known for a prediction; there are no turning points then.
    """

    answer: Answer | None
    turning_points: tuple[TurningPoint, ...] = ()


def outlook(model: Classifier, values: Mapping[str, float], this_year: int) -> Outlook:
    """Classify values, and find their turning points; takes 10 ms."""
    features = {name: value for name, value in values.items() if name in NAMES}
    year = int(values[YEAR.name]) if YEAR.name in values else None
    measured = MeasuredTrack(Track(year=year), AudioFeatures.from_source(features, SOURCE))
    try:
        answer = classify(model, measured)
    except FeaturesUnknown:
        return Outlook(None)
    return Outlook(answer, turning_points(model, values, answer.prediction.best, this_year))


def turning_points(
    model: Classifier, values: Mapping[str, float], best: str, this_year: int
) -> tuple[TurningPoint, ...]:
    """Return the turning point of each known feature, in schema order; none where there is none.

    Of each feature, all values that its slider can be dragged to are tried, the other features
    unchanged (about 1,200 songs, in one batch of the model); of those at which another genre than
    `best` is the most probable one, the nearest is the turning point, the higher one of two that
    are as near. What lies between two neighbouring values of a slider is not looked at.
    """
    sliders = what_if.sliders(this_year)
    grids = {name: sliders[name].grid() for name in values}
    found = []
    for name, genres in model.best_genres(values, grids).items():
        here = values[name]
        others = [
            (abs(value - here), -value, genre)
            for value, genre in zip(grids[name], genres, strict=True)
            if genre != best and value != here
        ]
        if others:
            _, negative, genre = min(others)
            found.append(TurningPoint(name, -negative, genre, -negative > here))
    return tuple(found)
