"""Labels that are learned from a few songs each, beside the genres of a model.

Two-covariance model, known from speaker recognition as probabilistic linear discriminant analysis
(S. Ioffe, ECCV 2006; S. Prince and J. Elder, ICCV 2007). In normal scores (`model.song_space`) a
label's songs are distributed as N(mean, within), and its unknown mean as N(population, between);
both covariances were measured on styles of the training tables. From a label's songs follow the
distribution of its mean, and in closed form that of its next song. Features that a song has not
are integrated out. A label therefore cannot overfit its few songs: with none of them its
distribution is nearly that of all songs.

A song's evidence for a label is the log-likelihood ratio against a mixture of all songs and of the
other labels. Logistic calibration (J. Platt, 1999) makes it a probability at even odds: its slope
and intercept are fitted on the label's songs, each left out in turn, with a prior on what was
measured for styles.

`python -m training few-shot` compares it with logistic regression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.song_space import Array, SongSpace, normal_scores, song_space

LEAST_SONGS: Final = 5
"""A label with fewer songs fits none."""

SHOWN: Final = 2 / 3
"""Probability from which a song is said to fit a label: it is twice as probable as not."""

OTHERS: Final = 1 / 3
"""Weight of the other labels in what a label is compared with; all songs have the rest."""

REFERENCES: Final = 400
"""Songs that stand for all songs; drawn once from their distribution, always the same."""

PRIOR_SONGS: Final = 10.0
"""Weight of the prior on slope and intercept, as the inverse of its variance."""

ROUNDS: Final = 25
"""Newton steps of the calibration; it converges after about five."""

LEAST_SLOPE: Final = 0.05
"""A calibrated slope is positive: more evidence never makes a label less probable."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is known of a label's mean: its expectation, [features], and covariance."""

    mean: Array
    covariance: Array


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log-odds are `intercept + slope * evidence`."""

    intercept: float
    slope: float

    def probability(self, evidence: Array) -> Array:
        """Return probabilities, of the shape of `evidence`."""
        odds = np.clip(self.intercept + self.slope * evidence, -30, 30)
        probability: Array = 1 / (1 + np.exp(-odds))
        return probability


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was learned: what is known of its songs, and its calibration."""

    name: str
    belief: Belief
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Evidence:
    """Log-likelihoods of songs, [songs], under all songs and under each label, [labels, songs]."""

    population: Array
    labels: Array

    def ratio(self, own: int) -> Array:
        """Return the log-likelihood ratios of one label against what it is compared with."""
        others = np.delete(self.labels, own, axis=0)
        if not len(others):
            alone: Array = self.labels[own] - self.population
            return alone
        best = np.maximum(others.max(axis=0), self.population)
        mixed = (1 - OTHERS) * np.exp(self.population - best)
        mixed += OTHERS * np.exp(others - best).mean(axis=0)
        against: Array = self.labels[own] - best - np.log(mixed)
        return against


class FewShot:
    """Labels that were learned together; see `model.few_shot_figures.learn`."""

    def __init__(self, labels: Sequence[Label], space: SongSpace | None = None) -> None:
        self._labels = tuple(labels)
        self._space = space or song_space()

    def fits(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return how probably a song fits each label, descending, 0-1.

        `values` are audio features by name, in their units; without any of them, and for
        `key` alone, all labels are about equally probable.
        """
        probabilities = self.probabilities(normal_scores([values]))[:, 0]
        found = {
            label.name: float(probability)
            for label, probability in zip(self._labels, probabilities, strict=True)
        }
        return dict(sorted(found.items(), key=lambda fit: -fit[1]))

    def probabilities(self, songs: Array) -> Array:
        """Return how probably songs with the same known features fit, [labels, songs].

        `songs` are normal scores, [songs, features], NaN where unknown.
        """
        evidence = evidence_of(self._space, [label.belief for label in self._labels], songs)
        found = [
            label.calibration.probability(evidence.ratio(index))
            for index, label in enumerate(self._labels)
        ]
        return np.array(found).reshape(len(self._labels), len(songs))


def precisions(space: SongSpace, songs: Array) -> tuple[Array, Array]:
    """Return what each song tells of its label's mean.

    Args:
        space: Spread of songs.
        songs: Normal scores, [songs, features]; NaN where unknown.

    Returns:
        The precision matrix of each song, [songs, features, features], with zeros for unknown
        features, and its product with the song's deviation from the mean, [songs, features].
    """
    count, size = songs.shape
    matrices = np.zeros((count, size, size))
    products = np.zeros((count, size))
    for index, song in enumerate(songs):
        known = np.flatnonzero(~np.isnan(song))
        inverse = np.linalg.inv(space.within[np.ix_(known, known)])
        matrices[index][np.ix_(known, known)] = inverse
        products[index][known] = inverse @ (song - space.mean)[known]
    return matrices, products


def belief(space: SongSpace, precision: Array, product: Array) -> Belief:
    """Return what sums of `precisions` say of a label's mean; also for a batch of sums."""
    covariance = np.linalg.inv(np.linalg.inv(space.between) + precision).astype(np.float64)
    mean = space.mean + np.einsum("...ij,...j->...i", covariance, product)
    return Belief(mean, covariance)


def evidence_of(space: SongSpace, beliefs: Sequence[Belief], songs: Array) -> Evidence:
    """Return the log-likelihoods of songs with the same known features, [songs, features]."""
    known = np.flatnonzero(~np.isnan(songs[0]))
    block = np.ix_(known, known)
    population = log_density(songs[:, known], space.mean[known], space.total[block])
    labels = [
        log_density(songs[:, known], one.mean[known], (space.within + one.covariance)[block])
        for one in beliefs
    ]
    return Evidence(population, np.array(labels).reshape(len(beliefs), len(songs)))


def log_density(songs: Array, mean: Array, covariance: Array) -> Array:
    """Return the logarithm of the normal density at songs, [songs], without the power of 2 pi."""
    root = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(root, (songs - mean).T)
    density: Array = -0.5 * (scaled**2).sum(axis=0) - np.log(np.diagonal(root)).sum()
    return density


def calibrate(own: Array, others: Array, all_songs: Array, slope: float) -> Calibration:
    """Fit slope and intercept; the label's songs weigh as much as all the rest.

    Args:
        own: Evidence of the label's songs, each left out.
        others: Evidence of the other labels' songs, which weigh half of the rest; may be empty.
        all_songs: Evidence of songs that stand for all.
        slope: Expected slope.
    """
    share = len(own) / 2 if len(others) else 0.0
    evidence = np.concatenate([own, others, all_songs])
    weight = np.concatenate(
        [
            np.ones(len(own)),
            np.full(len(others), share / max(1, len(others))),
            np.full(len(all_songs), (len(own) - share) / len(all_songs)),
        ]
    )
    is_own = np.concatenate([np.ones(len(own)), np.zeros(len(others) + len(all_songs))])
    inputs = np.stack([np.ones_like(evidence), evidence], axis=1)
    prior = np.array([0.0, slope])
    found = prior.copy()
    for _ in range(ROUNDS):
        probability = Calibration(*found).probability(evidence)
        gradient = inputs.T @ (weight * (probability - is_own)) + PRIOR_SONGS * (found - prior)
        curvature = (inputs.T * (weight * probability * (1 - probability))) @ inputs
        step = np.linalg.solve(curvature + PRIOR_SONGS * np.eye(2), gradient)
        found -= step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - the precision of a probability
            break
    return Calibration(float(found[0]), max(float(found[1]), LEAST_SLOPE))
