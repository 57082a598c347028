"""Learns labels from songs, and measures them on their songs, each left out in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np

from model.few_shot import (
    LEAST_SONGS,
    REFERENCES,
    SHOWN,
    Belief,
    Evidence,
    FewShot,
    Label,
    belief,
    calibrate,
    evidence_of,
    precisions,
)
from model.song_space import Array, SongSpace, song_space

CHANCE: Final = 1.0
"""Standard errors above one half that an area under the ROC curve must be to be no chance.

Of labels without anything in common, about three of four are recognised as such.
"""


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well a label's songs are recognised when left out, and others taken for them.

    Attributes:
        songs: Number of its songs.
        recognised: How many of them fit it when they are left out.
        by_chance: Share of all songs that fit it, 0-1.
        is_mixed: Whether its songs score no higher than all songs do, beyond chance.
    """

    songs: int
    recognised: int
    by_chance: float
    is_mixed: bool

    @property
    def is_shown(self) -> bool:
        """Whether songs are said to fit it: some of its own do, and not by chance."""
        return self.recognised > 0 and not self.is_mixed


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned.

    Attributes:
        classifier: The labels that have enough songs, with those that are mixed.
        figures: Figures of each of these.
        alike: Pairs of them whose songs are distinguished no better than by chance. Mixed labels
            are in none, as their songs are like any.
    """

    classifier: FewShot
    figures: Mapping[str, LabelFigures]
    alike: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Taught:
    """A label's songs in normal scores, what they tell of its mean, and what is known of it."""

    songs: Array
    matrices: Array
    products: Array
    belief: Belief

    def without(self, space: SongSpace, index: int) -> Belief:
        """Return what is known without one of the songs."""
        matrix, product = self.matrices.sum(axis=0), self.products.sum(axis=0)
        return belief(space, matrix - self.matrices[index], product - self.products[index])


def learn(examples: Mapping[str, Array], space: SongSpace | None = None) -> Learned:
    """Learn labels from the normal scores of their songs.

    Twenty labels of fifty songs take half a second: call it in a thread.

    Args:
        examples: Songs of each label, [songs, features] as of `normal_scores`. Those of which
            nothing is known are left out, and labels with fewer than LEAST_SONGS others.
        space: Spread of songs; the measured one by default.
    """
    space = space or song_space()
    taught = {name: _taught(space, songs) for name, songs in examples.items()}
    known = {name: one for name, one in taught.items() if len(one.songs) >= LEAST_SONGS}
    left_out = _left_out(space, list(known.values()))
    references = evidence_of(space, [one.belief for one in known.values()], _references(space))
    labels, figures = [], {}
    for index, (name, one) in enumerate(known.items()):
        ratios = [evidence.ratio(index) for evidence in left_out]
        others = np.concatenate([np.zeros(0), *ratios[:index], *ratios[index + 1 :]])
        by_all = references.ratio(index)
        calibration = calibrate(ratios[index], others, by_all, space.slope)
        labels.append(Label(name, one.belief, calibration))
        # Against all songs alone: other labels may share what its songs have in common.
        own = left_out[index].labels[index] - left_out[index].population
        figures[name] = LabelFigures(
            songs=len(one.songs),
            recognised=int((calibration.probability(ratios[index]) >= SHOWN).sum()),
            by_chance=float((calibration.probability(by_all) >= SHOWN).mean()),
            is_mixed=_is_chance(own, references.labels[index] - references.population),
        )
    names = list(known)
    unmixed = (index for index, name in enumerate(names) if not figures[name].is_mixed)
    pairs = combinations(unmixed, 2)
    alike = tuple((names[a], names[b]) for a, b in pairs if _are_alike(left_out, a, b))
    return Learned(FewShot(labels, space), figures, alike)


def _taught(space: SongSpace, songs: Array) -> _Taught:
    usable = songs[~np.isnan(songs).all(axis=1)]
    matrices, products = precisions(space, usable)
    return _Taught(
        usable, matrices, products, belief(space, matrices.sum(axis=0), products.sum(axis=0))
    )


def _left_out(space: SongSpace, labels: Sequence[_Taught]) -> list[Evidence]:
    """Return the evidence of each label's songs, each as if its label had not been taught it."""
    return [_left_out_of(space, labels, index) for index in range(len(labels))]


def _left_out_of(space: SongSpace, labels: Sequence[_Taught], own: int) -> Evidence:
    songs, beliefs = labels[own].songs, [one.belief for one in labels]
    population, found = np.zeros(len(songs)), np.zeros((len(labels), len(songs)))
    is_known = ~np.isnan(songs)
    for pattern in np.unique(is_known, axis=0):
        rows = np.flatnonzero((is_known == pattern).all(axis=1))
        evidence = evidence_of(space, beliefs, songs[rows])
        population[rows], found[:, rows] = evidence.population, evidence.labels
    for index, song in enumerate(songs):
        without = labels[own].without(space, index)
        found[own, index] = evidence_of(space, [without], song[np.newaxis]).labels[0, 0]
    return Evidence(population, found)


def _are_alike(left_out: Sequence[Evidence], one: int, other: int) -> bool:
    first = left_out[one].labels[one] - left_out[one].labels[other]
    second = left_out[other].labels[one] - left_out[other].labels[other]
    return _is_chance(first, second)


def _is_chance(own: Array, others: Array) -> bool:
    """Return whether own scores are higher than others no more often than by chance.

    The area under the ROC curve (Mann-Whitney) is within CHANCE standard errors of one half.
    """
    wins = (own[:, np.newaxis] > others).mean() + (own[:, np.newaxis] == others).mean() / 2
    error = np.sqrt((len(own) + len(others) + 1) / (12 * len(own) * len(others)))
    return bool(wins < 0.5 + CHANCE * error)


@cache
def _standard_normals(size: int) -> Array:
    return np.random.default_rng(0).standard_normal((REFERENCES, size))


def _references(space: SongSpace) -> Array:
    """Return songs that stand for all songs, [songs, features]."""
    root = np.linalg.cholesky(space.total)
    songs: Array = space.mean + _standard_normals(len(space.mean)) @ root.T
    return songs
