"""A classifier whose every feature speaks for one genre: a softmax over weighted values."""

import math
from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.services.classify import classify
from model.classifier import Prediction
from model.errors import TooFewFeatures
from model.schema import BY_NAME, MINIMUM_CORE, count_core
from model.verdicts import Verdict
from tests.support import factories
from tests.support.fakes import FakeClassifier

WEIGHTS: Final[Mapping[str, tuple[str, float]]] = {
    "danceability": ("hip-hop", 4.0),
    "energy": ("rock", 4.0),
    "speechiness": ("hip-hop", 6.0),
    "acousticness": ("country", 4.0),
    "instrumentalness": ("jazz", 4.0),
    "liveness": ("rock", 1.0),
    "valence": ("pop", 2.0),
    "tempo": ("electronic", 0.02),
    "year": ("pop", 0.02),
}
"""Feature to the genre that it speaks for, and how much for each unit."""

GENRES: Final = tuple(dict.fromkeys(genre for genre, _ in WEIGHTS.values()))


class WeighingClassifier(FakeClassifier):
    """Counts in `asked` how many predictions it made."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def predict(self, values: Mapping[str, float]) -> Prediction:
        if count_core(values) < MINIMUM_CORE:
            raise TooFewFeatures(count_core(values), MINIMUM_CORE)
        self.asked += 1
        scores = dict.fromkeys(GENRES, 0.0)
        for name, (genre, weight) in WEIGHTS.items():
            scores[genre] += weight * (values.get(name, BY_NAME[name].low) - BY_NAME[name].low)
        powers = {genre: math.exp(score) for genre, score in scores.items()}
        total = sum(powers.values())
        genres = sorted(((g, power / total) for g, power in powers.items()), key=lambda g: -g[1])
        return Prediction(dict(genres), Verdict.PLAIN, ())


def song(
    title: str = "Song", values: Mapping[str, float] = factories.VALUES, **fields: object
) -> Answer:
    """Return the answer for a song with these features, by its title's own id."""
    song_id = f"{title:0>22}"[-22:].replace(" ", "0")
    track = factories.track(song_id, title=title, artists=("Someone",), **fields)
    measured = MeasuredTrack(track, AudioFeatures.from_source(dict(values), "sample"))
    return classify(WeighingClassifier(), measured)
