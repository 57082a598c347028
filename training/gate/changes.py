"""What a candidate changes, for its report: songs and training items."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from model.gate_report import Disagreement, SongChange
from training.feedback.votes import AgreedLabel
from training.gate.comparison import answers, genres_of_both
from training.gate.contender import Contender
from training.gate.frozen import FrozenData
from training.gate.frozen_data import name_of, values_of

MOST_SONGS: Final = 200
MOST_DISAGREEMENTS: Final = 50


def song_changes(
    active: Contender, candidate: Contender, sets: Iterable[FrozenData]
) -> tuple[SongChange, ...]:
    """Return the songs whose most probable genre changed, those of earlier sets first.

    A song that several sets have is listed once.
    """
    found = {change.song: change for data in sets for change in _changes(active, candidate, data)}
    return tuple(found.values())[:MOST_SONGS]


def _changes(active: Contender, candidate: Contender, data: FrozenData) -> Iterator[SongChange]:
    genres = genres_of_both(active, candidate)
    before, after = (
        answers(one, data.values, genres).argmax(axis=1) for one in (active, candidate)
    )
    for index in np.flatnonzero(before != after):
        yield SongChange(
            song=data.songs[index],
            truth=data.truth[index],
            before=genres[before[index]],
            after=genres[after[index]],
        )


def disagreements(candidate: Contender, trained: Sequence[AgreedLabel]) -> tuple[Disagreement, ...]:
    """Return the training items that the candidate answers otherwise, the surest answers first.

    These are wrong labels, or songs that their features do not tell apart from others.
    """
    known = [label for label in trained if label.genre in candidate.genres]
    if not known:
        return ()
    probabilities = candidate.probabilities(values_of(known))
    own = probabilities[range(len(known)), [candidate.genres.index(one.genre) for one in known]]
    best = probabilities.argmax(axis=1)
    return tuple(
        Disagreement(
            song=name_of(label),
            label=label.genre,
            predicted=candidate.genres[best[index]],
            probability=round(float(own[index]), 4),
            weight=round(label.weight, 4),
        )
        for index in np.argsort(own, kind="stable").tolist()
        if candidate.genres[best[index]] != (label := known[index]).genre
    )[:MOST_DISAGREEMENTS]
