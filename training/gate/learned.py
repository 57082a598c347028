"""Checks that a candidate has learned: better on corrections held back, and changed at all."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from model.gate_report import Check
from training.features import Matrix
from training.gate.comparison import Compared

LEAST_HELD_BACK: Final = 10
"""Number of corrections held back from which a candidate must be better on them."""

LEAST_GAIN: Final = 0.01
"""If as many are right as before, the mean probability of the agreed genre must rise by this."""

SAME: Final = 1e-3
"""Probabilities that differ by less count as unchanged."""


def better_on_corrections(compared: Compared | None) -> Check:
    """Check the corrections that were held back; None if there are none to check."""
    name = "held_back"
    if compared is None:
        return Check(name, passed=True, sentence="No corrections were held back to judge it.")
    songs = np.arange(len(compared.truth))
    right_before = int((compared.best_before == compared.truth).sum())
    right_after = int((compared.best_after == compared.truth).sum())
    before = float(compared.before[songs, compared.truth].mean())
    after = float(compared.after[songs, compared.truth].mean())
    figures = (
        f"{right_after} of {len(songs)} corrections held back are right, {right_before} before; "
        f"mean probability of the agreed genre {after:.0%}, {before:.0%} before"
    )
    if len(songs) < LEAST_HELD_BACK:
        passed = right_after >= right_before
        verdict = "too few to show that it is better" if passed else "it is worse"
    else:
        passed = (right_after, after - before) > (right_before, LEAST_GAIN)
        verdict = "it is better" if passed else "it is not better"
    return Check(name, passed, f"{figures}: {verdict}.")


def changed(compared: Sequence[tuple[Matrix, Matrix]]) -> Check:
    """Check that some song is answered differently.

    Args:
        compared: Probabilities before and after, [songs, genres], of any sets of songs.
    """
    songs = sum(len(before) for before, _ in compared)
    if not songs:
        return Check("changed", passed=False, sentence="There are no songs to judge it by.")
    count = sum(
        int((np.abs(after - before).max(axis=1) > SAME).sum())
        for before, after in compared
        if len(before)
    )
    sentence = (
        f"{count} of {songs} songs are answered differently."
        if count
        else f"Nothing has changed: all {songs} songs are answered as before."
    )
    return Check("changed", count > 0, sentence)
