"""Two models' probabilities for the same frozen songs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from model.schema import EXTRA, YEAR
from training.evaluation import Codes, codes
from training.features import Matrix, without
from training.gate.contender import Contender
from training.gate.frozen import FrozenData, FrozenKind

TITLES: Final[dict[FrozenKind, str]] = {
    "tables": "the tables' test songs",
    "corrections": "the corrections held back",
    "songs": "the built-in songs",
    "fma": "FMA's test songs",
    "drawn": "songs drawn from what the model knew",
    "drawn_alike": "drawn songs with the features that the corrections have",
}
"""Names of kinds of frozen data in sentences."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Frozen songs that at least one of two models has the genre of, and the answers of both.

    Attributes:
        title: Name of the songs in sentences.
        kind: Where they come from.
        genres: Genres of both models.
        songs: Title and artist of each song.
        artists: Artist of each song.
        truth: Index in `genres` of each song's genre.
        before: Probabilities of the model that is compared with, [songs, genres]; 0 for genres
            that it lacks.
        after: Those of the candidate.
    """

    title: str
    kind: FrozenKind
    genres: tuple[str, ...]
    songs: tuple[str, ...]
    artists: tuple[str, ...]
    truth: Codes
    before: Matrix
    after: Matrix

    @property
    def best_before(self) -> Codes:
        """Index of the most probable genre of each song before."""
        best: Codes = self.before.argmax(axis=1)
        return best

    @property
    def best_after(self) -> Codes:
        """Index of the most probable genre of each song after."""
        best: Codes = self.after.argmax(axis=1)
        return best


def compare(
    before: Contender, candidate: Contender, data: FrozenData, *, core_alone: bool = False
) -> Compared | None:
    """Return the answers of both models; None if neither has a genre of any of the songs.

    Args:
        before: The model that is compared with.
        candidate: The candidate.
        data: The songs.
        core_alone: Whether the models are given the core features alone.

    Raises BundleInvalid if a model cannot be run.
    """
    genres = genres_of_both(before, candidate)
    truth = codes(pd.Series(data.truth, dtype="str"), genres)
    known = np.flatnonzero(truth >= 0)
    if not known.size:
        return None
    values = data.values[known]  # noqa: PD011 - an array, no data frame
    if core_alone:
        values = without(values, (*EXTRA, YEAR.name))
    return Compared(
        title=TITLES[data.kind] + (", core features alone" if core_alone else ""),
        kind=data.kind,
        genres=genres,
        songs=tuple(data.songs[index] for index in known),
        artists=tuple(data.artists[index] for index in known),
        truth=truth[known],
        before=answers(before, values, genres),
        after=answers(candidate, values, genres),
    )


def genres_of_both(before: Contender, candidate: Contender) -> tuple[str, ...]:
    """Return the genres of two models, those of the first in its order."""
    return before.genres + tuple(one for one in candidate.genres if one not in before.genres)


def answers(contender: Contender, values: Matrix, genres: tuple[str, ...]) -> Matrix:
    """Return a model's probabilities, [songs, genres]; 0 for genres that it lacks."""
    found = np.zeros((len(values), len(genres)), dtype=np.float32)
    found[:, [genres.index(one) for one in contender.genres]] = contender.probabilities(values)
    return found
