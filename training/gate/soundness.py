"""Checks of a candidate alone: its inputs and genres, and that its answers are probabilities."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from model.errors import BundleInvalid
from model.gate_report import Check
from model.schema import BY_NAME, CORE, INPUT_NAMES
from training.features import Absence, Matrix
from training.gate.contender import Contender

SONGS: Final = 512
"""Number of random songs that are classified."""

TOLERANCE: Final = 1e-3
"""Largest difference from 1 of the sum of a song's probabilities."""

SAME: Final = 1e-3
"""Probabilities of different songs that differ by less are equal."""


def soundness(active: Contender, candidate: Contender) -> Iterator[Check]:
    """Yield the checks; a candidate that fails one of them cannot be compared any further."""
    yield _features(active, candidate)
    yield _genres(active, candidate)
    yield _answers(candidate)


def _features(active: Contender, candidate: Contender) -> Check:
    lost = [name for name in active.features if name not in candidate.features]
    added = [name for name in candidate.features if name not in active.features]
    changes = [f"without {', '.join(lost)}"] * bool(lost) + [f"with {', '.join(added)}"] * bool(
        added
    )
    same = f"It takes the same {len(active.features)} features as before."
    sentence = f"It takes other features than before: {'; '.join(changes)}." if changes else same
    return Check("features", not changes, sentence)


def _genres(active: Contender, candidate: Contender) -> Check:
    lost = [genre for genre in active.genres if genre not in candidate.genres]
    sentence = (
        f"It no longer has these genres: {', '.join(lost)}."
        if lost
        else f"It has all {len(active.genres)} genres that there were before."
    )
    return Check("genres", not lost, sentence)


def _answers(candidate: Contender) -> Check:
    """Check the answers to random songs, most of them with missing values, some with none."""
    name = "probabilities"
    try:
        found = candidate.raw(_random_songs())
    except BundleInvalid as error:
        return Check(name, passed=False, sentence=f"It cannot answer: {error}.")
    if found.shape != (SONGS, len(candidate.genres)) or not np.isfinite(found).all():
        bad = int((~np.isfinite(found)).any(axis=-1).sum())
        return Check(name, passed=False, sentence=f"Its answers to {bad} songs are not numbers.")
    worst = float(np.abs(found.sum(axis=1) - 1).max())
    if worst > TOLERANCE or found.min() < 0:
        sentence = f"Its answers are not probabilities: their sum differs from 1 by {worst:.3f}."
        return Check(name, passed=False, sentence=sentence)
    if np.ptp(found, axis=0).max() < SAME:
        return Check(name, passed=False, sentence="It gives every song the same answer.")
    return Check(name, passed=True, sentence=f"Its answers to {SONGS} songs are probabilities.")


def _random_songs() -> Matrix:
    """Return songs with random values in each feature's range, [songs, inputs], some missing."""
    rng = np.random.default_rng(0)
    low, high = (
        np.array([getattr(BY_NAME[name], end) for name in INPUT_NAMES]) for end in ("low", "high")
    )
    values = rng.uniform(low, high, (SONGS, len(INPUT_NAMES))).astype(np.float32)
    hidden = Absence.hide(values, rng)
    hidden[0] = np.nan
    hidden[1, : len(CORE)] = np.nan
    hidden[2] = values[2]
    return hidden
